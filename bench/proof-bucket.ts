/**
 * A bucket whose pictures are pictures, so that they can be compared: painted scenes as a camera and a service would
 * store them. Made before the server listens; unlike the others it is held in memory.
 */

import { createHash } from "node:crypto";
import sharp from "sharp";
import { paintScene, SCENES } from "../fixtures/media/scene.ts";
import type { Bucket } from "./buckets.ts";

/** Enough for the thirty pairs of a family, and some that are not looked at. */
export const PROOF_PHOTOS = 32;

/** How the originals are stored: about 45 kB, or 8 MB as a camera of 12 megapixels writes them at its finest. */
const ORIGINALS: Readonly<Record<string, Form>> = {
  small: { width: 640, height: 480, quality: 78 },
  large: { width: 4000, height: 3000, quality: 98 },
};

interface Form {
  readonly width: number;
  readonly height: number;
  readonly quality: number;
}

interface Entry {
  readonly key: string;
  readonly body: Buffer;
  readonly etag: string;
}

/** @param kind `small` or `large` */
export async function proofBucket(kind: string): Promise<Bucket> {
  const form = ORIGINALS[kind];
  if (form === undefined) throw new Error(`no pictures of the kind ${kind}`);
  const grain = kind === "large" ? await grainOf(form) : null;
  const entries: Entry[] = [];
  for (let nth = 0; nth < PROOF_PHOTOS; nth += 1) {
    const name = `IMG_${String(nth).padStart(6, "0")}.jpg`;
    const photo = await original(nth, { ...form, grain });
    const copy = (side: number, quality: number) =>
      sharp(photo).resize(side, side, { fit: "inside" }).jpeg({ quality }).toBuffer();
    entries.push(entry(`original/${name}`, photo));
    entries.push(entry(`large/${name}`, await copy(Math.min(512, form.width / 2), 80)));
    entries.push(entry(`tile/${name}`, await copy(150, 75)));
  }
  entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  const at = (index: number) => {
    const found = entries[index];
    if (found === undefined) throw new Error(`no key ${index}`);
    return found;
  };
  return {
    count: entries.length,
    key: (index) => at(index).key,
    size: (index) => at(index).body.length,
    etag: (index) => at(index).etag,
    pieces: (index) => [at(index).body],
  };
}

function entry(key: string, body: Buffer): Entry {
  return { key, body, etag: createHash("md5").update(body).digest("hex") };
}

/** Painted at a size that takes no minute, then as large as it is wanted, with the noise that fills a camera's file. */
async function original(
  nth: number,
  { width, height, quality, grain }: Form & { readonly grain: Buffer | null },
): Promise<Buffer> {
  const scene = SCENES[nth % SCENES.length] ?? "sea";
  const painted = paintScene(640, 480, { scene, seed: `proof ${nth}`, hour: 8 + (nth % 9) });
  const raw = { width: painted.width, height: painted.height, channels: 3 } as const;
  const picture = sharp(painted.rgb, { raw }).resize(width, height, { kernel: "cubic" });
  if (grain === null) return picture.jpeg({ quality }).toBuffer();
  const grained = {
    input: grain,
    raw: { width, height, channels: 3 },
    blend: "soft-light",
  } as const;
  return picture.composite([grained]).jpeg({ quality }).toBuffer();
}

/** One noise for all: making it takes longer than all else. */
function grainOf({ width, height }: Form): Promise<Buffer> {
  const noise = { type: "gaussian", mean: 128, sigma: 20 } as const;
  return sharp({ create: { width, height, channels: 3, background: "#808080", noise } })
    .raw()
    .toBuffer();
}
