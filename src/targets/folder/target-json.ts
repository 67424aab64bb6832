/** `.photohaul/target.json`: which target this is, what was found out about its drive, what it holds. */

import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MEMORY_SHAPE, type Memory } from "../../catalogue/target-memory.ts";
import type { Traits } from "../../naming/traits.ts";

export const TARGET_JSON = "target.json";

/** The drive as the system names it; another one means that the traits must be found out again. */
export interface Device {
  readonly device: number;
  readonly type: number;
}

export interface TargetJson extends Memory {
  readonly id: string;
  readonly createdAt: string;
  /** Null before the drive was tried, and when what was written cannot be read. */
  readonly traits: Traits | null;
  readonly drive: Device | null;
}

const traitsShape = z.object({
  foldsCase: z.boolean(),
  foldsUnicode: z.boolean(),
  forbidden: z.string(),
  characters: z.enum(["ascii", "bmp", "unicode"]),
  trimsEnds: z.boolean(),
  longestName: z.object({ length: z.int().min(40), unit: z.enum(["bytes", "utf16"]) }),
  longestPath: z.int().min(0),
  links: z.boolean(),
  timeGranularity: z.number().positive(),
  earliestTime: z.iso.datetime(),
  largestFile: z.int().min(0),
});

const markerShape = z.object({
  id: z.string().min(1),
  createdAt: z.string(),
  ...MEMORY_SHAPE,
  traits: traitsShape.nullable().catch(null),
  drive: z.object({ device: z.number(), type: z.number() }).nullable().catch(null),
});

/**
 * @returns null when there is no such file
 * @throws SyntaxError or a ZodError when it is there and says nothing usable; errors of the system otherwise
 */
export async function readTargetJson(folder: string): Promise<TargetJson | null> {
  const text = await readFile(join(folder, TARGET_JSON), "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
  return text === null ? null : markerShape.parse(JSON.parse(text));
}

/** Replaces the file as a whole: a cut leaves the old one or the new one. */
export async function writeTargetJson(folder: string, marker: TargetJson): Promise<void> {
  const draft = join(folder, `${TARGET_JSON}.new`);
  const handle = await open(draft, "w");
  try {
    await handle.writeFile(`${JSON.stringify(marker, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, join(folder, TARGET_JSON));
}
