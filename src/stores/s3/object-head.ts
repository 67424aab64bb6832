/** What the headers of an answer to a GET say. */

import type { ObjectHead } from "../../model.ts";
import { bareEtag, encodingOf, type Headers, isoDate, one, utf8 } from "../http/header.ts";

const METADATA = "x-amz-meta-";
const CHECKSUM = "x-amz-checksum-";

export function readHead(headers: Headers, size: number, offset: number): ObjectHead {
  const metadata: Record<string, string> = {};
  const checksums: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== "string") continue;
    if (name.startsWith(METADATA)) metadata[name.slice(METADATA.length)] = unicode(value);
    else if (name.startsWith(CHECKSUM)) checksums[name.slice(CHECKSUM.length)] = value;
  }
  const encrypted = one(headers, "x-amz-server-side-encryption").startsWith("aws:kms");
  const customer = one(headers, "x-amz-server-side-encryption-customer-algorithm") !== "";
  const version = one(headers, "x-amz-version-id");
  return {
    size,
    etag: bareEtag(one(headers, "etag")),
    modified: isoDate(one(headers, "last-modified")),
    contentType: one(headers, "content-type"),
    contentDisposition: unicode(one(headers, "content-disposition")),
    ...encodingOf(headers),
    metadata,
    checksums: offset === 0 ? wholeChecksums(checksums) : {},
    ...(version === "" ? {} : { version }),
    ...(encrypted || customer ? { opaqueEtag: true } : {}),
  };
}

/** Without those of parts: a composite one ends in `-N`, and the type says so too. */
function wholeChecksums(checksums: Record<string, string>): Record<string, string> {
  const { type, ...sums } = checksums;
  if (type === "COMPOSITE") return {};
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => !sum.includes("-")));
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
