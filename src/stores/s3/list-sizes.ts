/** What a store lists without a size that is one. */

import { HaulError } from "../../errors.ts";
import type { Listed, ObjectHead } from "../../model.ts";
import type { StoreOptions } from "../store.ts";
import type { VersionEntry } from "./list-entry.ts";

/** As `Again`, and says which attempt it is, from 1 on. */
export type Numbered = <T>(attempt: (number: number) => Promise<T>) => Promise<T>;

export interface Sizing {
  /** Null where nothing lies under the key. */
  head(key: string, signal: AbortSignal): Promise<ObjectHead | null>;
  readonly onFlaw: StoreOptions["onFlaw"] | undefined;
}

/** It is asked for its size; where that is no use it counts as empty, and will fail as a photo. */
export async function sized(
  objects: readonly Listed[],
  sizing: Sizing,
  again: Numbered,
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  const known: Listed[] = [];
  for (const object of objects) {
    if (object.size >= 0) known.push(object);
    else known.push({ ...object, size: await sizeOf(object.key, sizing, again, signal) });
  }
  return known;
}

export function sizedVersion(entry: VersionEntry, sizing: Sizing): VersionEntry {
  const { object } = entry;
  if (object.size >= 0) return entry;
  tell(object.key, sizing);
  return { ...entry, object: { ...object, size: 0 } };
}

async function sizeOf(key: string, sizing: Sizing, again: Numbered, signal: AbortSignal): Promise<number> {
  try {
    const head = await again(() => sizing.head(key, signal));
    if (head !== null && head.size >= 0) return head.size;
  } catch (error) {
    if (!(error instanceof HaulError) || error.code === "interrupted") throw error;
  }
  tell(key, sizing);
  return 0;
}

function tell(key: string, { onFlaw }: Sizing): void {
  onFlaw?.(`${key} is listed without a size that is one, and counts as empty until the store names it`, key);
}
