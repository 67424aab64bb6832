/**
 * Fetch: the bytes of one listed object, whatever the line does meanwhile. A body that breaks off goes on
 * where it stopped: Range with If-Match, the ETag and whole size of that answer itself, and the last bytes once more, so
 * never with the bytes of another object. Where nothing says that it is the same, it begins again, unless a digest of the whole can tell.
 */

import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Bandwidth } from "../bandwidth.ts";
import { cancel, closedBy } from "../cancel.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { Limiter } from "../limiter.ts";
import { SECOND } from "../measures.ts";
import type { Listed, ObjectHead, Taken } from "../model.ts";
import { MOST_ATTEMPTS, retrying } from "../retry.ts";
import { LastBytes, sameness } from "../stores/same-object.ts";
import type { HowToOpen, Opened, Source } from "../stores/source.ts";
import type { Begun } from "../targets/begun.ts";
import { mayBeProven, tellingEtag } from "./checksum.ts";

/** A body that has come this much further may break again without using up its attempts. */
const PROGRESS = 1024 * 1024;

export interface Fetching {
  /** The object that comes: as listed, or as it is now where it was changed since. */
  readonly object: Listed;
  readonly head: ObjectHead;
  /** True where the answer is of another object than was listed, or may be. */
  readonly another: boolean;
  /** True once bytes of two answers were joined of which nothing says that they are of one object: the proof has to. */
  readonly joined: boolean;
  /**
   * Throws HaulError when it cannot be had: `retry` false, or the attempts used up; `changed` when the object was
   * overwritten meanwhile: begin again. The caller judges length and digests, and cancels (cancel.ts) what it does
   * not begin to read: that closes the connection.
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What lies here already and comes before the bytes; then `joined` is true. */
  readonly begun?: Begun;
  /** As in `Opened`. */
  readonly whole?: Buffer<ArrayBuffer>;
  /** As in `Opened`. */
  readonly taken?: Taken;
}

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Called before each further attempt. */
  readonly onRetry: (error: HaulError) => void;
  /** How often it is tried to open at most; as often as retry.ts says when absent. A body that broke has that in any case. */
  readonly attempts?: number;
  /** True for a caller who judges the whole by its digests, and takes nothing that was `joined` without a proof. */
  readonly judged?: boolean | undefined;
  /** How many of them were made before. */
  readonly made?: number;
  /** Slows what is read of `fetchStart`; absent for as fast as it comes. */
  readonly bandwidth?: Bandwidth | undefined;
  /** As in `Source.open`. */
  readonly how?: HowToOpen;
}

/**
 * Opens an object. Where it was overwritten since the listing (412), what it is now is taken instead, with
 * its present ETag, size and date.
 * @throws HaulError `missing`, `archived`, `forbidden`, …, or the last error when the attempts are used up
 */
export async function fetchObject(source: Source, listed: Listed, options: FetchOptions): Promise<Fetching> {
  let another = false;
  const opened = await retrying(async () => {
    try {
      return await source.open(listed, 0, options.signal, options.how);
    } catch (error) {
      if (!(error instanceof HaulError) || error.code !== "changed") throw error;
      const now = await source.open({ ...listed, etag: "" }, 0, options.signal);
      another = true;
      return now;
    }
  }, options);
  const { head } = opened;
  const etag = another ? head.etag : tellingEtag(listed.etag, head);
  another ||= listed.etag !== "" && etag !== listed.etag;
  const object = another ? asTold(listed, head) : listed;
  const { taken } = opened;
  if (taken !== undefined) return { object, head, another, joined: false, bytes: opened.bytes, taken };
  const at = { opened, joined: false };
  const { signal, onRetry, judged } = options;
  const bytes = closedBy(resuming(source, { ...object, etag }, at, { signal, onRetry, judged }), () =>
    cancel(at.opened.bytes),
  );
  return {
    object,
    head,
    another,
    bytes,
    ...(opened.whole === undefined ? {} : { whole: opened.whole }),
    get joined() {
      return at.joined;
    },
  };
}

/**
 * Goes on with an object of which an earlier run has the beginning.
 * @returns null where the store has another object now, does not say that it is the same, or none could prove the whole
 * @throws HaulError as `fetchObject`
 */
export async function fetchRest(
  source: Source,
  object: Listed,
  begun: Begun,
  options: FetchOptions,
): Promise<Fetching | null> {
  const opened = await retrying(() => source.open(object, begun.length, options.signal), options).catch(
    (error: unknown) => {
      if (error instanceof HaulError && error.code === "changed") return null;
      throw error;
    },
  );
  if (opened === null) return null;
  const { head } = opened;
  if (sameness(object, head) !== "same" || !mayBeProven(object, head)) {
    await cancel(opened.bytes);
    return null;
  }
  const at = { opened, joined: true };
  const { signal, onRetry, judged } = options;
  const resumed = resuming(source, object, at, { signal, onRetry, judged }, begun.length);
  const bytes = closedBy(resumed, () => cancel(at.opened.bytes));
  return { object, head, another: false, joined: true, begun, bytes };
}

/**
 * What is remembered of an object that answers with another ETag than was listed. With the size and time that were
 * listed it keeps its ETag too: some stores list one and answer with another (MinIO of what is encrypted), and each run
 * would fetch it again; where it was overwritten within that second, the next listing says so.
 */
function asTold(object: Listed, { size, etag, modified }: ObjectHead): Listed {
  const at = Date.parse(modified);
  const sameTime = Math.floor(at / SECOND) === Math.floor(Date.parse(object.modified) / SECOND);
  if (sameTime && size === object.size) return object;
  return { ...object, size, etag, modified: modified || object.modified };
}

/** @param at what is open now, for whoever closes it */
async function* resuming(
  source: Source,
  object: Listed,
  at: { opened: Opened; joined: boolean },
  options: FetchOptions,
  from = 0,
): AsyncGenerator<Uint8Array, undefined> {
  const first = at.opened.head;
  const last = new LastBytes();
  for (let offset = from, breaks = 0; ; ) {
    const start = offset;
    try {
      for await (const chunk of at.opened.bytes) {
        offset += chunk.length;
        last.note(chunk);
        yield chunk;
      }
      return;
    } catch (error) {
      // What came before is no part of it, where it was misread.
      if (!(error instanceof HaulError) || !error.retry || error.code === "changed") throw error;
      breaks = offset - start >= PROGRESS ? 1 : breaks + 1;
      if (breaks >= MOST_ATTEMPTS) throw error;
      const again = { offset: offset - last.length, error };
      const opened = await reopen(source, { ...object, size: first.size }, again, options);
      at.opened = { ...opened, bytes: last.followedBy(opened.bytes, object.key) };
      const same = sameness(first, at.opened.head);
      if (same === "same" || (same === "unknown" && offset === 0)) continue;
      if (same === "unknown" && options.judged === true && mayBeProven(object, first)) {
        at.joined = true;
        continue;
      }
      await cancel(at.opened.bytes);
      throw overwritten(
        same === "other"
          ? `${object.key} was overwritten while it was fetched`
          : `${object.key}: the connection broke, and the store does not say whether the rest is of the same object`,
      );
    }
  }
}

/**
 * Opens again where the body broke; the break counts as the first attempt, so the wait comes before the second.
 * @throws HaulError `changed`, with `retry`, where it is another object now: what came is of no use, the whole may be
 */
async function reopen(
  source: Source,
  object: Listed,
  broken: { offset: number; error: HaulError },
  options: FetchOptions,
): Promise<Opened> {
  try {
    return await retrying((attempt) => {
      if (attempt === 1) throw broken.error;
      return source.open(object, broken.offset, options.signal);
    }, options);
  } catch (cause) {
    if (!(cause instanceof HaulError) || cause.code !== "changed") throw cause;
    throw overwritten(cause.message, cause);
  }
}

function overwritten(message: string, cause?: unknown): HaulError {
  return new HaulError("changed", message, { retry: true, cause });
}

/**
 * The beginning of an object, `upto` bytes or a little more.
 * @throws HaulError as `fetchObject` and its bytes do
 */
export async function fetchStart(
  source: Source,
  listed: Listed,
  upto: number,
  options: FetchOptions,
): Promise<Pick<Fetching, "object" | "head"> & { readonly firstBytes: Buffer }> {
  const { object, head, bytes } = await fetchObject(source, listed, options);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of options.bandwidth?.slow(bytes, options.signal) ?? bytes) {
    // A chunk's memory is gone when the next one is asked for.
    parts.push(Buffer.from(part));
    length += part.length;
    if (length >= upto) break;
  }
  return { object, head, firstBytes: Buffer.concat(parts) };
}

/**
 * Writes bytes into a file.
 * @returns the first of them, `upto` or a little more
 */
export async function saveTo(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  upto: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const first: Buffer[] = [];
  let length = 0;
  const noticed = async function* () {
    for await (const chunk of bytes) {
      // A chunk is the reader's until it asks for the next; what waits to be written has to be its own.
      const own = Buffer.from(chunk);
      if (length < upto) first.push(own);
      length += own.length;
      yield own;
    }
  };
  await pipeline(noticed, createWriteStream(file), { signal });
  return Buffer.concat(first);
}

/** What a photo fails with for this run, as it would be named or dated wrongly, and that for good. */
export function mayPass(key: string, error: HaulError): HaulError {
  const says = `${key}, which lies beside it and tells its name or date, cannot be read now: ${error.message}`;
  return new HaulError(error.code, says, { cause: error });
}

interface Noticing {
  readonly source: Pick<Source, "requests">;
  readonly limiter: Pick<Limiter, "failed">;
  readonly emit: Emit;
}

/** Counts and tells each request for a key that is made again. */
export function noticingRetry(key: string, { source, limiter, emit }: Noticing) {
  return (error: HaulError): void => {
    source.requests.retried += 1;
    limiter.failed(error);
    emit({ type: "warning", code: "retry", message: `${error.message}; trying again`, key });
  };
}

/** What was tried here as often as it may be is not tried again from the start; an object that is another now is. */
export async function notAgain<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HaulError) || !error.retry || error.code === "changed") throw error;
    throw error.with({ retry: false });
  }
}
