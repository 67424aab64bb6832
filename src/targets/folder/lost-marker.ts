/**
 * A marker that is gone or says nothing usable (a power cut leaves an empty file or one of zeros) loses no photo where
 * the lists lie beside it: they name the photos, and what is remembered of a target is held against them.
 */

import { createHash } from "node:crypto";
import { copyFile, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { NO_MEMORY } from "../../catalogue/target-memory.ts";
import { asideFor } from "./growing-file.ts";
import { readTargetJson, TARGET_JSON, type TargetJson } from "./target-json.ts";

/** Enough for what tells one list from another: digests, and the time of writing. */
const TOLD_BY = 512;

/**
 * @param expectedId what the target is remembered by; where nothing is, its lists give it an id, the same one each time
 * @returns null where no list names anything: then nothing shows that this is a target
 */
export async function markerFromLists(home: string, expectedId: string | undefined): Promise<TargetJson | null> {
  for (const list of ["manifest.ndjson", "SHA256SUMS"]) {
    const head = await headOf(join(home, list));
    if (!head.some((byte) => byte !== 0)) continue;
    const id = expectedId ?? `lost-${createHash("sha256").update(head).digest("hex").slice(0, 32)}`;
    const createdAt = new Date().toISOString();
    return { id, createdAt, ...NO_MEMORY, traits: null, drive: null };
  }
  return null;
}

/** Copies a marker that says nothing usable beside itself, before another is written over it. */
export async function setMarkerAside(home: string): Promise<void> {
  const file = join(home, TARGET_JSON);
  const isUsable = await readTargetJson(home).then(
    () => true,
    () => false,
  );
  if (isUsable || (await readFile(file)).length === 0) return;
  await copyFile(file, await asideFor(file));
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return Buffer.alloc(0);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(TOLD_BY), 0, TOLD_BY, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
