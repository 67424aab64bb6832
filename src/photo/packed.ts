/**
 * Photos that lie packed in a store (Content-Encoding: gzip): they are kept as they lie there, byte for byte, which no
 * program opens as a photo. So it is told; and their date is read from what they hold.
 */

import { constants, gunzipSync } from "node:zlib";
import type { ObjectHead } from "../model.ts";
import { codingsOf, looksPacked } from "../stores/http/content-coding.ts";

/** A head unpacks to a few times its length; what unpacks to more is no photo. */
const MOST = 16 * 1024 * 1024;

/** By what the store says and the bytes themselves show. */
export function isPacked(
  { contentEncoding = "" }: Pick<ObjectHead, "contentEncoding">,
  firstBytes: Uint8Array,
): boolean {
  const isGzip = firstBytes[0] === 0x1f && firstBytes[1] === 0x8b;
  return isGzip && /\bgzip\b/i.test(contentEncoding);
}

/** Whether bytes may be packed as is said, by whomever: the store that holds them so, or a proxy on the way. */
export function mayBePacked(
  { contentEncoding = "" }: Pick<ObjectHead, "contentEncoding">,
  firstBytes: Uint8Array,
): boolean {
  return looksPacked(codingsOf({ "content-encoding": contentEncoding }), firstBytes);
}

export function packedWarning(key: string) {
  const message = `${key} lies packed in the store (Content-Encoding: gzip) and was kept so: unpack a copy of it with gunzip to open it`;
  return { type: "warning", code: "packed", message, key } as const;
}

/** The first bytes of what was packed, as far as those that came hold them; none where they are damaged. */
export function unpackedHead(firstBytes: Uint8Array): Buffer {
  try {
    const how = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST };
    return gunzipSync(firstBytes, how);
  } catch {
    return Buffer.alloc(0);
  }
}
