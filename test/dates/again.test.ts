/** What a second run and `--undo` find where the first was stopped, or where the drive made something else of a time. */

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { redateFolder } from "../../src/dates.ts";
import type { Redated } from "../../src/events.ts";
import { createLimiter } from "../../src/limiter.ts";
import { createDater } from "../../src/photo/date.ts";
import { undoRedate } from "../../src/steps/undo-times.ts";
import { utimens } from "../../src/targets/folder/utimens.ts";

const root = mkdtempSync(join(tmpdir(), "photohaul-again-"));
afterAll(() => rmSync(root, { recursive: true }));
const dater = createDater({ zone: "UTC", emit: () => undefined });
const picture = paintScene(16, 16, { scene: "sea", seed: "again", hour: 12 });
const dated = (dateTimeOriginal: string) => jpegFile(picture, { exif: exifBlock({ dateTimeOriginal }) });
const DOWNLOADED = "2024-03-10T12:00:00.000Z";

let folder = root;
beforeEach(() => {
  folder = mkdtempSync(join(root, "folder-"));
});

function put(name: string, bytes: Uint8Array): void {
  writeFileSync(join(folder, name), bytes);
  utimesSync(join(folder, name), new Date(DOWNLOADED), new Date(DOWNLOADED));
}
const time = (name: string) => statSync(join(folder, name)).mtime.toISOString();

/** @param stopAfter files told: then somebody presses Ctrl-C */
async function run(startedAt: string, stopAfter = Number.POSITIVE_INFINITY): Promise<Redated[]> {
  const files: Redated[] = [];
  const stop = new AbortController();
  const limiter = createLimiter({ concurrency: 2, listConcurrency: 1 });
  const onFile = (file: Redated) => {
    if (files.push(file) === stopAfter) stop.abort();
  };
  const ports = { dater, limiter, onFile, signal: stop.signal };
  const ran = redateFolder(folder, ports, { dryRun: false, zone: "UTC", startedAt });
  if (stopAfter === Number.POSITIVE_INFINITY) await ran;
  else await expect(ran).rejects.toMatchObject({ code: "interrupted" });
  return files;
}

async function undo(): Promise<Redated[]> {
  const files: Redated[] = [];
  const onFile = (file: Redated) => files.push(file);
  await undoRedate(folder, { onFile, signal: new AbortController().signal }, { dryRun: false });
  return files;
}

const among = (files: readonly Redated[], outcome: Redated["outcome"]) =>
  files.filter((file) => file.outcome === outcome).length;

test("stopped in the middle, the next run sets the rest, and both can be taken back", async () => {
  const photo = dated("2012:06:28 14:03:22");
  mkdirSync(folder, { recursive: true });
  for (let nth = 0; nth < 1200; nth += 1) put(`${nth}.jpg`, photo);
  const first = await run("2026-01-01T10:00:00.000Z", 200);
  expect(among(first, "set")).toBeGreaterThanOrEqual(500);
  expect(first.length).toBeLessThan(1200);
  const second = await run("2026-01-01T11:00:00.000Z");
  expect(among(second, "already")).toBe(first.length);
  expect(among(second, "set")).toBe(1200 - first.length);
  expect(time("777.jpg")).toBe("2012-06-28T14:03:22.000Z");
  expect(among(await undo(), "set")).toBe(1200 - first.length);
  expect(among(await undo(), "set")).toBe(first.length);
  for (let nth = 0; nth < 1200; nth += 1) expect(time(`${nth}.jpg`)).toBe(DOWNLOADED);
});

test("older than the drive can tell, a photo gets its first time; a second run changes nothing", async () => {
  put("a.jpg", dated("1850:06:01 12:00:00"));
  put("b.jpg", dated("1958:06:01 12:00:00"));
  const [first] = await run("2026-01-01T10:00:00.000Z");
  expect(first).toMatchObject({ outcome: "set", captured: { local: "1850-06-01T12:00:00" } });
  expect(first?.new).toBe(time("a.jpg"));
  // ext4 holds nothing before 1901; tmpfs and others do.
  const held = time("a.jpg").startsWith("1850");
  if (!held) expect(first?.reason).toMatch(/^the drive holds no time before \d{4}-\d\d-\d\d$/);
  expect(time("b.jpg")).toBe("1958-06-01T12:00:00.000Z");
  expect(among(await run("2026-01-01T11:00:00.000Z"), "already")).toBe(2);
  expect(among(await undo(), "set")).toBe(2);
  expect(time("a.jpg")).toBe(DOWNLOADED);
});

const finely =
  process.platform === "linux" &&
  ["x64", "arm64"].includes(process.arch) &&
  spawnSync("perl", ["-e", "1"]).status === 0;

test.runIf(finely)("a time to the nanosecond is set, and the one that was there given back", async () => {
  const old = 1_710_072_000_123_456_789n;
  const nanos = (name: string) => statSync(join(folder, name), { bigint: true }).mtimeNs;
  const tags = { dateTimeOriginal: "2012:06:28 14:03:22", subSecTimeOriginal: "987654321" };
  const names = Array.from({ length: 1100 }, (_, nth) => `${nth}.jpg`);
  const photo = jpegFile(picture, { exif: exifBlock(tags) });
  for (const name of names) put(name, photo);
  utimens(names.map((name) => ({ path: Buffer.from(join(folder, name)), time: old })));
  expect(among(await run("2026-01-01T10:00:00.000Z"), "set")).toBe(names.length);
  for (const name of names) expect(nanos(name)).toBe(1_340_892_202_987_654_321n);
  expect(among(await undo(), "set")).toBe(names.length);
  for (const name of names) expect(nanos(name)).toBe(old);
});
