/** What the headers of an answer to a GET or HEAD say. */

import type { ObjectHead } from "../../model.ts";
import { bareEtag, encodingOf, type Headers, isoDate, isoTime, one, utf8 } from "../http/header.ts";

const METADATA = "x-object-meta-";

/** @param size of the whole object, in bytes */
export function readHead(headers: Headers, size: number): ObjectHead {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string" && name.startsWith(METADATA)) {
      metadata[name.slice(METADATA.length)] = utf8(value);
    }
  }
  return {
    size,
    etag: bareEtag(one(headers, "etag")),
    modified: exactly(one(headers, "x-timestamp")) || isoDate(one(headers, "last-modified")),
    contentType: one(headers, "content-type"),
    contentDisposition: utf8(one(headers, "content-disposition")),
    ...encodingOf(headers),
    metadata,
    checksums: {},
    ...(isLarge(headers) ? { opaqueEtag: true } : {}),
  };
}

/** True for objects that are made of others: their ETag is that of a list (SLO), or of names (DLO). */
export function isLarge(headers: Headers): boolean {
  const isStatic = one(headers, "x-static-large-object").toLowerCase() === "true";
  return isStatic || one(headers, "x-object-manifest") !== "";
}

/** Seconds since 1970, which Last-Modified has rounded up, as ISO 8601; "" where the text is none. */
function exactly(seconds: string): string {
  return /^\d{1,12}(\.\d+)?$/.test(seconds) ? isoTime(Number(seconds) * 1000) : "";
}
