/** Turns: the texts by which a plan is sorted. An object's LastModified is one, and so is that with one of these before it. */

import type { PlanPart } from "./catalogue.ts";

/** Before the time of what comes late: it sorts behind every time. */
export const LATE = "~";
/** Before the time of what lies in an archive: after all that has its turn, of which it is none. */
export const HELD = "~~";
/** Before when a copy goes that an archive gave back: before every time. */
const EARLY = "!";
const BEYOND_HELD = `${HELD}~`;

/** The part of a plan that an archive holds. */
export const HELD_PART: PlanPart = { from: HELD, below: BEYOND_HELD };

/** The part of a plan that an archive gave back, by the round of the run in which it was seen; 1 to 999,999. */
export function roundPart(round: number): Required<Pick<PlanPart, "from" | "below">> {
  const number = (of: number) => EARLY + String(of).padStart(6, "0");
  return { from: number(round), below: number(round + 1) };
}
