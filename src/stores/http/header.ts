/** Headers of an answer, read. */

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

/** How the bytes are packed that come, where that is said. */
export function encodingOf(headers: Headers): { readonly contentEncoding?: string } {
  const contentEncoding = one(headers, "content-encoding");
  return contentEncoding === "" ? {} : { contentEncoding };
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
