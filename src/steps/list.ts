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
 * Lists the whole source into the catalogue, and declares the listing whole there when it is; when it
 * throws, it is not.
 * @throws HaulError that ends the run
 */
export async function listInto(
  source: Source,
  catalogue: Pick<Catalogue, "addPage" | "finishListing">,
  options: ListOptions,
): Promise<ListingTotals> {
  const { emit, signal } = options;
  const started = performance.now();
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
  const totals = await catalogue.finishListing();
  emit({ type: "listed", ...totals, complete: true, seconds: (performance.now() - started) / 1000 });
  return totals;
}
