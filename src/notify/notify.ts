/** Tells others how a run went: a health check, a command, a metrics file. None of them can fail a run. */

import { readFile } from "node:fs/promises";
import { mustBeOurs } from "../local/own-file.ts";
import { writeWhole } from "../local/whole-file.ts";
import { forJson } from "../report/escape.ts";
import { type AnySummary, isMetrics, metricsText, wentWell } from "./metrics.ts";
import { runNotifyCommand } from "./notify-command.ts";
import { ping } from "./ping.ts";

export interface NotifyOptions {
  readonly ping: string | null;
  readonly notifyCommand: string | null;
  /** A file. */
  readonly metrics: string | null;
}

export interface Notifier {
  /** Does not wait for anybody. */
  started(): void;
  /** Comes back when everybody was told or could not be; also after an interruption. */
  ended(summary: AnySummary): Promise<void>;
}

/**
 * @param trouble told in a sentence of whatever could not be told
 * @throws HaulError `usage` where the metrics would be written onto another file
 */
export function createNotifier(told: NotifyOptions, trouble: (message: string) => void): Notifier {
  const tell = (said: string | null) => {
    if (said !== null) trouble(said);
  };
  if (told.metrics !== null) mustBeOurs("--metrics", told.metrics, isMetrics);
  let begun: Promise<void> = Promise.resolve();
  return {
    started() {
      if (told.ping !== null) begun = ping(told.ping, "start", "").then(tell);
    },
    async ended(summary) {
      const text = forJson(summary);
      // A start that arrives after the end would set the clock of the check going again.
      await begun;
      if (told.ping !== null) {
        tell(await ping(told.ping, wentWell(summary) ? "success" : "fail", text));
      }
      if (told.metrics !== null) tell(await writeMetrics(told.metrics, summary));
      if (told.notifyCommand !== null) tell(await runNotifyCommand(told.notifyCommand, text));
    },
  };
}

async function writeMetrics(file: string, summary: AnySummary): Promise<string | null> {
  try {
    mustBeOurs("--metrics", file, isMetrics);
    const before = await readFile(file, "utf8").catch(() => "");
    const text = metricsText(summary, Math.round(Date.now() / 1000), before);
    await writeWhole(file, [text], new AbortController().signal);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `--metrics ${file} could not be written: ${why}`;
  }
}
