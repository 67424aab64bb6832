/** Frames a story about a target, as story.ts frames a mirror: run, what happens, summary, exit code. */

import { EXIT, explainError } from "../error-messages.ts";
import type { HaulEvent, RunEvent } from "../events.ts";
import type { AnySummary } from "../notify/metrics.ts";
import { createNotifier } from "../notify/notify.ts";
import { type LineConsole, openLineConsole, type Say } from "../report/line-console.ts";
import type { Process } from "./command.ts";
import { errorPage } from "./error-page.ts";
import { LOG_LIMITS, type LogFile, openLogFile } from "./log-file.ts";
import type { OutputOptions } from "./output.ts";
import { version } from "./version.ts";

export interface Ended {
  readonly exit: number;
  /** What ended the run early; null where nothing did. */
  readonly error: string | null;
  readonly seconds: number;
}

export interface TargetRunContext<E, S> {
  readonly run: Pick<RunEvent, "command" | "source" | "targets" | "dryRun" | "catalogue">;
  readonly voice: OutputOptions;
  readonly say: Say<E>;
  tell(emit: (event: E) => void): Promise<void>;
  /** `exit` of what ended it; the summary decides where nothing did. */
  summary(ended: Ended): S;
}

/** @returns the exit code, which the summary names too */
export async function executeTarget<E extends { readonly type: string }, S extends E & AnySummary>(
  story: TargetRunContext<E | RunEvent, S>,
  process: Process,
): Promise<number> {
  const startedAt = new Date();
  const voice = open(story, process);
  const notifier = createNotifier(story.voice.told, voice.trouble);
  notifier.started();
  const summary = await toTheEnd(story, voice, startedAt);
  await notifier.ended(summary);
  return summary.exit;
}

async function toTheEnd<E extends { readonly type: string }, S extends E & AnySummary>(
  story: TargetRunContext<E | RunEvent, S>,
  voice: LineConsole<E | RunEvent>,
  startedAt: Date,
): Promise<S> {
  try {
    const startedAtText = startedAt.toISOString();
    voice.emit({ type: "run", ...story.run, version: version(), startedAt: startedAtText });
    const told = await outcomeOf(() => story.tell(voice.emit), voice.trouble);
    const seconds = Math.round((Date.now() - startedAt.getTime()) / 100) / 10;
    const summary = story.summary({ ...told, seconds });
    voice.emit(summary);
    return summary;
  } finally {
    voice.close();
  }
}

function open<E extends { readonly type: string }, S>(
  story: TargetRunContext<E, S>,
  { stdout, stderr }: Process,
): LineConsole<E> {
  const { json, quiet, verbose, noProgress, log: file } = story.voice;
  const onTrouble = (message: string) => void stderr.write(`${message}\n`);
  const log: LogFile = openLogFile(file, { ...LOG_LIMITS, onTrouble });
  const verbosity = quiet ? "quiet" : verbose ? "verbose" : "normal";
  const options = { json, verbosity, progress: !noProgress, stdout, stderr } as const;
  const console = openLineConsole<E>(options, story.say, progressOf);
  return {
    emit(event) {
      log.write(event);
      console.emit(event);
    },
    trouble: console.trouble,
    close() {
      console.close();
      log.close();
    },
  };
}

function progressOf(event: { readonly type: string }): HaulEvent | null {
  return isProgress(event) ? event : null;
}

function isProgress(event: { readonly type: string }): event is HaulEvent {
  return event.type === "progress";
}

async function outcomeOf(work: () => Promise<void>, trouble: (text: string) => void): Promise<Omit<Ended, "seconds">> {
  try {
    await work();
    return { exit: EXIT.ok, error: null };
  } catch (error) {
    const { lines, exit } = explainError(error);
    // Whoever stopped the run knows; the summary says what that means.
    if (exit !== EXIT.interrupted) trouble(errorPage(lines));
    return { exit, error: lines[0] ?? "" };
  }
}
