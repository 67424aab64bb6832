/** How a story speaks whose events are its own: JSON lines, or text with progress. Beside console.ts. */

import type { HaulEvent } from "../events.ts";
import { forJson } from "./escape.ts";
import { barProgress, lineProgress, type Progress } from "./progress-bar.ts";
import { paintFor, type Verbosity } from "./text.ts";
import type { Paint } from "./tone.ts";

/** What one event comes to, without line ends: `plain` for the output proper, `trouble` for the stream of errors. */
export interface Said {
  readonly plain?: readonly string[];
  readonly trouble?: readonly string[];
}

export type Say<E> = (event: E, verbosity: Verbosity, paint: Paint) => Said;

export interface LineConsoleOptions {
  readonly json: boolean;
  readonly verbosity: Verbosity;
  readonly progress: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export interface LineConsole<E> {
  readonly emit: (event: E) => void;
  /** Lines for the stream of errors, whatever else is said where; `text` is shown as it is. */
  readonly trouble: (text: string) => void;
  /** Ends the progress. Safe to call twice. */
  readonly close: () => void;
}

/** With `quiet` nothing but trouble is said. */
export function openLineConsole<E extends { readonly type: string }>(
  options: LineConsoleOptions,
  say: Say<E>,
  progressOf: (event: E) => HaulEvent | null,
): LineConsole<E> {
  const { stdout, stderr, verbosity } = options;
  // A reader that went away (`| head`) is no reason to stop.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  const to = (stream: NodeJS.WriteStream) => (line: string) => void (stream.writable && stream.write(`${line}\n`));
  if (options.json) {
    const lines = together(to(stdout));
    return { emit: (event) => lines.add(forJson(event)), trouble: to(stderr), close: lines.flush };
  }
  const progress = chooseProgress(options, to(stderr));
  const bar = progress !== null && stderr.isTTY ? progress : null;
  const plain = bar && stdout.isTTY ? bar.above : to(stdout);
  const trouble = bar ? bar.above : to(stderr);
  const [paint, paintTrouble] = [paintFor(stdout), paintFor(stderr)];
  return {
    emit(event) {
      const moved = progressOf(event);
      if (moved !== null) progress?.emit(moved);
      if (event.type === "summary") progress?.close();
      const said = say(event, verbosity, paint);
      // Colours go to a terminal only, and one stream may be one where the other is a file.
      const painted = stdout.isTTY === stderr.isTTY ? said : say(event, verbosity, paintTrouble);
      for (const line of painted.trouble ?? []) trouble(line);
      if (verbosity !== "quiet") for (const line of said.plain ?? []) plain(line);
    },
    trouble,
    close: () => progress?.close(),
  };
}

/** What is said without a pause is written at once, as a write for each line takes as long as to date a photo. */
function together(write: (text: string) => void): {
  readonly add: (line: string) => void;
  readonly flush: () => void;
} {
  let lines: string[] = [];
  const flush = () => {
    if (lines.length > 0) write(lines.join("\n"));
    lines = [];
  };
  return {
    add(line) {
      if (lines.push(line) === 1) queueMicrotask(flush);
    },
    flush,
  };
}

function chooseProgress(options: LineConsoleOptions, toErr: (line: string) => void): Progress | null {
  if (!options.progress || options.verbosity === "quiet") return null;
  return options.stderr.isTTY ? barProgress(options.stderr) : lineProgress(toErr, () => Date.now());
}
