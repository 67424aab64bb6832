/** What services make of a photo is told as a copy of it: each row through the process that decodes. */

import type { Sharp } from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import type { PairVerdict } from "../../src/pictures/pair.ts";
import { createPictureComparer } from "../../src/pictures/picture-comparer.ts";
import { photoFile, raw, scene } from "./rendered.ts";

const comparer = createPictureComparer();
afterAll(() => comparer.close());
const { signal } = new AbortController();

async function compare(original: Buffer, rendition: Buffer): Promise<PairVerdict | null> {
  expect(await comparer.decode("o", "original", original, signal)).toBe(true);
  expect(await comparer.decode("r", "rendition", rendition, signal)).toBe(true);
  const verdict = await comparer.compare("o", "r", signal);
  await comparer.drop(["o", "r"]);
  return verdict;
}

const SAME = { verdict: "same", why: "whole or cut to shape" };

type Made = (photo: Sharp) => Sharp;
const inside = (photo: Sharp, side: number) => photo.resize(side, side, { fit: "inside" });
const fitting =
  (side: number): Made =>
  (photo) =>
    inside(photo, side);
const cut =
  (width: number, height: number, position = "centre"): Made =>
  (photo) =>
    photo.resize(width, height, { fit: "cover", position });
const bars =
  (width: number, height: number, background: string): Made =>
  (photo) =>
    photo.resize(width, height, { fit: "contain", background });

const MADE: readonly (readonly [what: string, make: Made])[] = [
  ["fits 64 pixels", fitting(64)],
  ["fits 100 pixels", fitting(100)],
  ["fits 150 pixels", fitting(150)],
  ["fits 256 pixels", fitting(256)],
  ["fits 320 pixels", fitting(320)],
  ["fits 512 pixels", fitting(512)],
  ["cut to a square of 75", cut(75, 75)],
  ["cut to a square of 150", cut(150, 150)],
  ["cut to a square of 300", cut(300, 300)],
  ["cut to 3:2", cut(300, 200)],
  ["cut to 16:9", cut(320, 180)],
  ["cut to a square at its left", cut(200, 200, "left")],
  ["cut to an upright shape", cut(160, 240)],
  ["between black bars", bars(240, 240, "#000000")],
  ["between white bars, upright", bars(160, 240, "#ffffff")],
  ["of quality 30", (photo) => inside(photo, 240).jpeg({ quality: 30 })],
  ["progressive", (photo) => inside(photo, 240).jpeg({ progressive: true })],
  ["PNG", (photo) => inside(photo, 200).png()],
  ["PNG of 64 colours", (photo) => inside(photo, 200).png({ palette: true, colours: 64 })],
  ["WebP", (photo) => inside(photo, 200).webp({ quality: 75 })],
  ["AVIF", (photo) => inside(photo, 200).avif({ quality: 50, effort: 2 })],
  ["GIF", (photo) => inside(photo, 200).gif()],
  ["TIFF", (photo) => inside(photo, 200).tiff()],
  ["sharpened", (photo) => inside(photo, 240).sharpen({ sigma: 0.7 })],
  ["a little lighter", (photo) => inside(photo, 240).modulate({ brightness: 1.12 })],
  ["of more contrast", (photo) => inside(photo, 240).linear(1.15, -12)],
  ["a little paler", (photo) => inside(photo, 240).modulate({ saturation: 0.7 })],
  ["Display P3", (photo) => inside(photo, 240).withIccProfile("p3")],
];

describe("a smaller copy is the same picture", () => {
  test.each(MADE)("%s", async (_, make) => {
    for (const nth of [0, 2, 3]) {
      const photo = await photoFile(scene(nth, 800, 600));
      const copy = make(raw(scene(nth, 800, 600)));
      const { format } = await copy
        .clone()
        .toBuffer({ resolveWithObject: true })
        .then((x) => x.info);
      const bytes = format === "raw" ? await copy.jpeg({ quality: 82 }).toBuffer() : await copy.toBuffer();
      expect(await compare(photo, bytes), `scene ${nth}`).toMatchObject(SAME);
    }
  });
});

describe("a photo that its EXIF turns", () => {
  const ORIENTATIONS = [2, 3, 4, 5, 6, 7, 8];
  const stored = (orientation: number) =>
    raw(scene(2, 800, 600))
      .jpeg({ quality: 92 })
      .withMetadata({ orientation })
      .toBuffer();

  test.each(ORIENTATIONS)("%i: a copy that was turned upright", async (orientation) => {
    const photo = await stored(orientation);
    const { default: sharp } = await import("sharp");
    const upright = await inside(sharp(photo).autoOrient(), 200).jpeg().toBuffer();
    expect(await compare(photo, upright)).toMatchObject(SAME);
  });

  test.each(ORIENTATIONS)("%i: a copy as stored, whose tag is lost or kept", async (orientation) => {
    const photo = await stored(orientation);
    const small = inside(raw(scene(2, 800, 600)), 200).jpeg();
    expect(await compare(photo, await small.clone().toBuffer())).toMatchObject(SAME);
    const kept = await small.withMetadata({ orientation }).toBuffer();
    expect(await compare(photo, kept)).toMatchObject(SAME);
  });
});

test("grey beside grey, and 16 bits", async () => {
  const grey = raw(scene(0, 800, 600)).greyscale();
  const photo = await grey.clone().jpeg().toBuffer();
  expect(await compare(photo, await inside(grey.clone(), 200).jpeg().toBuffer())).toMatchObject(SAME);
  const deep = await raw(scene(3, 800, 600))
    .toColourspace("rgb16")
    .png()
    .toBuffer();
  const copy = await inside(raw(scene(3, 800, 600)), 200)
    .jpeg()
    .toBuffer();
  expect(await compare(deep, copy)).toMatchObject(SAME);
});
