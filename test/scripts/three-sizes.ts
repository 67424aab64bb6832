/** Photos as a service keeps them: the original and two copies of it, real enough for their pictures to be compared. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { shrink } from "../../fixtures/media/picture.ts";
import { paintScene, SCENES } from "../../fixtures/media/scene.ts";

export interface ThreeSizes {
  readonly original: Buffer;
  /** Half of its width, and a quarter. */
  readonly large: Buffer;
  readonly tile: Buffer;
}

/** @param nth decides what the picture shows; never two alike. @param software what its copies say that wrote them */
export function threeSizes(nth: number, software?: string): ThreeSizes {
  const scene = SCENES[nth % SCENES.length] ?? "sea";
  const picture = paintScene(320, 240, { scene, seed: `photo ${nth}`, hour: 8 + (nth % 9) });
  const dateTimeOriginal = `2012:06:${String(1 + (nth % 28)).padStart(2, "0")} 14:03:22`;
  const half = shrink(picture, 160);
  const exif = software === undefined ? {} : { exif: exifBlock({ software, dateTimeOriginal }) };
  return {
    original: jpegFile(picture, { exif: exifBlock({ dateTimeOriginal }), quality: 88 }),
    large: jpegFile(half, { quality: 74, ...exif }),
    tile: jpegFile(shrink(half, 80), { quality: 62, ...exif }),
  };
}

/** For tests about something else, whose bodies are no pictures: the options that name `original/`, `large/`, `tile/`. */
export function namedSizes(folder: string): readonly string[] {
  const file = join(folder, "three-sizes.json");
  const directory = (word: string) => ({ directory: { from: "left", at: 0, word } });
  const tokens = [
    { family: "original", role: "original", ...directory("original") },
    { family: "large", role: "rendition", ...directory("large") },
    { family: "tile", role: "rendition", ...directory("tile") },
  ];
  writeFileSync(file, JSON.stringify({ id: "three-sizes", tokens }));
  return ["--layout", file];
}
