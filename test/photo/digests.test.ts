import { describe, expect, test } from "vitest";
import { Crc, type CrcName } from "../../src/photo/crc.ts";
import { digestsOf, Sums, type Wanted } from "../../src/photo/digests.ts";

describe("digests of bytes that came at once", () => {
  test.each([0, 1, 63, 64, 65, 45_000, 300_001])("are those of the same %i bytes in pieces", (size) => {
    const bytes = Buffer.from(Array.from({ length: size }, (_, n) => n * 7 + (n >> 8)));
    for (const wanted of [
      { partSizes: [], sum: null },
      { partSizes: [10_000, 45_000], sum: "crc32" },
      { partSizes: [10_000], partSum: "sha1", sum: "crc64nvme" },
      { partSizes: [10_000], partSum: "crc32c", sum: "sha512" },
    ] satisfies readonly Wanted[]) {
      const sums = new Sums(wanted);
      for (let at = 0; at < size; at += 999) sums.update(bytes.subarray(at, at + 999));
      expect(digestsOf(bytes, wanted)).toEqual(sums.result());
    }
  });
});

describe("CRCs", () => {
  test.each<[CrcName, string]>([
    // Of the catalogue of parametrised CRC algorithms (reveng): ISCSI, NVME, XZ.
    ["crc32c", "e3069283"],
    ["crc64nvme", "ae8b14860a799888"],
    ["crc64ecma", "995dc9bbdf1939fa"],
  ])("%s has its check value", (name, check) => {
    expect(new Crc(name).update(Buffer.from("123456789")).digest().toString("hex")).toBe(check);
  });

  test("are the same in whatever pieces the bytes come, at whatever place of their memory", () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, n) => n * 7 + (n >> 8)));
    const whole = new Crc("crc64nvme").update(bytes).digest();
    for (let step = 1; step < 40; step += 1) {
      const crc = new Crc("crc64nvme");
      for (let at = 0; at < bytes.length; at += step) crc.update(bytes.subarray(at, at + step));
      expect(crc.digest()).toEqual(whole);
    }
  });

  test("of 32 bytes of nothing is that of RFC 3720", () => {
    expect(new Crc("crc32c").update(Buffer.alloc(32)).digest().readUInt32BE()).toBe(0x8a9136aa);
  });
});
