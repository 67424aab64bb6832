/**
 * Late dates: photos that were taken after their upload, as the store has it. A few have a camera whose clock was
 * wrong; where many do, the store's times are none of uploads, which is said once.
 */

import type { Captured, Listed } from "../model.ts";
import { BOUND } from "./capture-date.ts";

/** So many of them, and so many of all that have a date, are more than wrong clocks. */
const FEW = 3;
const SHARE = 1 / 4;

/** @returns what is to be asked of every photo that was dated: one sentence for people, once; else null */
export function noticingLateDates(): (
  object: Pick<Listed, "key" | "modified">,
  captured: Captured | null,
) => string | null {
  let dated = 0;
  let late = 0;
  let said = false;
  return ({ key, modified }, captured) => {
    const own = captured !== null && captured.source !== "modified" && captured.source !== "user";
    if (said || !own) return null;
    dated += 1;
    if (!(Date.parse(captured.utc) > Date.parse(modified) + BOUND)) return null;
    late += 1;
    said = late >= FEW && late >= dated * SHARE;
    if (!said) return null;
    return (
      `${late} of ${dated} photos were taken later than they were uploaded, by the times that the source has ` +
      `(${modified.slice(0, 10)} for ${key}): those are no times of uploads, and the photos keep their own dates`
    );
  };
}
