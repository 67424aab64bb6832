/** How many files this process may hold open at once; where that is few, less is done at once. */

import { readFileSync } from "node:fs";

/** What a run holds open besides its photos: its catalogue, threads, and connections. */
const BESIDES = 44;
/** Of one photo: where it comes from, where it goes, and who reads it. */
const EACH = 4;
/** With fewer nothing can be done at all. */
export const LEAST_OPEN = BESIDES + EACH;

/** Null where the system does not tell, or sets no bound. */
export function mostOpenFiles(): number | null {
  try {
    return readLimit(readFileSync("/proc/self/limits", "utf8"));
  } catch {
    return null;
  }
}

/** `Max open files            64                   64                   files` (proc(5)); the first number holds. */
export function readLimit(limits: string): number | null {
  const [, soft = ""] = /^Max open files\s+(\S+)/m.exec(limits) ?? [];
  return /^\d+$/.test(soft) ? Number(soft) : null;
}

/** Photos that may be under way at once, at least one. @param most as `mostOpenFiles` tells */
export function photosAtOnce(most: number | null): number {
  return most === null ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((most - BESIDES) / EACH));
}
