import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dngFile } from "../../fixtures/media/dng.ts";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { type HeifOptions, heifFile } from "../../fixtures/media/heif.ts";
import { jpegFile, jpegImage } from "../../fixtures/media/jpeg.ts";
import { pngFile } from "../../fixtures/media/png.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { videoFile } from "../../fixtures/media/video.ts";
import { readHeadTags } from "../../src/metadata/head.ts";
import type { ManifestEntry } from "../../src/model.ts";
import { type Ran, type Rig, rig } from "./rig.ts";

const picture = paintScene(16, 16, { scene: "sea", seed: "write-exif", hour: 12 });
const bare = jpegFile(picture, {});
const dated = jpegFile(picture, { exif: exifBlock({ dateTimeOriginal: "2012:06:28 14:03:22" }) });
const clip = videoFile({ container: "mp4", frames: [jpegImage(picture)], width: 16, height: 16 });
const heif = (options: HeifOptions) => heifFile(jpegImage(picture), 16, 16, options);
const BODIES: Readonly<Record<string, Buffer>> = {
  "IMG_20140704_213015.jpg": bare,
  "IMG-20160309-WA0007.jpg": bare,
  "Screenshot_20170303_101500.png": pngFile(picture, {}),
  "20150101_101112.mp4": clip,
  "IMG_20190809_101112.HEIC": heif({ brand: "heic", coded: "hvc1" }),
  "IMG-20190810-WA0001.avif": heif({ brand: "avif", coded: "av01" }),
  "IMG_20190809_101113.HIF": heif({
    brand: "heic",
    coded: "hvc1",
    exif: exifBlock({ make: "Canon" }),
  }),
  "IMG_20190809_101114.HEIC": heif({ coded: "jpeg" }),
  "IMG_20190809_101115.DNG": dngFile(picture, {}),
  "dated_20140704_213015.jpg": dated,
  "cut_20140704_213015.jpg": bare.subarray(0, 300),
  "undated.jpg": bare,
};
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("mirror --write-exif", () => {
  let on: Rig;
  let ran: Ran;
  let entries: ManifestEntry[];
  const at = (...path: string[]) => join(on.folder, ...path);
  beforeAll(async () => {
    on = await rig({}, (server) => {
      const bucket = server.bucket("photos");
      for (const [key, body] of Object.entries(BODIES)) bucket.put(key, Buffer.from(body));
    });
    ran = await on.mirror("--write-exif", "--timezone", "Europe/Berlin");
    const lines = readFileSync(at("photos", ".photohaul", "manifest.ndjson"), "utf8").trim();
    entries = lines.split("\n").map((line) => JSON.parse(line));
  });
  afterAll(() => on[Symbol.asyncDispose]());

  test("writes missing dates into photos, and records both digests", () => {
    expect(ran.stderr).toBe("");
    expect(ran.exit).toBe(0);
    const written = [
      "IMG-20190810-WA0001.avif",
      "IMG_20190809_101112.HEIC",
      "IMG_20190809_101113.HIF",
      "IMG-20160309-WA0007.jpg",
      "IMG_20140704_213015.jpg",
      "Screenshot_20170303_101500.png",
    ];
    for (const { path, key, size, sha256: sum, original } of entries) {
      const kept = readFileSync(at("photos", path));
      const source = BODIES[key] ?? Buffer.alloc(0);
      expect([size, sum], key).toEqual([kept.length, sha256(kept)]);
      expect(kept.equals(source), key).toBe(!written.includes(key));
      expect(original?.sha256, key).toBe(written.includes(key) ? sha256(source) : undefined);
    }
    expect(entries).toHaveLength(12);
    const head = (key: string) => readHeadTags(readFileSync(at("photos", key)));
    expect(head("IMG_20140704_213015.jpg").tags).toMatchObject({
      "ExifIFD:DateTimeOriginal": "2014:07:04 21:30:15",
    });
    expect(head("Screenshot_20170303_101500.png").tags).toMatchObject({
      "ExifIFD:DateTimeOriginal": "2017:03:03 10:15:00",
    });
    for (const key of ["IMG_20190809_101112.HEIC", "IMG_20190809_101113.HIF"]) {
      const tags = {
        "ExifIFD:DateTimeOriginal": key.replace(/^IMG_(....)(..)(..)_(..)(..)(..).*/, "$1:$2:$3 $4:$5:$6"),
      };
      expect(head(key).tags).toMatchObject(tags);
    }
    expect(head("IMG_20190809_101113.HIF").tags).toMatchObject({ "IFD0:Make": "Canon" });
    expect(head("IMG-20160309-WA0007.jpg").xmp).toMatch(/photoshop:DateCreated>2016-03-09</);
    expect(statSync(at("photos", "IMG_20140704_213015.jpg")).mtime.toISOString()).toBe("2014-07-04T19:30:15.000Z");
  });

  test("says how many photos it changed", async () => {
    expect(ran.summary).toMatchObject({ outcomes: { stored: 12 }, datesWritten: 6 });
    const line = ["mirror", "s3://photos", at("shown"), ...on.endpoint, "--catalogue", at("shown.sqlite")];
    const { stdout } = await on.run([...line, "--include", "IMG_2014*", "--include", "undated*", "--write-exif"]);
    expect(stdout).toMatch(/changed +1 photo got the missing date written in/);
  });

  test("says which photo it could not write to, and keeps it as it is", () => {
    const told = ran.events.filter((event) => event.type === "warning");
    expect(told.map(({ code, key }) => `${code} ${key}`).toSorted()).toEqual([
      "write-exif IMG_20190809_101114.HEIC",
      "write-exif cut_20140704_213015.jpg",
    ]);
  });

  test("verify, restore and the next run hold by what was kept", async () => {
    expect((await on.run(["verify", at("photos")])).exit).toBe(0);
    const back = await on.run(["restore", at("photos"), at("back")]);
    expect(back).toMatchObject({ exit: 0, stderr: "" });
    const key = "IMG_20140704_213015.jpg";
    expect(readFileSync(at("back", key)).equals(readFileSync(at("photos", key)))).toBe(true);
    const again = await on.mirror("--write-exif");
    expect(again.summary.outcomes).toMatchObject({ stored: 0, already: 12, failed: 0 });
    const lost = await on.mirror("--write-exif", "--catalogue", at("new.sqlite"), "--timezone", "Europe/Berlin");
    expect(lost.stderr).toBe("");
    expect(lost.exit).toBe(0);
    expect(readdirSync(at("photos")).toSorted()).toEqual([".photohaul", ...Object.keys(BODIES)].toSorted());
  });

  test("what rots or is lost is put back from the source as it came, and the lists say so", async () => {
    const usb = at("rotting");
    const line = ["mirror", "s3://photos", usb, ...on.endpoint, "--write-exif", "--catalogue", at("rotting.sqlite")];
    expect((await on.run([...line, "--timezone", "UTC"])).exit).toBe(0);
    const [rotten, lost] = ["IMG_20140704_213015.jpg", "Screenshot_20170303_101500.png"];
    const plain = at("plain");
    await on.run(["mirror", "s3://photos", plain, ...on.endpoint, "--catalogue", at("plain.sqlite")]);
    const kept = readFileSync(join(usb, rotten));
    kept[kept.length - 20] = (kept[kept.length - 20] ?? 0) ^ 1;
    writeFileSync(join(usb, rotten), kept);
    rmSync(join(usb, lost));
    expect((await on.run(["verify", usb])).exit).toBe(3);
    const repaired = await on.run(["verify", usb, "--repair-from", "s3://photos", ...on.endpoint]);
    expect(repaired.stderr).toMatch(/repaired +IMG_2014.*, as it came, without the date .*is kept as .*rotten/);
    expect(repaired.exit).toBe(0);
    for (const name of [rotten, lost]) {
      expect(readFileSync(join(usb, name)).equals(BODIES[name] ?? Buffer.alloc(0)), name).toBe(true);
    }
    const aside = readdirSync(usb).filter((name) => name.includes("~rotten"));
    for (const name of aside) rmSync(join(usb, name));
    expect((await on.run(["verify", usb])).exit).toBe(0);
    expect(
      execFileSync("sh", ["-c", "sha256sum -c --quiet .photohaul/SHA256SUMS 2>&1; true"], {
        cwd: usb,
        encoding: "utf8",
      }),
    ).toBe("");
    const sums = join(usb, ".photohaul/SHA256SUMS");
    const named = readFileSync(sums, "utf8")
      .split("\n")
      .findLast((one) => one.endsWith(rotten));
    expect(named).toBe(`${sha256(BODIES[rotten] ?? Buffer.alloc(0))}  ${rotten}`);
    const next = await on.run([...line, "--json"]);
    expect(next.stderr).toBe("");
    expect(next.summary).toMatchObject({ exit: 0, outcomes: { stored: 0, already: 12, failed: 0 } });
    expect((await on.run(["restore", usb, at("back-again")])).exit).toBe(0);
    const other = at("other");
    const again = ["mirror", "s3://photos", other, ...on.endpoint, "--write-exif", "--catalogue", at("other.sqlite")];
    await on.run([...again, "--timezone", "UTC"]);
    rmSync(join(other, rotten));
    expect((await on.run(["verify", other, "--repair-from", plain])).exit).toBe(0);
    expect(readFileSync(join(other, rotten)).equals(BODIES[rotten] ?? Buffer.alloc(0))).toBe(true);
  });

  test("several targets, a bucket among them, get the same bytes", async () => {
    on.server.bucket("second");
    const targets = [at("one"), "s3://second"];
    const reach = [...on.endpoint, "--target-endpoint", on.server.endpoint];
    const line = ["mirror", "s3://photos", ...targets, ...reach, "--json", "--write-exif"];
    const both = await on.run([...line, "--catalogue", at("both.sqlite"), "--timezone", "UTC"]);
    expect(both.exit).toBe(0);
    expect(both.summary.perTarget.map(({ outcomes }) => outcomes.stored)).toEqual([12, 12]);
    expect((await on.run(["verify", ...targets, ...reach.slice(2)])).exit).toBe(0);
  });
});
