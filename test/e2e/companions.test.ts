/** What belongs to one photo lies together, also where names go by dates that differ. */

import { expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { blankPicture } from "../../fixtures/media/picture.ts";
import { type Ran, rig } from "../scripts/rig.ts";

const still = (taken: string, shade = 0) =>
  jpegFile(blankPicture(32 + 8 * shade, 24), { exif: exifBlock({ dateTimeOriginal: taken }) });
const NAME = ["--name", "{yyyy}/{mm}/{name}.{ext}", "--concurrency", "4"];

function paths({ photos }: Ran): Record<string, string | null> {
  return Object.fromEntries(photos.map(({ key, path }) => [key, path]));
}

test("a live photo that ends after midnight, a RAW with its JPEG, and sidecars", async () => {
  await using at = await rig({}, (server) => {
    const bucket = server.bucket("photos");
    bucket.put("a/IMG_0001.HEIC.JPG", still("2012:06:28 12:00:00", 3));
    bucket.put("a/IMG_0002.JPG", still("2012:06:30 23:59:59"));
    // Dated by its metadata: the file system's time of the film is the next month's.
    const later = { metadata: { mtime: "1341101000" } };
    bucket.put("a/IMG_0002.MOV", Buffer.alloc(30_000, 1), later);
    bucket.put("a/IMG_0002.AAE", Buffer.from("<plist/>".padEnd(2000)), later);
    bucket.put("a/IMG_0002.JPG.xmp", Buffer.from("<x/>".padEnd(2000)), later);
    bucket.put("a/DSC_7.NEF", Buffer.alloc(40_000, 2), { metadata: { mtime: "1325372400" } });
    bucket.put("a/DSC_7.JPG", still("2011:12:31 23:00:00", 1));
  });
  const first = await at.mirror(...NAME);
  expect(first.summary).toMatchObject({ exit: 0, outcomes: { stored: 7 } });
  const lies = paths(first);
  expect(lies).toMatchObject({
    "a/IMG_0002.JPG": "2012/06/IMG_0002.JPG",
    "a/IMG_0002.MOV": "2012/06/IMG_0002.MOV",
    "a/IMG_0002.AAE": "2012/06/IMG_0002.AAE",
    "a/IMG_0002.JPG.xmp": "2012/06/IMG_0002.JPG.xmp",
  });
  const folder = lies["a/DSC_7.NEF"]?.replace("NEF", "");
  expect(lies["a/DSC_7.JPG"]?.replace("JPG", "")).toBe(folder);
}, 60_000);

test("two live photos of one name get one tag each, whichever half came first", async () => {
  await using at = await rig({}, (server) => {
    const bucket = server.bucket("photos");
    for (const [nth, card] of ["card1", "card2", "card3"].entries()) {
      bucket.put(`${card}/IMG_0001.JPG`, still("2012:06:28 12:00:00", nth));
      bucket.put(`${card}/IMG_0001.MOV`, Buffer.alloc(20_000, nth + 1));
    }
  });
  const lies = paths(await at.mirror(...NAME));
  const stems = ["card1", "card2", "card3"].map((card) => {
    const [photo, film] = [lies[`${card}/IMG_0001.JPG`], lies[`${card}/IMG_0001.MOV`]];
    expect(film?.replace(/MOV$/, "JPG")).toBe(photo);
    return photo;
  });
  expect(new Set(stems).size).toBe(3);
}, 60_000);

test("what comes later goes to what was kept before", async () => {
  await using at = await rig({}, (server) => {
    server.bucket("photos").put("a/IMG_0002.JPG", still("2012:06:30 23:59:59"));
  });
  await at.mirror(...NAME);
  at.server.bucket("photos").put("a/IMG_0002.xmp", Buffer.from("<x/>".padEnd(2000)));
  expect(paths(await at.mirror(...NAME))["a/IMG_0002.xmp"]).toBe("2012/06/IMG_0002.xmp");
}, 60_000);
