/** Where copies are written, and which layout the buckets have. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./programs.ts";

/** Where a run writes its copies. */
export const out = (place: Place) => join(place.folder, "photos");

/**
 * The options that name the layout of the buckets with renditions: what is measured is listing and mirroring, and the
 * bodies are no pictures that could prove it. What proving costs has a row of its own.
 */
export function named(place: Place): string[] {
  const file = join(place.folder, "layout.json");
  const rule = (family: string, role: string) => {
    return { family, role, directory: { from: "left", at: 0, word: family } };
  };
  const tokens = [rule("original", "original"), rule("large", "rendition"), rule("tile", "rendition")];
  writeFileSync(file, JSON.stringify({ id: "bench", tokens }));
  return ["--layout", file];
}
