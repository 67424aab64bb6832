/** target.json of a target that is a folder: read, written so that no power cut leaves half of it, set aside. */

import { copyFile, lstat, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, HaulError } from "../../errors.ts";
import type { OpenOptions } from "../medium.ts";
import {
  type FoundMarker,
  findMarker,
  parseTargetJson,
  TARGET_JSON,
  type TargetJson,
  writtenTargetJson,
} from "../target-json.ts";
import { LIST_FILES } from "./folder-lists.ts";
import { asideFor } from "./growing-file.ts";

/** As `findMarker`. @throws HaulError also `no-target` where `.photohaul` is no folder */
export async function markerOf(
  home: string,
  path: string,
  options: Pick<OpenOptions, "expectedId" | "warn">,
): Promise<FoundMarker> {
  const there = await lstat(home).catch(() => null);
  if (there !== null && !there.isDirectory()) {
    throw new HaulError("no-target", `${home} is not a folder`, { place: "folder" });
  }
  const place = {
    target: path,
    file: join(home, TARGET_JSON),
    hint: ": the drive is not mounted, or not this one",
    read: () => textOf(home),
    seedOfLists: () => seedOfLists(home),
  };
  return findMarker(place, options);
}

/**
 * @returns null when there is no such file
 * @throws SyntaxError or a ZodError when it is there and says nothing usable; errors of the system otherwise
 */
export async function readTargetJson(home: string): Promise<TargetJson | null> {
  const text = await textOf(home);
  return text === null ? null : parseTargetJson(text);
}

async function textOf(home: string): Promise<string | null> {
  return readFile(join(home, TARGET_JSON), "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  });
}

/** Enough for what tells one list from another: digests, and the time of writing. */
const TOLD_BY = 512;

/** The beginning of the first list that names anything. */
async function seedOfLists(home: string): Promise<Uint8Array | null> {
  for (const list of [LIST_FILES.manifest, LIST_FILES.sums]) {
    const handle = await open(join(home, list)).catch(() => null);
    if (handle === null) continue;
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(TOLD_BY), 0, TOLD_BY, 0);
      const head = buffer.subarray(0, bytesRead);
      if (head.some((byte) => byte !== 0)) return head;
    } finally {
      await handle.close();
    }
  }
  return null;
}

/** Copies a marker that says nothing usable beside itself, before another is written over it. */
export async function setMarkerAside(home: string): Promise<void> {
  const file = join(home, TARGET_JSON);
  if ((await readFile(file)).length > 0) await copyFile(file, await asideFor(file));
}

/** Replaces the file as a whole: a cut leaves the old one or the new one. */
export async function writeTargetJson(home: string, marker: TargetJson): Promise<void> {
  const draft = join(home, `${TARGET_JSON}.new`);
  const handle = await open(draft, "w");
  try {
    await handle.writeFile(writtenTargetJson(marker));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, join(home, TARGET_JSON));
}
