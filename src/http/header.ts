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

/** An HTTP date as ISO 8601; "" where it is none. */
export function isoDate(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? "" : new Date(time).toISOString();
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
