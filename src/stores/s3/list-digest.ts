/** By what it is told that a part of a listing is as it was: a digest of its entries, as the store wrote them. */

import { hash } from "node:crypto";

const OPEN = "<Contents>";
const CLOSE = "</Contents>";

/** Of the first so many entries of a page; null where it has fewer. */
export function digestOf(body: Buffer, count: number): string | null {
  const end = endOf(body, count);
  return end === null ? null : hash("sha256", body.subarray(body.indexOf(OPEN), end), "base64");
}

/** True where a page has so many entries, each written as `digestOf` finds it. */
export function hasEntries(body: Buffer, count: number): boolean {
  const end = endOf(body, count);
  return end !== null && !body.includes(CLOSE, end);
}

function endOf(body: Buffer, count: number): number | null {
  let end = body.indexOf(OPEN);
  for (let entry = 0; entry < count && end >= 0; entry += 1) {
    const at = body.indexOf(CLOSE, end);
    end = at < 0 ? -1 : at + CLOSE.length;
  }
  return end < 0 ? null : end;
}
