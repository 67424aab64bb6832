/**
 * What happens while `dates` gives a folder of photos its dates back: the events that `--json` prints, one a
 * line, beside the `run`, `warning` and `progress` of events.ts. The last line is the summary.
 */

import type { ProgressEvent, RunEvent, WarningEvent } from "./events.ts";
import type { Captured, Doubt } from "./model.ts";

/**
 * `set`: its time was changed (in a dry run: would be). `already`: it is right. `unknown`: nothing dates it; with
 * `--undo`: somebody else changed its time since. `failed`: it could not be read or changed.
 */
export type RedateOutcome = "set" | "already" | "unknown" | "failed";

/** What became of one file. */
export interface Redated {
  /** Relative to the folder, in the form of a key. */
  readonly file: string;
  readonly outcome: RedateOutcome;
  /** ISO 8601, UTC; null where the file could not be read. */
  readonly old: string | null;
  /** Null where there is none, or it stays as it is. */
  readonly new: string | null;
  readonly captured: Captured | null;
  readonly reason?: string;
}

export interface FileEvent extends Redated {
  readonly type: "file";
}

export interface DatesSummary {
  readonly type: "summary";
  readonly command: "dates";
  /** The folder. */
  readonly targets: readonly string[];
  readonly dryRun: boolean;
  readonly undo: boolean;
  readonly files: number;
  readonly outcomes: Readonly<Record<RedateOutcome, number>>;
  /** By what dated them; `unknown` has nothing. Empty with `--undo`. */
  readonly dated: Readonly<Record<string, number>>;
  /** Dated files of which something was inferred, is contradicted by another source, or is hard to believe. */
  readonly doubts: Readonly<Record<Doubt, number>>;
  /** IANA zone in which wall clocks were read whose zone nobody recorded. */
  readonly zone: string;
  /** Where the old times are written down, for `--undo`; with it, what was followed. Null where nothing was changed. */
  readonly record: string | null;
  /** True where the birth time of a file follows its modification time; Linux and Windows give no way to set it. */
  readonly birthTimes: boolean;
  /** Files that ExifTool crashed or hung on. */
  readonly faults: number;
  readonly seconds: number;
  readonly exit: number;
  readonly error?: string;
}

export type DatesEvent = RunEvent | WarningEvent | ProgressEvent | FileEvent | DatesSummary;
