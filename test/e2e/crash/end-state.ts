/** What a mirror leaves behind, in a form that two runs can be compared by. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export interface EndState {
  /** Every file outside `.photohaul`: its digest and its time in milliseconds. */
  readonly files: Readonly<Record<string, string>>;
  /** The manifest by path, without when it was written. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** SHA256SUMS, each line once. */
  readonly sums: readonly string[];
  readonly drafts: readonly string[];
}

export function endState(folder: string): EndState {
  const files: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = join(folder, name);
    if (name.startsWith(".photohaul") || !statSync(file).isFile()) continue;
    const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
    files[name] = `${digest} ${statSync(file).mtimeMs}`;
  }
  const home = join(folder, ".photohaul");
  const manifest: Record<string, unknown> = {};
  for (const line of lines(join(home, "manifest.ndjson"))) {
    const { path, storedAt: _, ...entry } = JSON.parse(line);
    manifest[path] = entry;
  }
  const sums = [...new Set(lines(join(home, "SHA256SUMS")))].sort();
  return { files, manifest, sums, drafts: readdirSync(join(home, "tmp")) };
}

function lines(file: string): string[] {
  return readFileSync(file, "utf8").split("\n").filter(Boolean);
}
