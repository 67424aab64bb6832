/** What an object of a target says of its photo besides the bytes, and whether an object is such a photo. */

import { HaulError } from "../../errors.ts";
import { isTimestamp } from "../../measures.ts";
import type { Digests, ManifestEntry, ObjectHead } from "../../model.ts";
import type { Put } from "../../stores/http/request-body.ts";
import type { ObjectFacts } from "../../stores/store.ts";
import type { Keeping, Vouched } from "../target.ts";

const MD5 = /^[0-9a-f]{32}$/i;
/** What HTTP lets stand in a header, and signatures agree about. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Its time as rclone reads it, when it was taken, its digest, and what browsers should make of it. */
export function factsOf({ entry, mtime, head }: Keeping): ObjectFacts {
  const { captured } = entry;
  const type = head?.contentType ?? "";
  const disposition = plainDisposition(head?.contentDisposition ?? "");
  return {
    ...(type !== "" && PLAIN.test(type) ? { contentType: type } : {}),
    ...(disposition === "" ? {} : { contentDisposition: disposition }),
    metadata: {
      mtime: (mtime.getTime() / 1000).toFixed(3),
      sha256: entry.sha256,
      ...(captured === null ? {} : { captured: captured.local + (captured.offset ?? "") }),
    },
  };
}

/** A file name beyond ASCII is written as RFC 6266 has it; anything else beyond ASCII is left out. */
function plainDisposition(disposition: string): string {
  if (PLAIN.test(disposition)) return disposition;
  const [, kind = "", name = ""] = /^\s*([a-z]+)\s*;\s*filename\s*=\s*"?([^";]+)"?\s*$/i.exec(disposition) ?? [];
  if (kind === "") return "";
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename*=UTF-8''${encoded}`;
}

/** Whether digests that the store computed itself prove an object to be these bytes. */
export function provesPhoto(head: ObjectHead, photo: Omit<Vouched, "path">): boolean {
  const { size, sha256, etag = "" } = photo;
  if (head.size !== size) return false;
  const sum = head.checksums.sha256;
  if (sum !== undefined) return Buffer.from(sum, "base64").toString("hex") === sha256;
  return head.opaqueEtag !== true && etag !== "" && head.etag.toLowerCase() === etag;
}

/**
 * Whether an object holds exactly the bytes of an entry: by its MD5 where the ETag is one, by a SHA-256 that
 * the store vouches for, else by the SHA-256 that photohaul wrote beside it.
 */
export function holdsPhoto(head: ObjectHead, entry: Pick<ManifestEntry, "size" | "md5" | "sha256">): boolean {
  if (head.size !== entry.size) return false;
  if (!head.opaqueEtag && MD5.test(head.etag)) return head.etag.toLowerCase() === entry.md5;
  const { sha256 } = head.checksums;
  if (sha256 !== undefined) return Buffer.from(sha256, "base64").toString("hex") === entry.sha256;
  return head.metadata.sha256 === entry.sha256;
}

/** Whether something that a store says of an object shows that it does not hold the bytes of an entry. */
export function disproves(
  { size, etag, opaqueEtag, checksums, metadata }: ObjectHead,
  entry: Pick<ManifestEntry, "size" | "md5" | "sha256">,
): boolean {
  const { sha256 } = checksums;
  return (
    (size >= 0 && size !== entry.size) ||
    (opaqueEtag !== true && MD5.test(etag) && etag.toLowerCase() !== entry.md5) ||
    (sha256 !== undefined && Buffer.from(sha256, "base64").toString("hex") !== entry.sha256) ||
    (metadata.sha256 !== undefined && metadata.sha256 !== entry.sha256)
  );
}

/** When the photo was taken, as `factsOf` wrote it, else when the object was written. */
export function timeIn({ metadata, modified }: ObjectHead): string {
  const written = new Date(Number(metadata.mtime ?? Number.NaN) * 1000).toJSON();
  return [written, modified].find(isTimestamp) ?? new Date(0).toJSON();
}

/** True for what a bucket calls an object that was written in parts. */
export function isOfParts({ etag, opaque }: Exclude<Put, "taken">): boolean {
  return !opaque && /^[0-9a-f]{32}-\d+$/i.test(etag);
}

/** The ETag of a write in one request is the MD5 of what arrived, unless the store encrypts it. */
export function mustBe(
  put: Exclude<Put, "taken">,
  { path, digests }: { readonly path: string; readonly digests: Digests },
  name: string,
): void {
  const { etag, opaque } = put;
  if (opaque || !/^[0-9a-f]{32}$/i.test(etag) || etag.toLowerCase() === digests.md5) return;
  const says = `${name}/${path}: the store answered with the MD5 ${etag}, sent was ${digests.md5}`;
  throw new HaulError("wrong-bytes", says, { retry: true });
}
