/** A zone that this computer could only guess is said, remembered nowhere, and what was dated by it is dated anew. */

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { blankPicture } from "../../fixtures/media/picture.ts";
import type { ManifestEntry } from "../../src/model.ts";
import { type Rig, rig } from "./rig.ts";

const NOWHERE = { TZ: "Foo/Bar" };
const TOKYO = { TZ: "Asia/Tokyo" };
const photo = (dateTimeOriginal: string | null, width: number) =>
  jpegFile(blankPicture(width, 24), dateTimeOriginal === null ? {} : { exif: exifBlock({ dateTimeOriginal }) });

const dated = () =>
  rig({}, (server) => {
    const bucket = server.bucket("photos");
    bucket.put("wall.jpg", photo("2012:06:28 14:00:00", 40));
    bucket.put("PXL_20120628_120322123.jpg", photo(null, 44));
  });

const usb = (at: Rig) => join(at.folder, "usb");
const mirror = (at: Rig, env: Record<string, string>, ...more: string[]) =>
  at.run(["mirror", "s3://photos", usb(at), ...at.endpoint, ...more], { env });
const time = (at: Rig, name: string) => statSync(join(usb(at), name)).mtime.toISOString();
const newest = (at: Rig): ReadonlyMap<string, ManifestEntry> => {
  const lines = readFileSync(join(usb(at), ".photohaul/manifest.ndjson"), "utf8")
    .trim()
    .split("\n");
  return new Map(lines.map((line) => JSON.parse(line)).map((entry: ManifestEntry) => [entry.key, entry]));
};

test("a guessed zone is said under --quiet, and remembered neither here nor on the target", async () => {
  await using at = await dated();
  const first = await mirror(at, NOWHERE, "--quiet");
  expect(first.exit).toBe(0);
  expect(first.stderr).toMatch(/TZ=Foo\/Bar names no time zone .* read in UTC, which is a guess.*--timezone NAME/s);
  expect(JSON.parse(readFileSync(join(usb(at), ".photohaul/target.json"), "utf8")).zones).toEqual({});
  expect(time(at, "wall.jpg")).toBe("2012-06-28T14:00:00.000Z");

  const second = await mirror(at, TOKYO);
  expect(second.stdout).toContain("2 photos had been read in a zone that was only guessed, and are read in Asia/Tokyo");
  expect(time(at, "wall.jpg")).toBe("2012-06-28T05:00:00.000Z");
  const entries = newest(at);
  expect(entries.get("wall.jpg")?.captured).toMatchObject({
    local: "2012-06-28T14:00:00",
    utc: "2012-06-28T05:00:00.000Z",
  });
  expect(entries.get("PXL_20120628_120322123.jpg")?.captured).toMatchObject({
    local: "2012-06-28T21:03:22.123",
    utc: "2012-06-28T12:03:22.123Z",
  });
  for (const { captured } of entries.values()) expect(captured).not.toHaveProperty("guessed");
  const third = await mirror(at, NOWHERE, "--quiet");
  expect([third.exit, third.stdout, third.stderr]).toEqual([0, "", ""]);
});

test("a time of day that is a guess is written into no photo", async () => {
  await using at = await dated();
  at.server.bucket("photos").put("PXL_20130628_120322123.jpg", photo(null, 48));
  at.server.bucket("photos").put("IMG_20120701_101112.jpg", photo(null, 52));
  const ran = await mirror(at, NOWHERE, "--write-exif");
  expect(ran.exit).toBe(0);
  expect(ran.stdout.match(/could not be written into it/g)).toHaveLength(1);
  const changed = [...newest(at).values()].filter(({ original }) => original !== undefined).map(({ key }) => key);
  expect(changed).toEqual(["IMG_20120701_101112.jpg"]);
});

test("a new computer that knows its zone dates anew what another guessed", async () => {
  await using at = await dated();
  await mirror(at, NOWHERE, "--quiet");
  await mirror(at, { ...TOKYO, XDG_STATE_HOME: join(at.folder, "another") }, "--quiet");
  expect(time(at, "wall.jpg")).toBe("2012-06-28T05:00:00.000Z");
});

test("dates reads anew what was guessed once the zone is known, and not before", async () => {
  await using at = await dated();
  await mirror(at, NOWHERE, "--quiet");
  const guessed = await at.run(["dates", usb(at), "--quiet"], { env: NOWHERE });
  expect(guessed.stderr).toContain("which is a guess");
  expect(time(at, "wall.jpg")).toBe("2012-06-28T14:00:00.000Z");
  const known = await at.run(["dates", usb(at)], { env: TOKYO });
  expect(known.exit).toBe(0);
  expect(time(at, "wall.jpg")).toBe("2012-06-28T05:00:00.000Z");
  expect(newest(at).get("wall.jpg")?.captured).not.toHaveProperty("guessed");
  const again = await mirror(at, TOKYO, "--json");
  expect(again.events.filter(({ type }) => type === "zone")).toEqual([]);
});

test("what is told by --dates while the zone is guessed is read anew as well", async () => {
  await using at = await dated();
  await mirror(at, NOWHERE, "--quiet");
  writeFileSync(join(at.folder, "told.csv"), "key,date\nwall.jpg,2012-07-01 10:00:00\n");
  await mirror(at, NOWHERE, "--quiet", "--dates", join(at.folder, "told.csv"));
  expect(time(at, "wall.jpg")).toBe("2012-07-01T10:00:00.000Z");
  await mirror(at, TOKYO, "--quiet");
  expect(time(at, "wall.jpg")).toBe("2012-07-01T01:00:00.000Z");
});

test("photos that were read in the zone that was remembered are read in the one that is typed later, once, on every target", async () => {
  await using at = await dated();
  const bucket = at.server.bucket("photos");
  bucket.put("IMG_20120701_101112.jpg", photo(null, 48));
  bucket.put("nothing.jpg", photo(null, 52), { modified: "2015-07-01T10:00:00.000Z" });
  bucket.put(
    "zoned.jpg",
    jpegFile(blankPicture(56, 24), {
      exif: exifBlock({ dateTimeOriginal: "2013:06:28 14:00:00", offsetTimeOriginal: "-05:00" }),
    }),
  );
  await mirror(at, { TZ: "UTC" }, "--quiet");
  const before = newest(at);
  const copy = join(at.folder, "copy");
  await at.run(["mirror", "s3://photos", copy, ...at.endpoint, "--quiet"], { env: { TZ: "UTC" } });
  const typed = await mirror(at, TOKYO, "--timezone", "Asia/Tokyo");
  expect(typed.exit).toBe(0);
  expect(typed.stdout).toContain("4 photos without a zone had been read in UTC, and are read in Asia/Tokyo now");
  const after = newest(at);
  const both = (key: string) => [after.get(key)?.captured?.local, after.get(key)?.captured?.utc];
  expect(both("wall.jpg")).toEqual(["2012-06-28T14:00:00", "2012-06-28T05:00:00.000Z"]);
  expect(both("IMG_20120701_101112.jpg")).toEqual(["2012-07-01T10:11:12", "2012-07-01T01:11:12.000Z"]);
  expect(both("PXL_20120628_120322123.jpg")).toEqual(["2012-06-28T21:03:22.123", "2012-06-28T12:03:22.123Z"]);
  expect(after.get("zoned.jpg")).toEqual(before.get("zoned.jpg"));
  expect(time(at, "wall.jpg")).toBe("2012-06-28T05:00:00.000Z");
  expect(statSync(join(copy, "wall.jpg")).mtime.toISOString()).toBe("2012-06-28T14:00:00.000Z");
  const later = await at.run(["mirror", "s3://photos", copy, usb(at), ...at.endpoint, "--json"], { env: NOWHERE });
  expect(later.exit).toBe(0);
  expect(statSync(join(copy, "wall.jpg")).mtime.toISOString()).toBe("2012-06-28T05:00:00.000Z");
  expect(newest(at)).toEqual(after);
  const back = await mirror(at, NOWHERE, "--timezone", "UTC");
  expect(back.exit).toBe(0);
  expect(newest(at).get("wall.jpg")?.captured).toEqual(before.get("wall.jpg")?.captured);
});
