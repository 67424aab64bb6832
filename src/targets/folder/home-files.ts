/** What lies in `.photohaul` is read and written by name: a link there leads out of the target, a pipe is never done. */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { HaulError } from "../../errors.ts";
import { kindOf } from "../../local/regular-file.ts";
import { HOME } from "../../path-inside.ts";

const FILES = /^(target\.json|manifest\.ndjson|SHA256SUMS|README\.txt)/;

/** @throws HaulError `no-target` for anything there that is neither file nor folder, and for a folder in a file's place */
export async function mustHoldFiles(path: string): Promise<void> {
  const home = join(path, HOME);
  const entries = await readdir(home, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isFile() || (entry.isDirectory() && !FILES.test(entry.name))) continue;
    const says = `${join(home, entry.name)} is ${kindOf(entry)}; photohaul makes none there. Move it away`;
    throw new HaulError("no-target", says, { place: "folder" });
  }
}
