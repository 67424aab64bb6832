import * as fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { createDigester, type Digester } from "../../src/photo/digester.ts";
import { Sums, type Wanted } from "../../src/photo/digests.ts";

let digester: Digester | null = null;
afterEach(async () => {
  await digester?.close();
  digester = null;
});

async function digestsOf(chunks: readonly Uint8Array[], wanted: Wanted, by: Digester) {
  const running = by.begin(wanted);
  for (const chunk of chunks) {
    const mine = Uint8Array.from(chunk);
    await running.update(mine);
    mine.fill(0); // what was taken is a copy
    if (chunk.length % 3 === 0) await new Promise(setImmediate);
  }
  return running.result();
}

function expected(chunks: readonly Uint8Array[], wanted: Wanted) {
  const sums = new Sums(wanted);
  for (const chunk of chunks) sums.update(chunk);
  return sums.result();
}

const objects = fc.array(
  fc.record({
    chunks: fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }),
    partSizes: fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 2 }),
    sum: fc.constantFrom(null, "crc32", "crc64nvme", "crc32c", "sha1"),
  }),
  { minLength: 1, maxLength: 12 },
);

test("many objects at once have each its own digests, in the thread as without it", async () => {
  const threaded = createDigester(0);
  digester = threaded;
  await fc.assert(
    fc.asyncProperty(objects, async (all) => {
      const found = await Promise.all(all.map(({ chunks, ...wanted }) => digestsOf(chunks, wanted, threaded)));
      expect(found).toEqual(all.map(({ chunks, ...wanted }) => expected(chunks, wanted)));
    }),
  );
});

test("whoever comes faster than the thread digests is made to wait, and loses no byte", async () => {
  digester = createDigester(0);
  const wanted: Wanted = { partSizes: [1024 * 1024], sum: "crc32" };
  const chunk = Buffer.alloc(3 * 1024 * 1024, "photo");
  const running = digester.begin(wanted);
  let waits = 0;
  for (let n = 0; n < 12; n += 1) {
    const behind = running.update(chunk);
    if (behind === undefined) continue;
    waits += 1;
    await behind;
  }
  expect(waits).toBeGreaterThan(0);
  expect(await running.result()).toEqual(expected(Array(12).fill(chunk), wanted));
});

test("an object that is dropped disturbs no other", async () => {
  digester = createDigester(0);
  const wanted = { partSizes: [], sum: null };
  const dropped = digester.begin(wanted);
  await dropped.update(Buffer.from("half of a"));
  dropped.drop();
  const chunks = [Buffer.from("a whole photo")];
  expect(await digestsOf(chunks, wanted, digester)).toEqual(expected(chunks, wanted));
});

test("the thread is started once a run has something to do", async () => {
  digester = createDigester(10);
  const wanted = { partSizes: [], sum: null };
  const chunks = [Buffer.alloc(8, 1), Buffer.alloc(8, 2)];
  for (let n = 0; n < 3; n += 1) {
    expect(await digestsOf(chunks, wanted, digester)).toEqual(expected(chunks, wanted));
  }
});

test("a thread that is closed leaves nobody waiting", async () => {
  digester = createDigester(0);
  const running = digester.begin({ partSizes: [], sum: null });
  const result = running.result();
  const outcome = expect(result).rejects.toThrow("closed");
  await digester.close();
  await outcome;
});

test("photos that come whole have each its own digests, alone, in company and in crowds", async () => {
  const unthreaded = createDigester();
  digester = unthreaded;
  for (const count of [1, 2, 3, 7, 8, 9, 40]) {
    const all = Array.from({ length: count }, (_, at) => ({
      bytes: Buffer.alloc(at % 7 === 6 ? 200_000 : 900 * at, `photo ${at}`),
      wanted: { partSizes: at % 3 === 0 ? [5000] : [], sum: at % 2 === 0 ? ("crc64nvme" as const) : null },
    }));
    const found = await Promise.all(all.map(({ bytes, wanted }) => unthreaded.whole(bytes, wanted)));
    expect(found).toEqual(all.map(({ bytes, wanted }) => expected([bytes], wanted)));
  }
});
