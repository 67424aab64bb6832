/** Photos that were dated while ExifTool could not run are dated again once it does. */

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jpegImage } from "../../fixtures/media/jpeg.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { videoFile } from "../../fixtures/media/video.ts";
import type { ManifestEntry } from "../../src/model.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { type Ran, type Rig, rig, running } from "../scripts/rig.ts";

const picture = paintScene(16, 16, { scene: "sea", seed: "no-exiftool", hour: 12 });
const film = (created: string) =>
  videoFile({ container: "mp4", frames: [jpegImage(picture)], width: 16, height: 16, created });
const xmp = (date: string) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:DateTimeOriginal="${date}"/></rdf:RDF></x:xmpmeta>`;
/** As on a computer without Perl. */
const WITHOUT = {
  PATH: "/nowhere",
  ...running(`
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    const { existsSync } = fs;
    fs.existsSync = (path) => path !== "/usr/bin/perl" && existsSync(path);
    syncBuiltinESMExports();
  `),
};

let on: Rig;
beforeAll(async () => {
  on = await rig({}, (server) => {
    const bucket = server.bucket("photos");
    bucket.put("trip/MVI_1.MP4", film("2012-06-28T14:03:22Z"));
    bucket.put("trip/MVI_2.MP4", film("2013-06-28T14:03:22Z"));
    bucket.put("trip/IMG_1.JPG", datedPhoto(2000, "a"));
  });
});
afterAll(() => on[Symbol.asyncDispose]());

const mirror = (env: Record<string, string> = {}): Promise<Ran> =>
  on.run(["mirror", "s3://photos", join(on.folder, "usb"), ...on.endpoint, "--json"], {
    env,
    spawned: true,
  });
const dateOf = (name: string) => {
  const lines = readFileSync(join(on.folder, "usb/.photohaul/manifest.ndjson"), "utf8");
  const entries: ManifestEntry[] = lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return entries.findLast(({ key }) => key === name)?.captured?.utc.slice(0, 10) ?? null;
};

test("what needs ExifTool where it cannot run is kept, remembered, and dated by the run in which it can", async () => {
  const first = await mirror(WITHOUT);
  expect(first.exit).toBe(3);
  expect(first.summary.outcomes).toMatchObject({ stored: 3, failed: 0 });
  const said = first.events.filter((event) => event.type === "warning");
  expect(said).toMatchObject([{ code: "no-exiftool" }]);
  expect(said[0]?.message).toMatch(/Perl is not installed.*apt install perl.*next run/);
  expect(dateOf("trip/MVI_1.MP4")).not.toBe("2012-06-28");

  const still = await mirror(WITHOUT);
  expect(still.exit).toBe(3);
  expect(still.summary.outcomes).toMatchObject({ stored: 0, already: 3 });
  expect(still.events.filter((event) => event.type === "warning")).toMatchObject([{ code: "no-exiftool" }]);

  on.server.bucket("photos").delete("trip/MVI_2.MP4");
  const mended = await mirror();
  expect([mended.exit, mended.stderr]).toEqual([0, ""]);
  expect(dateOf("trip/MVI_1.MP4")).toBe("2012-06-28");
  expect(dateOf("trip/MVI_2.MP4")).toBe("2013-06-28");
  const { mtime } = statSync(join(on.folder, "usb/trip/MVI_1.MP4"));
  expect(mtime.toISOString()).toBe("2012-06-28T14:03:22.000Z");

  on.server.resetCounts();
  expect((await mirror()).exit).toBe(0);
  expect(on.server.counts.get).toBe(0);
});

test("one that was filed without a date keeps its name, which is said, and has its date in all else", async () => {
  const own = await rig({}, (server) => {
    server.bucket("photos").put("trip/MVI_A.MP4", film("2012-06-28T14:03:22Z"));
    server.bucket("photos").put("trip/MVI_B.MP4", film("2012-06-28T14:03:22Z"));
  });
  const usb = join(own.folder, "usb");
  const named = (env: Record<string, string> = {}, ...more: string[]) =>
    own.run(["mirror", "s3://photos", usb, ...own.endpoint, "--name", "{yyyy}/{name}.{ext}", ...more], {
      env,
      spawned: true,
    });
  expect((await named(WITHOUT)).exit).toBe(3);
  const mended = await named({}, "--verbose");
  expect([mended.exit, mended.stderr]).toEqual([0, ""]);
  expect(mended.stdout).toContain("2 photos have their dates now that ExifTool can run");
  expect(mended.stdout).toMatch(/no-date\/MVI_A.MP4 and 1 more stay where photos without a date are filed/);
  expect(mended.stdout).toMatch(/dated +no-date\/MVI_B.MP4 .*now that ExifTool can run/);
  expect(statSync(join(usb, "no-date/MVI_A.MP4")).mtime.toISOString()).toBe("2012-06-28T14:03:22.000Z");
  expect((await named()).stdout).not.toContain("ExifTool");
  await own[Symbol.asyncDispose]();
});

test("--quiet says so too, status says what exit 3 was for, and dates looks again at what has no date", async () => {
  const own = await rig({}, (server) => {
    const bucket = server.bucket("photos");
    bucket.put("MVI_A.MP4", film("2012-06-28T14:03:22Z"));
    bucket.put("VID-20140102-WA0001.mp4", film("2014-01-02T14:03:22Z"));
    bucket.put("plain.jpg", jpegImage(picture));
  });
  const usb = join(own.folder, "usb");
  const time = (name: string) => statSync(join(usb, name)).mtime.toISOString();
  const line = ["mirror", "s3://photos", usb, ...own.endpoint, "--quiet"];
  const first = await own.run(line, { env: WITHOUT, spawned: true });
  expect(first.exit).toBe(3);
  expect(first.stderr).toContain("apt install perl");
  const status = await own.run(["status"]);
  expect(status.exit).toBe(3);
  expect(status.stdout).toMatch(/to do +ExifTool cannot run here, so 2 photos may have no date/);
  expect(status.stdout).not.toContain("Some photos failed");

  writeFileSync(join(usb, "plain.jpg.xmp"), xmp("2011-05-04T10:00:00+02:00"));
  expect((await own.run(["dates", usb])).exit).toBe(0);
  expect(time("MVI_A.MP4")).toBe("2012-06-28T14:03:22.000Z");
  expect(time("VID-20140102-WA0001.mp4")).toBe("2014-01-02T14:03:22.000Z");
  expect(time("plain.jpg")).toBe("2011-05-04T08:00:00.000Z");
  // restore goes by the manifest.
  expect((await own.run(["restore", usb, join(own.folder, "back"), "--quiet"])).exit).toBe(0);
  expect(statSync(join(own.folder, "back/plain.jpg")).mtime.toISOString()).toBe("2011-05-04T08:00:00.000Z");
  expect((await own.run(line)).exit).toBe(0);
  expect(time("plain.jpg")).toBe("2011-05-04T08:00:00.000Z");
  await own[Symbol.asyncDispose]();
});

test("dates says so too, and what to install", async () => {
  const ran = await on.run(["dates", join(on.folder, "usb"), "--dry-run"], {
    env: WITHOUT,
    spawned: true,
  });
  expect([ran.exit, ran.stderr]).toEqual([0, ""]);
  const other = await rig({}, () => undefined);
  writeFileSync(join(other.folder, "MVI_1.MP4"), film("2012-06-28T14:03:22Z"));
  const lone = await other.run(["dates", other.folder], { env: WITHOUT, spawned: true });
  expect(lone.exit).toBe(3);
  expect(lone.stderr).toContain("apt install perl");
  await other[Symbol.asyncDispose]();
});
