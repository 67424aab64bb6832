/**
 * The buckets of the benchmark. A bucket is a rule, not a store: the key of every index in byte order, and
 * for some the bytes. So ten million keys cost the server no memory, and a page costs what writing it costs.
 */

import { Photos } from "./picture.ts";

export interface Bucket {
  readonly count: number;
  /** Strictly rising with the index, compared as UTF-8 bytes. */
  key(index: number): string;
  size(index: number): number;
  etag(index: number): string;
  /** The body in pieces; null where the bucket is for listing only. */
  pieces(index: number): readonly Buffer[] | null;
}

export const PHOTOS = 33_334;
export const LARGE_FILES = 500;
export const HUGE_FILES = 4;
const FOLDER = 334;

/** Each photo as the original (45 kB) and two renditions, as a service would keep them. */
function renderedPhotos(): Bucket {
  const families = [
    { name: "large", photos: new Photos(14_000) },
    { name: "original", photos: new Photos(45_000) },
    { name: "tile", photos: new Photos(3_000) },
  ].map((family) => ({ ...family, etags: [] as string[] }));
  const of = (index: number) => {
    const family = families[Math.floor(index / PHOTOS)];
    if (family === undefined) throw new Error(`no key ${index}`);
    return { ...family, at: index % PHOTOS };
  };
  return {
    count: families.length * PHOTOS,
    key: (index) => {
      const { name, at } = of(index);
      return `${name}/${pad(Math.floor(at / FOLDER), 3)}/IMG_${pad(at, 6)}.jpg`;
    },
    size: (index) => of(index).photos.size,
    etag: (index) => {
      const { photos, etags, at } = of(index);
      etags[at] ??= photos.md5(at);
      return etags[at];
    },
    pieces: (index) => {
      const { photos, at } = of(index);
      return photos.pieces(at);
    },
  };
}

function largeFiles(count: number, size: number): Bucket {
  const photos = new Photos(size, 1);
  return {
    count,
    key: (index) => `original/IMG_${pad(index, 6)}.jpg`,
    size: () => photos.size,
    etag: (index) => photos.md5(index),
    pieces: (index) => photos.pieces(index),
  };
}

function listingOnly(count: number, key: (index: number) => string): Bucket {
  return {
    count,
    key,
    size: () => 45_000,
    etag: (index) => scatter(index).repeat(4),
    pieces: () => null,
  };
}

/** Random hex names in one flat folder: the index spread over 40 bits, then noise. */
function hex(count: number): Bucket {
  const step = 2 ** 40 / count;
  return listingOnly(count, (index) => {
    const lead = Math.floor(index * step).toString(16);
    return `${lead.padStart(10, "0")}${scatter(index)}${scatter(index + count)}.jpg`;
  });
}

/** A folder a day over 27 years. */
function dates(count: number): Bucket {
  const days = 10_000;
  const each = Math.ceil(count / days);
  return listingOnly(count, (index) => {
    const day = new Date(Date.UTC(1999, 0, 1) + Math.floor(index / each) * 86_400_000);
    const folder = day.toISOString().slice(0, 10).replaceAll("-", "/");
    return `archive/${folder}/IMG_${pad(index % each, 5)}.jpg`;
  });
}

/** Nine keys of ten under one prefix, and under that mostly one number range. */
function lopsided(count: number): Bucket {
  return listingOnly(count, (index) => {
    const share = index / count;
    const prefix = share < 0.05 ? "backup" : share < 0.95 ? "users/7/photos" : "zips";
    return `${prefix}/DSC${pad(index, 9)}.jpg`;
  });
}

/** Folders whose order in bytes is not that of UTF-16: U+FF21 comes before U+1F600. */
function unicode(count: number): Bucket {
  const folders = ["Sommer é", "Übung", "Фото", "休日の写真", "Ａ", "🏔️ Alpen", "😀 Fest"];
  return listingOnly(count, (index) => {
    const folder = folders[Math.floor((index * folders.length) / count)] ?? "";
    return `${folder}/写真 ${pad(index, 8)} 📷.jpg`;
  });
}

/** Eight hex digits that look random and depend on the index only. */
function scatter(index: number): string {
  let bits = Math.imul(index ^ (index >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return ((bits ^ (bits >>> 15)) >>> 0).toString(16).padStart(8, "0");
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

/** By name; those for listing take their number of keys after a dash: `hex-1000000`. */
export function openBucket(name: string): Bucket | null {
  const [shape, count = "1000000"] = name.split("-");
  const keys = Number(count);
  switch (shape) {
    case "photos":
      return renderedPhotos();
    case "large":
      return largeFiles(LARGE_FILES, 8_000_000);
    case "huge":
      return largeFiles(HUGE_FILES, 256_000_000);
    case "hex":
      return hex(keys);
    case "dates":
      return dates(keys);
    case "lopsided":
      return lopsided(keys);
    case "unicode":
      return unicode(keys);
    default:
      return null;
  }
}
