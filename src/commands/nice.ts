/** `--nice`: lets the other programs of the computer go first. */

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { setPriority } from "node:os";
import { z } from "zod";
import type { OptionWords } from "../run/command.ts";

const USUAL = "10";

export const NICE_OPTION: Readonly<Record<string, OptionWords>> = {
  nice: {
    describe:
      "let other programs go first: N from 1 to 19 as of nice(1), and on Linux the drive only when nobody else wants it (ionice -c idle)",
    type: "string",
    bare: USUAL,
    shown: `${USUAL} where N is left out`,
    group: "Pace and limits:",
  },
};

export const NICE_SHAPE = {
  nice: z
    .string()
    .regex(/^(1\d?|[2-9])$/, "a whole number from 1 to 19")
    .transform(Number)
    .nullable()
    .default(null),
};

/**
 * Lowers the priority of this process, and with it of every program that it starts from now on. On Linux a
 * priority belongs to a thread (sched(7)), so each that runs already is told; later ones inherit it.
 * @param nice 1 to 19; null changes nothing
 */
export function beNice(nice: number | null, platform: NodeJS.Platform): void {
  if (nice === null) return;
  const threads = platform === "linux" ? readdirSync("/proc/self/task") : ["0"];
  for (const thread of threads) lower(Number(thread), nice);
  // Where there is no ionice, the kernel takes the priority at the drive from the one above.
  if (platform === "linux") spawnSync("ionice", ["-c", "idle", "-p", ...threads]);
}

/** A thread may have ended meanwhile, and no system has to know priorities. */
function lower(thread: number, nice: number): void {
  try {
    setPriority(thread, nice);
  } catch {
    // As it was: slower for others, and no less right.
  }
}
