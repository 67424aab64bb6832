import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { takeoutJson } from "../../fixtures/media/takeout.ts";
import type { RunEvent } from "../../src/events.ts";
import { createDater } from "../../src/photo/date.ts";
import type { Datable } from "../../src/photo/decide-date.ts";
import { mxfFile, pentaxNotes, r3dFile } from "../steps/cinema-files.ts";

const folder = mkdtempSync(join(tmpdir(), "photohaul-readers-"));
afterAll(() => rmSync(folder, { recursive: true }));

const running = new AbortController().signal;
const picture = paintScene(16, 16, { scene: "sea", seed: "readers", hour: 12 });
const told: RunEvent[] = [];
const dater = createDater({ zone: "Europe/Berlin", emit: (event) => void told.push(event) });
afterAll(() => dater.close());

function datable(key: string, firstBytes: Uint8Array, more: Partial<Datable> = {}): Datable {
  const modified = "2024-05-01T07:20:00.000Z";
  return {
    object: { key, size: firstBytes.length, etag: "", modified, storageClass: "STANDARD" },
    head: { contentDisposition: "", metadata: {} },
    firstBytes,
    ...more,
  };
}

const pentax = (dateTimeOriginal?: string) =>
  jpegFile(picture, {
    exif: exifBlock({
      make: "PENTAX Corporation",
      model: "PENTAX K10D",
      more: { exif: [pentaxNotes([2013, 6, 28], [16, 3, 22])] },
      ...(dateTimeOriginal === undefined ? {} : { dateTimeOriginal }),
    }),
  });

describe("only ExifTool reads", () => {
  test.each([
    ["MXF, in UTC", "a.mxf", mxfFile("2013-06-28T14:03:22Z"), "MXF:CreateDate"],
    ["R3D", "a.R3D", r3dFile("20130628160322"), "Red:DateTimeOriginal"],
    ["a maker's notes", "a.jpg", pentax(), "Pentax:Date"],
    ["those beside a date never set", "b.jpg", pentax("0000:00:00 00:00:00"), "Pentax:Date"],
  ])("%s", async (_what, name, bytes, tag) => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    const { captured } = await dater.date(datable(name, bytes, { file }), running);
    expect(captured).toMatchObject({ utc: "2013-06-28T14:03:22.000Z", tag });
  });
});

describe("a film without a date", () => {
  const film = Buffer.from("RIFF\0\0\0\0AVI LIST");
  const still = (key: string, dateTimeOriginal: string, more: Partial<Datable> = {}) =>
    datable(key, jpegFile(picture, { exif: exifBlock({ dateTimeOriginal }) }), more);
  const json = takeoutJson({ title: "a.heic", photoTakenTime: "1372428202" });
  const noHead = new Uint8Array();
  const sidecars = [{ name: "a.heic.json", bytes: json }];
  const dated = async (key: string, company: readonly Datable[]) => {
    const asked = { company: () => Promise.resolve(company) };
    return (await dater.date(datable(key, film, asked), running)).captured;
  };

  test.each([
    ["its still", [still("x/a.jpg", "2013:06:28 16:03:22")], "DateTimeOriginal of a.jpg"],
    ["its THM", [still("a.THM", "2013:06:28 16:03:22")], "DateTimeOriginal of a.THM"],
    ["the sidecar of its still", [datable("a.heic", jpegFile(picture, {}), { sidecars })], "photoTakenTime of a.heic"],
    ["a still that is not there", [datable("a.heic.json", noHead, { sidecars })], "photoTakenTime of a.heic.json"],
    [
      "two that agree",
      [still("a.jpg", "2013:06:28 16:03:22"), still("a.heic", "2013:06:28 16:03:23")],
      "DateTimeOriginal of a.jpg",
    ],
  ])("has that of %s", async (_what, company, tag) => {
    const source = "sidecar";
    expect(await dated("a.avi", company)).toMatchObject({
      utc: "2013-06-28T14:03:22.000Z",
      source,
      tag,
    });
  });

  test("has none where two stills disagree, which is told", async () => {
    const two = [still("a.jpg", "2013:06:28 16:03:22"), still("a.heic", "2014:06:28 16:03:22")];
    told.length = 0;
    expect(await dated("a.avi", two)).toMatchObject({ source: "modified" });
    const message = "a.jpg and a.heic were taken at several times, so neither dates a.avi, which says nothing itself";
    expect(told).toEqual([{ type: "warning", code: "sidecar", key: "a.avi", message }]);
  });

  test("keeps the time that its name says", async () => {
    const company = [still("a.jpg", "2013:06:28 16:03:22")];
    const named = await dated("VID_20120628_140322.avi", company);
    expect(named).toMatchObject({ source: "name", local: "2012-06-28T14:03:22" });
  });

  test("keeps its own, and asks nobody", async () => {
    const file = join(folder, "own.mxf");
    const bytes = mxfFile("2013-06-28T14:03:22Z");
    writeFileSync(file, bytes);
    const company = () => Promise.reject(new Error("asked"));
    const { captured } = await dater.date(datable("own.mxf", bytes, { file, company }), running);
    expect(captured).toMatchObject({ source: "video" });
  });

  test("is not decided at once", () => {
    const asked = { company: () => Promise.resolve([]) };
    expect(dater.quickly(datable("a.avi", film, asked))).toBeNull();
    expect(dater.quickly(datable("a.avi", film))).not.toBeNull();
  });
});
