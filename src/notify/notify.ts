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
  /** Comes back when all are told, or cannot be; also after an interruption. */
  ended(summary: AnySummary): Promise<void>;
}

/**
 * @param trouble told in a sentence of what could not be sent or written
 * @throws HaulError `usage` where the metrics would be written onto another file
 */
export function createNotifier(options: NotifyOptions, trouble: (message: string) => void): Notifier {
  const report = (failure: string | null) => {
    if (failure !== null) trouble(failure);
  };
  if (options.metrics !== null) mustBeOurs("--metrics", options.metrics, isMetrics);
  let begun: Promise<void> = Promise.resolve();
  return {
    started() {
      if (options.ping !== null) begun = ping(options.ping, "start", "").then(report);
    },
    async ended(summary) {
      const text = forJson(summary);
      // A start that arrives after the end would set the clock of the check going again.
      await begun;
      if (options.ping !== null) {
        report(await ping(options.ping, wentWell(summary) ? "success" : "fail", text));
      }
      if (options.metrics !== null) report(await writeMetrics(options.metrics, summary));
      if (options.notifyCommand !== null) report(await runNotifyCommand(options.notifyCommand, text));
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
