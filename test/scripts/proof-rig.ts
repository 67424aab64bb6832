/** Buckets whose pictures prove what is a rendition, and what a run says of them. */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { S3Server } from "../../fixtures/s3/server.ts";
import type { WarningEvent } from "../../src/events.ts";
import type { Ran, Rig } from "./rig.ts";
import { type ThreeSizes, threeSizes } from "./three-sizes.ts";

const made = new Map<number, ThreeSizes>();

/** Painted once for all tests. */
export function photo(nth: number): ThreeSizes {
  const known = made.get(nth) ?? threeSizes(nth);
  made.set(nth, known);
  return known;
}

export const nameOf = (nth: number) => `IMG_${1000 + nth}.jpg`;

/** What lies in which folder: a size of the photo of that number, or of another photo. */
export type Folders = Readonly<Record<string, keyof ThreeSizes | "other">>;

/** Puts photos from one number up to another into a bucket. */
export function put(
  server: Pick<S3Server, "bucket">,
  from: number,
  to: number,
  folders: Folders,
  facts: { readonly storageClass?: string } = {},
): void {
  const bucket = server.bucket("photos");
  for (let nth = from; nth < to; nth += 1) {
    for (const [folder, size] of Object.entries(folders)) {
      const body = size === "other" ? photo(nth + 500).tile : photo(nth)[size];
      bucket.put(`${folder}/${nameOf(nth)}`, body, facts);
    }
  }
}

export const TWO: Folders = { original: "original", tile: "tile" };

/** `inventory s3://photos --json` with a catalogue that stays. */
export function inventory(at: Rig, ...more: readonly string[]): Promise<Ran> {
  const line = ["inventory", "s3://photos", ...at.endpoint, "--catalogue", catalogueOf(at)];
  return at.run([...line, "--json", ...more]);
}

export function mirror(at: Rig, ...more: readonly string[]): Promise<Ran> {
  return at.mirror("--catalogue", catalogueOf(at), ...more);
}

export function catalogueOf({ folder }: Pick<Rig, "folder">): string {
  return join(folder, "c.sqlite");
}

export function kinds({ summary }: Ran): { readonly original: number; readonly rendition: number } {
  const { original, rendition } = summary.kinds;
  return { original, rendition };
}

export function warnings({ events }: Ran): WarningEvent[] {
  return events.filter((event) => event.type === "warning");
}

/** What the catalogue says of a key. */
export function kindIn(at: Rig, key: string): string {
  const db = new DatabaseSync(catalogueOf(at), { readOnly: true });
  try {
    const row = db.prepare("SELECT kind FROM objects WHERE key = ?").get(key);
    return String(row?.kind);
  } finally {
    db.close();
  }
}

/** The decision in the catalogue; `change` writes another one in its place. */
export function decisionIn(at: Rig, change?: (text: string) => string): string {
  const db = new DatabaseSync(catalogueOf(at));
  try {
    const text = String(db.prepare("SELECT value FROM settings WHERE name = 'layout'").get()?.value ?? "");
    if (change !== undefined) {
      db.prepare("UPDATE settings SET value = ? WHERE name = 'layout'").run(change(text));
    }
    return text;
  } finally {
    db.close();
  }
}
