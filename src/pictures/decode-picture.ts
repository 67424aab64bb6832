/**
 * Decodes a picture, small, for comparing or for a thumbnail. The only user of sharp and libheif-js; runs in a child
 * process, since these bytes come from outside and the decoders are not JavaScript. Both are optional packages: without
 * them nothing decodes.
 */

import { createRequire } from "node:module";
import { type Planes, planesOf } from "./planes.ts";

/** Why a picture is not decoded; `missing`: the decoder is not installed. */
export type NotDecoded = "missing" | "kind" | "damaged" | "too large";

/** A PNG of 30,000 × 30,000 pixels is refused before it is decoded, a camera's 102 megapixels are not. */
const MOST_PIXELS = 150_000_000;
/** libheif keeps the whole picture several times over: 12 megapixels take 270 MB (measured). */
const MOST_HEIC_PIXELS = 30_000_000;
const SECONDS = 12;
/** What sharp may read; RAW files end up in its TIFF reader, which shows their thumbnail. */
const LOADERS = ["Jpeg", "Png", "Webp", "Nsgif", "Heif", "Tiff"] as const;
/** Brands of HEIF that are coded with HEVC, which sharp's own build does not decode (ISO/IEC 23008-12, annex B). */
const HEVC = /^(?:heic|heix|hevc|hevx|heim|heis|mif1|msf1)$/;

type Sharp = typeof import("sharp").default;
let loaded: Sharp | null = null;

/** @throws where sharp is not installed, or not for this system */
async function loadSharp(): Promise<Sharp> {
  if (loaded !== null) return loaded;
  const { default: sharp } = await import("sharp");
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: LOADERS.map((kind) => `VipsForeignLoad${kind}`) });
  loaded = sharp;
  return sharp;
}

/**
 * @param bytes of a whole file, whatever it is named
 * @param side the longest side wanted, pixels
 * @returns the picture as stored, or why there is none. Never throws
 */
export async function decodePicture(bytes: Uint8Array, side: number): Promise<Planes | NotDecoded> {
  return reading(bytes, async ({ picture, full, orientation }) => {
    const { data, info } = await smaller(picture, side).raw().toBuffer({ resolveWithObject: true });
    return planesOf(threeChannels(data, info.channels), info, full, orientation);
  });
}

/** At which a thumbnail of 320 pixels takes some 12 kB. */
const THUMBNAIL_QUALITY = 74;

/**
 * @param bytes as for `decodePicture`
 * @returns a JPEG, upright, that says nothing but the picture; or why there is none. Never throws
 */
export async function thumbnailOf(bytes: Uint8Array, side: number): Promise<Uint8Array | NotDecoded> {
  return reading(bytes, ({ picture }) =>
    smaller(picture.autoOrient(), side).jpeg({ quality: THUMBNAIL_QUALITY }).toBuffer(),
  );
}

interface Opened {
  readonly picture: import("sharp").Sharp;
  readonly full: { readonly width: number; readonly height: number };
  /** EXIF orientation of what `picture` gives; 1 where it is upright. */
  readonly orientation: number;
}

async function reading<T>(bytes: Uint8Array, use: (opened: Opened) => Promise<T>): Promise<T | NotDecoded> {
  let sharp: Sharp;
  try {
    sharp = await loadSharp();
  } catch {
    return "missing";
  }
  try {
    const opened = isHevc(bytes) ? await openHeic(sharp, bytes) : await openPlain(sharp, bytes);
    return typeof opened === "string" ? opened : await use(opened);
  } catch (error) {
    const said = error instanceof Error ? error.message : "";
    if (/pixel limit/i.test(said)) return "too large";
    return /unsupported image format|blocked/i.test(said) ? "kind" : "damaged";
  }
}

async function openPlain(sharp: Sharp, bytes: Uint8Array): Promise<Opened | NotDecoded> {
  // A file that was cut would be grey where it ends, and thus another picture.
  const picture = sharp(bytes, {
    limitInputPixels: MOST_PIXELS,
    failOn: "truncated",
    sequentialRead: true,
  });
  const { width, height, orientation = 1, subifds = 0, format } = await picture.metadata();
  // A TIFF with pictures in sub-directories is a RAW file, and what would be decoded its thumbnail.
  if (format === "tiff" && subifds > 0) return "kind";
  return { picture, full: { width, height }, orientation };
}

function smaller(picture: import("sharp").Sharp, side: number): import("sharp").Sharp {
  return picture
    .resize(side, side, { fit: "inside", withoutEnlargement: true, kernel: "cubic" })
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb")
    .timeout({ seconds: SECONDS });
}

function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const rgb = new Uint8Array((data.length / channels) * 3);
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  for (let from = 0, to = 0; from < data.length; from += channels, to += 3) {
    rgb[to] = data[from] ?? 0;
    rgb[to + 1] = data[from + green] ?? 0;
    rgb[to + 2] = data[from + blue] ?? 0;
  }
  return rgb;
}

function isHevc(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64));
  if (start.toString("latin1", 4, 8) !== "ftyp") return false;
  const end = Math.min(start.length, start.readUInt32BE(0));
  const brands: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) brands.push(start.toString("latin1", at, at + 4));
  return !brands.includes("avif") && brands.some((brand) => HEVC.test(brand));
}

/** What is used of libheif-js, which declares no types for it. */
interface HeifImage {
  get_width(): number;
  get_height(): number;
  display(
    into: { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number },
    done: (image: unknown) => void,
  ): void;
}
interface Heif {
  HeifDecoder: new () => { decode(bytes: Uint8Array): HeifImage[] };
}

/** libheif turns the picture upright itself. */
async function openHeic(sharp: Sharp, bytes: Uint8Array): Promise<Opened | NotDecoded> {
  let heif: Heif;
  try {
    heif = createRequire(import.meta.url)("libheif-js/wasm-bundle") as Heif;
  } catch {
    return "kind";
  }
  const [image] = new heif.HeifDecoder().decode(bytes);
  if (image === undefined) return "damaged";
  const [width, height] = [image.get_width(), image.get_height()];
  if (width * height > MOST_HEIC_PIXELS) return "too large";
  const data = new Uint8ClampedArray(width * height * 4);
  const shown = await new Promise<unknown>((resolve) => image.display({ data, width, height }, resolve));
  if (shown === null) return "damaged";
  const raw = { width, height, channels: 4 as const };
  return { picture: sharp(data, { raw }), full: { width, height }, orientation: 1 };
}
