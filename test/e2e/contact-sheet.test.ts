/** The pictures of an HTML report, taken from the photos themselves. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { blankPicture, shrink } from "../../fixtures/media/picture.ts";
import { paintScene } from "../../fixtures/media/scene.ts";
import { longs, placeOf, shorts, tiffFile } from "../../fixtures/media/tiff.ts";
import { rig } from "../scripts/rig.ts";

/** Too large to be shown as it is. */
function large(picture: Buffer, bytes: number): Buffer {
  return Buffer.concat([picture, Buffer.alloc(bytes - picture.length, 7)]);
}

function original(nth: number): Buffer {
  const small = jpegFile(blankPicture(16, 12));
  const thumbnail = [shorts(0x0103, 6), placeOf(0x0201, small), longs(0x0202, small.length)];
  const exif = tiffFile("II", [shorts(0x0112, 1)], thumbnail);
  return large(jpegFile(scene(nth), { exif, quality: 88 }), 60_000 + 1000 * nth);
}

const scene = (nth: number) => paintScene(320, 240, { scene: "city", seed: `sheet ${nth}` });

const PHOTOS = Array.from({ length: 12 }, (_, nth) => ({ nth, name: `IMG_${1000 + nth}.jpg` }));

test("each family has pairs: the thumbnail in the original, the copy itself, or a smaller copy", async () => {
  await using at = await rig({}, () => undefined);
  const photos = join(at.folder, "bucket");
  const put = (key: string, bytes: Buffer) => {
    mkdirSync(dirname(join(photos, key)), { recursive: true });
    writeFileSync(join(photos, key), bytes);
  };
  for (const { nth, name } of PHOTOS) {
    put(`original/${name}`, original(nth));
    const half = shrink(scene(nth), 160);
    put(`large/${name}`, large(jpegFile(half), 30_000 + 400 * nth));
    put(`tile/${name}`, jpegFile(shrink(half, 80)));
  }
  const report = join(at.folder, "report.html");
  const pairsOf = (page: string) =>
    [...page.matchAll(/<b>(large|tile), [^<]*<\/b>(\S+?)<.*?<figcaption>(.*?)<\/figcaption>/g)].map(
      ([, family, key, note]) => ({ family, key, note }),
    );

  const first = await at.run(["inventory", photos, "--report", report]);
  expect(first.exit).toBe(0);
  const pairs = pairsOf(readFileSync(report, "utf8"));
  expect(pairs.filter(({ family }) => family === "tile")).toHaveLength(6);
  const [wide] = pairs.filter(({ family }) => family === "large");
  const name = wide?.key?.replace("large/", "");
  expect(wide?.note).toEqual(
    expect.stringMatching(
      `^the same picture \\(likeness [01]\\.\\d\\d\\); the original is shown by the thumbnail in it; the copy is shown by its copy tile/${name}$`,
    ),
  );
  const [small] = pairs.filter(({ family }) => family === "tile");
  expect(small?.note).toContain("the same picture (likeness ");

  // A later run infers nothing, and shows the same pairs.
  await at.run(["inventory", photos, "--report", report]);
  expect(pairsOf(readFileSync(report, "utf8"))).toEqual(pairs);
}, 60_000);

test("nothing is fetched for pictures where no HTML report was asked for", async () => {
  await using at = await rig();
  const line = ["inventory", "s3://photos", ...at.endpoint, "--json", "--report"];
  await at.run([...line, join(at.folder, "first.json")]);
  at.server.resetCounts();
  await at.run([...line, join(at.folder, "second.json")]);
  expect(at.server.counts.get).toBe(0);
  await at.run([...line, join(at.folder, "third.html")]);
  expect(at.server.counts.get).toBeGreaterThan(4);
}, 60_000);
