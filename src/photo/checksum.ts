/**
 * Are these the bytes that the bucket holds? Decided from what was listed, what the answer said, and what
 * was counted and digested on the way.
 *
 * | length | ETag                              | checksum of the store | verdict                   |
 * |--------|-----------------------------------|-----------------------|---------------------------|
 * | wrong  | any                               | any                   | wrong: n bytes of m       |
 * | right  | 32 hex digits = MD5               | any                   | proven by md5             |
 * | right  | 32 hex digits ≠ MD5               | any                   | wrong: other bytes        |
 * | right  | `…-N`, some part size gives it    | any                   | proven by multipart       |
 * | right  | `…-N`, no part size; or opaque    | equal                 | proven by checksum        |
 * | right  | `…-N`, no part size; or opaque    | not equal             | wrong: other bytes        |
 * | right  | `…-N`, no part size; or opaque    | none that we compute  | unprovable                |
 *
 * Of two different ETags that of the answer counts: it came with the bytes, from a store that may not heed If-Match.
 *
 * Sources: an ETag is the MD5 of a single-part upload without SSE-KMS or SSE-C; of a multipart upload it is
 * the MD5 of the parts' MD5s, a hyphen, and their number (AWS "Checking object integrity").
 */

import type { FullDigests, Listed, ObjectHead } from "../model.ts";

export type Proof = "md5" | "multipart" | "checksum" | "unprovable";

export type DigestVerdict =
  | { readonly right: true; readonly proof: Proof }
  | { readonly right: false; readonly reason: string };

const MD5 = /^[0-9a-f]{32}$/i;
const MULTIPART = /^[0-9a-f]{32}-(\d{1,5})$/i;

/** The ETag that says what the bytes should be: the answer's, where it is one of a single PUT or of one in parts. */
export function tellingEtag(listed: string, { etag, opaqueEtag }: Pick<ObjectHead, "etag" | "opaqueEtag">): string {
  return !opaqueEtag && (MD5.test(etag) || MULTIPART.test(etag)) ? etag : listed;
}

/** Whether a digest of all the bytes may prove them, once they came: what `compareDigests` then says of them. */
export function mayBeProven(object: Pick<Listed, "etag" | "size">, head: ObjectHead): boolean {
  const { sha256, crc32 } = head.checksums;
  if (sha256 !== undefined || crc32 !== undefined) return true;
  const etag = tellingEtag(object.etag, head);
  return listedProves({ etag, size: object.size }) && !(head.opaqueEtag && MD5.test(etag));
}

/** The same by what is listed alone. */
export function listedProves({ etag, size }: Pick<Listed, "etag" | "size">): boolean {
  return MD5.test(etag) || partSizes(etag, size).length > 0;
}

export function compareDigests(object: Listed, head: ObjectHead, digests: FullDigests): DigestVerdict {
  if (digests.size !== object.size) {
    return wrong(`${digests.size} bytes came of ${object.size}`);
  }
  const etag = tellingEtag(object.etag, head).toLowerCase();
  if (!head.opaqueEtag && MD5.test(etag)) {
    return etag === digests.md5
      ? { right: true, proof: "md5" }
      : wrong(`the bytes have the MD5 ${digests.md5}, the bucket says ${etag}`);
  }
  if (digests.multipart.includes(etag)) return { right: true, proof: "multipart" };
  return byChecksum(head, digests);
}

function byChecksum(head: ObjectHead, digests: FullDigests): DigestVerdict {
  const { sha256, crc32 } = head.checksums;
  const ours = sha256 === undefined ? digests.crc32 : Buffer.from(digests.sha256, "hex").toString("base64");
  const theirs = sha256 ?? crc32;
  if (theirs === undefined || ours === "") return { right: true, proof: "unprovable" };
  return theirs === ours
    ? { right: true, proof: "checksum" }
    : wrong(`the bytes have the checksum ${ours}, the bucket says ${theirs}`);
}

function wrong(reason: string): DigestVerdict {
  return { right: false, reason };
}

const MIB = 1024 * 1024;
/** What uploaders use: AWS CLI 8, rclone 5, s3cmd 15, console 16–17, s5cmd 50, Cyberduck 10, boto 8, MinIO 16/64/128. */
const USUAL_PARTS = [8, 5, 16, 15, 10, 64, 50, 32, 100, 128, 6, 7, 9, 12, 17, 20, 24, 25, 256, 512];
/** Each size tried costs one more MD5 over the photo. */
const MOST_TRIED = 3;

/**
 * Part sizes in bytes that an object of this size and ETag may have been uploaded with, likeliest first;
 * empty where the ETag is not a multipart one. A single part is as large as the object.
 */
export function partSizes(etag: string, size: number): number[] {
  const parts = Number(MULTIPART.exec(etag)?.[1] ?? 0);
  if (parts === 0) return [];
  if (parts === 1) return [Math.max(size, 1)];
  const fits = (part: number) => Math.ceil(size / part) === parts;
  const usual = USUAL_PARTS.map((mib) => mib * MIB).filter(fits);
  const even = Math.ceil(size / parts / MIB) * MIB;
  return [...new Set([...usual, ...(fits(even) ? [even] : [])])].slice(0, MOST_TRIED);
}
