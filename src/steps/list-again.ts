/**
 * A later listing: each page of the last one is asked for again as it was, by the key before it and its number of keys,
 * many at once, as none has to wait for another. What comes in the same bytes says that nothing changed there; any other
 * part is walked through anew, and only what that walk does not show is gone.
 *
 * Why no key can be lost: each page begins behind the last key of the one before, so the pages tile all keys (asserted),
 * and a key that came between two of a page changes its bytes. What follows the last page is asked for always.
 */

import type { KeptPage } from "../catalogue/catalogue.ts";
import { compareKeys } from "../key.ts";
import { type ListingPorts, Walk } from "./walk.ts";

/** Fewer are listed as fast from the beginning. */
const FEWEST = 3;
/** So many pages and so large a share of those that were asked have changed: then the source is listed from the beginning. */
const MANY = 16;
const MOST_CHANGED = 0.5;
/** A page of a smaller share of the longest one is listed anew with a changed one before it: pages get no smaller. */
const SMALL = 0.5;
/** Parts that are walked through at once; what each asks for at once the limiter says. */
const WALKS = 64;

/**
 * Lists what changed since the last whole listing.
 * @returns all pages, in order; null where the source has to be listed from the beginning
 */
export async function listAgain(ports: ListingPorts): Promise<readonly KeptPage[] | null> {
  const { source, listing, options, tally } = ports;
  const pages = await listing.pages();
  if (source.digest === undefined || pages.length < FEWEST || inOneRow(pages)?.length !== pages.length) return null;
  const same = await unchanged(pages, ports);
  if (same === null) return null;
  await options.onFirst?.();
  const parts = changedParts(pages, same);
  await listing.goOn(parts);
  const found: KeptPage[] = pages.filter((page) => same.has(page));
  const ordered = await walkThrough(parts, ports, found);
  tally.tell();
  return ordered ? inOneRow(found) : null;
}

/** Fills in the pages that are found. @returns false where they are out of order */
async function walkThrough(parts: readonly Part[], ports: ListingPorts, found: KeptPage[]): Promise<boolean> {
  const stop = new AbortController();
  const signal = AbortSignal.any([ports.options.signal, stop.signal]);
  const inner = { ...ports, options: { ...ports.options, signal } };
  const rest = [...parts];
  let ordered = true;
  const inTurn = async () => {
    for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
      const walk = new Walk(inner, true, part);
      if ((await walk.run()) !== null) ordered = false;
      found.push(...walk.found);
    }
  };
  const failures: unknown[] = [];
  const walks = Array.from({ length: Math.min(WALKS, parts.length) }, () =>
    inTurn().catch((error: unknown) => {
      failures.push(error);
      stop.abort(error);
    }),
  );
  await Promise.all(walks);
  if (failures.length > 0) throw failures[0];
  return ordered;
}

/** The pages that the source writes as it did; null where so many changed that asking for each gains nothing. */
async function unchanged(
  pages: readonly KeptPage[],
  { source, options, tally }: ListingPorts,
): Promise<Set<KeptPage> | null> {
  const { limiter, signal } = options;
  const same = new Set<KeptPage>();
  const last = pages.at(-1);
  let changed = 0;
  let more = false;
  const ask = async (page: KeptPage, inner: AbortSignal) => {
    if (changed >= MANY && changed > MOST_CHANGED * (changed + same.size)) return;
    const { after, keys, bytes, digest } = page;
    const now = digest === "" ? null : await source.digest?.(after, keys, inner);
    if (now === digest) {
      same.add(page);
      tally.add(keys, bytes);
    } else changed += 1;
  };
  const askBehind = async (after: string, inner: AbortSignal) => {
    for await (const { objects } of source.list({ after }, inner)) {
      more ||= objects.length > 0;
      if (more) return;
    }
  };
  const questions = [...pages.map((page) => ask.bind(null, page)), askBehind.bind(null, last?.last ?? "")];
  await limiter.listing.each(questions, (question, inner) => question(inner), signal);
  if (more && last !== undefined) same.delete(last);
  return changed > MOST_CHANGED * pages.length ? null : same;
}

interface Part {
  after?: string;
  upto?: string;
}

/** What is to be walked through; small pages behind it, no more the same, with it. What follows the last page is open. */
function changedParts(pages: readonly KeptPage[], same: Set<KeptPage>): readonly Part[] {
  const parts: Part[] = [];
  const small = SMALL * pages.reduce((longest, { keys }) => Math.max(longest, keys), 0);
  let goesOn = false;
  for (const page of pages) {
    if (goesOn && page.keys < small) same.delete(page);
    const { after, last: upto } = page;
    const part = goesOn ? parts.at(-1) : undefined;
    goesOn = !same.has(page);
    if (part !== undefined && goesOn) part.upto = upto;
    else if (goesOn) parts.push(after === "" ? { upto } : { after, upto });
  }
  if (goesOn) delete parts.at(-1)?.upto;
  return parts;
}

/** Each page begins behind the last key of the one before: nothing lies between them. Null where two of them overlap. */
export function inOneRow(pages: readonly KeptPage[]): readonly KeptPage[] | null {
  const row: KeptPage[] = [];
  for (const page of pages.toSorted((a, b) => compareKeys(a.last, b.last))) {
    const after = row.at(-1)?.last ?? "";
    if (compareKeys(page.after, after) < 0 || compareKeys(page.last, after) <= 0) return null;
    row.push({ ...page, after });
  }
  return row.some(({ digest }) => digest !== "") ? row : [];
}
