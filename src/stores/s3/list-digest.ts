/** By what it is told that a part of a listing is as it was: a digest of its entries, as the store wrote them. */

import { hash } from "node:crypto";

const OPEN = "<Contents>";
const CLOSE = "</Contents>";
/** Before the entries, or behind them. */
const KEY_COUNT = /<KeyCount>(\d+)<\/KeyCount>/;

/** Of the first so many entries of a page; null where it has fewer. */
export function digestOf(body: Buffer, count: number): string | null {
  const end = endOf(body, count);
  return end === null ? null : digestBetween(body, end);
}

/** Of all the entries of a page. */
export function digestOfAll(body: Buffer): string {
  return digestBetween(body, body.lastIndexOf(CLOSE) + CLOSE.length);
}

/** As `digestOf`. Entries are counted only where the page does not say that it has just so many: that takes half the time. */
export function digestOfAsked(body: Buffer, count: number): string | null {
  const start = body.indexOf(OPEN);
  const around = start < 0 ? "" : body.toString("latin1", 0, start) + body.toString("latin1", body.lastIndexOf(CLOSE));
  return KEY_COUNT.exec(around)?.[1] === String(count) ? digestOfAll(body) : digestOf(body, count);
}

/** True where a page has so many entries, each written as `digestOf` finds it. */
export function hasEntries(body: Buffer, count: number): boolean {
  const end = endOf(body, count);
  return end !== null && !body.includes(CLOSE, end);
}

function digestBetween(body: Buffer, end: number): string {
  return hash("sha256", body.subarray(body.indexOf(OPEN), end), "base64");
}

function endOf(body: Buffer, count: number): number | null {
  let end = body.indexOf(OPEN);
  for (let entry = 0; entry < count && end >= 0; entry += 1) {
    const at = body.indexOf(CLOSE, end);
    end = at < 0 ? -1 : at + CLOSE.length;
  }
  return end < 0 ? null : end;
}
