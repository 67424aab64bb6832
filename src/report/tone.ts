/** How a piece of text on a terminal may be set apart, without saying how; and what one event comes to as text. */

import type { RunEvent } from "../events.ts";

export type Tone = "strong" | "faint" | "good" | "warn" | "bad";
export type Paint = (tone: Tone, text: string) => string;

/** Where colours are not wanted. */
export const plainly: Paint = (_tone, text) => text;

/** `quiet`: a page at the end if photos failed, and what ended the run. `verbose`: each photo with its path and date. */
export type Verbosity = "quiet" | "normal" | "verbose";

/** Lines without their ends: `plain` for the output proper, not shown where it is to be quiet; `trouble` for the stream of errors. */
export interface Said {
  readonly plain?: readonly string[];
  readonly trouble?: readonly string[];
}

/**
 * What an event comes to for a person.
 * @param paint of the output proper, @param paintTrouble of the stream of errors: one may be a terminal and the other a file
 */
export type Say = (event: RunEvent, verbosity: Verbosity, paint: Paint, paintTrouble: Paint) => Said;
