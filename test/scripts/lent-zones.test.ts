/** A photo without a zone takes that of its neighbours when all are at home: on the drive, in its lists, and in words. */

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile, jpegImage } from "../../fixtures/media/jpeg.ts";
import { blankPicture } from "../../fixtures/media/picture.ts";
import { videoFile } from "../../fixtures/media/video.ts";
import type { ManifestEntry } from "../../src/model.ts";
import { rig } from "./rig.ts";

const by = (dateTimeOriginal: string, zone: { offsetTimeOriginal?: string }, width: number) =>
  jpegFile(blankPicture(width, 24), {
    exif: exifBlock({ make: "Canon", model: "Canon EOS R6", dateTimeOriginal, ...zone }),
  });

test("what was kept first follows what came later, and says so", async () => {
  await using at = await rig({}, (server) => {
    server.bucket("photos").put("b.jpg", by("2012:06:28 14:00:00", {}, 40));
  });
  const drive = join(at.folder, "photos");
  const time = () => statSync(join(drive, "b.jpg")).mtime.toISOString();
  const first = await at.mirror("--timezone", "Asia/Tokyo");
  expect(first.summary).toMatchObject({ exit: 0, outcomes: { stored: 1 } });
  expect(time()).toBe("2012-06-28T05:00:00.000Z");

  at.server.bucket("photos").put("a.jpg", by("2012:06:28 16:00:00", { offsetTimeOriginal: "+02:00" }, 32));
  const plain = jpegFile(blankPicture(48, 24), {
    exif: exifBlock({ dateTimeOriginal: "2012:06:28 14:00:00" }),
  });
  at.server.bucket("photos").put("c.jpg", plain);
  const second = await at.mirror();
  expect(second.summary).toMatchObject({ exit: 0, outcomes: { stored: 2, already: 1 } });
  // Under UTC, as from cron, and in the zone of the first run all the same.
  expect(statSync(join(drive, "c.jpg")).mtime.toISOString()).toBe("2012-06-28T05:00:00.000Z");
  expect(second.events).toContainEqual(
    expect.objectContaining({
      type: "zone",
      key: "b.jpg",
      captured: expect.objectContaining({ offset: "+02:00", zoneFrom: "neighbour" }),
    }),
  );
  expect(time()).toBe("2012-06-28T12:00:00.000Z");
  const own = join(drive, ".photohaul");
  const lines = readFileSync(join(own, "manifest.ndjson"), "utf8").trim().split("\n");
  const entries = lines.map((line): ManifestEntry => JSON.parse(line));
  const told = entries.map(({ key, captured }) => `${key} ${captured?.offset}`);
  expect([told[0], told.at(-1)]).toEqual(["b.jpg null", "b.jpg +02:00"]);
  expect(told.slice(1, -1).toSorted()).toEqual(["a.jpg +02:00", "c.jpg null"]);
  expect(readFileSync(join(own, "SHA256SUMS"), "utf8").trim().split("\n")).toHaveLength(3);

  const third = await at.mirror();
  expect(third.events.filter(({ type }) => type === "zone")).toEqual([]);
  const verified = await at.run(["verify", drive, "--json"]);
  expect(verified.exit).toBe(0);
  const dates = await at.run(["dates", drive, "--dry-run", "--json"]);
  expect(dates.stdout).toContain('"outcomes":{"set":0,"already":3,');
  const { stdout } = await at.run(["explain", "s3://photos", "b.jpg", ...at.endpoint]);
  expect(stdout).toMatch(/Its zone on .*photos is \+02:00, lent by a photo by the same camera/);
}, 90_000);

test("a bucket and a drive say the same of a lent zone and of a date that is told later, and restore gives it", async () => {
  await using at = await rig({}, (server) => {
    server.bucket("second");
    server.bucket("photos").put("b.jpg", by("2012:06:28 14:00:00", {}, 40));
    server.bucket("photos").put("c.jpg", by("2012:07:28 14:00:00", {}, 44));
  });
  const to = ["s3://second/copy", "--target-endpoint", at.server.endpoint];
  await at.mirror(...to, "--timezone", "Asia/Tokyo");
  at.server.bucket("photos").put("a.jpg", by("2012:06:28 16:00:00", { offsetTimeOriginal: "+02:00" }, 32));
  const told = join(at.folder, "told.csv");
  writeFileSync(told, "key,date\nc.jpg,1987-05\n");
  const second = await at.mirror(...to, "--dates", told);
  expect(second.stderr).toBe("");
  expect(second.exit).toBe(0);
  const changed = second.events.filter(({ type }) => type === "zone" || type === "redated");
  expect(changed).toMatchObject([
    { type: "redated", key: "c.jpg", captured: { source: "user", precision: "month" } },
    { type: "zone", key: "b.jpg", captured: { offset: "+02:00", zoneFrom: "neighbour" } },
  ]);
  const { stdout } = await at.run(["explain", "s3://photos", "c.jpg", ...at.endpoint]);
  expect(stdout).toMatch(/Its date on s3:\/\/second\/copy is 1987-05.*, as you told \(--dates\)/);
  const third = await at.mirror(...to, "--dates", told);
  expect(third.events.filter(({ type }) => ["zone", "redated", "adopted"].includes(type))).toEqual([]);

  const times = { "a.jpg": "2012-06-28T14:00:00.000Z", "b.jpg": "2012-06-28T12:00:00.000Z" };
  const fresh = join(at.folder, "fresh");
  const other = { env: { XDG_STATE_HOME: join(at.folder, "another-computer") } };
  const anew = ["mirror", "s3://photos", fresh, ...at.endpoint, "--timezone", "Asia/Tokyo"];
  expect((await at.run([...anew, "--dates", told], other)).exit).toBe(0);
  const back = join(at.folder, "back");
  const restore = ["restore", "s3://second/copy", back, "--target-endpoint", at.server.endpoint];
  expect((await at.run(restore, other)).exit).toBe(0);
  for (const folder of [join(at.folder, "photos"), back, fresh]) {
    const time = (path: string) => statSync(join(folder, path)).mtime.toISOString();
    const found = Object.fromEntries(["a.jpg", "b.jpg"].map((path) => [path, time(path)]));
    expect(found, folder).toEqual(times);
    expect(time("c.jpg"), folder).toBe("1987-04-30T15:00:00.000Z");
  }
}, 90_000);

test("the film of a live photo has the zone that its still was lent, whichever came first", async () => {
  const frame = jpegImage(blankPicture(16, 16));
  const film = videoFile({ container: "mov", frames: [frame], width: 16, height: 16, created: "2012-06-28T12:00:02Z" });
  await using at = await rig({}, (server) => {
    server.bucket("photos").put("IMG_2.MOV", film);
    server.bucket("photos").put("IMG_2.JPG", by("2012:06:28 14:00:00", {}, 40));
  });
  await at.mirror("--timezone", "Asia/Tokyo");
  at.server.bucket("photos").put("a.jpg", by("2012:06:28 16:00:00", { offsetTimeOriginal: "+02:00" }, 32));
  const { events } = await at.mirror();
  const lent = events.flatMap((event) => (event.type === "zone" ? [[event.key, event.captured]] : []));
  expect(lent).toMatchObject([
    ["IMG_2.JPG", { local: "2012-06-28T14:00:00", offset: "+02:00", zoneFrom: "neighbour" }],
    ["IMG_2.MOV", { local: "2012-06-28T14:00:02", offset: "+02:00", zoneFrom: "partner" }],
  ]);
  const third = await at.mirror();
  expect(third.events.filter(({ type }) => type === "zone")).toEqual([]);
}, 90_000);
