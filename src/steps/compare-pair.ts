/** Fetches the two pictures of a pair, whole, and says what comparing them shows. */

import type { Bandwidth } from "../bandwidth.ts";
import { HaulError } from "../errors.ts";
import { fileKindOf } from "../keys/file-kinds.ts";
import { HEAD_BYTES } from "../measures.ts";
import { ARCHIVES, type Listed } from "../model.ts";
import { type ComparedPair, EDITORS, type PairDoubt } from "../originals/family-proof.ts";
import { fetchStart } from "../photo/fetch.ts";
import type { PictureComparer, Role } from "../pictures/picture-comparer.ts";
import type { Source } from "../stores/source.ts";

/** A would-be rendition and its would-be original. */
export interface ObjectPair {
  readonly child: Listed;
  readonly parent: Listed;
}

export interface ComparePorts {
  readonly source: Source;
  readonly comparer: PictureComparer;
  readonly bandwidth?: Bandwidth;
  readonly signal: AbortSignal;
}

/** A picture that was fetched and decoded, or why not. */
export interface Seen {
  readonly doubt: PairDoubt | null;
  /** EXIF DateTimeOriginal as written; null where there is none. */
  readonly taken: string | null;
  /** Programs for editing photos that it names, in lower case. */
  readonly editors: ReadonlySet<string>;
}

/** An original of 64 MB is a scan or a film; whole files are needed, since 256 kB of a photo show 15 % of it. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** What keeps an object from being compared, by its listing alone; null where nothing does. */
export function notComparable({ key, size, storageClass }: Listed): PairDoubt | null {
  const kind = fileKindOf(key);
  if (kind === "raw" || kind === "video" || kind === "sidecar" || size === 0) return "cannot be decoded";
  if (ARCHIVES.has(storageClass)) return "archived";
  return size > MOST_BYTES ? "larger than is fetched" : null;
}

/**
 * Fetches a picture and has it decoded under its key.
 * @throws HaulError `interrupted`, and what else ends a run but `denied`: what may not be read proves nothing
 */
export async function see(object: Listed, role: Role, ports: ComparePorts): Promise<Seen> {
  const doubt = notComparable(object);
  if (doubt !== null) return nothing(doubt);
  if (ports.comparer.missing !== null) return nothing("without a decoder");
  const bytes = await wholeObject(object, ports);
  if (!(bytes instanceof Uint8Array)) return nothing(bytes);
  const decoded = await ports.comparer.decode(nameOf(object, role), role, bytes, ports.signal);
  if (!decoded) {
    return nothing(ports.comparer.missing === null ? "cannot be decoded" : "without a decoder");
  }
  const head = bytes.subarray(0, HEAD_BYTES);
  // With the reader of EXIF: a tenth of what a short run loads, and most runs compare nothing.
  const { readHeadTags } = await import("../metadata/head.ts");
  const taken = readHeadTags(head).tags["ExifIFD:DateTimeOriginal"];
  return {
    doubt: null,
    taken: typeof taken === "string" ? taken : null,
    editors: new Set(head.toString("latin1").toLowerCase().match(EDITORS)),
  };
}

/** A picture of which nothing was seen. */
export function nothing(doubt: PairDoubt): Seen {
  return { doubt, taken: null, editors: new Set() };
}

/** The name under which the comparer keeps a picture. */
export function nameOf({ key }: Listed, role: Role): string {
  return `${role} ${key}`;
}

async function wholeObject(object: Listed, { source, bandwidth, signal }: ComparePorts): Promise<Buffer | PairDoubt> {
  try {
    const { firstBytes } = await fetchStart(source, object, MOST_BYTES + 1, {
      signal,
      bandwidth,
      onRetry: () => undefined,
    });
    return firstBytes.length > MOST_BYTES ? "larger than is fetched" : firstBytes;
  } catch (error) {
    if (!(error instanceof HaulError)) throw error;
    if (error.endsRun && error.code !== "denied") throw error;
    return error.code === "archived" ? "archived" : "could not be read";
  }
}

/**
 * What the pictures of a pair show that were both seen.
 * @param searches false where only `same` matters
 */
export async function comparePair(
  { child, parent }: ObjectPair,
  seen: { readonly child: Seen; readonly parent: Seen },
  { comparer, signal }: Pick<ComparePorts, "comparer" | "signal">,
  searches = true,
): Promise<ComparedPair> {
  const pair = {
    child: child.key,
    parent: parent.key,
    bytes: { child: child.size, parent: parent.size },
    edited: !seen.child.editors.isSubsetOf(seen.parent.editors),
  };
  const doubt = seen.parent.doubt ?? seen.child.doubt;
  if (doubt !== null) return { ...pair, verdict: "unreadable", why: doubt, likeness: null };
  const [original, rendition] = [nameOf(parent, "original"), nameOf(child, "rendition")];
  const compared = await comparer.compare(original, rendition, signal, searches);
  if (compared === null) {
    return { ...pair, verdict: "unreadable", why: "cannot be decoded", likeness: null };
  }
  const contradicts = seen.child.taken !== null && seen.parent.taken !== null && seen.child.taken !== seen.parent.taken;
  return contradicts
    ? { ...pair, ...compared, verdict: "other", why: "taken at another time" }
    : { ...pair, ...compared };
}
