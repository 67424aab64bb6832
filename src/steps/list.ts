/** List: everything a source holds goes into the catalogue, page by page. */

import type { Catalogue, ListingTotals } from "../catalogue/catalogue.ts";
import type { Emit } from "../events.ts";
import type { Pace } from "../pace.ts";
import type { Source } from "../sources/source.ts";

export interface ListOptions {
  readonly pace: Pace;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Milliseconds between two `listing` events. */
const TELL_MS = 200;

/**
 * Lists the whole source into the catalogue. Does not declare the listing whole: the story looks at the
 * totals first, and then calls `finishListing`. When it throws, the listing is not whole.
 * @returns what was listed
 * @throws HaulError that ends the run
 */
export async function listInto(
  source: Source,
  catalogue: Pick<Catalogue, "addPage">,
  options: ListOptions,
): Promise<ListingTotals> {
  const { emit, signal } = options;
  let keys = 0;
  let bytes = 0;
  let pages = 0;
  let told = 0;
  for await (const { objects } of source.list({}, signal)) {
    await catalogue.addPage(objects);
    keys += objects.length;
    for (const { size } of objects) bytes += size;
    pages += 1;
    if (performance.now() - told >= TELL_MS) {
      told = performance.now();
      emit({ type: "listing", keys, bytes, pages });
    }
  }
  emit({ type: "listing", keys, bytes, pages });
  return { keys, bytes };
}
