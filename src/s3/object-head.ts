/** What the headers of an answer to a GET say. */

import { HaulError } from "../errors.ts";
import type { Listed, ObjectHead } from "../model.ts";
import type { Answer } from "./bucket.ts";
import { bareEtag } from "./list-page.ts";
import { type Asked, readRefusal, toError } from "./refusal.ts";

type Headers = Answer["headers"];

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
  return {
    size,
    etag: bareEtag(one(headers, "etag")),
    modified: isoDate(one(headers, "last-modified")),
    contentType: one(headers, "content-type"),
    contentDisposition: unicode(one(headers, "content-disposition")),
    metadata,
    checksums: offset === 0 ? wholeChecksums(checksums) : {},
    ...(encrypted || customer ? { opaqueEtag: true } : {}),
  };
}

/** Without those of parts: a composite one ends in `-N`, and the type says so too. */
function wholeChecksums(checksums: Record<string, string>): Record<string, string> {
  const { type, ...sums } = checksums;
  if (type === "COMPOSITE") return {};
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => !sum.includes("-")));
}

export interface Span {
  /** Where the body begins in the object, in bytes. */
  readonly start: number;
  /** How much of the body lies before the offset asked for. */
  readonly skip: number;
  /** Of the whole object. */
  readonly size: number;
}

/**
 * Which bytes an answer holds. A 200 to a Range request holds all of them; a 416 at the very end, none.
 * @throws HaulError `broken` where it holds others than were asked for
 */
export function readSpan(answer: Answer, object: Listed, offset: number, asked: Asked): Span {
  const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(one(answer.headers, "content-range"));
  if (answer.status === 416) {
    const size = range === null ? object.size : Number(range[3]);
    if (offset > 0 && offset === size) return { start: offset, skip: 0, size };
    answer.body.destroy();
    throw toError(readRefusal(416, answer.headers, Buffer.alloc(0)), asked);
  }
  if (answer.status === 206) {
    const [, from, to, size] = (range ?? []).map(Number);
    if (from === offset && size !== undefined && to === size - 1) {
      return { start: offset, skip: 0, size };
    }
    answer.body.destroy();
    const says = `${asked.name}: other bytes came than were asked for`;
    throw new HaulError("broken", says, { retry: true });
  }
  const length = one(answer.headers, "content-length");
  const size = /^\d+$/.test(length) ? Number(length) : object.size;
  return { start: 0, skip: offset, size };
}

function one(headers: Headers, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

/** An HTTP date as ISO 8601; "" where it is none. */
function isoDate(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? "" : new Date(time).toISOString();
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
            .replace(/=([0-9a-f]{2})/gi, (_hex, hex: string) =>
              String.fromCharCode(Number.parseInt(hex, 16)),
            );
    return utf8(bytes);
  });
}

const strict = new TextDecoder("utf-8", { fatal: true });

/** One character a byte → the text, where the bytes are UTF-8. */
function utf8(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  try {
    return strict.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return bytes;
  }
}
