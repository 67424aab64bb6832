/** One object in one request: written, opened at an offset, looked at. */

import type { ObjectHead } from "../../model.ts";
import { isUnpacked } from "../http/content-coding.ts";
import { bareEtag, type Headers, type HeadForm, headOf, one, utf8 } from "../http/header.ts";
import { NO_BYTES, type OpenOptions, openBody, openedObject } from "../http/object-body.ts";
import type { Put, SmallPut } from "../http/request-body.ts";
import { type Asked, readBody } from "../http/wire.ts";
import type { Hand, Opened } from "../source.ts";
import type { MeantObject } from "../store.ts";
import type { Bucket } from "./bucket.ts";

/** One attempt. @throws HaulError, as the table in s3-error-map.ts says */
export async function putObject(bucket: Bucket, writing: SmallPut, signal: AbortSignal): Promise<Put> {
  const asked: Asked = { kind: "write", name: `s3://${bucket.name}/${writing.key}` };
  const written = await bucket.write(
    {
      asked,
      method: "PUT",
      key: writing.key,
      query: {},
      body: writing.body,
      headers: {
        ...writing.headers,
        "content-md5": Buffer.from(writing.md5, "hex").toString("base64"),
        ...(writing.onlyNew ? { "if-none-match": "*" } : {}),
      },
    },
    signal,
  );
  return written === null ? "taken" : etagOf(written.headers);
}

/** The ETag of an answer, and whether it can be the MD5 of the bytes (not with SSE-KMS or SSE-C). */
export function etagOf(headers: Headers): {
  readonly etag: string;
  readonly opaque: boolean;
} {
  const head = readHead(headers, 0, 0);
  return { etag: bareEtag(head.etag), opaque: head.opaqueEtag ?? false };
}

/** What lies under a key; null where nothing does. One attempt. */
export async function headObject(bucket: Bucket, key: string, signal: AbortSignal): Promise<ObjectHead | null> {
  const asked: Asked = { kind: "object", name: `s3://${bucket.name}/${key}` };
  const headers = { "x-amz-checksum-mode": "ENABLED" };
  const answer = await bucket.ask({ asked, method: "HEAD", key, query: {}, headers }, signal, [404]);
  await readBody(answer, asked, signal);
  if (answer.status === 404) return null;
  const length = Number(answer.headers["content-length"]);
  return readHead(answer.headers, Number.isSafeInteger(length) ? length : -1, 0);
}

/**
 * One attempt.
 * @param onRequest told of each request
 * @throws HaulError, as the table in s3-error-map.ts says
 */
export async function openObject(
  bucket: Bucket,
  meant: MeantObject,
  offset: number,
  { signal, atOnce, hand }: OpenOptions,
  onRequest: () => void,
): Promise<Opened> {
  const asked: Asked = {
    kind: "object",
    name: `s3://${bucket.name}/${meant.key}`,
    ...(atOnce && offset === 0 ? { atOnce: meant.size } : {}),
  };
  const ask = (more: Readonly<Record<string, string>>) => {
    onRequest();
    const headers = {
      ...wholeHeaders(meant.etag),
      ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
      ...more,
    };
    const query = meant.version === undefined ? {} : { versionId: meant.version };
    return bucket.ask(
      { asked, key: meant.key, query, headers, hand: offset === 0 ? counted : undefined },
      signal,
      [416],
    );
  };
  const counted: Hand | undefined =
    hand &&
    (async (...asking) => {
      const answer = await hand(...asking);
      if (answer === null) onRequest();
      return answer;
    });
  let answer = await ask({});
  if (answer.taken !== undefined) return { head: answer.taken.head, bytes: NO_BYTES, taken: answer.taken };
  if (isUnpacked(answer)) {
    answer.body.destroy();
    answer = await ask({ "accept-encoding": "gzip" });
  }
  const opened = openBody(answer, meant, offset, { asked, signal, undoing: bucket.undoing });
  return openedObject(opened, readHead(opened.headers, opened.size, offset));
}

/** Of a GET of all of an object. */
export function wholeHeaders(etag: string): Record<string, string> {
  return { "x-amz-checksum-mode": "ENABLED", ...(etag === "" ? {} : { "if-match": `"${etag}"` }) };
}

const FORM: HeadForm = { metadata: "x-amz-meta-", text: unicode };
const CHECKSUM = "x-amz-checksum-";
/** Decimal: Alibaba's ("Check data transmission integrity by using CRC-64") and Tencent's. */
const CRC64_ECMA = ["x-oss-hash-crc64ecma", "x-cos-hash-crc64ecma"];

/** What the headers of an answer to a GET say. */
export function readHead(headers: Headers, size: number, offset: number): ObjectHead {
  const encrypted = one(headers, "x-amz-server-side-encryption").startsWith("aws:kms");
  const customer = one(headers, "x-amz-server-side-encryption-customer-algorithm") !== "";
  const version = one(headers, "x-amz-version-id");
  const replication = one(headers, "x-amz-replication-status");
  return {
    ...headOf(headers, size, FORM),
    ...(offset === 0 ? sumsIn(headers) : { checksums: {} }),
    ...(version === "" ? {} : { version }),
    ...(replication === "" ? {} : { replication }),
    ...(encrypted || customer ? { opaqueEtag: true } : {}),
  };
}

/**
 * Of the whole, and of the parts: a composite one ends in `-N`. Google's are in one header of their own, by algorithm
 * ("XML API headers").
 */
function sumsIn(headers: Headers): Pick<ObjectHead, "checksums" | "partSums"> {
  const checksums: Record<string, string> = {};
  const partSums: Record<string, string> = {};
  for (const [, name = "", sum = ""] of [headers["x-goog-hash"] ?? ""].join().matchAll(/(\w+)=([\w+/]+=*)/g)) {
    checksums[name] = sum;
  }
  for (const header of CRC64_ECMA) {
    const decimal = one(headers, header);
    if (/^\d{1,20}$/.test(decimal)) checksums.crc64ecma = base64Of(BigInt(decimal));
  }
  const composite = one(headers, `${CHECKSUM}type`) === "COMPOSITE";
  for (const [header, sum] of Object.entries(headers)) {
    if (typeof sum !== "string" || !header.startsWith(CHECKSUM)) continue;
    const name = header.slice(CHECKSUM.length);
    if (sum.includes("-")) partSums[name] = sum;
    else if (name !== "type" && !composite) checksums[name] = sum;
  }
  return Object.keys(partSums).length > 0 ? { checksums, partSums } : { checksums };
}

function base64Of(sum: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, sum));
  return bytes.toString("base64");
}

const ENCODED = /=\?utf-8\?([bq])\?([^?]*)\?=/gi;

/**
 * The text of a header. Its bytes come as latin1; those that are UTF-8 are read as that. Amazon sends what is not
 * ASCII in the words of RFC 2047 (S3 User Guide, "User-defined object metadata").
 */
function unicode(value: string): string {
  const joined = value.replace(/\?=\s+=\?/g, "?==?");
  return utf8(joined).replace(ENCODED, (_, kind: string, text: string) => {
    const bytes =
      kind.toLowerCase() === "b"
        ? Buffer.from(text, "base64").toString("latin1")
        : text
            .replaceAll("_", " ")
            .replace(/=([0-9a-f]{2})/gi, (_hex, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return utf8(bytes);
  });
}
