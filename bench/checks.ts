/** What every run must have done; each throws where it did not. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./programs.ts";

export function lines(file: string, count: number): void {
  const found = readFileSync(file, "utf8").split("\n").length - 1;
  if (found !== count) throw new Error(`${file}: ${found} lines instead of ${count}`);
}

export function files(folder: string, count: number, dated: boolean): void {
  let found = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.parentPath.includes(".photohaul")) continue;
    found++;
    const taken = statSync(join(entry.parentPath, entry.name)).mtime;
    if (dated && ![2012, 2013].includes(taken.getUTCFullYear())) {
      throw new Error(`${entry.name} is dated ${taken.toISOString()}`);
    }
  }
  if (found !== count) throw new Error(`${folder}: ${found} files instead of ${count}`);
}

/** The last line that photohaul printed. */
export function summary(place: Place): { kinds: Record<string, number>; keys: number } {
  const last = readFileSync(join(place.folder, "photohaul.out"), "utf8").trim().split("\n").at(-1);
  return JSON.parse(last ?? "");
}

export function keys(place: Place, count: number): void {
  const found = summary(place).keys;
  if (found !== count) throw new Error(`photohaul listed ${found} keys instead of ${count}`);
}
