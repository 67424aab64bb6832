import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { exifBlock } from "../fixtures/media/exif.ts";
import { jpegFile, jpegImage } from "../fixtures/media/jpeg.ts";
import { paintScene } from "../fixtures/media/scene.ts";
import { takeoutJson } from "../fixtures/media/takeout.ts";
import { videoFile } from "../fixtures/media/video.ts";
import { redateFolder } from "../src/dates.ts";
import type { Redated } from "../src/events.ts";
import { createLimiter } from "../src/limiter.ts";
import { createDater } from "../src/photo/date.ts";
import { undoRedate } from "../src/steps/undo-times.ts";

const root = mkdtempSync(join(tmpdir(), "photohaul-dates-"));
const zone = "Europe/Berlin";
const dater = createDater({ zone, emit: () => undefined });
afterAll(async () => {
  await dater.close();
  rmSync(root, { recursive: true });
});

const picture = paintScene(16, 16, { scene: "sea", seed: "redate", hour: 12 });
const dated = (dateTimeOriginal: string) => jpegFile(picture, { exif: exifBlock({ dateTimeOriginal }) });
const DOWNLOADED = "2024-03-10T12:00:00.000Z";

let folder = root;
beforeEach(() => {
  folder = mkdtempSync(join(root, "folder-"));
});

function put(name: string | Buffer, bytes: Uint8Array | string, mtime = DOWNLOADED): string | Buffer {
  const path = typeof name === "string" ? join(folder, name) : Buffer.concat([Buffer.from(`${folder}/`), name]);
  if (typeof path === "string") mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  utimesSync(path, new Date("2024-03-11T00:00:00Z"), new Date(mtime));
  return path;
}

const time = (name: string) => statSync(join(folder, name)).mtime.toISOString();

async function run(dryRun = false, startedAt = "2026-01-01T10:00:00.000Z", signal = new AbortController().signal) {
  const files: Redated[] = [];
  const limiter = createLimiter({ concurrency: 2, listConcurrency: 1 });
  const onFile = (file: Redated) => files.push(file);
  await redateFolder(folder, { dater, limiter, onFile, signal }, { dryRun, zone, startedAt });
  return files.sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function undo(dryRun = false) {
  const files: Redated[] = [];
  const ports = {
    onFile: (file: Redated) => files.push(file),
    signal: new AbortController().signal,
  };
  const record = await undoRedate(folder, ports, { dryRun });
  return { record, files };
}

const outcomes = (files: readonly Redated[]) => Object.fromEntries(files.map(({ file, outcome }) => [file, outcome]));

describe("dates of a folder", () => {
  test("are those of the photos, whatever holds them, and the bytes stay", async () => {
    const photo = dated("2012:06:28 14:03:22");
    put("a/plain.jpg", photo);
    put("scan.jpg", dated("1958:07:12 12:00:00"));
    put("IMG_20140704_213015.jpg", jpegFile(picture, {}));
    put("takeout.jpg", jpegFile(picture, {}));
    put("takeout.jpg.json", takeoutJson({ title: "takeout.jpg", photoTakenTime: "1315070708" }));
    const frames = [jpegImage(picture)];
    const created = "2018-06-16T17:05:12Z";
    put("clip.mp4", videoFile({ container: "mp4", frames, width: 16, height: 16, created }));
    put("no extension", photo);

    expect(outcomes(await run())).toEqual({
      "IMG_20140704_213015.jpg": "set",
      "a/plain.jpg": "set",
      "clip.mp4": "set",
      "no extension": "set",
      "scan.jpg": "set",
      "takeout.jpg": "set",
    });
    expect(time("a/plain.jpg")).toBe("2012-06-28T12:03:22.000Z");
    expect(time("no extension")).toBe("2012-06-28T12:03:22.000Z");
    expect(time("scan.jpg")).toBe("1958-07-12T11:00:00.000Z");
    expect(time("IMG_20140704_213015.jpg")).toBe("2014-07-04T19:30:15.000Z");
    expect(time("takeout.jpg")).toBe("2011-09-03T17:25:08.000Z");
    expect(time("clip.mp4")).toBe("2018-06-16T17:05:12.000Z");
    expect(time("takeout.jpg.json")).toBe(DOWNLOADED);
    expect(readFileSync(join(folder, "a/plain.jpg")).equals(photo)).toBe(true);
    expect(statSync(join(folder, "scan.jpg")).atime.toISOString()).toBe("2024-03-11T00:00:00.000Z");
  });

  test("are reported with the time before and after, and what told them", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"));
    expect(await run()).toMatchObject([
      {
        file: "a.jpg",
        outcome: "set",
        old: DOWNLOADED,
        new: "2012-06-28T12:03:22.000Z",
        captured: { source: "exif", tag: "DateTimeOriginal" },
      },
    ]);
  });

  test("that are right already stay, so a second run changes nothing", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"));
    await run();
    expect(outcomes(await run())).toEqual({ "a.jpg": "already" });
  });

  test.each([
    ["the day of the name", "IMG-20160309-WA0007.jpg", "2016-03-09T16:12:00.000Z", "already"],
    ["another day", "IMG-20160309-WA0007.jpg", DOWNLOADED, "set"],
    ["the month of the folder", "2006/04/easter.jpg", "2006-04-30T21:59:00.000Z", "already"],
    ["the month after, by an hour", "2006/04/easter.jpg", "2006-04-30T22:59:00.000Z", "set"],
  ])("known to the day or month keep a time within: %s", async (_why, name, mtime, outcome) => {
    put(name, jpegFile(picture, {}), mtime);
    expect(outcomes(await run())).toEqual({ [name]: outcome });
  });

  test("that nobody knows stay, and what is no photo is not touched", async () => {
    put("undated.jpg", jpegFile(picture, {}));
    put("notes.txt", "2012-06-28");
    put(".hidden.jpg", dated("2012:06:28 14:03:22"));
    put("clip.xmp", "<x exif:DateTimeOriginal='2012-06-28T14:03:22'/>");
    put(".photohaul/kept.jpg", dated("2012:06:28 14:03:22"));
    symlinkSync("undated.jpg", join(folder, "link.jpg"));
    expect(outcomes(await run())).toEqual({ "undated.jpg": "unknown" });
    expect(time("undated.jpg")).toBe(DOWNLOADED);
  });

  test("in a dry run are told and not set, and nothing is written", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"));
    expect(await run(true)).toMatchObject([{ outcome: "set", new: "2012-06-28T12:03:22.000Z" }]);
    expect(time("a.jpg")).toBe(DOWNLOADED);
    expect(readdirSync(folder)).toEqual(["a.jpg"]);
  });

  test("of names that no text can be are set too", async () => {
    const name = Buffer.from([0x61, 0xff, 0x2e, 0x6a, 0x70, 0x67]);
    const path = put(name, dated("2012:06:28 14:03:22"));
    expect((await run()).map(({ outcome }) => outcome)).toEqual(["set"]);
    expect(statSync(path).mtime.toISOString()).toBe("2012-06-28T12:03:22.000Z");
    await undo();
    expect(statSync(path).mtime.toISOString()).toBe(DOWNLOADED);
  });

  test("of a photo whose tags begin far into it are found", async () => {
    const exif = exifBlock({ dateTimeOriginal: "2012:06:28 14:03:22" });
    const photo = jpegFile(picture, { exif });
    const filler = Buffer.concat([Buffer.from([0xff, 0xe2, 0xea, 0x62]), Buffer.alloc(60_000)]);
    put("far.jpg", Buffer.concat([photo.subarray(0, 2), filler, photo.subarray(2)]));
    await run();
    expect(time("far.jpg")).toBe("2012-06-28T12:03:22.000Z");
  });
});

describe("undo", () => {
  test("gives the times back that the last run found, run by run", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"), "2024-03-10T12:00:00.123Z");
    await run(false, "2026-01-01T10:00:00.000Z");
    put("b.jpg", dated("1958:07:12 12:00:00"));
    await run(false, "2026-01-02T10:00:00.000Z");

    expect(outcomes((await undo()).files)).toEqual({ "b.jpg": "set" });
    expect(time("b.jpg")).toBe(DOWNLOADED);
    expect(time("a.jpg")).toBe("2012-06-28T12:03:22.000Z");
    expect(outcomes((await undo()).files)).toEqual({ "a.jpg": "set" });
    expect(time("a.jpg")).toBe("2024-03-10T12:00:00.123Z");
    expect(await undo()).toEqual({ record: null, files: [] });
  });

  test("leaves alone what somebody else changed, and tells what is gone", async () => {
    put("touched.jpg", dated("2012:06:28 14:03:22"));
    put("gone.jpg", dated("2012:06:28 14:03:22"));
    await run();
    put("touched.jpg", "other", "2025-01-01T00:00:00.000Z");
    renameSync(join(folder, "gone.jpg"), join(folder, "moved.jpg"));
    expect(outcomes((await undo()).files)).toEqual({
      "gone.jpg": "failed",
      "touched.jpg": "unknown",
    });
    expect(time("touched.jpg")).toBe("2025-01-01T00:00:00.000Z");
  });

  test("in a dry run only tells", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"));
    await run();
    expect(outcomes((await undo(true)).files)).toEqual({ "a.jpg": "set" });
    expect(time("a.jpg")).toBe("2012-06-28T12:03:22.000Z");
    expect((await undo(true)).record).not.toBeNull();
  });

  test("follows no link that took the place of a photo or of its folder", async () => {
    put("a/photo.jpg", dated("2012:06:28 14:03:22"));
    put("b.jpg", dated("2012:06:28 14:03:22"));
    await run();
    const outside = mkdtempSync(join(root, "outside-"));
    for (const name of ["a/photo.jpg", "b.jpg"]) {
      renameSync(join(folder, name), join(outside, basename(name)));
    }
    rmdirSync(join(folder, "a"));
    symlinkSync(outside, join(folder, "a"));
    symlinkSync(join(outside, "b.jpg"), join(folder, "b.jpg"));
    expect(outcomes((await undo()).files)).toEqual({ "a/photo.jpg": "failed", "b.jpg": "failed" });
    expect(statSync(join(outside, "b.jpg")).mtime.toISOString()).toBe("2012-06-28T12:03:22.000Z");
  });

  test("follows no line out of the folder, and names it; one that was cut changed nothing", async () => {
    const outside = join(root, "outside.jpg");
    writeFileSync(outside, "");
    const before = statSync(outside).mtimeMs;
    const set = String(statSync(outside, { bigint: true }).mtimeNs);
    const lines = [
      { file: "../outside.jpg", old: "0", new: set },
      { file: "a/../../outside.jpg", old: "0", new: set },
      { file: "x.jpg", old: "zero", new: set },
    ];
    const text = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n{"file":"a.jp`;
    put(".photohaul/dates-2026-01-01T10-00-00Z.ndjson", text);
    const { files } = await undo();
    const named = ["../outside.jpg", "a/../../outside.jpg", "x.jpg"];
    expect(files.map(({ file, outcome }) => [file, outcome])).toEqual(named.map((file) => [file, "failed"]));
    expect(statSync(outside).mtimeMs).toBe(before);
  });
});

describe("trouble", () => {
  test("no such folder", async () => {
    folder = join(root, "nowhere");
    await expect(run()).rejects.toMatchObject({ code: "no-target" });
  });

  test("a record that cannot be written leaves every date as it is", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"));
    put(".photohaul", "a file in the way");
    await expect(run()).rejects.toMatchObject({ code: "read-only" });
    expect(time("a.jpg")).toBe(DOWNLOADED);
  });

  test("an abort ends the run, and what was changed is written down", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"));
    await expect(run(false, undefined, AbortSignal.abort())).rejects.toMatchObject({
      code: "interrupted",
    });
    expect(time("a.jpg")).toBe(DOWNLOADED);
  });

  test.runIf(process.getuid?.() !== 0)("a photo that may not be read is told", async () => {
    put("a.jpg", dated("2012:06:28 14:03:22"));
    chmodSync(join(folder, "a.jpg"), 0);
    expect(await run()).toMatchObject([{ outcome: "failed", reason: expect.stringContaining("EACCES") }]);
  });

  test("broken photos stop nothing", async () => {
    put("a-cut.jpg", dated("2012:06:28 14:03:22").subarray(0, 60));
    put("b-empty.jpg", "");
    put("c-text.mp4", "not a video");
    put("d.jpg", dated("2012:06:28 14:03:22"));
    expect(outcomes(await run())).toEqual({
      "a-cut.jpg": "unknown",
      "b-empty.jpg": "unknown",
      "c-text.mp4": "unknown",
      "d.jpg": "set",
    });
  });
});
