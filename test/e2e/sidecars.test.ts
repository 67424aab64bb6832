import { mkdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { takeoutJson } from "../../fixtures/media/takeout.ts";
import { xmpSidecar } from "../../fixtures/media/xmp.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { rig } from "../scripts/rig.ts";
import { moiFile } from "../steps/cinema-files.ts";

const picture = paintScene(16, 16, { scene: "sea", seed: "sidecars", hour: 12 });
const photo = (seed: string) => Buffer.concat([jpegFile(picture, {}), Buffer.from(seed.repeat(1200).slice(0, 1200))]);
const film = (seed: string) => Buffer.from(`RIFF\0\0\0\0AVI LIST${seed.padEnd(2000)}`);
const json = takeoutJson({ title: "a.jpg", photoTakenTime: "1372428202" });
const UTC = "2013-06-28T14:03:22.000Z";

const LONG = "The wedding of Anna and Bertram in the old town hall";
/** By name; those of `undated` must be dated by nothing that lies beside them. */
const FILES: Readonly<Record<string, Uint8Array>> = {
  "IMG_1.JPG": photo("1"),
  "img_1.jpg.supplemental-metadata.json": json,
  "IMG_2(1).jpg": photo("2"),
  "IMG_2.jpg.supplemental-metadata(1).json": json,
  "scan.jpg": photo("3"),
  "scan.json": json,
  "IMG_3-ha edit.jpg": photo("4"),
  "IMG_3.HEIC.json": json,
  [`${LONG}.jpg`]: photo("5"),
  [`${LONG.slice(0, 46)}.json`]: json,
  "IMG_4.MP4": film("6"),
  "IMG_4.HEIC.json": json,
  "MVI_5.AVI": film("7"),
  "MVI_5.THM": jpegFile(picture, {
    exif: exifBlock({ dateTimeOriginal: "2013:06:28 14:03:22", offsetTimeOriginal: "+00:00" }),
  }),
  "MOV006.MOD": film("9"),
  "MOV006.MOI": moiFile(2013, 6, 28, 14, 3, 22_000),
  "C0007.MP4": film("10"),
  "C0007M01.XML": Buffer.from(
    '<NonRealTimeMeta xmlns="urn:nrt"><CreationDate value="2013-06-28T16:03:22+02:00"/></NonRealTimeMeta>',
  ),
  "raw.CR2": photo("8"),
  "raw.XMP": xmpSidecar({ "exif:DateTimeOriginal": UTC }),
};
const DATED = Object.keys(FILES).filter((name) => !/\.(json|xmp|thm|moi|xml)$/i.test(name));
const UNDATED: Readonly<Record<string, Uint8Array>> = {
  "twin.jpg": photo("a"),
  "twin.png": photo("b"),
  "twin.json": json,
  "polar-bear.jpg": photo("c"),
  "polar.jpg.json": json,
};
const WORDS = /twin\.json could be of twin\.jpg or of twin\.png: it dates none of them/;

const FOLDERS = ["", "2013/06/", "Takeout/Google Photos/Photos from 2013/"] as const;

describe.each(FOLDERS)("sidecars in %j", (folder) => {
  test("date the photos of a bucket", async () => {
    await using on = await rig({}, (server) => {
      const bucket = server.bucket("photos");
      for (const [name, bytes] of Object.entries({ ...FILES, ...UNDATED })) bucket.put(`${folder}${name}`, bytes, {});
    });
    const ran = await on.mirror();
    expect(ran.exit).toBe(0);
    const captured = new Map(ran.photos.map((event) => [event.key, event.captured]));
    for (const name of DATED) expect(captured.get(folder + name)).toMatchObject({ utc: UTC });
    for (const name of ["twin.jpg", "twin.png", "polar-bear.jpg"])
      expect(captured.get(folder + name)?.source).not.toBe("sidecar");
    const told = ran.events.filter((event) => event.type === "warning");
    expect(told).toMatchObject([{ code: "sidecar", key: `${folder}twin.json` }]);
    expect(told[0]?.message).toMatch(WORDS);
    const { stdout } = await on.run(["explain", "s3://photos", `${folder}twin.png`, ...on.endpoint]);
    expect(stdout).toMatch(WORDS);
  });

  test("date the files of a folder", async () => {
    await using on = await rig({}, () => undefined);
    const root = join(on.folder, "Pictures");
    for (const [name, bytes] of Object.entries({ ...FILES, ...UNDATED })) {
      const path = join(root, folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
      utimesSync(path, new Date("2024-03-10T12:00:00Z"), new Date("2024-03-10T12:00:00Z"));
    }
    const ran = await on.run(["dates", root, "--timezone", "UTC", "--json"]);
    expect(ran.exit).toBe(0);
    for (const name of DATED) expect(statSync(join(root, folder, name)).mtime.toISOString()).toBe(UTC);
    for (const name of ["twin.jpg", "twin.png", "polar-bear.jpg"])
      expect(statSync(join(root, folder, name)).mtime.toISOString()).not.toBe(UTC);
    expect(ran.events.filter(({ type }) => type === "warning")).toMatchObject([
      { code: "sidecar", message: expect.stringMatching(WORDS) },
    ]);
  });
});

test("three hundred files of one stem cost no more than their number", async () => {
  await using on = await rig({}, (server) => {
    const bucket = server.bucket("photos");
    for (let n = 0; n < 300; n += 1) bucket.put(`part.${String(n).padStart(5, "0")}`, datedPhoto(1200, `${n}`), {});
    bucket.put("part.json", json, {});
  });
  const ran = await on.mirror();
  expect(ran.summary).toMatchObject({ exit: 0, outcomes: { stored: 301 } });
  const told = ran.events.filter((event) => event.type === "warning");
  expect(told).toHaveLength(1);
  expect(told[0]?.message.length).toBeLessThan(300);
});
