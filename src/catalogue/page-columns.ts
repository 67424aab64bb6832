/** The objects of a page as text under zstd, column by column, so that what is alike lies together. */

import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { CataloguedObject, Classified, Listed } from "../model.ts";
import { kindOf, rotten } from "./rows.ts";

/** Of what comes out, at once: a page takes two. */
const CHUNK_SIZE = 64 * 1024;
/** As quick as it gets, 0.4 µs a key and the same back; and what rotted is found by its sum. */
const QUICK = {
  chunkSize: CHUNK_SIZE,
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

type ListedColumns = readonly [
  keys: readonly string[],
  sizes: readonly number[],
  etags: readonly string[],
  times: readonly string[],
  /** One where all are the same. */
  classes: readonly string[],
  /** None where no object has one. */
  versions: readonly (string | null)[],
];

type VerdictColumns = readonly [
  stems: readonly (string | null)[],
  /** Each different one once, and which of them each object has. */
  verdicts: readonly (readonly [kind: string, family: string, rank: number, reason: string])[],
  which: readonly number[],
];

export function packListed(objects: readonly Listed[]): Buffer {
  const classes = objects.map(({ storageClass }) => storageClass);
  const columns: ListedColumns = [
    objects.map(({ key }) => key),
    objects.map(({ size }) => size),
    objects.map(({ etag }) => etag),
    objects.map(({ modified }) => modified),
    classes.every((one) => one === classes[0]) ? classes.slice(0, 1) : classes,
    objects.some(({ version }) => version !== undefined) ? objects.map(({ version }) => version ?? null) : [],
  ];
  return packed(columns);
}

export function packVerdicts(objects: readonly Classified[]): Buffer {
  const known = new Map<string, number>();
  const verdicts: [string, string, number, string][] = [];
  let [before, number]: [Classified | null, number] = [null, -1];
  const which = objects.map((object) => {
    const { kind, family, rank, reason } = object;
    const same = before?.kind === kind && before.family === family && before.rank === rank && before.reason === reason;
    before = object;
    if (same) return number;
    const name = JSON.stringify([kind, family, rank, reason]);
    number = known.get(name) ?? verdicts.push([kind, family, rank, reason]) - 1;
    known.set(name, number);
    return number;
  });
  const columns: VerdictColumns = [objects.map(({ stem }) => stem), verdicts, which];
  return packed(columns);
}

/** @throws HaulError `catalogue` for what `packListed` never made */
export function unpackListed(data: unknown): Listed[] {
  const [keys, sizes, etags, times, classes, versions]: ListedColumns = JSON.parse(textIn(data));
  return keys.map((key, at) => {
    const { size, etag, modified } = { size: sizes[at] ?? 0, etag: etags[at] ?? "", modified: times[at] ?? "" };
    const object = { key, size, etag, modified, storageClass: classes[at] ?? classes[0] ?? "" };
    const version = versions[at] ?? null;
    return version === null ? object : { ...object, version };
  });
}

/** @throws HaulError `catalogue` for what `packListed` and `packVerdicts` never made */
export function unpackJudged(listed: unknown, judged: unknown): CataloguedObject[] {
  const [keys, sizes, etags, times, classes, versions]: ListedColumns = JSON.parse(textIn(listed));
  const [stems, verdicts, which]: VerdictColumns = JSON.parse(textIn(judged));
  const ready = verdicts.map(([kind, family, rank, reason]) => ({ kind: kindOf(kind), family, rank, reason }));
  return keys.map((key, at) => {
    const verdict = ready[which[at] ?? -1];
    if (verdict === undefined) throw rotten("a key of the listing has no verdict");
    const object = {
      key,
      size: sizes[at] ?? 0,
      etag: etags[at] ?? "",
      modified: times[at] ?? "",
      storageClass: classes[at] ?? classes[0] ?? "",
      kind: verdict.kind,
      family: verdict.family,
      stem: stems[at] ?? null,
      rank: verdict.rank,
      reason: verdict.reason,
    };
    const version = versions[at] ?? null;
    return version === null ? object : { ...object, version };
  });
}

function packed(columns: unknown): Buffer {
  return zstdCompressSync(JSON.stringify(columns), QUICK);
}

/** What `packed` made: zstd's sum says that it is still that. */
function textIn(data: unknown): string {
  try {
    return zstdDecompressSync(data instanceof Uint8Array ? data : "", { chunkSize: CHUNK_SIZE }).toString();
  } catch {
    throw rotten("a page of the listing cannot be read");
  }
}
