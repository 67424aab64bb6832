/** A trouble that passes files and dates nothing wrongly: a name and a date are for good. */

import { expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { blankPicture } from "../../fixtures/media/picture.ts";
import { type Ran, type Rig, rig } from "../scripts/rig.ts";

const still = (taken?: string) =>
  jpegFile(blankPicture(32, 24), taken === undefined ? {} : { exif: exifBlock({ dateTimeOriginal: taken }) });
const NAME = ["--name", "{yyyy}/{mm}/{name}.{ext}", "--concurrency", "1"];
const pathsOf = ({ photos }: Ran) => Object.fromEntries(photos.map(({ key, path }) => [key, path]));

/** A film that is listed first and dated by its metadata to the month after its still. */
const filmAndStill = (): Promise<Rig> =>
  rig({}, (server) => {
    const bucket = server.bucket("photos");
    bucket.put("a/IMG_0002.MOV", Buffer.alloc(30_000, 1), {
      metadata: { mtime: "1341101000" },
      modified: "2015-01-01T00:00:00.000Z",
    });
    bucket.put("a/IMG_0002.JPG", still("2012:06:30 23:59:59"), {
      modified: "2016-01-01T00:00:00.000Z",
    });
  });

test.each(["slow-down", "reset"] as const)(
  "one %s at the head of a still files its film nowhere else",
  async (fault) => {
    await using at = await filmAndStill();
    at.server.faults.arm({ fault, on: { op: "get", key: "a/IMG_0002.JPG" }, times: 1 });
    const ran = await at.mirror(...NAME);
    expect(pathsOf(ran)["a/IMG_0002.MOV"]).toBe("2012/06/IMG_0002.MOV");
    expect(ran.summary.requests.retried).toBe(1);
  },
);

test("a still that cannot be read today fails its film for today, and tomorrow both lie together", async () => {
  await using at = await filmAndStill();
  const armed = at.server.faults.arm({
    fault: "internal-error",
    on: { op: "get", key: "a/IMG_0002.JPG" },
    times: 100,
  });
  const ran = await at.mirror(...NAME);
  expect(ran.exit).toBe(3);
  expect(ran.summary.outcomes).toMatchObject({ stored: 0, failed: 2 });
  const film = ran.photos.find(({ key }) => key === "a/IMG_0002.MOV");
  expect(film?.reason).toContain("a/IMG_0002.JPG, which lies beside it and tells its name or date");
  armed.disarm();
  const next = await at.mirror(...NAME);
  expect(next.exit).toBe(0);
  expect(pathsOf(next)).toEqual({
    "a/IMG_0002.MOV": "2012/06/IMG_0002.MOV",
    "a/IMG_0002.JPG": "2012/06/IMG_0002.JPG",
  });
}, 120_000);

test("one refusal of a sidecar costs its photo no date", async () => {
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:DateTimeOriginal="2012-06-28T14:03:22"/></rdf:RDF></x:xmpmeta>`;
  await using at = await rig({}, (server) => {
    server.bucket("photos").put("IMG_1.JPG", still());
    server.bucket("photos").put("IMG_1.JPG.xmp", Buffer.from(xmp), { modified: "2030-01-01T00:00:00.000Z" });
  });
  at.server.faults.arm({ fault: "slow-down", on: { op: "get", key: "IMG_1.JPG.xmp" }, times: 1 });
  const ran = await at.mirror(...NAME);
  expect(pathsOf(ran)).toEqual({
    "IMG_1.JPG": "2012/06/IMG_1.JPG",
    "IMG_1.JPG.xmp": "2012/06/IMG_1.JPG.xmp",
  });
});

test.each(["1", "8"])("a photo alone keeps its sidecars beside it in a first run, %s at once", async (atOnce) => {
  await using at = await rig({}, (server) => {
    for (let n = 0; n < 12; n += 1) {
      const shown = jpegFile(blankPicture(16 + n, 24), {
        exif: exifBlock({ dateTimeOriginal: "2012:06:28 14:03:22" }),
      });
      const early = { modified: `2015-01-01T00:00:${10 + n}.000Z` };
      const late = { modified: `2016-01-01T00:00:${10 + n}.000Z` };
      server.bucket("photos").put(`IMG_${n}.JPG`, shown, n % 2 === 0 ? early : late);
      server
        .bucket("photos")
        .put(`IMG_${n}.JPG.xmp`, Buffer.from(`<x n="${n}"/>`.padEnd(500)), n % 2 === 0 ? late : early);
      server.bucket("photos").put(`IMG_${n}.AAE`, Buffer.from(`<plist n="${n}"/>`.padEnd(500)), early);
    }
  });
  const ran = await at.mirror("--name", "{yyyy}/{name}.{ext}", "--concurrency", atOnce);
  expect(ran.exit).toBe(0);
  for (const [key, path] of Object.entries(pathsOf(ran))) expect(path).toBe(`2012/${key}`);
});
