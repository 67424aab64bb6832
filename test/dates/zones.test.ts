import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { redateFolder } from "../../src/dates.ts";
import type { Redated } from "../../src/events.ts";
import { createLimiter } from "../../src/limiter.ts";
import { createDater } from "../../src/photo/date.ts";
import { undoRedate } from "../../src/steps/undo-times.ts";

const folder = mkdtempSync(join(tmpdir(), "photohaul-zones-"));
afterAll(() => rmSync(folder, { recursive: true }));
const zone = "Europe/Berlin";
const dater = createDater({ zone, emit: () => undefined });
const picture = paintScene(16, 16, { scene: "sea", seed: "zones", hour: 12 });
const DOWNLOADED = "2024-03-10T12:00:00.000Z";

function put(name: string, model: string, dateTimeOriginal: string, more: object = {}): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  const exif = exifBlock({ make: "Canon", model, dateTimeOriginal, ...more });
  writeFileSync(path, jpegFile(picture, { exif }));
  utimesSync(path, new Date(DOWNLOADED), new Date(DOWNLOADED));
}

async function run(startedAt: string) {
  const files = new Map<string, Redated>();
  const { signal } = new AbortController();
  const limiter = createLimiter({ concurrency: 2, listConcurrency: 1 });
  const onFile = (file: Redated) => files.set(file.file, file);
  const ports = { dater, limiter, onFile, signal };
  await redateFolder(folder, ports, { dryRun: false, zone, startedAt });
  return files;
}

test("photos without a zone take that of what the same camera took around them, in whatever folder", async () => {
  put("a/1.jpg", "EOS R6", "2021:07:01 10:00:00");
  put("a/2.jpg", "EOS R6", "2021:07:01 20:00:00");
  put("a/3.jpg", "EOS R6", "2021:07:09 10:00:00");
  put("a/4.jpg", "EOS R5", "2021:07:01 10:00:00");
  put("z/5.jpg", "EOS R6", "2021:07:01 12:00:00", { offsetTimeOriginal: "-03:00" });
  put("z/6.jpg", "EOS R6", "2021:07:01 16:00:00", {
    gps: { latitude: 48.8584, longitude: 2.2945 },
  });
  const time = (name: string) => statSync(join(folder, name)).mtime.toISOString();

  const files = await run("2026-01-01T10:00:00.000Z");
  const zones = [...files].map(([file, { captured }]) => `${file} ${captured?.offset} ${captured?.zoneFrom}`);
  expect(zones.toSorted()).toEqual([
    "a/1.jpg -03:00 neighbour",
    "a/2.jpg +02:00 neighbour",
    "a/3.jpg null undefined",
    "a/4.jpg null undefined",
    "z/5.jpg -03:00 value",
    "z/6.jpg +02:00 position",
  ]);
  expect(time("a/1.jpg")).toBe("2021-07-01T13:00:00.000Z");
  expect(time("a/2.jpg")).toBe("2021-07-01T18:00:00.000Z");
  expect(time("a/4.jpg")).toBe("2021-07-01T08:00:00.000Z");
  const again = await run("2026-01-02T10:00:00.000Z");
  expect(new Set([...again.values()].map(({ outcome }) => outcome))).toEqual(new Set(["already"]));

  const undone: Redated[] = [];
  const ports = {
    onFile: (file: Redated) => undone.push(file),
    signal: new AbortController().signal,
  };
  await undoRedate(folder, ports, { dryRun: false });
  expect(undone.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 6 }, () => "set"));
  expect(time("a/1.jpg")).toBe(DOWNLOADED);
});
