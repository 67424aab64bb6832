/** How stores are asked over HTTP: connections, and how long one may be silent. */

import { setTimeout as sleep } from "node:timers/promises";
import { HaulError } from "../../errors.ts";
import { encodeKey } from "../../key.ts";
import type { BodyMemory } from "./body-memory.ts";
import { codingWords, unpackedBody } from "./content-coding.ts";
import type { Exchanged } from "./exchange.ts";
import { networkTrouble } from "./network-trouble.ts";

export interface WireOptions {
  /** How long nothing may come before a connection counts as broken, in milliseconds. */
  readonly stallMs: number;
  /** Connections kept at most; what is asked for beyond waits. */
  readonly connections: number;
  /** True where each chunk is done with when its handler comes back: then all lie in one buffer. */
  readonly oneBuffer?: boolean;
  /** Of a program on this computer, which is reached by no network. */
  readonly socketPath?: string;
}

/** No byte for a minute: broken (design section 6). */
export const WIRE: WireOptions = { stallMs: 60_000, connections: 256 };

/** What was asked for: a page of a listing, the bytes of an object, to write one, or to be let in. */
export interface Asked {
  readonly kind: "listing" | "object" | "write" | "login";
  /** For messages: `s3://photos/2012/a.jpg`. */
  readonly name: string;
  /** Bytes of an object that is to come at once; absent where its chunks are read (`exchange`). */
  readonly atOnce?: number;
}

/** The largest page that a listing may take: 1,000 keys of 1,024 bytes, each byte written as `%XX`, thrice. */
const MOST_BYTES = 16 * 1024 * 1024;

/** What a refusal says stands at its beginning; the page of a proxy may be of any length. */
export const MOST_OF_REFUSAL = 64 * 1024;
/** It is known by its status at once: for its words nobody waits longer, in milliseconds. */
export const WORDS_MS = 2000;

/** Resolves after so many milliseconds; rejects when aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

const waited: Wait = (ms, signal) => sleep(ms, undefined, { signal });

/**
 * The beginning of an answer that is none: as much as came, where it breaks off or does not end in two seconds.
 * @param wait replaces the clock in tests
 * @throws HaulError `interrupted`
 */
export async function readRefused(
  answer: Exchanged,
  asked: Asked,
  signal: AbortSignal,
  wait: Wait = waited,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const read = new AbortController();
  wait(WORDS_MS, read.signal).then(
    () => answer.body.destroy(),
    () => undefined,
  );
  let size = 0;
  try {
    for await (const part of answer.body) {
      parts.push(part);
      size += part.length;
      if (size >= MOST_OF_REFUSAL) break;
    }
  } catch (error) {
    if (signal.aborted) throw networkTrouble(error, asked.name, signal);
  } finally {
    read.abort();
  }
  const body = Buffer.concat(parts).subarray(0, MOST_OF_REFUSAL);
  return unpackedBody(body, answer.headers, MOST_OF_REFUSAL);
}

/**
 * The whole body of a small answer.
 * @param memory where it comes to lie
 * @throws HaulError `broken` where it breaks off or does not end
 */
export async function readBody(
  answer: Exchanged,
  asked: Asked,
  signal: AbortSignal,
  memory?: BodyMemory,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of answer.body) {
      size += part.length;
      if (size > MOST_BYTES) {
        const trouble = asked.kind === "listing" ? "listing" : "server";
        throw new HaulError(trouble, `${asked.name}: an endless answer`);
      }
      parts.push(part);
    }
  } catch (error) {
    throw networkTrouble(error, asked.name, signal);
  }
  const came = gathered(parts, size, memory);
  const body = unpackedBody(came, answer.headers, MOST_BYTES);
  const words = codingWords(answer.headers);
  if (asked.kind === "listing" && words !== "" && body === came && !IS_TEXT.test(came.toString("latin1", 0, 64))) {
    throw new HaulError("listing", `${asked.name}: a page of the listing cannot be read${words}`, { retry: true });
  }
  return body;
}

function gathered(parts: readonly Uint8Array[], size: number, memory: BodyMemory | undefined): Buffer {
  if (memory === undefined) return Buffer.concat(parts, size);
  const body = memory.take(size);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}

/** How a page of XML or JSON begins. */
const IS_TEXT = /^(\xef\xbb\xbf)?\s*([<{[]|$)/;

const HEX = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).padStart(2, "0")}`.toUpperCase());
/** RFC 3986 unreserved: what SigV4 leaves as it is. */
const UNRESERVED = /^[A-Za-z0-9\-._~]*$/;
const UNRESERVED_OR_SLASH = /^[A-Za-z0-9\-._~/]*$/;

/** A key as the path of an address: everything but unreserved characters and `/` encoded. */
export function keyToPath(key: string): string {
  return UNRESERVED_OR_SLASH.test(key) ? key : percentEncode(key).replaceAll("%2F", "/");
}

/** Parameters as a query, in the order that SigV4 wants them; values are keys or plain text. */
export function toQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.keys(parameters)
    .sort()
    .map((name) => `${percentEncode(name)}=${percentEncode(parameters[name] ?? "")}`)
    .join("&");
}

function percentEncode(text: string): string {
  if (UNRESERVED.test(text)) return text;
  let out = "";
  for (const byte of encodeKey(text)) {
    const char = String.fromCharCode(byte);
    out += byte < 0x80 && UNRESERVED.test(char) ? char : HEX[byte];
  }
  return out;
}
