/** Headers of an answer, read. */

import type { ObjectHead } from "../../model.ts";

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** "" where the header is absent, or comes more than once. */
export function one(headers: Headers, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

/** An ETag without its quotes and without the mark of a weak one. */
export function bareEtag(etag: string): string {
  return etag.replace(/^W\//, "").replaceAll('"', "");
}

/** How a kind of store writes what an object says of itself. */
export interface HeadForm {
  /** What stands before the names of metadata. */
  readonly metadata: string;
  /** The text of a value, which comes one character a byte. */
  readonly text: (value: string) => string;
}

/** What the headers of an answer to a GET or HEAD say of an object, in any store. @param size of all of it, in bytes */
export function headOf(headers: Headers, size: number, form: HeadForm): ObjectHead {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== "string" || !name.startsWith(form.metadata)) continue;
    metadata[name.slice(form.metadata.length)] = form.text(value);
  }
  const contentEncoding = one(headers, "content-encoding");
  return {
    size,
    etag: bareEtag(one(headers, "etag")),
    modified: isoDate(one(headers, "last-modified")),
    contentType: one(headers, "content-type"),
    contentDisposition: form.text(one(headers, "content-disposition")),
    ...(contentEncoding === "" ? {} : { contentEncoding }),
    metadata,
    checksums: {},
  };
}

/** Of which `Date.parse` makes what they say; of "garbage 5" it would make a day in May. */
const DATED = /^\s*(\d{4}-\d\d-\d\d([T ]|\s*$)|[A-Z][a-z]{2,8},? )/;

/** A date of HTTP (RFC 9110), or one that is ISO 8601, as ISO 8601 in UTC; "" where it is none. */
export function isoDate(date: string): string {
  return DATED.test(date) ? isoTime(Date.parse(date)) : "";
}

/** Milliseconds since 1970 as ISO 8601; "" for what is no time, and beyond the years 1 to 9999, which no text here holds. */
export function isoTime(ms: number): string {
  if (Number.isNaN(new Date(ms).getTime())) return "";
  const iso = new Date(ms).toISOString();
  return /^(?!0000)\d{4}-/.test(iso) ? iso : "";
}

/** Retry-After in seconds or as a date → milliseconds from now. */
export function retryAfter(headers: Headers): number | undefined {
  const header = one(headers, "retry-after");
  if (header === "") return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

const strict = new TextDecoder("utf-8", { fatal: true });

/** One character a byte, as headers come → the text, where the bytes are UTF-8. */
export function utf8(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  try {
    return strict.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return bytes;
  }
}
