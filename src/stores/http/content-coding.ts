/**
 * Content-Encoding: an object may lie packed in a store, and a store or proxy may pack or unpack what it sends, although
 * nobody asked for that. Which of them it is shows in lengths only: what is as long as the object is the object.
 */

import { type Duplex, pipeline, Readable } from "node:stream";
import zlib from "node:zlib";
import type { Body, Exchanged } from "./exchange.ts";
import { type Headers, one } from "./header.ts";

interface Coding {
  readonly decoder: () => Duplex;
  readonly whole: (bytes: Uint8Array, how: zlib.ZlibOptions) => Buffer;
  /** Whether bytes that begin so can be packed in this way; a store may say so of what is not. */
  readonly begins: (bytes: Uint8Array) => boolean;
}

const GZIP: Coding = {
  decoder: () => zlib.createGunzip(),
  whole: zlib.gunzipSync,
  begins: ([a, b]) => a === 0x1f && b === 0x8b,
};
/** As RFC 9110 has it, in an envelope; some leave that out. */
const DEFLATE: Coding = {
  decoder: () => zlib.createInflate(),
  whole: zlib.inflateSync,
  begins: ([a = 0, b = 0]) => (a & 15) === 8 && (a * 256 + b) % 31 === 0,
};
const BARE_DEFLATE: Coding = {
  decoder: () => zlib.createInflateRaw(),
  whole: zlib.inflateRawSync,
  begins: () => true,
};
const CODINGS: Readonly<Record<string, readonly Coding[]>> = {
  gzip: [GZIP],
  "x-gzip": [GZIP],
  deflate: [DEFLATE, BARE_DEFLATE],
  br: [
    {
      decoder: () => zlib.createBrotliDecompress(),
      whole: (bytes, { maxOutputLength }) => zlib.brotliDecompressSync(bytes, { maxOutputLength }),
      begins: () => true,
    },
  ],
  zstd: [
    {
      decoder: () => zlib.createZstdDecompress(),
      whole: (bytes, { maxOutputLength }) => zlib.zstdDecompressSync(bytes, { maxOutputLength }),
      begins: ([a, b, c, d]) => a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd,
    },
  ],
};
/** Change no byte that arrives here. */
const NONE = new Set(["", "identity", "aws-chunked"]);

/** What an answer says was done to its bytes, in the order in which it was done. */
export function codingsOf(headers: Headers): readonly string[] {
  const said = headers["content-encoding"] ?? "";
  const names = (typeof said === "string" ? said : said.join()).toLowerCase().split(",");
  return names.map((name) => name.trim()).filter((name) => !NONE.has(name));
}

/** Whether all of it can be taken back here. */
export function canUndo(codings: readonly string[]): boolean {
  return codings.every((name) => name in CODINGS);
}

/**
 * True where a store unpacked on the way what lies packed there, as Google's and Cloudflare's do for whoever takes no
 * gzip (rclone#2658, rclone#8137): other bytes than were listed, of a length that nobody says.
 */
export function isUnpacked({ status, headers }: Pick<Exchanged, "status" | "headers">): boolean {
  if (status === 416 || one(headers, "content-encoding") !== "") return false;
  const stored = one(headers, "x-goog-stored-content-encoding");
  if (stored !== "" && stored !== "identity") return true;
  if (/^\s*214\b/.test(one(headers, "warning"))) return true;
  return one(headers, "content-length") === "" && one(headers, "etag").startsWith("W/");
}

/** What is appended to an ETag by those who pack on the way (Apache, Jetty). */
const MARK = /(?:--?|;)(?:gzip|deflate|br|zstd)(?="?$)/;

/** The headers as they would be, had nothing been packed on the way. @param lying how the object lies packed in the store */
export function headersUnpacked(headers: Headers, lying: readonly string[]): Headers & { readonly etag: string } {
  return { ...headers, "content-encoding": lying.join(", "), etag: one(headers, "etag").replace(MARK, "") };
}

/** Whether bytes that begin so can be packed in this way; of some ways every beginning can. */
export function looksPacked(codings: readonly string[], beginning: Uint8Array): boolean {
  return CODINGS[codings.at(-1) ?? ""]?.some(({ begins }) => begins(beginning)) === true;
}

/** One decoder for each, the outermost first; none where the beginning shows that nothing is packed. */
export function decodersFor(codings: readonly string[], beginning: Uint8Array): Duplex[] {
  const [outermost, ...inner] = codings.toReversed().map((name) => CODINGS[name] ?? []);
  if (beginning.length === 0) return [];
  const fits = outermost?.find(({ begins }) => begins(beginning));
  if (fits === undefined) return [];
  // How the inner ones begin shows later; each but one has one form.
  return [fits, ...inner.flatMap(([usual]) => usual ?? [])].map(({ decoder }) => decoder());
}

/**
 * A small body that came whole, unpacked as far as may be; as it is where it cannot be, or is not packed.
 * @param most bytes that it may unpack to
 */
export function unpackedBody(body: Buffer, headers: Headers, most: number): Buffer {
  let bytes = body;
  for (const name of codingsOf(headers).toReversed()) {
    const coding = CODINGS[name]?.find(({ begins }) => begins(bytes));
    if (coding === undefined) return bytes;
    try {
      bytes = coding.whole(bytes, { maxOutputLength: most });
    } catch {
      return bytes;
    }
  }
  return bytes;
}

/** Words for a person, where bytes came packed and are not what they should be; "" where nothing is packed. */
export function codingWords(headers: Headers): string {
  const codings = codingsOf(headers).map((name) => (/^[a-z0-9-]{1,20}$/.test(name) ? name : "…"));
  if (codings.length === 0) return "";
  return ` (the store, or a proxy before it, packs its answers with Content-Encoding: ${codings.join(", ")}, which was not asked for: switch that off there)`;
}

/** Thrown where bytes are not packed as they are said to be. */
export class NotPacked extends Error {}

/** Thrown where packed bytes end too early. */
export class CutShort extends Error {}

/**
 * The bytes of a body, unpacked; as they come where their beginning shows that they are not packed.
 * @throws NotPacked, CutShort, and what the body throws
 */
export async function* unpackStream(body: Body, codings: readonly string[]): AsyncGenerator<Uint8Array, undefined> {
  const packed = new Packed(body);
  const decoders = decodersFor(codings, await packed.beginning());
  if (decoders.length === 0) {
    yield* packed.all();
    return;
  }
  const decoded = pipeline([Readable.from(packed.all()), ...decoders], () => undefined) as Duplex;
  try {
    // The pieces of a decoder lie in one memory; whoever reads may take that of a piece away.
    for await (const piece of decoded) yield new Uint8Array(piece);
  } catch (error) {
    if (packed.error !== null) throw packed.error;
    if (isCut(error)) throw new CutShort("what came packed is cut short", { cause: error });
    throw new NotPacked("not packed as is said", { cause: error });
  } finally {
    decoded.destroy();
    body.destroy();
  }
}

/** A body of which the beginning is looked at first. */
class Packed {
  readonly #reading: AsyncIterator<Uint8Array>;
  #first: Buffer = Buffer.alloc(0);
  /** What the line broke with. */
  error: Error | null = null;

  constructor(body: Body) {
    this.#reading = body[Symbol.asyncIterator]();
  }

  /** Enough to see how it is packed. */
  async beginning(): Promise<Buffer> {
    while (this.#first.length < 4) {
      const next = await this.#reading.next();
      if (next.done === true) break;
      this.#first = Buffer.concat([this.#first, next.value]);
    }
    return this.#first;
  }

  async *all(): AsyncGenerator<Uint8Array, undefined> {
    if (this.#first.length > 0) yield this.#first;
    try {
      for (;;) {
        const next = await this.#reading.next();
        if (next.done === true) return;
        yield next.value;
      }
    } catch (error) {
      this.error = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }
}

function isCut(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, "code") === "Z_BUF_ERROR";
}
