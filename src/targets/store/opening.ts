/** Opening the place of a target in a bucket: is it the right one, may it be written, what can its store do. */

import { createHash, randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HaulError } from "../../errors.ts";
import type { Bucket } from "../../s3/bucket.ts";
import type { S3Options } from "../../s3/client.ts";
import { giveUpUpload } from "../../s3/multipart.ts";
import { Spool } from "../spool.ts";
import type { Traits } from "../traits.ts";
import { PartedLedger } from "./ledger.ts";
import { MARKER, type Marker, parseMarker, UNTRIED, writtenMarker } from "./marker.ts";
import { probeStore } from "./probe.ts";
import { README } from "./readme.ts";
import { type Parts, Shelf } from "./shelf.ts";
import { UploadJournal } from "./upload-journal.ts";

export interface S3TargetOptions {
  /** Writes nothing at all; `stage` and `commit` are refused. */
  readonly readOnly?: boolean;
  /** The id that this target had when it was last used; another one, or none, is `wrong-drive`. */
  readonly expectedId?: string | undefined;
  /** Name of the source, for target.json. */
  readonly source?: string;
  readonly warn?: (message: string) => void;
  /** How to reach the store. */
  readonly s3?: S3Options;
  /** Of photos; the lists stay in the store's usual class. */
  readonly storageClass?: string;
  /** Folder in which photos wait; the system's for temporary files where absent. */
  readonly spool?: string;
  /** Larger photos go in parts of so many bytes; 64 MiB and 16 MiB where absent. For tests. */
  readonly parts?: Parts;
  readonly signal?: AbortSignal;
}

/** A place that was found right. */
export interface Opened {
  readonly name: string;
  readonly bucket: Bucket;
  readonly shelf: Shelf;
  readonly id: string;
  readonly traits: Traits;
  readonly storageClass: string | undefined;
  readonly warn: (message: string) => void;
  /** Null when it was opened for reading. */
  readonly writing: { readonly spool: Spool; readonly ledger: PartedLedger } | null;
}

/**
 * @param prefix "" or one that ends in a slash
 * @throws HaulError `no-target`, `wrong-drive`, `read-only`, `locked`
 */
export async function openShelf(
  bucket: Bucket,
  prefix: string,
  options: S3TargetOptions,
): Promise<Opened> {
  const signal = options.signal ?? new AbortController().signal;
  const { parts, storageClass, warn = () => undefined } = options;
  const name = `s3://${bucket.name}/${prefix}`.replace(/\/$/, "");
  const place = { bucket, prefix, ...(parts === undefined ? {} : { parts }) };
  const reading = new Shelf(name, place, UNTRIED);
  const old = await markerOf(reading, options.expectedId, signal);
  const common = { name, bucket, traits: traitsOf(prefix), storageClass, warn };
  if (options.readOnly === true) {
    return { ...common, shelf: reading, id: old?.id ?? "", writing: null };
  }
  const spool = await Spool.open(spoolFolder(options, name), name);
  try {
    const can = old?.can ?? (await probeStore({ bucket, prefix, readme: README }, signal));
    if (!can.onlyNew) {
      warn(
        `${name} would overwrite what it is asked not to; photohaul looks before it writes, so let no other computer write there at the same time`,
      );
    }
    const journal = new UploadJournal(spool.folder);
    await giveUpLeftOver(bucket, journal);
    const shelf = new Shelf(name, { ...place, journal }, can);
    const { id } = await mark(shelf, { old, can, options }, signal);
    return {
      ...common,
      shelf,
      id,
      writing: { spool, ledger: await PartedLedger.open(shelf, signal) },
    };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

async function giveUpLeftOver(bucket: Bucket, journal: UploadJournal): Promise<void> {
  for (const upload of await journal.leftOver()) {
    if (await giveUpUpload(bucket, upload)) await journal.ended(upload);
  }
}

/** What target.json says, after it was found to be the one expected. */
async function markerOf(
  shelf: Shelf,
  expectedId: string | undefined,
  signal: AbortSignal,
): Promise<Marker | null> {
  const text = await shelf.readText(MARKER, signal);
  const marker = text === null ? null : parseMarker(text, shelf.name);
  if (expectedId === undefined || marker?.id === expectedId) return marker;
  const held = marker === null ? "holds no photohaul target" : "holds another photohaul target";
  throw new HaulError("wrong-drive", `${shelf.name} ${held}`);
}

interface Marking {
  readonly old: Marker | null;
  readonly can: Marker["can"];
  readonly options: S3TargetOptions;
}

async function mark(shelf: Shelf, marking: Marking, signal: AbortSignal): Promise<Marker> {
  const { old, can, options } = marking;
  const sources = new Set(old?.sources);
  if (options.source !== undefined) sources.add(options.source);
  const marker: Marker = {
    id: old?.id ?? randomUUID(),
    createdAt: old?.createdAt ?? new Date().toISOString(),
    sources: [...sources],
    can,
  };
  if (JSON.stringify(marker) === JSON.stringify(old)) return marker;
  const onlyNew = old === null && can?.onlyNew === true;
  const put = await shelf.replace(MARKER, writtenMarker(marker), onlyNew, signal);
  if (put !== "taken") return marker;
  // Another computer was quicker, or the answer to our own write was lost: what lies there holds.
  const first = await markerOf(shelf, options.expectedId, signal);
  if (first === null) throw new HaulError("no-target", `${shelf.name}/${MARKER} comes and goes`);
  return first;
}

function spoolFolder(options: S3TargetOptions, name: string): string {
  const place = `${options.s3?.endpoint ?? ""} ${name}`;
  const hash = createHash("sha256").update(place).digest("hex").slice(0, 16);
  return join(options.spool ?? tmpdir(), `photohaul-spool-${hash}`);
}

/** A key has at most 1,024 bytes, an object 5 TiB (AWS "Creating object key names", "Multipart upload limits"). */
function traitsOf(prefix: string): Traits {
  const room = 1024 - Buffer.byteLength(prefix);
  return {
    foldsCase: false,
    foldsUnicode: false,
    forbidden: "",
    trimsEnds: false,
    longestName: { length: room, unit: "bytes" },
    longestPath: room,
    links: false,
    timeGranularity: 1_000_000,
    earliestTime: "0001-01-01T00:00:00Z",
    largestFile: 5 * 2 ** 40,
  };
}
