/** Chooses how a run speaks: JSON lines, or text with or without progress. Never two of them on one stream. */

import type { Emit } from "../events.ts";
import { jsonLines } from "../report/json.ts";
import { barProgress, lineProgress, type Progress } from "../report/progress-bar.ts";
import { paintFor, textLines, type Verbosity } from "../report/text.ts";
import type { Paint } from "../report/tone.ts";

export interface ConsoleOptions {
  readonly json: boolean;
  readonly verbosity: Verbosity;
  /** False for `--no-progress`: neither bars nor a line a minute. */
  readonly progress: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export interface Console {
  readonly emit: Emit;
  /** A page that is no event, such as the inventory; not with `--json` or `--quiet`. */
  readonly page: (lines: (paint: Paint) => readonly string[]) => void;
  /** Lines for the stream of errors, whatever else is said where; `text` is shown as it is. */
  readonly trouble: (text: string) => void;
  /** Ends the progress and lets the terminal go; to be called however the run ends. Safe to call twice. */
  readonly close: () => void;
}

/**
 * Text goes to stdout, failures and progress to stderr. Where both are the same terminal, every line is
 * written above the bar, so that none is lost or overwritten.
 */
export function openConsole(options: ConsoleOptions): Console {
  const { stdout, stderr } = options;
  // A reader that went away (`| head`), or a full disk behind `>`, is no reason to stop fetching photos.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  const toOut = (line: string) => void (stdout.writable && stdout.write(`${line}\n`));
  const toErr = (line: string) => void (stderr.writable && stderr.write(`${line}\n`));
  if (options.json) {
    return { emit: jsonLines(stdout), page: () => {}, trouble: toErr, close: () => {} };
  }
  const progress = chooseProgress(options, toErr);
  const bar = progress && stderr.isTTY ? progress : null;
  const plain = bar && stdout.isTTY ? bar.above : toOut;
  const trouble = bar ? bar.above : toErr;
  const paint = paintFor(stdout);
  const text = textLines({ plain, trouble, paint, paintTrouble: paintFor(stderr) }, options.verbosity);
  return {
    emit: (event) => {
      progress?.emit(event);
      text(event);
    },
    page: (lines) => {
      if (options.verbosity !== "quiet") for (const line of lines(paint)) plain(line);
    },
    trouble,
    close: () => progress?.close(),
  };
}

function chooseProgress(options: ConsoleOptions, toErr: (line: string) => void): Progress | null {
  if (!options.progress || options.verbosity === "quiet") return null;
  return options.stderr.isTTY ? barProgress(options.stderr) : lineProgress(toErr, () => Date.now());
}
