/** The bytes of an object in an answer to a GET: which ones they are, and that all of them came. */

import { closedBy } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import type { ObjectHead } from "../../model.ts";
import type { HowToOpen, Meant, Opened } from "../source.ts";
import {
  CutShort,
  canUndo,
  codingsOf,
  codingWords,
  headersUnpacked,
  NotPacked,
  unpackStream,
} from "./content-coding.ts";
import type { Exchanged } from "./exchange.ts";
import { bareEtag, type Headers, one } from "./header.ts";
import { networkTrouble } from "./network-trouble.ts";
import type { Asked } from "./wire.ts";

/** An answer to a GET, with the object as it lies in the store. */
export interface OpenedBody {
  readonly headers: Headers;
  /** Of the whole object, in bytes; -1 where nobody says. */
  readonly size: number;
  /** From the offset to the end. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The same, where all of the object came at once, as it lies. */
  readonly whole?: Buffer<ArrayBuffer>;
}

/** How an object is opened. */
export interface OpenOptions extends HowToOpen {
  readonly signal: AbortSignal;
}

/** What is opened, with what its headers say. */
export function openedObject({ bytes, whole }: OpenedBody, head: ObjectHead): Opened {
  return whole === undefined ? { head, bytes } : { head, bytes, whole };
}

/** By key, how many codings are to be undone of an object of which the first reading was wrong, as no length had said. */
export type Undoing = Map<string, number>;

interface Span {
  /** Where the body begins in the object, in bytes. */
  readonly start: number;
  /** How much of the body lies before the offset asked for. */
  readonly skip: number;
  /** Of the whole object. */
  readonly size: number;
}

/**
 * What an answer holds from an offset on. Closes the connection also for a reader who leaves before the first byte.
 * @param undoing of this store; added to
 * @throws HaulError `broken` where the answer holds other bytes than were asked for. The bytes throw `changed`, with
 *   `retry`, where they were misread: what came is of no use, the whole may be
 */
export function openBody(
  answer: Exchanged,
  meant: Meant,
  offset: number,
  { asked, undoing, signal }: { readonly asked: Asked; readonly undoing: Undoing; readonly signal: AbortSignal },
): OpenedBody {
  const { whole } = answer.body;
  if (whole !== null) return { headers: answer.headers, size: whole.length, bytes: answer.body, whole };
  const span = readSpan(answer, meant.size, offset, asked);
  if (answer.status === 416) {
    // Everything had come when the connection broke: there is nothing to ask for.
    answer.body.destroy();
    return { headers: answer.headers, size: span.size, bytes: NO_BYTES };
  }
  const all = codingsOf(answer.headers);
  const undo = all.slice(all.length - howMany(answer.headers, all, meant, { span, undoing }));
  // A length is that of what was packed, where the object is the one that was listed.
  const { etag } = headersUnpacked(answer.headers, []);
  const same = meant.size >= 0 && bareEtag(etag) === meant.etag;
  const size = undo.length > 0 || (all.length > 0 && same) ? meant.size : span.size;
  const reading = readOn(answer, { ...span, size, undo }, asked, signal, () => {
    undoing.set(meant.key, undo.length > 0 ? undo.length - 1 : all.length);
  });
  return {
    headers: undo.length > 0 ? headersUnpacked(answer.headers, all.slice(0, -undo.length)) : answer.headers,
    size,
    bytes: closedBy(reading, () => answer.body.destroy()),
  };
}

/** How many codings are to be undone. What is as long as the object is not packed on the way: it lies so. */
function howMany(
  headers: Headers,
  codings: readonly string[],
  { key, size }: Meant,
  { span, undoing }: { readonly span: Span; readonly undoing: Undoing },
): number {
  if (!canUndo(codings)) return 0;
  const length = one(headers, "content-length");
  if (size >= 0 && length !== "" && Number(length) === size - span.start) return 0;
  return Math.min(undoing.get(key) ?? codings.length, codings.length);
}

/**
 * Which bytes an answer holds. A 200 to a Range request holds all of them; a 416 at the very end, none.
 * @param size of the whole object, as far as it is known
 * @throws HaulError `broken` where it holds others than were asked for; `changed`, with `retry`, where it has none of them
 */
function readSpan(answer: Exchanged, size: number, offset: number, asked: Asked): Span {
  const said = one(answer.headers, "content-range");
  // The whole size may be left open (RFC 9110): then it is what is known already.
  const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(size < 0 ? said : said.replace(/\/\*$/, `/${size}`));
  if (answer.status === 416) {
    const whole = range === null ? size : Number(range[3]);
    if (offset > 0 && offset === whole) return { start: offset, skip: 0, size: whole };
    answer.body.destroy();
    throw new HaulError("changed", `${asked.name} is shorter than it was when it was listed (416)`, { retry: true });
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

/** Where nothing is left to come: at the very end of an object, or after it was taken. */
export const NO_BYTES: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} };

/**
 * The bytes from the offset on; of a store that answered with the whole object, those before are passed over.
 * @param onMisread told where it seems now that the codings are not all, or all, to be undone
 */
async function* readOn(
  answer: Exchanged,
  span: Span & { readonly undo: readonly string[] },
  asked: Asked,
  signal: AbortSignal,
  onMisread: () => void,
): AsyncGenerator<Uint8Array, undefined> {
  const { size, undo } = span;
  const misread = (came: string) => {
    const says = `${asked.name}: ${came}${codingWords(answer.headers)}`;
    if (codingsOf(answer.headers).length === 0 || !canUndo(codingsOf(answer.headers))) {
      return new HaulError("broken", says, { retry: true });
    }
    onMisread();
    return new HaulError("changed", says, { retry: true });
  };
  let at = span.start;
  const offset = span.start + span.skip;
  try {
    for await (const chunk of undo.length > 0 ? unpackStream(answer.body, undo) : answer.body) {
      const from = Math.max(0, offset - at);
      at += chunk.length;
      if (size >= 0 && at > size) throw misread(`more came than ${size} bytes`);
      if (from < chunk.length) yield from === 0 ? chunk : chunk.subarray(from);
    }
  } catch (error) {
    if (error instanceof NotPacked) throw misread("what came is not packed as is said");
    if (error instanceof CutShort) {
      const says = `${asked.name}: what came ends too early${codingWords(answer.headers)}`;
      throw new HaulError("broken", says, { retry: true });
    }
    throw networkTrouble(error, asked.name, signal);
  }
  if (size >= 0 && at !== size) throw misread(`the answer ended after ${at} of ${size} bytes`);
}
