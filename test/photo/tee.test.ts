import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Branch, tee } from "../../src/photo/stage.ts";

/** As a socket may: every piece comes in the same buffer. */
async function* inOneBuffer(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(64);
  for (const piece of pieces) {
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
    buffer.fill(0);
  }
}

async function readAll(branch: Branch, most = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const parts: Buffer[] = [];
  if (most > 0) {
    for await (const part of branch.bytes) {
      parts.push(Buffer.from(part));
      if (parts.length >= most) break;
    }
  }
  branch.leave();
  return Buffer.concat(parts);
}

describe("a tee", () => {
  test("gives every reader everything, whoever leaves when", async () => {
    const piece = fc.uint8Array({ minLength: 1, maxLength: 64 });
    const reads = fc.array(fc.option(fc.nat(10), { nil: Number.POSITIVE_INFINITY }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), reads, async (pieces, most) => {
        const { branches } = tee(inOneBuffer(pieces), most.length);
        const got = await Promise.all(branches.map((one, at) => readAll(one, most[at])));
        for (const [at, bytes] of got.entries()) {
          expect(bytes).toEqual(Buffer.concat(pieces.slice(0, most[at])));
        }
      }),
    );
  });

  test("goes at the pace of the slowest, and holds nothing", async () => {
    let given = 0;
    const counting = async function* (): AsyncGenerator<Uint8Array> {
      for (; given < 10; given++) yield Buffer.from([given]);
    };
    const { branches } = tee(counting(), 2);
    const [fast, slow] = branches.map(({ bytes }) => bytes[Symbol.asyncIterator]());
    await Promise.all([fast?.next(), slow?.next()]);
    const ahead = fast?.next();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(given).toBe(0);
    await slow?.next();
    await ahead;
    expect(given).toBe(1);
  });

  test("throws every reader the error of the stream, and knows it for its own", async () => {
    const failure = new Error("reset");
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from("begun");
      throw failure;
    };
    const stream = tee(failing(), 3);
    const ends = await Promise.allSettled(stream.branches.map((one) => readAll(one)));
    expect(ends).toEqual(ends.map(() => ({ status: "rejected", reason: failure })));
    expect(stream.failedWith(failure)).toBe(true);
    expect(stream.failedWith(new Error("reset"))).toBe(false);
  });

  test("closes the stream when all have left, also those that never began", async () => {
    let closed = false;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from("more");
      } finally {
        closed = true;
      }
    };
    const { branches } = tee(endless(), 2);
    const first = branches[0] === undefined ? null : readAll(branches[0], 3);
    branches[1]?.leave();
    branches[1]?.leave();
    expect((await first)?.toString()).toBe("moremoremore");
    await expect.poll(() => closed).toBe(true);
  });
});
