/** Where keys are ids, what the store notes of a photo names it. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { blankPicture } from "../../fixtures/media/picture.ts";
import { rig } from "./rig.ts";

const PHOTO = jpegFile(blankPicture(96, 64));

test("{name} is the noted name where the key is an id, and else what the key says", async () => {
  await using at = await rig({}, (server) => {
    const bucket = server.bucket("photos");
    const noted = { contentDisposition: 'inline; filename="IMG_20120628_140322.JPG"' };
    bucket.put("a/k9x2mv7qh4w8z1rt5yb3n6pc0dfj", PHOTO, noted);
    bucket.put("a/4c1f09ab77e2d0319e.jpg", PHOTO);
    bucket.put("a/beach.jpg", PHOTO, noted);
  });
  const { summary, photos } = await at.mirror("--name", "{dir}/{name}.{ext}");
  expect(summary).toMatchObject({ exit: 0, outcomes: { stored: 3 } });
  expect(new Set(photos.map(({ path }) => path))).toEqual(
    new Set(["a/4c1f09ab77e2d0319e.jpg", "a/IMG_20120628_140322.JPG", "a/beach.jpg"]),
  );
  expect(existsSync(join(at.folder, "photos", "a", "IMG_20120628_140322.JPG"))).toBe(true);
  expect((await at.mirror("--name", "{dir}/{name}.{ext}")).summary.outcomes.already).toBe(3);
}, 60_000);
