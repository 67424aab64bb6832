/** Reads one object of a store to its end, whatever breaks on the way. */

import { readWhole } from "./http/whole-object.ts";
import type { Store } from "./store.ts";

/** @throws HaulError `missing`, `archived`, …; a break only after it was mended in vain */
export function readObject(store: Pick<Store, "name" | "open">, key: string, signal: AbortSignal) {
  const openAt = async ({ etag, size }: { readonly etag: string; readonly size: number }, offset: number) => {
    const { head, bytes } = await store.open({ key, etag, size }, offset, signal);
    return { known: head, bytes };
  };
  return readWhole(openAt, `${store.name}/${key}`, signal);
}
