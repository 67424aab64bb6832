/** Pictures as files, as services make them: by the library that most of them use. */

import sharp, { type Sharp } from "sharp";
import type { Picture } from "../../fixtures/media/picture.ts";
import { paintScene, SCENES } from "../../fixtures/media/scene.ts";
import { decodePicture } from "../../src/pictures/decode-picture.ts";
import { comparePictures } from "../../src/pictures/pair.ts";
import type { Planes } from "../../src/pictures/planes.ts";

/** Different ones for different numbers. */
export function scene(nth: number, width = 640, height = 480): Picture {
  const name = SCENES[nth % SCENES.length] ?? "sea";
  return paintScene(width, height, { scene: name, seed: `rendered ${nth}`, hour: 8 + (nth % 9) });
}

/** A picture for sharp to work on. */
export function raw({ rgb, width, height }: Picture): Sharp {
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

/** As a camera writes it. */
export function photoFile(picture: Picture): Promise<Buffer> {
  return raw(picture).jpeg({ quality: 92 }).toBuffer();
}

/** In this process, from whole files, at the sizes at which photohaul looks at them. */
export async function original(picture: Picture): Promise<Planes> {
  return decoded(await photoFile(picture), 1024);
}

/** Made smaller as a thumbnail is. */
export async function thumbnail(picture: Picture, side = 200): Promise<Planes> {
  const { width, height } = picture;
  const small = raw(picture).resize(side, side, { fit: "inside" });
  return decoded(await small.jpeg({ quality: 80 }).toBuffer(), Math.min(512, width, height));
}

/** @throws Error where it cannot be decoded */
export async function decoded(file: Buffer, side: number): Promise<Planes> {
  const picture = await decodePicture(file, side);
  if (typeof picture === "string") throw new Error(`not decoded: ${picture}`);
  return picture;
}

/** How often a thumbnail of one is told as a copy of the other, with the reasons. */
export async function verdicts(
  pairs: readonly (readonly [of: Picture, beside: Picture])[],
  side = 200,
): Promise<string[]> {
  const found: string[] = [];
  for (const [of, beside] of pairs) {
    const { verdict, why } = comparePictures(await original(beside), await thumbnail(of, side));
    found.push(verdict === "undecided" ? why : verdict);
  }
  return found;
}

/** How many of them are that one. */
export const count = (all: readonly string[], one: string) => all.filter((other) => other === one).length;
export const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];
