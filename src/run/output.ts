/**
 * The one thing that prints: what happens goes to the log, and to standard output as JSON lines or as text, with or
 * without progress. Never two of them on one stream.
 */

import { createInterface } from "node:readline/promises";
import { HaulError } from "../errors.ts";
import type { Emit, RunEvent } from "../events.ts";
import type { NotifyOptions } from "../notify/notify.ts";
import { forJson } from "../report/escape.ts";
import { tellEvents, type Verbosity } from "../report/event-lines.ts";
import { barProgress, lineProgress, type Progress } from "../report/progress-bar.ts";
import { fitted } from "../report/screen.ts";
import type { Section } from "../report/section.ts";
import { textWriter } from "../report/terminal.ts";
import { DOUBT_QUESTION, doubtSection } from "../report/words.ts";
import type { Question } from "../steps/infer-layout.ts";
import type { Process } from "./command.ts";
import { LOG_LIMITS, openLogFile } from "./log-file.ts";

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly noProgress: boolean;
  /** File that every event is appended to, mode 0600. */
  readonly log: string | null;
  /** Who is told how it ended. */
  readonly notify: NotifyOptions;
}

export interface ConsoleOptions {
  readonly json: boolean;
  readonly verbosity: Verbosity;
  /** False for `--no-progress`: neither bars nor a line a minute. */
  readonly progress: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export interface Output {
  readonly emit: Emit;
  /** A page that is no event, such as the inventory; not with `--quiet`, and with `--json` its data where it has any. */
  readonly page: (sections: readonly Section[], data?: object) => void;
  /** Lines for the stream of errors, above whatever bar stands there; wrapped, and else as they are. */
  readonly trouble: (text: string) => void;
  /** Ends the progress and lets the terminal go; to be called however the run ends. Safe to call twice. */
  readonly close: () => void;
}

/** @throws HaulError `usage` when the log file cannot be opened */
export function openOutput(
  { json, quiet, verbose, noProgress, log: file }: OutputOptions,
  { stdout, stderr }: Process,
): Output {
  const onTrouble = (message: string) => void stderr.write(`${message}\n`);
  const log = openLogFile(file, { ...LOG_LIMITS, onTrouble });
  const verbosity = quiet ? "quiet" : verbose ? "verbose" : "normal";
  const console = openConsole({ json, verbosity, progress: !noProgress, stdout, stderr });
  return {
    ...console,
    emit(event) {
      log.write(event);
      console.emit(event);
    },
    close() {
      console.close();
      log.close();
    },
  };
}

/**
 * Text goes to stdout, failures and progress to stderr. Where both are the same terminal, every line is
 * written above the bar, so that none is lost or overwritten.
 */
export function openConsole(options: ConsoleOptions): Output {
  const { stdout, stderr, verbosity } = options;
  // A reader that went away (`| head`), or a full disk behind `>`, is no reason to stop fetching photos.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  const to = (stream: NodeJS.WriteStream) => (line: string) => void (stream.writable && stream.write(`${line}\n`));
  const asItFits = (write: (text: string) => void) => (text: string) => write(fitted(text, stderr));
  if (options.json) return { ...jsonLines(to(stdout)), trouble: asItFits(to(stderr)) };
  const progress = chooseProgress(options, to(stderr));
  const bar = progress && stderr.isTTY ? progress : null;
  const trouble = bar ? bar.above : to(stderr);
  const showPlain = textWriter(stdout, bar && stdout.isTTY ? bar.above : to(stdout));
  const showTrouble = textWriter(stderr, trouble);
  const tell = tellEvents(verbosity);
  return {
    emit(event) {
      progress?.emit(event);
      const said = tell(event);
      showTrouble(said.trouble ?? []);
      showPlain(said.plain ?? []);
    },
    page: (sections) => {
      if (verbosity !== "quiet") showPlain(sections);
    },
    trouble: asItFits(trouble),
    close: () => progress?.close(),
  };
}

/** Events that come many at a time: a write for each line takes as long as to date a photo. */
const MANY: ReadonlySet<RunEvent["type"]> = new Set(["photo", "file", "check"]);

/** Every event as it is, one object a line; what is said of many files without a pause is written at once. */
function jsonLines(write: (text: string) => void): Pick<Output, "emit" | "page" | "close"> {
  let lines: string[] = [];
  const flush = () => {
    if (lines.length > 0) write(lines.join("\n"));
    lines = [];
  };
  return {
    emit(event) {
      lines.push(forJson(event));
      if (!MANY.has(event.type)) flush();
      else if (lines.length === 1) queueMicrotask(flush);
    },
    page: (_sections, data) => {
      if (data !== undefined) write(forJson(data));
    },
    close: flush,
  };
}

function chooseProgress(options: ConsoleOptions, toErr: (line: string) => void): Progress | null {
  if (!options.progress || options.verbosity === "quiet") return null;
  return options.stderr.isTTY ? barProgress(options.stderr) : lineProgress(toErr, () => Date.now());
}

/** Questions to whoever sits at the terminal; nobody is asked where input or output is no terminal. */

interface Manners {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Asks about a family that is likely to be renditions; undefined where there is nobody to ask. */
export function promptAt(
  process: Process,
  output: Output,
  { json, quiet }: Manners,
): ((question: Question) => Promise<boolean>) | undefined {
  const { stdin, stdout, signal } = process;
  if (json || quiet || stdin?.isTTY !== true || !stdout.isTTY) return undefined;
  return async ({ looks, reason, evidence, shown, keys, bytes }) => {
    const reasons = [...(reason === null ? [] : [reason]), evidence];
    output.page([doubtSection({ looks, reasons, pairs: shown, keys, bytes })]);
    return isYes(await answerTo(DOUBT_QUESTION, stdin, stdout, signal));
  };
}

/** Asks a question; undefined where there is nobody to ask. */
export function confirmAt(
  { stdin, stdout, signal }: Process,
  { trouble }: Output,
  { json, quiet }: Manners,
): ((question: string) => Promise<boolean>) | undefined {
  if (json || quiet || stdin?.isTTY !== true || !stdout.isTTY) return undefined;
  return async (question) => {
    trouble("");
    return isYes(await answerTo(question, stdin, stdout, signal));
  };
}

function isYes(answer: string): boolean {
  return /^\s*y(es)?\s*$/i.test(answer);
}

/** Somebody to ask, line by line; undefined where nobody is there. The questions go where the results do not. */
export function askerAt({ stdin, stderr, signal }: Process): ((question: string) => Promise<string>) | undefined {
  if (stdin?.isTTY !== true || !stderr.isTTY) return undefined;
  return async (question) => (await answerTo(question, stdin, stderr, signal)).trim();
}

/** A line; "" where the input ends. The terminal keeps its ways, so that Ctrl-C stops the run as always. */
async function answerTo(
  question: string,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<string> {
  const lines = createInterface({ input, output, terminal: false });
  const ended = new Promise<string>((resolve) => {
    lines.once("close", () => resolve(""));
  });
  try {
    return await Promise.race([lines.question(question, { signal }), ended]);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new HaulError("interrupted", "stopped at a question", { cause: error });
  } finally {
    lines.close();
  }
}
