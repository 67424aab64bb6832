/** Chooses how a run speaks: JSON lines, or text with or without progress. Never two of them on one stream. */

import type { Emit } from "../events.ts";
import { jsonLines } from "./json.ts";
import { barProgress, lineProgress, type Progress } from "./progress.ts";
import { paintFor, textLines, type Verbosity } from "./text.ts";

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
  /** Ends the progress and lets the terminal go; to be called however the run ends. Safe to call twice. */
  readonly close: () => void;
}

/**
 * Text goes to stdout, failures and progress to stderr. Where both are the same terminal, every line is
 * written above the bar, so that none is lost or overwritten.
 */
export function openConsole(options: ConsoleOptions): Console {
  const { stdout, stderr } = options;
  if (options.json) return { emit: jsonLines(stdout), close: () => {} };
  const toOut = (line: string) => void (stdout.writable && stdout.write(`${line}\n`));
  const toErr = (line: string) => void (stderr.writable && stderr.write(`${line}\n`));
  const progress = chooseProgress(options, toErr);
  const plain = progress && stdout.isTTY ? progress.above : toOut;
  const trouble = progress && stderr.isTTY ? progress.above : toErr;
  const text = textLines({ plain, trouble }, options.verbosity, paintFor(stdout));
  return {
    emit: (event) => {
      progress?.emit(event);
      text(event);
    },
    close: () => progress?.close(),
  };
}

function chooseProgress(options: ConsoleOptions, toErr: (line: string) => void): Progress | null {
  if (!options.progress || options.verbosity === "quiet") return null;
  return options.stderr.isTTY ? barProgress(options.stderr) : lineProgress(toErr, () => Date.now());
}
