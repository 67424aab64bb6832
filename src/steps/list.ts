/**
 * List: everything a source holds goes into the catalogue, page by page. A listing answers one page a round
 * trip, so a serial one takes 17 minutes for 10 million keys at 100 ms a page: the first one is a walk that splits the
 * key space (walk.ts), later ones ask for the pages of the last one again, many at once (list-again.ts).
 */

import type { KeptPage, Listing, ListingTotals } from "../catalogue/catalogue.ts";
import type { Source } from "../stores/source.ts";
import { inOneRow, listAgain } from "./list-again.ts";
import { type ListingPorts, type ListOptions, Tally, Walk } from "./walk.ts";

/**
 * Lists the whole source into the catalogue, and declares the listing whole there when it is; when it
 * throws, it is not.
 * @throws HaulError that ends the run
 */
export async function listInto(
  source: Source,
  listing: Pick<Listing, "add" | "finish" | "pages" | "goOn">,
  options: ListOptions,
): Promise<ListingTotals> {
  const { emit } = options;
  const started = performance.now();
  const onFirst = once(options.onFirst);
  const ports = { source, listing, options: { ...options, onFirst }, tally: new Tally(emit) };
  const pages = (await listAgain(ports)) ?? (await listWhole(ports));
  const totals = await listing.finish(pages);
  const seconds = (performance.now() - started) / 1000;
  emit({ type: "listed", ...totals, complete: true, seconds });
  return totals;
}

async function listWhole(ports: ListingPorts): Promise<readonly KeptPage[]> {
  const { source, listing, options } = ports;
  await listing.goOn(null);
  const tally = new Tally(options.emit);
  const walk = new Walk({ ...ports, tally }, !source.oneByOne);
  const disorder = await walk.run();
  tally.tell();
  if (disorder === null) return inOneRow(walk.found) ?? [];
  const message = `${source.name} ${disorder}: it is listed one page after the other, which takes longer`;
  options.emit({ type: "warning", code: "out-of-order", message });
  const serial = new Tally(options.emit);
  await new Walk({ ...ports, tally: serial }, false).run();
  serial.tell();
  return [];
}

/** Milliseconds that are looked at, and the share of them in which something was done, from which on a thread is busy. */
const WINDOW_MS = 20;
const BUSY = 0.9;

/** Says whether this thread is: over the last moment, and as before as long as that is short. */
export function busyThread(): () => boolean {
  let since = performance.eventLoopUtilization();
  let busy = false;
  return () => {
    const now = performance.eventLoopUtilization(since);
    if (now.active + now.idle < WINDOW_MS) return busy;
    busy = now.utilization >= BUSY;
    since = performance.eventLoopUtilization();
    return busy;
  };
}

function once(work: (() => Promise<void>) | undefined): () => Promise<void> {
  let begun: Promise<void> | null = null;
  return () => {
    begun ??= work?.() ?? Promise.resolve();
    return begun;
  };
}
