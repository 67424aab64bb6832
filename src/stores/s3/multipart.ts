/**
 * Writes a large object in parts, each tried again by itself. What is left over of an upload that came to
 * nothing is given up, so that nobody pays for parts that no object is made of. Parts are held in memory one
 * by one: 10,000 parts at most, so 16 MiB do up to 156 GiB and more is cut into larger ones.
 */

import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { HaulError } from "../../errors.ts";
import { MIB } from "../../measures.ts";
import { MOST_ATTEMPTS } from "../../retry.ts";
import { bareEtag } from "../http/header.ts";
import type { Again, FileWriting, Put, RequestBody } from "../http/request-body.ts";
import { type Asked, readBody } from "../http/wire.ts";
import { abortLost, abortUpload } from "./abort-upload.ts";
import type { Bucket } from "./bucket.ts";
import { type CopySource, copyPart, type PartCopying } from "./copy-object.ts";
import { etagOf, headObject } from "./s3-object.ts";
import { xmlBody } from "./xml-body.ts";
import { fieldsOf } from "./xml-fields.ts";

const MOST_PARTS = 10_000;

export interface Upload extends FileWriting {
  /** Bytes of a part; 16 MiB where absent. */
  readonly partSize?: number;
  /** Where the store has the same bytes: what it copies rightly need not be sent. */
  readonly from?: CopySource | undefined;
}

interface UploadedPart {
  readonly number: number;
  readonly md5: Buffer;
  /** As the store gave it: no MD5 where it encrypts with a key of its own. */
  readonly etag: string;
}

/**
 * @returns the ETag, found to be that of these parts, or `taken`
 * @throws HaulError `wrong-bytes` when the store made another object of the parts; as s3-error-map.ts says
 */
export async function putInParts(bucket: Bucket, upload: Upload, again: Again, signal: AbortSignal): Promise<Put> {
  const asked: Asked = { kind: "write", name: `s3://${bucket.name}/${upload.key}` };
  const handle = await open(upload.file, "r");
  const id = await beginOnce(bucket, upload, asked, again, signal).catch(async (error) => {
    await handle.close();
    throw error;
  });
  const under: Under = { bucket, key: upload.key, id, asked, signal };
  try {
    await upload.journal?.begun({ key: upload.key, id });
    const parts: UploadedPart[] = [];
    const size = partSizeOf(upload);
    let { from } = upload;
    for (let at = 0; at < upload.size; at += size) {
      const bytes = await readAt(handle, at, Math.min(size, upload.size - at), upload.file);
      const number = parts.length + 1;
      const md5 = createHash("md5").update(bytes).digest();
      const part = { number, md5, range: [at, at + bytes.length - 1] } as const;
      const copied = from !== undefined && (await isCopied(under, part, from, again));
      if (!copied) from = undefined;
      const etag = copied ? md5.toString("hex") : await again(() => putPart(under, number, bytes, md5));
      parts.push({ number, md5, etag });
    }
    if ((await upload.isTaken?.()) === true) return "taken";
    return await again(() => complete(under, upload, parts));
  } finally {
    await handle.close();
    if (await abortUpload(bucket, { key: upload.key, id })) {
      await upload.journal?.ended({ key: upload.key, id });
    }
  }
}

export function partSizeOf({ size, partSize = 16 * MIB }: Pick<Upload, "size" | "partSize">): number {
  const least = size / MOST_PARTS;
  return least <= partSize ? partSize : Math.ceil(least / MIB) * MIB;
}

/**
 * Begins an upload, and gives up those that were begun in vain: a store that was asked and could not answer has begun
 * one whose name nobody knows. That it was asked is written down first, for a run that is killed meanwhile.
 */
async function beginOnce(
  bucket: Bucket,
  upload: Upload,
  asked: Asked,
  again: Again,
  signal: AbortSignal,
): Promise<string> {
  const { key, journal } = upload;
  const since = new Date().toISOString();
  const asking = { key, id: "", lost: { since, most: MOST_ATTEMPTS } };
  await journal?.begun(asking);
  let most = 0;
  let id = "";
  try {
    id = await again(async () => {
      try {
        return await begin(bucket, upload, asked, signal);
      } catch (error) {
        if (mayHaveBegun(error)) most += 1;
        throw error;
      }
    });
    return id;
  } finally {
    const told = most === 0 || (await abortLost(bucket, { key, known: id, since, most }));
    if (told) await journal?.ended(asking);
  }
}

/** A store that asks for time, or refuses, has begun nothing. */
function mayHaveBegun(error: unknown): boolean {
  if (!(error instanceof HaulError) || error.code === "interrupted") return true;
  return error.retry && error.code !== "throttled";
}

async function begin(bucket: Bucket, { key, headers }: Upload, asked: Asked, signal: AbortSignal): Promise<string> {
  const answer = await bucket.ask({ asked, method: "POST", key, query: { uploads: "" }, headers }, signal);
  const id = fieldsOf(await readBody(answer, asked, signal)).get("UploadId") ?? "";
  if (id !== "") return id;
  throw new HaulError("server", `${asked.name}: the store began no upload`, { retry: true });
}

interface Under {
  readonly bucket: Bucket;
  readonly key: string;
  readonly id: string;
  readonly asked: Asked;
  readonly signal: AbortSignal;
}

/** True when the store has made a part of its own copy, and its MD5 is that of the bytes at hand. */
async function isCopied(
  { bucket, key, id, signal }: Under,
  { md5, ...part }: Pick<PartCopying, "number" | "range"> & { readonly md5: Buffer },
  from: CopySource,
  again: Again,
): Promise<boolean> {
  try {
    const copied = await again(() => copyPart(bucket, { key, id, from, ...part }, signal));
    return copied !== null && !copied.opaque && copied.etag.toLowerCase() === md5.toString("hex");
  } catch (error) {
    if (!(error instanceof HaulError) || error.code === "interrupted") throw error;
    return false;
  }
}

/** @returns the ETag of the part */
async function putPart(under: Under, number: number, bytes: Buffer, md5: Buffer): Promise<string> {
  const { bucket, key, id, asked, signal } = under;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const body: RequestBody = { size: bytes.length, sha256, open: () => bytes };
  const answer = await bucket.ask(
    {
      asked,
      method: "PUT",
      key,
      body,
      query: { partNumber: String(number), uploadId: id },
      headers: { "content-md5": md5.toString("base64") },
    },
    signal,
  );
  await readBody(answer, asked, signal);
  const { etag, opaque } = etagOf(answer.headers);
  if (opaque || !isMd5(etag) || etag.toLowerCase() === md5.toString("hex")) return etag;
  throw new HaulError("wrong-bytes", `${asked.name}: part ${number} arrived with other bytes`, {
    retry: true,
  });
}

async function complete(under: Under, upload: Upload, parts: readonly UploadedPart[]): Promise<Put> {
  const { bucket, key, id, asked, signal } = under;
  const rows = parts.map(({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag></Part>`);
  const { body } = xmlBody(
    `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${rows.join("")}</CompleteMultipartUpload>`,
  );
  const written = await bucket.write(
    {
      asked,
      method: "POST",
      key,
      query: { uploadId: id },
      body,
      headers: {
        "content-type": "application/xml",
        ...(upload.onlyNew ? { "if-none-match": "*" } : {}),
      },
    },
    signal,
  );
  if (written === null) return "taken";
  const said = bareEtag(fieldsOf(written.body).get("ETag") ?? "");
  // Ceph 16 makes the object and leaves its ETag empty in this answer.
  const etag = said === "" ? await etagThere(under) : said;
  return ofParts(etag, parts, asked);
}

/** Empty where it cannot be asked: the object is made, and its ETag is only good for proving it. */
async function etagThere({ bucket, key, signal }: Under): Promise<string> {
  try {
    return bareEtag((await headObject(bucket, key, signal))?.etag ?? "");
  } catch (error) {
    if (!(error instanceof HaulError) || error.code === "interrupted") throw error;
    return "";
  }
}

/** @throws HaulError `wrong-bytes` where an ETag that could be that of the parts is not */
function ofParts(etag: string, parts: readonly UploadedPart[], asked: Asked): Put {
  if (parts.some((part) => part.etag !== part.md5.toString("hex"))) return { etag, opaque: true };
  const whole = createHash("md5").update(Buffer.concat(parts.map(({ md5 }) => md5)));
  if (etag.toLowerCase() === `${whole.digest("hex")}-${parts.length}`) return { etag, opaque: false };
  if (!new RegExp(`^[0-9a-f]{32}-${parts.length}$`, "i").test(etag)) return { etag, opaque: true };
  throw new HaulError("wrong-bytes", `${asked.name}: the store made another object of the parts`);
}

function isMd5(etag: string): boolean {
  return /^[0-9a-f]{32}$/i.test(etag);
}

async function readAt(handle: FileHandle, position: number, length: number, file: string): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) throw new HaulError("wrong-bytes", `${file} has become shorter`);
    filled += bytesRead;
  }
  return bytes;
}
