import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createDigester, digestStream } from "../../src/photo/digester.ts";

const digester = createDigester();

const hash = (name: string, data: Uint8Array) => createHash(name).update(data).digest();

test("digests what passes, however it is cut, and passes it on unchanged", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 100 }),
      async (chunks, partSize, headBytes) => {
        async function* source() {
          for (const chunk of chunks) yield chunk.slice();
        }
        const inspection = digestStream(source(), { partSizes: [partSize], sum: "crc32", headBytes }, digester);
        const passed: Uint8Array[] = [];
        for await (const chunk of inspection.bytes) passed.push(chunk.slice());
        const all = Buffer.concat(chunks);
        expect(Buffer.concat(passed)).toEqual(all);
        expect(inspection.head()).toEqual(all.subarray(0, headBytes));
        const parts: Buffer[] = [];
        for (let at = 0; at === 0 || at < all.length; at += partSize) {
          parts.push(hash("md5", all.subarray(at, at + partSize)));
        }
        expect(await inspection.digests()).toMatchObject({
          size: all.length,
          sha256: hash("sha256", all).toString("hex"),
          md5: hash("md5", all).toString("hex"),
          multipart: [`${hash("md5", Buffer.concat(parts)).toString("hex")}-${parts.length}`],
        });
      },
    ),
  );
});

test("CRC-32 is as S3 writes it", async () => {
  async function* source() {
    yield Buffer.from("1234");
    yield Buffer.from("56789");
  }
  const inspection = digestStream(source(), { partSizes: [], sum: "crc32", headBytes: 0 }, digester);
  for await (const _ of inspection.bytes);
  expect((await inspection.digests()).sum).toBe("y/Q5Jg=="); // cbf43926, the check value of CRC-32
  expect(inspection.head()).toHaveLength(0);
});

test("a chunk is freed when the next is asked for, unless the head is of it or its memory holds more", async () => {
  const shared = new Uint8Array(20);
  const chunks = [
    new Uint8Array(10).fill(1),
    new Uint8Array(10).fill(2),
    new Uint8Array(10).fill(3),
    shared.subarray(0, 10),
    new Uint8Array(0),
    new Uint8Array(10).fill(4),
  ];
  async function* source() {
    yield* chunks;
  }
  const inspection = digestStream(source(), { partSizes: [], sum: null, headBytes: 15 }, digester);
  const passed: number[] = [];
  for await (const chunk of inspection.bytes) passed.push(chunk.length);
  expect(passed).toEqual([10, 10, 10, 10, 0, 10]);
  expect(chunks.map(({ length }) => length)).toEqual([10, 10, 0, 10, 0, 0]);
  expect([...inspection.head()]).toEqual([...Array(10).fill(1), ...Array(5).fill(2)]);
  expect(shared).toHaveLength(20);
  expect((await inspection.digests()).size).toBe(50);
});
