/** The picture itself, as far as the first bytes of a photo show it: how large it is, and the thumbnail that its camera made. */

import { expandedTags, type Format, fieldOf, formatOfHead } from "./head.ts";

/** Of a phone held upright the picture lies on its side, and only this tag of the photo says so (EXIF 2.32, 4.6.4 A). */
const UPRIGHT = 1;
/** From here on the tag tells of a picture that is turned by a quarter. */
const ON_ITS_SIDE = 5;
const MOST_PIXELS = 1_000_000;

export interface PictureHead {
  /** Pixels, as the photo is to be looked at; 0 where the head does not say it. */
  readonly width: number;
  readonly height: number;
  /**
   * The small JPEG that cameras embed in the EXIF of their photos, turned as the photo is, without anything that says where
   * or by whom it was taken; null where there is none.
   */
  readonly thumbnail: Buffer | null;
  /** False for films, most RAW files and what is unknown, of which nobody here could make a thumbnail. */
  readonly isPicture: boolean;
}

const PICTURES = new Set<Format>(["jpeg", "heif", "tiff", "webp", "png", "gif"]);

/**
 * Never throws: what cannot be read is not there.
 * @param head the first bytes of the photo; 128 KB hold the thumbnail of every camera
 */
export function pictureIn(head: Uint8Array): PictureHead {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const isPicture = PICTURES.has(formatOfHead(bytes));
  const tags = tagsIn(bytes);
  if (tags === null) return { width: 0, height: 0, thumbnail: null, isPicture };
  const width = sideIn(tags, ["Image Width", "ImageWidth", "PixelXDimension"]);
  const height = sideIn(tags, ["Image Height", "ImageHeight", "PixelYDimension"]);
  const known = width > 0 && height > 0;
  const [across, down] = turnOf(tags) >= ON_ITS_SIDE ? [height, width] : [width, height];
  const thumbnail = smallIn(tags);
  return {
    width: known ? across : 0,
    height: known ? down : 0,
    thumbnail: thumbnail && turned(bare(thumbnail), turnOf(tags)),
    isPicture,
  };
}

type Tags = Readonly<Record<string, unknown>>;

function tagsIn(bytes: Buffer): Tags | null {
  try {
    return { ...expandedTags(bytes) };
  } catch {
    return null;
  }
}

/** Each format has its own place for it; where the file says nothing of the kind, the camera may. */
const PLACES = ["file", "pngFile", "png", "riff", "gif", "jxl", "exif"];

function sideIn(tags: Tags, names: readonly string[]): number {
  for (const place of PLACES) {
    for (const name of names) {
      const value = fieldOf(fieldOf(tags[place], name), "value");
      if (typeof value === "number" && Number.isInteger(value) && value > 0 && value < MOST_PIXELS) return value;
    }
  }
  return 0;
}

function turnOf(tags: Tags): number {
  const turn = fieldOf(fieldOf(tags.exif, "Orientation"), "value");
  return typeof turn === "number" && turn > UPRIGHT && turn <= 8 ? turn : UPRIGHT;
}

function smallIn(tags: Tags): Buffer | null {
  const base64 = fieldOf(tags.Thumbnail, "base64");
  if (typeof base64 !== "string") return null;
  const image = Buffer.from(base64, "base64");
  return image.length > 4 && image.readUInt16BE(0) === 0xffd8 ? image : null;
}

/** The same JPEG with an APP1 that holds the orientation and nothing else, in front of all it had. */
function turned(jpeg: Buffer, orientation: number): Buffer {
  if (orientation === UPRIGHT) return jpeg;
  const tiff = Buffer.from("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0", "latin1");
  tiff.writeUInt16BE(orientation, 18);
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const marker = Buffer.from([0xff, 0xe1, 0, body.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), marker, body, jpeg.subarray(2)]);
}

/** What a decoder needs of the segments before the picture: JFIF, colours and Adobe's transform; all else is words. */
const NEEDED = new Set([0xe0, 0xe2, 0xee]);

/** The same JPEG without the segments that hold EXIF, XMP, IPTC and comments. What is not plain stays as it is. */
function bare(jpeg: Buffer): Buffer {
  const kept = [jpeg.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== 0xda) {
    const marker = jpeg.readUInt8(at + 1);
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    const isWords = (marker >= 0xe0 && marker <= 0xef && !NEEDED.has(marker)) || marker === 0xfe;
    if (!isWords) kept.push(jpeg.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, jpeg.subarray(at)]);
}
