/** Receive: the bytes of one photo, counted, digested once, and staged on every target that wants them. */

import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Bandwidth } from "../bandwidth.ts";
import { cancel } from "../cancel.ts";
import { HaulError } from "../errors.ts";
import type { Limiter } from "../limiter.ts";
import { HEAD_BYTES } from "../measures.ts";
import type { FullDigests, HeadDate, Listed } from "../model.ts";
import type { Begun } from "../targets/begun.ts";
import { digestsWanted, listedProves } from "./checksum.ts";
import { type Digester, digestStream } from "./digester.ts";
import { type Fetching, notAgain } from "./fetch.ts";
import type { Meter } from "./progress.ts";
import { type Staged, type StagePorts, stageEverywhere } from "./stage.ts";
import type { Destination } from "./target-set.ts";

export interface ReceivePorts extends StagePorts {
  readonly meter: Meter;
  readonly bandwidth: Bandwidth;
  /** Told of the bytes that come. */
  readonly limiter: Pick<Limiter, "moved">;
  readonly digester: Digester;
}

/** What came of one photo. */
export interface Received extends Staged {
  readonly digests: FullDigests;
  /** ExifTool reads what they leave open; 128 KB hold the date of 227 of 228 JPEGs (facts measured on real ones). */
  readonly firstBytes: () => Promise<Buffer>;
  /** As in `Taken`. */
  readonly date: HeadDate | null;
}

/** @throws as the bytes do, after the space was given back; HaulError that ends the run */
export async function receive(
  fetching: Fetching,
  wanted: readonly { readonly place: Destination }[],
  ports: ReceivePorts,
): Promise<Received> {
  let moved = 0;
  const onBytes = (bytes: number) => {
    moved += bytes;
    ports.meter.moved(bytes);
    ports.limiter.moved(bytes);
  };
  try {
    return await receiverOf(fetching)(fetching, wanted, onBytes, ports);
  } catch (error) {
    // What comes again is counted again.
    ports.meter.moved(-moved);
    throw error;
  }
}

type Receive = (
  fetching: Fetching,
  wanted: readonly { readonly place: Destination }[],
  onBytes: (bytes: number) => void,
  ports: ReceivePorts,
) => Promise<Received>;

function receiverOf({ taken, whole }: Fetching): Receive {
  if (taken !== undefined) return receiveTaken;
  return whole === undefined ? receiveStream : receiveWhole;
}

/** A hand has digested and written it. */
const receiveTaken: Receive = async ({ object, taken }, wanted, onBytes, ports) => {
  if (taken === undefined) throw new TypeError("nothing was taken");
  const { digests, drafts, date } = taken;
  onBytes(digests.size);
  const staged = await stageEverywhere(drafts, object.size, wanted, ports);
  const file = drafts.find(({ failure }) => failure === null)?.file;
  let first: Promise<Buffer> | null = null;
  const firstBytes = () => {
    first ??= file === undefined ? Promise.resolve(NOTHING) : firstOf(file);
    return first;
  };
  return { digests, date, firstBytes, ...staged };
};

async function firstOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const receiveWhole: Receive = async ({ object, head, whole = NOTHING }, wanted, onBytes, ports) => {
  onBytes(whole.length);
  const digests = await ports.digester.whole(whole, digestsWanted(object, head));
  // The targets may take the memory away when they commit, which is after the photo was dated.
  const firstBytes = whole.subarray(0, HEAD_BYTES);
  return {
    digests,
    date: null,
    firstBytes: async () => firstBytes,
    ...(await stageEverywhere(whole, whole.length, wanted, ports)),
  };
};

const receiveStream: Receive = async ({ object, head, bytes, begun = null }, wanted, onBytes, ports) => {
  const { bandwidth, digester, signal } = ports;
  const inspecting = { ...digestsWanted(object, head), headBytes: HEAD_BYTES, size: object.size, onBytes };
  const coming = bandwidth.slow(bytes, signal);
  const inspection = digestStream(begun === null ? coming : both(begun, coming), inspecting, digester);
  const large = mayBeResumed(object) ? { object, begun } : undefined;
  const staged = await notAgain(() => stageEverywhere(inspection.bytes, object.size, wanted, ports, large))
    // A target that fails before it reads, or is lost, leaves the bytes where they are.
    .finally(() => cancel(bytes));
  const firstBytes = inspection.head();
  return { digests: await inspection.digests(), date: null, firstBytes: async () => firstBytes, ...staged };
};

/** A photo of so many bytes goes on another time where it was stopped: what came again of a smaller one is no loss. */
const LARGE = 64 * 1024 * 1024;

/** Only where a digest of the whole can tell whether what is gone on with is what it was. */
export function mayBeResumed(object: Listed): boolean {
  return object.size > LARGE && listedProves(object);
}

/** The longest beginning of a large photo that a target has from an earlier run; null where none has one. */
export async function begunOn(
  object: Listed,
  wanted: readonly { readonly place: Destination }[],
  { targetSet }: Pick<ReceivePorts, "targetSet">,
): Promise<Begun | null> {
  if (!mayBeResumed(object)) return null;
  const find = ({ place }: { readonly place: Destination }) =>
    targetSet.attempt(place, async () => (await place.target.begun?.find(object)) ?? null);
  const found = await Promise.all(wanted.map(find));
  return found.reduce((a, b) => ((b?.length ?? 0) > (a?.length ?? 0) ? b : a), null);
}

/** What is read again, then what comes. Where the first cannot be read the draft is given up, and all of it comes. */
async function* both(begun: Begun, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  try {
    yield* createReadStream(begun.file, { end: begun.length - 1, highWaterMark: READ });
  } catch (cause) {
    const says = "what an earlier run left of it cannot be read any more";
    throw new HaulError("changed", says, { retry: true, cause });
  }
  yield* bytes;
}

const READ = 256 * 1024;

const NOTHING = Buffer.alloc(0);
