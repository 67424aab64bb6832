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
 * | right  | `…-N`, no part size; or opaque    | of parts; a size fits | proven by checksum        |
 * | right  | `…-N`, no part size; or opaque    | none that we compute  | unprovable                |
 *
 * Of two different ETags that of the answer counts: it came with the bytes, from a store that may not heed If-Match.
 *
 * Sources: an ETag is the MD5 of a single-part upload without SSE-KMS or SSE-C; of a multipart upload it is
 * the MD5 of the parts' MD5s, a hyphen, and their number (AWS "Checking object integrity").
 */

import { MIB } from "../measures.ts";
import type { FullDigests, Listed, ObjectHead } from "../model.ts";
import type { Algorithm, Wanted } from "./digests.ts";

export type Proof = "md5" | "multipart" | "checksum" | "unprovable";

export type DigestVerdict =
  | { readonly right: true; readonly proof: Proof }
  | { readonly right: false; readonly reason: string };

const MD5 = /^[0-9a-f]{32}$/i;
const MULTIPART = /^[0-9a-f]{32}-(\d{1,5})$/i;
/** Of an ETag, and of a checksum of checksums. */
const PARTS = /^(?:[0-9a-f]{32}|[\w+/]+={1,2})-(\d{1,5})$/i;

/** The ETag that says what the bytes should be: the answer's, where it is one of a single PUT or of one in parts. */
export function tellingEtag(listed: string, { etag, opaqueEtag }: Pick<ObjectHead, "etag" | "opaqueEtag">): string {
  return !opaqueEtag && (MD5.test(etag) || MULTIPART.test(etag)) ? etag : listed;
}

/** Whether a digest of all the bytes may prove them, once they came: what `compareDigests` then says of them. */
export function mayBeProven(object: Pick<Listed, "etag" | "size">, head: ObjectHead): boolean {
  if (vouchedFor(head.checksums) !== null) return true;
  const etag = tellingEtag(object.etag, head);
  if (listedProves({ etag, size: object.size }) && !(head.opaqueEtag && MD5.test(etag))) return true;
  return digestsWanted(object, head).partSizes.length > 0;
}

/** Cheapest first. */
const ALGORITHMS: readonly Algorithm[] = [
  "sha256",
  "md5",
  "crc32",
  "sha1",
  "sha512",
  "crc64nvme",
  "crc64ecma",
  "crc32c",
  "dropbox",
  "quickxor",
];

function vouchedFor(sums: Readonly<Record<string, string>>): { algorithm: Algorithm; sum: string } | null {
  const algorithm = ALGORITHMS.find((one) => sums[one] !== undefined);
  return algorithm === undefined ? null : { algorithm, sum: sums[algorithm] ?? "" };
}

/** What has to be taken of the bytes, so that `compareDigests` can judge them. */
export function digestsWanted(object: Pick<Listed, "etag" | "size">, head: ObjectHead): Wanted {
  const etag = tellingEtag(object.etag, head);
  if (!head.opaqueEtag && MD5.test(etag)) return { partSizes: [], sum: null };
  const ofWhole = vouchedFor(head.checksums);
  const sizes = partSizes(etag, object.size);
  // Where a checksum will tell, it is not worth much to guess.
  if (ofWhole !== null) {
    const { algorithm } = ofWhole;
    return { partSizes: sizes.slice(0, 1), sum: algorithm === "sha256" || algorithm === "md5" ? null : algorithm };
  }
  const ofParts = vouchedFor(head.partSums ?? {});
  if (ofParts === null || (sizes.length > 0 && !head.opaqueEtag)) return { partSizes: sizes, sum: null };
  return { partSizes: partSizes(ofParts.sum, object.size), partSum: ofParts.algorithm, sum: null };
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
  const theirs = vouchedFor(head.checksums);
  if (theirs !== null) {
    const ours = sumOf(digests, theirs.algorithm);
    return theirs.sum === ours
      ? { right: true, proof: "checksum" }
      : wrong(`the bytes have the ${theirs.algorithm} ${ours}, the bucket says ${theirs.sum}`);
  }
  const ofParts = Object.values(head.partSums ?? {}).some((sum) => digests.multipart.includes(sum));
  return { right: true, proof: ofParts ? "checksum" : "unprovable" };
}

/** Base64. That of an algorithm which is none of every photo's was wanted. */
function sumOf({ sum, ...hex }: FullDigests, algorithm: Algorithm): string {
  return algorithm === "sha256" || algorithm === "md5" ? Buffer.from(hex[algorithm], "hex").toString("base64") : sum;
}

function wrong(reason: string): DigestVerdict {
  return { right: false, reason };
}

/** What uploaders use: AWS CLI 8, rclone 5, s3cmd 15, console 16–17, s5cmd 50, Cyberduck 10, boto 8, MinIO 16/64/128. */
const USUAL_PARTS = [8, 5, 16, 15, 10, 64, 50, 32, 100, 128, 6, 7, 9, 12, 17, 20, 24, 25, 256, 512];
/** Each size tried costs one more MD5 over the photo. */
const MOST_TRIED = 3;

/**
 * Part sizes in bytes that an object of this size, and ETag or checksum of parts, may have been uploaded with, likeliest
 * first; empty where that is none of parts. A single part is as large as the object.
 */
export function partSizes(etag: string, size: number): number[] {
  const parts = Number(PARTS.exec(etag)?.[1] ?? 0);
  if (parts === 0) return [];
  if (parts === 1) return [Math.max(size, 1)];
  const fits = (part: number) => Math.ceil(size / part) === parts;
  const usual = USUAL_PARTS.map((mib) => mib * MIB).filter(fits);
  const even = Math.ceil(size / parts / MIB) * MIB;
  return [...new Set([...usual, ...(fits(even) ? [even] : [])])].slice(0, MOST_TRIED);
}
