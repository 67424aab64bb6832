/** Takes back while bytes come what a store or proxy did to them on the way. */

import { type Duplex, pipeline, Readable } from "node:stream";
import { decodersFor } from "./content-coding.ts";
import type { Body } from "./exchange.ts";

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
