/** The bytes of an object in an answer to a GET: which ones they are, and that all of them came. */

import { closedBy } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import type { Exchanged } from "./exchange.ts";
import { one } from "./header.ts";
import { networkTrouble } from "./network-trouble.ts";
import type { Asked } from "./wire.ts";

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
 * @param size of the whole object, as far as it is known
 * @throws HaulError `broken` where it holds others than were asked for
 */
export function readSpan(answer: Exchanged, size: number, offset: number, asked: Asked): Span {
  const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(one(answer.headers, "content-range"));
  if (answer.status === 416) {
    const whole = range === null ? size : Number(range[3]);
    if (offset > 0 && offset === whole) return { start: offset, skip: 0, size: whole };
    answer.body.destroy();
    throw new HaulError("server", `${asked.name}: the store refuses the request (416)`);
  }
  if (answer.status === 206) {
    const [, from, to, whole] = (range ?? []).map(Number);
    if (from === offset && whole !== undefined && to === whole - 1) {
      return { start: offset, skip: 0, size: whole };
    }
    answer.body.destroy();
    const says = `${asked.name}: other bytes came than were asked for`;
    throw new HaulError("broken", says, { retry: true });
  }
  const length = one(answer.headers, "content-length");
  return { start: 0, skip: offset, size: /^\d+$/.test(length) ? Number(length) : size };
}

/** At the very end of an object nothing is left to come. */
export const NOTHING: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} };

/** The bytes of a span; closes the connection also for a reader who leaves before the first byte. */
export function bytesOf(answer: Exchanged, span: Span, asked: Asked, signal: AbortSignal): AsyncIterable<Uint8Array> {
  return closedBy(readOn(answer, span, asked, signal), () => answer.body.destroy());
}

/** The bytes from the offset on; of a store that answered with the whole object, those before are passed over. */
async function* readOn(
  answer: Exchanged,
  span: Span,
  asked: Asked,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  let at = span.start;
  const offset = span.start + span.skip;
  try {
    for await (const chunk of answer.body) {
      const from = Math.max(0, offset - at);
      at += chunk.length;
      if (from < chunk.length) yield from === 0 ? chunk : chunk.subarray(from);
    }
  } catch (error) {
    throw networkTrouble(error, asked.name, signal);
  }
  if (span.size >= 0 && at !== span.size) {
    const says = `${asked.name}: the answer ended after ${at} of ${span.size} bytes`;
    throw new HaulError("broken", says, { retry: true });
  }
}
