/** What Swift says when it refuses, as HaulErrors: the one table. Swift answers by status; its texts are for people. */

import { type ErrorCode, HaulError } from "../../errors.ts";
import { LONGEST_WAIT_MS } from "../../retry.ts";
import { fromOutside } from "../../secrets.ts";
import type { Exchanged } from "../http/exchange.ts";
import { retryAfter } from "../http/header.ts";
import type { Asked } from "../http/wire.ts";

interface SwiftErrorRow {
  readonly code: ErrorCode;
  /** What it means, in plain words. */
  readonly says: string;
  readonly retry?: boolean;
}

const SLOWER: SwiftErrorRow = {
  code: "throttled",
  says: "the store asks for fewer requests",
  retry: true,
};
const AILING: SwiftErrorRow = { code: "server", says: "the store has trouble", retry: true };
const FULL: SwiftErrorRow = { code: "full", says: "the store has no room left for this account" };
/** The same of what is read: nobody's drive is full. */
const CAPPED: SwiftErrorRow = { code: "quota", says: "the store gives this account no more for now" };
const NO_PASSAGE: SwiftErrorRow = {
  code: "unreachable",
  says: "the proxy (HTTPS_PROXY, HTTP_PROXY) wants a login that it knows",
};

/**
 * The error that an answer amounts to.
 * @param text the answer's, or its beginning
 */
export function toError(
  { status, headers }: Pick<Exchanged, "status" | "headers">,
  text: string,
  asked: Asked,
): HaulError {
  const afterMs = retryAfter(headers);
  const slower = status === 429 || status === 498;
  // A store that asks for as long does not do so to be spared: what is asked for is on its way.
  if (slower && asked.kind === "object" && afterMs !== undefined && afterMs > LONGEST_WAIT_MS) {
    return unsealing(afterMs, asked);
  }
  const row = byStatus(status, text, asked);
  return new HaulError(row.code, `${asked.name}: ${row.says} (${status}${said(text)})`, {
    place: "swift",
    retry: row.retry ?? false,
    ...(afterMs === undefined ? {} : { afterMs }),
  });
}

/** The sentence in a page of Swift's; nothing of what is neither that nor one plain line. */
function said(text: string): string {
  const sentence = (/<p>([^<]*)<\/p>/.exec(text)?.[1] ?? text).trim();
  const plain = /^[\x20-\x7e]{1,200}$/.test(sentence) && !sentence.includes("<");
  return plain ? ` ${fromOutside(sentence)}` : "";
}

/**
 * A GET of a sealed object of OVH's Cloud Archive is refused with 429 and begins to unseal it (Retry-After: ten
 * minutes to eleven hours); asking again and again would gain nothing.
 */
function unsealing(afterMs: number, asked: Asked): HaulError {
  const minutes = Math.ceil(afterMs / 60_000);
  const time = minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
  const says = `${asked.name}: the object is archived; the store brings it back now and asks for ${time}. Run again then`;
  return new HaulError("archived", says, { afterMs });
}

function byStatus(status: number, text: string, asked: Asked): SwiftErrorRow {
  if (status === 407) return NO_PASSAGE;
  if (asked.kind === "login") return ofLogin(status);
  const listing = asked.kind === "listing";
  if (status === 401) return { code: "credentials", says: "the store does not take this login" };
  if (status === 403) return forbidden(asked);
  if (status === 404) {
    return listing || asked.kind === "write"
      ? { code: "no-bucket", says: "there is no such container" }
      : { code: "missing", says: "the object is gone" };
  }
  if (status === 412 && asked.kind === "object") {
    return { code: "changed", says: "the object was changed since it was listed" };
  }
  if (status === 413) {
    return /quota/i.test(text) ? FULL : { code: "too-large", says: "the store takes nothing as large" };
  }
  if (status === 422) {
    return { code: "wrong-bytes", says: "other bytes arrived than were sent", retry: true };
  }
  if (status === 409) return { ...AILING, says: "something else writes there" };
  if (status === 429 || status === 498 || status === 503) return SLOWER;
  if (status === 507) return asked.kind === "write" ? FULL : CAPPED;
  if (status === 408 || (status >= 500 && status !== 501)) return AILING;
  return { code: listing ? "listing" : "server", says: "the store refuses the request" };
}

function ofLogin(status: number): SwiftErrorRow {
  if (status === 401 || status === 403) {
    return { code: "credentials", says: "user and key are not known there, or do not fit" };
  }
  if (status === 429 || status === 498 || status === 503) return SLOWER;
  if (status >= 500) return AILING;
  return { code: "credentials", says: "nobody signs in at this address" };
}

function forbidden({ kind }: Asked): SwiftErrorRow {
  if (kind === "write") return { code: "read-only", says: "this account may not write here" };
  return kind === "listing"
    ? { code: "denied", says: "this account may not list the container" }
    : { code: "forbidden", says: "this account may not read the object" };
}
