/** Receive: the bytes of one photo, counted, digested once, and staged on every target that wants them. */

import type { Bandwidth } from "../bandwidth.ts";
import { cancel } from "../cancel.ts";
import type { Limiter } from "../limiter.ts";
import type { FullDigests } from "../model.ts";
import { partSizes, tellingEtag } from "./checksum.ts";
import { digestStream } from "./digest-stream.ts";
import type { Digester } from "./digester.ts";
import { digestsOf } from "./digests.ts";
import { type Fetching, notAgain } from "./fetch.ts";
import type { Meter } from "./progress.ts";
import { HEAD_BYTES } from "./read-start.ts";
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
  readonly firstBytes: Buffer;
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
    return await (fetching.whole === undefined ? receiveStream : receiveWhole)(fetching, wanted, onBytes, ports);
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

const receiveWhole: Receive = async ({ object, head, whole = NOTHING }, wanted, onBytes, ports) => {
  onBytes(whole.length);
  const digests = digestsOf(whole, digestsWanted(object, head));
  // The targets may take the memory away when they commit, which is after the photo was dated.
  const firstBytes = whole.subarray(0, HEAD_BYTES);
  return { digests, firstBytes, ...(await stageEverywhere(whole, whole.length, wanted, ports)) };
};

const receiveStream: Receive = async ({ object, head, bytes }, wanted, onBytes, ports) => {
  const { bandwidth, digester, signal } = ports;
  const inspecting = { ...digestsWanted(object, head), headBytes: HEAD_BYTES, onBytes };
  const inspection = digestStream(bandwidth.slow(bytes, signal), inspecting, digester);
  const staged = await notAgain(() => stageEverywhere(inspection.bytes, object.size, wanted, ports))
    // A target that fails before it reads, or is lost, leaves the bytes where they are.
    .finally(() => cancel(bytes));
  return { digests: await inspection.digests(), firstBytes: inspection.head(), ...staged };
};

function digestsWanted(object: Fetching["object"], head: Fetching["head"]) {
  return {
    partSizes: partSizes(tellingEtag(object.etag, head), object.size),
    crc32: head.checksums.crc32 !== undefined,
  };
}

const NOTHING = Buffer.alloc(0);
