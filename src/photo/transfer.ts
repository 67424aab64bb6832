/**
 * Transfer: one photo's way from the source into the next batch of every target that lacks it: fetched once,
 * checked once, dated once, and named for each.
 */

import type { Catalogue, Planned } from "../catalogue/catalogue.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { Limiter } from "../limiter.ts";
import type { HeadDate } from "../model.ts";
import type { Template } from "../naming/template.ts";
import { retrying } from "../retry.ts";
import { AT_ONCE, type Hand, type Source } from "../stores/source.ts";
import type { Draft, Keeping } from "../targets/target.ts";
import { compareDigests, type Proof, tellingEtag } from "./checksum.ts";
import { companionPath } from "./companions.ts";
import type { Dater } from "./date.ts";
import { doubtOf } from "./doubt.ts";
import { type Fetching, type FetchOptions, fetchObject, fetchRest, notAgain, noticingRetry } from "./fetch.ts";
import { foldersOf, type Hands } from "./hands.ts";
import type { Transfer } from "./merge-plans.ts";
import { isTooLarge, tooLargeWords } from "./merge-plans.ts";
import { isPacked, packedWarning, unpackedHead } from "./packed.ts";
import { begunOn, mayBeResumed, type Received, type ReceivePorts, receive } from "./receive.ts";
import type { SidecarReader } from "./sidecars.ts";
import type { Destination } from "./target-set.ts";
import { entryOf, failCopy, recognise, skipCopy } from "./tell-copy.ts";
import { type DateWriter, inPlaceOf, type WrittenCopy } from "./write-date.ts";

export interface TransferPorts extends ReceivePorts {
  readonly source: Source;
  readonly catalogue: Catalogue;
  readonly dater: Dater;
  /** Present where missing dates are written into the photos. */
  readonly dateWriter?: DateWriter;
  readonly sidecars: SidecarReader;
  /** Absent where every photo is fetched in this thread. */
  readonly hands?: Pick<Hands, "for">;
  /** Told of each request that is made again, and of the bytes that come. */
  readonly limiter: Pick<Limiter, "failed" | "moved">;
  readonly template: Template;
  readonly emit: Emit;
  /** Told of every photo that came, and how its bytes were proven. */
  readonly onProof: (proof: Proof) => void;
  /** Of a photo that has its first turn: whether one that failed has a second one, after all others. Absent: at once. */
  readonly waits?: (error: HaulError) => boolean;
  /** Puts aside a photo that an archive has; absent: it fails. */
  readonly archived?: (load: Transfer<Destination>, error: HaulError) => Promise<void>;
  /** Why it failed in its first turn; absent in that. */
  readonly failed?: HaulError | null;
}

/**
 * Brings one photo, whole and checked, or says why not: its failure is an event and a row. One that waits for its second
 * turn has no outcome yet.
 * @throws HaulError only when nothing more can be done in this run
 */
export async function transfer(load: Transfer<Destination>, ports: TransferPorts): Promise<void> {
  const { targetSet, meter } = ports;
  const all = targetSet.takers(load);
  const names = all.map(({ place }) => place.target.name);
  const { size } = load.object;
  const takers = all.filter(({ place }) => !isTooLarge(size, place.target));
  let waits = false;
  try {
    if (all.length === 0) return;
    targetSet.fates.expect(load.object.key, names);
    for (const { place } of all) {
      if (!isTooLarge(size, place.target)) continue;
      await failCopy(load, place, tooLargeWords(size, place.target), ports);
    }
    if (takers.length === 0) return;
    const arrived = await fetchInTurn({ ...load, wanted: takers }, ports);
    waits = arrived === null;
    if (arrived !== null) await settleAll(arrived, ports);
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    waits = error.code === "archived" && ports.archived !== undefined;
    if (waits) await ports.archived?.({ ...load, wanted: takers }, error);
    else for (const { place } of takers) await failCopy(load, place, error.message, ports);
  } finally {
    if (!waits) meter.done();
  }
}

/** What is known of a photo whose bytes came. */
interface Fetched
  extends Pick<Fetching, "object" | "head" | "another" | "joined">,
    Pick<Received, "digests" | "firstBytes" | "date"> {
  /** True where an earlier run had the beginning. */
  readonly resumed: boolean;
}

/** A photo that came, staged on every target that took it. */
interface Arrived extends Fetched {
  readonly load: Transfer<Destination>;
  /** Null where no target took it. */
  readonly proof: Proof | null;
  readonly copies: readonly Copy[];
}

interface Copy {
  readonly place: Destination;
  readonly photo: Planned;
  readonly draft: Draft;
}

/** Dates the photo once, and hands each copy to its target. */
async function settleAll(arrived: Arrived, ports: TransferPorts): Promise<void> {
  const { copies, load } = arrived;
  let dating: Promise<Dating> | null = null;
  const dated = () => {
    dating ??= dateOf(arrived, ports);
    return dating;
  };
  const settleOne = async (copy: Copy) => {
    try {
      const done = await ports.targetSet.attempt(copy.place, () => settle(copy, arrived, dated, ports));
      if (done === null) await copy.draft.discard();
    } catch (error) {
      if (!(error instanceof HaulError) || error.endsRun) throw error;
      // It is what lies beside it that an archive has.
      const tell = error.code === "archived" ? skipCopy : failCopy;
      await tell(load, copy.place, error.message, ports);
    }
  };
  const settled = await Promise.allSettled(copies.map(settleOne));
  const copy = await Promise.resolve<Dating | null>(dating).catch(() => null);
  await copy?.written?.remove();
  for (const one of settled) if (one.status === "rejected") throw one.reason;
}

/** When the photo was taken, and the photo with that written into it, where that was asked for and missing. */
interface Dating {
  readonly date: HeadDate;
  readonly written: WrittenCopy | null;
}

async function settle(copy: Copy, arrived: Arrived, dated: () => Promise<Dating>, ports: TransferPorts): Promise<void> {
  const { place, photo } = copy;
  const { object, head } = arrived;
  const { sum: _, multipart: _parts, ...fetched } = arrived.digests;
  const { replaces } = photo.object;
  let { draft } = copy;
  const isTwin = async (sha256: string) => {
    const twin = replaces ? await ports.catalogue.kept(place.target.id).findBytes(object.key, sha256) : null;
    if (twin === null) return false;
    await draft.discard();
    await recognise({ ...twin, etag: object.etag, modified: object.modified }, place, ports);
    return true;
  };
  try {
    if (await isTwin(fetched.sha256)) return;
    const { date, written } = await dated();
    if (written !== null && (await isTwin(written.sha256))) return;
    const lying = lyingAs(written?.sha256 ?? fetched.sha256, place);
    const path = lying ?? photo.path ?? (await companionPath(photo.object, date, place, ports));
    if (date.unread === true) await ports.catalogue.kept(place.target.id).unread.add(object.key);
    if (written !== null) draft = await inPlaceOf(draft, written, place.target, ports.signal);
    const entry = entryOf(object, path, date.captured, fetched, written);
    const origin = written === null ? originOf(arrived) : {};
    await place.committer.add({ draft, entry, mtime: date.mtime, head, replaces, ...origin });
  } catch (error) {
    await draft.discard();
    throw error;
  }
}

/** Where exactly these bytes lie already, and nobody knew as which photo; each file is taken for one. */
function lyingAs(sha256: string, { namer }: Destination): string | null {
  return namer.lying.get(sha256)?.shift() ?? null;
}

/** For targets that are in the source's own store: the object, where its ETag proves that its bytes are these. */
function originOf({ object, head, proof }: Arrived): Pick<Keeping, "origin"> {
  const origin = { ...object, etag: tellingEtag(object.etag, head) };
  return proof === "md5" || proof === "multipart" ? { origin } : {};
}

/** Null for a photo that failed in its first turn and has a second one. */
async function fetchInTurn(load: Transfer<Destination>, ports: TransferPorts): Promise<Arrived | null> {
  const { waits, failed } = ports;
  const rest = () => fetchRight(load, ports, { made: 1 });
  if (waits === undefined) return failed ? rest() : fetchRight(load, ports, {});
  try {
    return await fetchRight(load, ports, { attempts: 1 });
  } catch (error) {
    if (!(error instanceof HaulError) || !error.retry || error.endsRun) throw error;
    noticingRetry(load.object.key, ports)(error);
    // One that was written anew meanwhile is there to be fetched.
    return error.code !== "changed" && waits(error) ? null : rest();
  }
}

/** Fetches until the bytes are right; wrong ones are given back and fetched again, as often as may be. */
async function fetchRight(
  load: Transfer<Destination>,
  ports: TransferPorts,
  often: Pick<FetchOptions, "attempts" | "made">,
): Promise<Arrived> {
  const onRetry = noticingRetry(load.object.key, ports);
  const options = { signal: ports.signal, onRetry, judged: true, ...often };
  return retrying(() => fetchOnce(load, ports, options), options);
}

async function fetchOnce(load: Transfer<Destination>, ports: TransferPorts, options: FetchOptions): Promise<Arrived> {
  const { source, bandwidth } = ports;
  const { size } = load.object;
  const freely = !bandwidth.limited && size > 0;
  const begun = await begunOn(load.object, load.wanted, ports);
  const hand = freely && begun === null ? await handFor(load, ports) : null;
  const how = { atOnce: freely && size <= AT_ONCE, ...(hand === null ? {} : { hand }) };
  const opening = async () =>
    (begun && (await fetchRest(source, load.object, begun, options))) ??
    fetchObject(source, load.object, { ...options, how });
  // What is asked for once only is not used up by that.
  const fetching = await (options.attempts === 1 ? opening() : notAgain(opening));
  const { drafts, failures, digests, firstBytes, date } = await receive(fetching, load.wanted, ports);
  const copies = load.wanted.flatMap(({ place, photo }, at) => {
    const draft = drafts[at] ?? null;
    return draft === null ? [] : [{ place, photo, draft }];
  });
  const { object, head, another, joined } = fetching;
  // What was dated is the object that was listed.
  const found = object === load.object ? date : null;
  const resumed = fetching.begun !== undefined;
  const fetched = { object, head, another, joined, resumed, digests, firstBytes, date: found };
  const proof = copies.length === 0 ? null : await mustBeRight(fetched, copies, ports);
  for (const { place, reason } of failures) await failCopy(load, place, reason, ports);
  if (copies.length > 0 && (await comesPacked(fetched))) ports.emit(packedWarning(object.key));
  return { ...fetched, load, proof, copies };
}

/** Its bytes are asked for only where its head says so. */
async function comesPacked({ head, firstBytes }: Pick<Fetched, "head" | "firstBytes">): Promise<boolean> {
  return head.contentEncoding !== undefined && isPacked(head, await firstBytes());
}

async function mustBeRight(fetched: Fetched, copies: readonly Copy[], ports: TransferPorts): Promise<Proof> {
  const { object, head, digests } = fetched;
  const verdict = compareDigests(object, head, digests);
  const doubt = verdict.right && verdict.proof === "unprovable" ? await doubtOf(fetched) : null;
  if (verdict.right && doubt === null) {
    ports.onProof(verdict.proof);
    return verdict.proof;
  }
  for (const { draft } of copies) await draft.discard();
  // A beginning that was not what it was is not gone on with again.
  for (const place of fetched.resumed ? ports.targetSet.destinations : []) {
    await ports.targetSet.attempt(place, async () => place.target.begun?.drop(object));
  }
  ports.meter.moved(-digests.size);
  throw new HaulError("wrong-bytes", `${object.key}: ${verdict.right ? doubt : verdict.reason}`, { retry: true });
}

/** The hand that takes a photo as it was listed; null where none does. */
async function handFor({ object, wanted }: Transfer<Destination>, ports: TransferPorts): Promise<Hand | null> {
  const { hands, dater, sidecars, dateWriter, targetSet } = ports;
  if (hands === undefined || object.version !== undefined || mayBeResumed(object)) return null;
  const dates = !dater.isTold(object.key) && dateWriter === undefined && !(await sidecars.any());
  return hands.for(object, foldersOf(wanted, targetSet.destinations), dates, (bytes) => {
    ports.meter.moved(bytes);
    ports.limiter.moved(bytes);
  });
}

async function dateOf(arrived: Arrived, ports: TransferPorts): Promise<Dating> {
  const { object, head, copies } = arrived;
  if (arrived.date !== null) return { date: ports.dater.found(object, arrived.date), written: null };
  const { signal, dateWriter } = ports;
  const firstBytes = await arrived.firstBytes();
  const packed = isPacked(head, firstBytes);
  const fileOf = () => (packed ? undefined : copies.map(({ draft }) => draft.file).find((file) => file !== undefined));
  const date = await ports.dater.date(
    {
      object,
      head,
      firstBytes: packed ? unpackedHead(firstBytes) : firstBytes,
      sidecars: await ports.sidecars.of(object.key, signal),
      company: (asked) => ports.sidecars.company(object.key, asked),
      get file() {
        return fileOf();
      },
    },
    signal,
  );
  const undated = {
    key: object.key,
    firstBytes,
    dated: date,
    get file() {
      return fileOf();
    },
  };
  const written = packed ? null : await dateWriter?.write(undated, signal);
  return { date, written: written ?? null };
}
