/** Gives the keys of generated layouts pictures: what each shows is painted, and each copy is made from its original. */

import sharp, { type Sharp } from "sharp";
import { paintScene, SCENES } from "../../fixtures/media/scene.ts";
import type { Listed } from "../../src/model.ts";
import type { Source } from "../../src/stores/source.ts";
import type { Copy, Made } from "./generated-layouts.ts";

export interface PicturedBucket {
  readonly listing: readonly Listed[];
  readonly source: Source;
  /** How often each key was opened. */
  readonly opened: ReadonlyMap<string, number>;
}

/** Painted once for all buckets of a process: the picture that a word stands for, as raw RGB. */
const painted = new Map<string, Buffer>();
const SIZE = { width: 320, height: 240 };

function paint(seed: string): Buffer {
  let rgb = painted.get(seed);
  if (rgb === undefined) {
    const nth = Number.parseInt(seed.replaceAll(/\D/g, "").slice(-6) || "0", 10) + seed.length;
    const scene = SCENES[nth % SCENES.length] ?? "sea";
    const hour = 8 + (nth % 9);
    rgb = Buffer.from(paintScene(SIZE.width, SIZE.height, { scene, seed, hour }).rgb);
    if (painted.size > 2000) painted.clear();
    painted.set(seed, rgb);
  }
  return rgb;
}

/** Words after the name of a picture that say how its scene was taken otherwise. */
const TAKES: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  enhanced: (picture) => picture.modulate({ brightness: 1.1, saturation: 1.3 }),
  detail: (picture) => picture.extract({ left: 120, top: 70, width: 110, height: 82 }),
  zoom: (picture) => picture.extract({ left: 110, top: 80, width: 100, height: 75 }).resize(240, 180),
  warmth: (picture) => picture.greyscale().tint("#ff8800"),
};

/** What an original shows, at a size that goes with its megapixels. */
function original({ shows, megapixels }: Made): Sharp {
  const [, scene = shows, take = ""] = /^(.*?)(?: (enhanced|detail|zoom|warmth))?$/.exec(shows) ?? [];
  const picture = sharp(paint(scene), { raw: { ...SIZE, channels: 3 } });
  const taken = TAKES[take]?.(picture);
  if (taken !== undefined) return taken;
  const width = Math.round(Math.min(480, Math.max(240, 320 * Math.sqrt(megapixels / 12))));
  return picture.resize(width);
}

/** As services make copies: never larger than the original. */
function shrink(picture: Sharp, copy: Copy): Sharp {
  const side = (pixels: number) => Math.min(200, Math.max(72, Math.round(pixels / 6)));
  return copy.how === "fit"
    ? picture.resize(side(copy.pixels), side(copy.pixels), { fit: "inside" })
    : picture.resize(side(copy.width), side(copy.height), { fit: "cover" });
}

async function fileOf(made: Made): Promise<Buffer> {
  const whole = original(made);
  if (made.copy === null) return encode(whole, made.key, 90);
  const bytes = await whole.png().toBuffer();
  return encode(shrink(sharp(bytes), made.copy), made.key, 72);
}

function encode(picture: Sharp, key: string, quality: number): Promise<Buffer> {
  if (/\.png$/i.test(key)) return picture.png().toBuffer();
  if (/\.webp$/i.test(key)) return picture.webp({ quality }).toBuffer();
  if (/\.tiff?$/i.test(key)) return picture.tiff().toBuffer();
  return picture.jpeg({ quality }).toBuffer();
}

/**
 * A bucket whose bodies are made when they are asked for.
 * @param bytes of a key in the listing; absent: those of its body, which is made for that
 */
export async function picturedBucket(all: readonly Made[], bytes?: (made: Made) => number): Promise<PicturedBucket> {
  const made = new Map(all.map((one) => [one.key, one]));
  const opened = new Map<string, number>();
  const bodies = new Map<string, Buffer>();
  const listing: Listed[] = [];
  for (const one of made.values()) {
    if (bytes === undefined) bodies.set(one.key, await fileOf(one));
    const size = bytes?.(one) ?? bodies.get(one.key)?.length ?? 0;
    const modified = "2020-01-01T00:00:00.000Z";
    listing.push({ key: one.key, size, etag: one.key, modified, storageClass: "STANDARD" });
  }
  listing.sort((a, b) => (a.key < b.key ? -1 : 1));
  const open: Source["open"] = async ({ key }) => {
    const one = made.get(key);
    if (one === undefined) throw new Error(`no such key: ${key}`);
    opened.set(key, (opened.get(key) ?? 0) + 1);
    const body = bodies.get(key) ?? (await fileOf(one));
    const head = {
      size: body.length,
      etag: key,
      modified: "",
      contentType: "",
      contentDisposition: "",
    };
    return {
      head: { ...head, metadata: {}, checksums: {} },
      bytes: (async function* () {
        yield Uint8Array.from(body);
      })(),
    };
  };
  const requests = { list: 0, get: 0, head: 0, retried: 0 };
  const source = {
    name: "pictures",
    requests,
    async *list() {},
    open,
    close: async () => undefined,
  };
  return { listing, source, opened };
}
