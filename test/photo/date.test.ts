import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { sampleBucket } from "../../fixtures/sample/bucket.ts";
import type { SampleObject } from "../../fixtures/sample/sample-object.ts";
import type { RunEvent } from "../../src/events.ts";
import type { ExifToolReader } from "../../src/metadata/exiftool.ts";
import type { Captured } from "../../src/model.ts";
import { createDater } from "../../src/photo/date.ts";
import type { Datable } from "../../src/photo/decide-date.ts";

const folder = mkdtempSync(join(tmpdir(), "photohaul-date-"));
afterAll(() => rmSync(folder, { recursive: true }));

const running = new AbortController().signal;
const zone = "America/New_York";
const picture = paintScene(16, 16, { scene: "sea", seed: "date", hour: 12 });

function photo(key: string, bytes: Uint8Array, more: Partial<Datable> = {}): Datable {
  const modified = "2024-05-01T07:20:00.000Z";
  return {
    object: { key, size: bytes.length, etag: "", modified, storageClass: "STANDARD" },
    head: { contentDisposition: "", metadata: {} },
    firstBytes: bytes.subarray(0, 128 * 1024),
    ...more,
  };
}

/** An ExifTool that answers what it is told and counts how often it was asked. */
function scripted(tags: Record<string, string>, missing: string | null = null) {
  const asked: string[] = [];
  const reader: ExifToolReader = {
    faults: 0,
    missing,
    canRun: async () => missing === null,
    close: async () => undefined,
    read: async (file) => {
      asked.push(file);
      return missing === null ? tags : null;
    },
  };
  return { asked, reader };
}

test("a property of another resource that the packet describes dates nothing", async () => {
  const about = (who: string, date: string) =>
    `<rdf:Description rdf:about="${who}" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:DateTimeOriginal="${date}"/>`;
  const rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
  const dateBy = async (descriptions: string) => {
    const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${rdf}>${descriptions}</rdf:RDF></x:xmpmeta>`;
    const bytes = jpegFile(picture, { xmp: Buffer.from(packet) });
    const file = join(folder, "other.jpg");
    writeFileSync(file, bytes);
    const { reader } = scripted({ "XMP-exif:DateTimeOriginal": "2001:01:02 03:04:05" });
    const dater = createDater({ zone, emit: () => undefined, exiftool: reader });
    return (await dater.date(photo("other.jpg", bytes, { file }), running)).captured?.local;
  };
  const other = about("uuid:ingredient", "2001-01-02T03:04:05");
  expect(await dateBy(`${about("", "2013-06-28T14:03:22")}${other}`)).toBe("2013-06-28T14:03:22");
  expect(await dateBy(`<rdf:Description rdf:about=""/>${other}`)).not.toBe("2001-01-02T03:04:05");
});

describe("the sample bucket", () => {
  const objects = sampleBucket();
  const dater = createDater({ zone, emit: () => undefined });
  afterAll(() => dater.close());
  const photos = objects.filter(({ expected }) => expected.kind === "original" || expected.standsIn);

  test.each(photos.map((object) => [object.key, object] as const))("%s", async (key, object) => {
    const file = join(folder, "photo");
    writeFileSync(file, object.body);
    const { contentDisposition = "", metadata, modified } = object;
    const datable = photo(key, object.body, {
      head: { contentDisposition, metadata },
      sidecars: sidecarsOf(key, objects),
      file,
    });
    const { captured, mtime } = await dater.date({ ...datable, object: { ...datable.object, modified } }, running);
    expect(mtime).toEqual(new Date(captured?.utc ?? Number.NaN));
    compare(captured, object);
  });

  function sidecarsOf(key: string, all: readonly SampleObject[]) {
    return all
      .filter(({ expected }) => expected.kind === "sidecar" && expected.original === key)
      .map((sidecar) => ({ name: sidecar.key, bytes: sidecar.body }));
  }

  function compare(captured: Captured | null, { expected }: SampleObject) {
    const wanted = expected.captured;
    if (wanted === null) {
      expect(captured?.source).toBe("modified");
      return;
    }
    const { source, precision, local, utc } = wanted;
    expect(captured).toMatchObject({ source, precision });
    const known = precision === "month" ? 7 : 30;
    if (local !== null) expect(captured?.local.slice(0, known)).toBe(local.slice(0, known));
    if (utc !== null) expect(Date.parse(captured?.utc ?? "")).toBe(Date.parse(utc));
    const offset = wanted.offset ?? wanted.derivedOffset ?? null;
    if (offset !== null) expect(captured?.offset).toBe(offset);
  }
});

describe("ExifTool", () => {
  const dated = jpegFile(picture, { exif: exifBlock({ dateTimeOriginal: "2012:06:28 14:03:22" }) });
  const undated = jpegFile(picture, { exif: exifBlock({ make: "Canon" }) });
  const broken = dated.subarray(0, 60);
  const tags = { "ExifIFD:DateTimeOriginal": "2010:01:01 10:00:00" };

  test.each([
    ["a JPEG with its date", dated, 0, "2012-06-28T14:03:22"],
    ["a JPEG that was read through in vain", undated, 0, "2024-05-01T03:20:00"],
    ["a JPEG that could not be read through", broken, 1, "2010-01-01T10:00:00"],
    ["a PNG", Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), 1, "2010-01-01T10:00:00"],
    ["a file of no known format", Buffer.from("?"), 1, "2010-01-01T10:00:00"],
    ["an empty file", Buffer.alloc(0), 1, "2010-01-01T10:00:00"],
  ])("%s asks it %#", async (_what, bytes, times, local) => {
    const { asked, reader } = scripted(tags);
    const dater = createDater({ zone, emit: () => undefined, exiftool: reader });
    const { captured } = await dater.date(photo("a.jpg", bytes, { file: "/photo" }), running);
    expect(asked).toHaveLength(times);
    expect(captured?.local).toBe(local);
  });

  test("is not asked where the bytes lie in no local file", async () => {
    const { asked, reader } = scripted(tags);
    const dater = createDater({ zone, emit: () => undefined, exiftool: reader });
    const { captured } = await dater.date(photo("IMG_20120628_140322.mp4", broken), running);
    expect(asked).toEqual([]);
    expect(captured?.source).toBe("name");
  });

  test("that cannot run is said once", async () => {
    const events: RunEvent[] = [];
    const { reader } = scripted({}, "perl is not installed");
    const dater = createDater({ zone, emit: (event) => events.push(event), exiftool: reader });
    for (const key of ["a.mp4", "b.mp4"]) {
      const { captured } = await dater.date(photo(key, broken, { file: "/photo" }), running);
      expect(captured?.source).toBe("modified");
    }
    expect(events).toEqual([{ type: "warning", code: "no-exiftool", message: "perl is not installed" }]);
  });

  test("a file that takes it down is dated all the same, and told each time", async () => {
    let faults = 0;
    const reader: ExifToolReader = {
      ...scripted({}).reader,
      get faults() {
        return faults;
      },
      read: async () => {
        faults += 1;
        return null;
      },
    };
    const told: RunEvent[] = [];
    const dater = createDater({ zone, emit: (event) => told.push(event), exiftool: reader });
    for (const key of ["20140704_213015.mp4", "20140705_213015.mp4"]) {
      const { captured } = await dater.date(photo(key, Buffer.alloc(9), { file: key }), running);
      expect(captured?.source).toBe("name");
    }
    expect(told).toMatchObject([{ code: "exiftool-fault" }, { code: "exiftool-fault" }]);
  });
});

describe("a dated photo", () => {
  const exiftool = scripted({}).reader;
  const dater = createDater({ zone, emit: () => undefined, exiftool });
  const of = async (tags: Parameters<typeof exifBlock>[0], more: Partial<Datable> = {}) =>
    dater.date(photo("a.jpg", jpegFile(picture, { exif: exifBlock(tags) }), more), running);

  test.each([
    ["Canon", "Canon EOS 5D", "Canon EOS 5D"],
    ["NIKON CORPORATION", "NIKON D70", "NIKON D70"],
    ["Apple", "iPhone 4", "Apple iPhone 4"],
    ["SONY", "", "SONY"],
    [undefined, "E-420", "E-420"],
    [undefined, undefined, null],
  ])("of %s %s was taken with %s", async (make, model, camera) => {
    const tags = {
      ...(make === undefined ? {} : { make }),
      ...(model === undefined ? {} : { model }),
    };
    expect((await of(tags)).camera).toBe(camera);
  });

  test("without a date keeps LastModified as its time", async () => {
    const { captured, mtime } = await of({});
    expect(captured).toMatchObject({ source: "modified", tag: "LastModified" });
    expect(mtime).toEqual(new Date("2024-05-01T07:20:00.000Z"));
  });

  test("takes the place from Takeout's file where it has none of its own", async () => {
    const json = {
      photoTakenTime: { timestamp: "1" },
      geoData: { latitude: 48.85, longitude: 2.29 },
    };
    const sidecars = [{ name: "a.jpg.json", bytes: Buffer.from(JSON.stringify(json)) }];
    const { captured } = await of({ dateTimeOriginal: "2012:06:28 14:03:22" }, { sidecars });
    expect(captured).toMatchObject({ offset: "+02:00", zone: "Europe/Paris" });
  });

  test("is not dated after an abort", async () => {
    const dating = dater.date(photo("a.jpg", Buffer.alloc(0)), AbortSignal.abort());
    await expect(dating).rejects.toMatchObject({ code: "interrupted" });
  });
});
