import { describe, expect, test } from "vitest";
import { running } from "../../src/photo/digests.ts";

// As rclone 1.75.2 (`rclone hashsum dropbox`, `quickxor`) has them: bytes 0, 1, … 250, 0, … of so many bytes.
const KNOWN: readonly (readonly [size: number, dropbox: string, quickxor: string])[] = [
  [0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "0000000000000000000000000000000000000000"],
  [1, "1406e05881e299367766d313e26c05564ec91bf721d31726bd6e46e60689539a", "0000000000000000000000000100000000000000"],
  [19, "6f2486efbfc1e1cfd8ec9d6e428c6f2cb18d12a38916ed5c36e0a535810cb127", "e00990888644800218e000085b800216c0800638"],
  [20, "dc732db5a276cc62ed10ce2763bb1fea542b2c4fa3cd2f5e46936d217c9d1c04", "e00990888644a60218e000085c800216c0800638"],
  [160, "41c59d33e3147d38f1ce1092ee9608ca45a623c181a763a3d28c4ce3905fb3ab", "ffe1062e59d08b4755b39384ad75a1127cf9c20e"],
  [161, "3d2288fb80044a646bc20aecea007450dc2bcb04de7822d612f78b3685adf434", "5fe1062e59d08b4755b39384ac75a1127cf9c20e"],
  [
    45000,
    "42a5ea28e139f6475db8ab54ec76c0bba88b69b2ee302435bf27d1371bddbd03",
    "35d7eef40fe7ab616eacd22749592b2ff81ba28e",
  ],
  [
    4194304,
    "b9654428408015906b44a00935b70af33830aa344b780b0eabd535a133150d04",
    "8a849de63a8c9e037c048d688a40ede2ec82c86a",
  ],
  [
    4194305,
    "4a6cc0a344febaa07772e7c974834b2fb1d24594d4ba15f27c97a54699709f44",
    "8a849de63a8c9e0322048d688b40ede2ec82c86a",
  ],
  [
    9000001,
    "bad2acb48f57903e5771c1607d44f556ffe87a325186b2e772a809db96af7b38",
    "682419ebe3d93e4a6e076dc03ece0b730bc9bb36",
  ],
];

const bytesOf = (size: number) => Uint8Array.from({ length: size }, (_, at) => at % 251);

describe.each(KNOWN)("of %i bytes", (size, dropbox, quickxor) => {
  test.each([1, 7, 160, 65_536, 4 * 1024 * 1024, 5_000_000])("in pieces of %i", (piece) => {
    if (piece < 160 && size > 100_000) return;
    const digests = [running("dropbox"), running("quickxor")];
    const bytes = bytesOf(size);
    for (let at = 0; at < size; at += piece) for (const one of digests) one.update(bytes.subarray(at, at + piece));
    expect(digests.map((one) => one.digest().toString("hex"))).toEqual([dropbox, quickxor]);
  });
});
