/** Copies within one store, which move no byte over the line: of a whole object, or of a part of one. */

import { bareEtag, one } from "../http/header.ts";
import { type Asked, keyToPath } from "../http/wire.ts";
import type { Bucket } from "./bucket.ts";
import { etagOf } from "./s3-object.ts";
import { fieldsOf } from "./xml-fields.ts";

/** An object in a bucket of the same store. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  /** Only these bytes are meant. */
  readonly etag: string;
  readonly version?: string;
}

export interface Copying {
  readonly key: string;
  readonly from: CopySource;
  /** What the copy is to say of itself: nothing of what the source says is taken over. */
  readonly headers: Readonly<Record<string, string>>;
  /** True to copy only where nothing lies yet. */
  readonly onlyNew: boolean;
  /** True to have the store compute the SHA-256. */
  readonly checked: boolean;
}

/** What the store says of the bytes that it copied. */
export interface Copied {
  readonly etag: string;
  /** True where the ETag is no digest of the bytes. */
  readonly opaque: boolean;
  /** Base64; "" where the store computed none. */
  readonly sha256: string;
}

/**
 * One attempt; for at most 5 GB.
 * @returns null where something lies there, or the source is another object now
 * @throws HaulError as the table in s3-error-map.ts says
 */
export async function copyObject(bucket: Bucket, copying: Copying, signal: AbortSignal): Promise<Copied | null> {
  const { key, from, headers, onlyNew, checked } = copying;
  const replacing = {
    ...headers,
    ...sourceHeaders(from),
    "x-amz-metadata-directive": "REPLACE",
    "x-amz-tagging-directive": "REPLACE",
    ...(checked ? { "x-amz-checksum-algorithm": "SHA256" } : {}),
    ...(onlyNew ? { "if-none-match": "*" } : {}),
  };
  return copy(bucket, { key, query: {}, headers: replacing }, signal);
}

/** A part of an upload in parts, and which bytes of the source it is to be; the last is the last that belongs to it. */
export interface PartCopying {
  readonly key: string;
  readonly id: string;
  readonly number: number;
  readonly from: CopySource;
  readonly range: readonly [first: number, last: number];
}

/** As `copyObject`. */
export async function copyPart(
  bucket: Bucket,
  { key, id, number, from, range }: PartCopying,
  signal: AbortSignal,
): Promise<Copied | null> {
  const query = { partNumber: String(number), uploadId: id };
  const headers = {
    ...sourceHeaders(from),
    "x-amz-copy-source-range": `bytes=${range.join("-")}`,
  };
  return copy(bucket, { key, query, headers }, signal);
}

function sourceHeaders({ bucket, key, etag, version }: CopySource): Record<string, string> {
  const named = version === undefined ? "" : `?versionId=${encodeURIComponent(version)}`;
  return {
    "x-amz-copy-source": `/${bucket}/${keyToPath(key)}${named}`,
    "x-amz-copy-source-if-match": `"${etag}"`,
  };
}

interface Request {
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

async function copy(bucket: Bucket, { key, query, headers }: Request, signal: AbortSignal): Promise<Copied | null> {
  const asked: Asked = { kind: "write", name: `s3://${bucket.name}/${key}` };
  const written = await bucket.write({ asked, method: "PUT", key, query, headers }, signal);
  if (written === null) return null;
  const fields = fieldsOf(written.body);
  const named = fields.get("ChecksumSHA256") ?? one(written.headers, "x-amz-checksum-sha256");
  return {
    etag: bareEtag(fields.get("ETag") ?? ""),
    opaque: etagOf(written.headers).opaque,
    sha256: fields.get("ChecksumType") === "COMPOSITE" || named.includes("-") ? "" : named,
  };
}
