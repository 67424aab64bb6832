/** MD5 of eight inputs at once says what node:crypto says. */

import { createHash, hash, randomBytes, randomInt } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Md5Lanes, type Md5Stream } from "../../src/photo/md5-lanes.ts";

const ROOM = 4096;
const lanes = Md5Lanes.create(ROOM, {});
if (lanes === null) throw new Error("there are none here");

/** RFC 1321, A.5. */
const VECTORS = [
  ["", "d41d8cd98f00b204e9800998ecf8427e"],
  ["a", "0cc175b9c0f1b6a831c399e269772661"],
  ["abc", "900150983cd24fb0d6963f7d28e17f72"],
  ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
  ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
  ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"],
  ["1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
] as const;

describe("whole inputs", () => {
  test("are digested as RFC 1321 says", () => {
    expect(lanes.digests(VECTORS.map(([text]) => Buffer.from(text)))).toEqual(VECTORS.map(([, digest]) => digest));
  });

  test("of every length around the ends of blocks, together and alone", () => {
    const inputs = Array.from({ length: 300 }, (_, length) => randomBytes(length));
    const right = inputs.map((input) => hash("md5", input));
    expect(lanes.digests(inputs)).toEqual(right);
    expect(inputs.map((input) => lanes.digests([input])[0])).toEqual(right);
    expect(lanes.digests([])).toEqual([]);
  });

  test("of any lengths up to all that there is room for", () => {
    for (let round = 0; round < 300; round += 1) {
      const inputs = Array.from({ length: randomInt(1, 20) }, () => randomBytes(randomInt(0, ROOM + 1)));
      expect(lanes.digests(inputs)).toEqual(inputs.map((input) => hash("md5", input)));
    }
    const full = Array.from({ length: 9 }, () => randomBytes(ROOM));
    expect(lanes.digests(full)).toEqual(full.map((input) => hash("md5", input)));
  });
});

describe("streams", () => {
  test("come to the same, in whatever pieces and company", () => {
    for (let round = 0; round < 50; round += 1) {
      const all = Array.from({ length: randomInt(1, 12) }, () => ({
        stream: Md5Lanes.begin(),
        right: createHash("md5"),
      }));
      for (let turn = 0; turn < 20; turn += 1) {
        const some = all.filter(() => randomInt(3) > 0);
        const streams = some.map(({ stream, right }): [Md5Stream, Uint8Array[]] => {
          const bytes = randomBytes(randomInt(5) === 0 ? ROOM : randomInt(0, 200));
          right.update(bytes);
          const cut = randomInt(0, bytes.length + 1);
          return [stream, [bytes.subarray(0, cut), bytes.subarray(cut)]];
        });
        lanes.update(streams);
      }
      expect(lanes.end(all.map(({ stream }) => stream))).toEqual(all.map(({ right }) => right.digest("hex")));
    }
  });

  test("of more than 512 MB have their length in more than 32 bits", () => {
    const stream = Md5Lanes.begin();
    stream.total = 2 ** 33;
    const [digest] = lanes.end([stream]);
    const other = Md5Lanes.begin();
    expect(lanes.end([other])[0]).not.toBe(digest);
    expect(lanes.end([Object.assign(Md5Lanes.begin(), { total: 2 ** 33 })])[0]).toBe(digest);
  });
});

test("a variable of the environment leaves it to node:crypto", () => {
  expect(Md5Lanes.create(ROOM, { PHOTOHAUL_MD5: "node" })).toBeNull();
});

test("more than there is room for is refused, never cut", () => {
  expect(() => lanes.digests([new Uint8Array(ROOM + 1)])).toThrow(RangeError);
  expect(() => lanes.update([[Md5Lanes.begin(), [new Uint8Array(ROOM + 1)]]])).toThrow(RangeError);
});
