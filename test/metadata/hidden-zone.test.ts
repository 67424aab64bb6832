import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { iptcResources } from "../../fixtures/media/iptc.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import type { ByteOrder } from "../../fixtures/media/tiff.ts";
import { findingsIn } from "../../src/dates/tag-date.ts";
import { createExifTool } from "../../src/metadata/exiftool.ts";
import { readHeadTags } from "../../src/metadata/head.ts";
import { hiddenZone } from "../../src/metadata/hidden-zone.ts";
import { canonBlock, nikonBlock, word } from "./maker-notes.ts";

const picture = paintScene(16, 16, { scene: "sea", seed: "notes", hour: 12 });
const TAKEN = { dateTimeOriginal: "2012:06:28 14:03:22" };

function zoned(type: number, ...hours: number[]): Buffer {
  const write = (order: ByteOrder) => Buffer.concat(hours.map((hour) => word(order, hour)));
  const field = { tag: 0x882a, type, count: hours.length, write };
  return exifBlock({ ...TAKEN, more: { exif: [field] } });
}

/** [why, EXIF block, the zone that it tells] */
const BLOCKS: readonly [why: string, block: Buffer, zone: string | undefined][] = [
  ["TimeZoneOffset", zoned(8, -8), "-8"],
  ["TimeZoneOffset of two clocks", zoned(8, 5, 0), "+5"],
  ["Nikon in summer", nikonBlock(TAKEN, { minutes: 60, summer: true }), "+02:00"],
  ["Nikon in winter", nikonBlock(TAKEN, { minutes: 60, summer: false }), "+01:00"],
  ["Nikon west", nikonBlock(TAKEN, { minutes: -480, summer: false }), "-08:00"],
  ["Nikon in India", nikonBlock(TAKEN, { minutes: 330, summer: false, order: "II" }), "+05:30"],
  ["Nikon in London", nikonBlock(TAKEN, { minutes: 0, summer: false }), "+00:00"],
  ["Canon in summer", canonBlock(TAKEN, { minutes: 120 }), "+02:00"],
  ["Canon west", canonBlock(TAKEN, { minutes: -300 }), "-05:00"],
  ["Canon in London", canonBlock(TAKEN, { minutes: 0, city: 19 }), "+00:00"],
  ["Canon, moved", canonBlock(TAKEN, { minutes: 60, moved: "footer" }), "+01:00"],
  ["Canon nowhere", canonBlock(TAKEN, { minutes: 0, city: 0 }), undefined],
];
const zoneOf = (tags: Readonly<Record<string, string | number>>) => findingsIn(tags).evidence.zones?.[0]?.written;

describe("the zone in maker notes", () => {
  const folder = mkdtempSync(join(tmpdir(), "photohaul-notes-"));
  const exiftool = createExifTool();
  afterAll(async () => {
    await exiftool.close();
    rmSync(folder, { recursive: true });
  });

  test.each(BLOCKS)("%s, read here and by ExifTool", async (why, exif, zone) => {
    const photo = jpegFile(picture, { exif });
    expect(zoneOf(readHeadTags(photo).tags)).toBe(zone);
    // Through the other reader, and as a TIFF, which most RAW formats are.
    expect(zoneOf(readHeadTags(jpegFile(picture, { exif, iptc: iptcResources({}) })).tags)).toBe(zone);
    expect(zoneOf(readHeadTags(exif).tags)).toBe(zone);
    const file = join(folder, "photo.jpg");
    writeFileSync(file, photo);
    const read = await exiftool.read(file, true, new AbortController().signal);
    expect(zoneOf(read ?? {})).toBe(why === "Canon nowhere" ? "+00:00" : zone);
  });

  test("is found by the order of Canon's values where nothing says how far they were moved", () => {
    const exif = canonBlock(TAKEN, { minutes: 60, moved: "no footer" });
    expect(zoneOf(readHeadTags(jpegFile(picture, { exif })).tags)).toBe("+01:00");
  });

  test("of a photo that knows its offset is not asked", () => {
    const tags = { ...TAKEN, offsetTimeOriginal: "+09:00" };
    const photo = jpegFile(picture, { exif: nikonBlock(tags, { minutes: 60, summer: true }) });
    expect(zoneOf(readHeadTags(photo).tags)).toBeUndefined();
  });

  test("is read or not, wherever the notes are cut or changed", () => {
    const blocks = BLOCKS.map(([, block]) => block);
    fc.assert(
      fc.property(fc.constantFrom(...blocks), fc.nat(), fc.nat(), fc.nat(255), (block, cut, at, byte) => {
        const broken = Buffer.from(block.subarray(0, 1 + (cut % block.length)));
        broken[at % broken.length] = byte;
        expect(Object.keys(hiddenZone(broken)).length).toBeLessThan(3);
      }),
      { numRuns: 500 },
    );
  });
});
