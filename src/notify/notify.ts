/** Tells others how a run went: a health check, a command, a metrics file. None of them can fail a run. */

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { mustBeOurs } from "../local/own-file.ts";
import { writeWhole } from "../local/whole-file.ts";
import { forJson } from "../report/escape.ts";
import { type AnySummary, isMetrics, metricsText, wentWell } from "./metrics.ts";
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

/** A command that takes longer is ended, in milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * `--notify-command`: runs a command of the user's own in the system's shell, with the summary on its standard input. What
 * it prints goes to standard error, since standard output may be JSON lines.
 * @returns null when it ended with 0, else what happened
 */
export function runNotifyCommand(command: string, summary: string, patienceMs = PATIENCE_MS): Promise<string | null> {
  return new Promise((resolve) => {
    // A group of its own, so that what the shell started is ended with it.
    const child = spawn(command, { shell: true, detached: true, stdio: ["pipe", 2, 2] });
    const clock = setTimeout(() => endGroup(child.pid), patienceMs);
    // A command that does not read its input is no fault.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(`${summary}\n`);
    child.on("error", (error) => {
      clearTimeout(clock);
      resolve(`--notify-command could not be started: ${error.message}`);
    });
    child.on("exit", (code, signal) => {
      clearTimeout(clock);
      if (code === 0) return resolve(null);
      const how = signal === null ? `with ${code}` : `by ${signal}`;
      resolve(`--notify-command ended ${how}`);
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended just now.
  }
}
