/** The small picture that cameras embed in their photos, for pages that show a photo without fetching it. */

import exifReader from "exifreader";

// oxlint-disable-next-line import/no-named-as-default-member -- CommonJS: Node finds no export in it but the default
const { load: readTags } = exifReader;

/** Of a phone held upright the picture lies on its side, and only this tag of the photo says so (EXIF 2.32, 4.6.4 A). */
const UPRIGHT = 1;

/**
 * The JPEG in the EXIF of a photo, turned as the photo is; null where there is none.
 * @param head the first bytes of the photo; 128 KB hold the thumbnail of every camera
 */
export function thumbnailIn(head: Uint8Array): Buffer | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const { warn } = console;
  try {
    console.warn = () => undefined;
    const { Thumbnail, exif } = readTags(bytes, { expanded: true });
    if (Thumbnail === undefined) return null;
    const image = Buffer.from(Thumbnail.base64, "base64");
    if (image.readUInt16BE(0) !== 0xffd8) return null;
    const turn = exif?.Orientation?.value ?? UPRIGHT;
    return typeof turn === "number" && turn > UPRIGHT && turn <= 8 ? turned(image, turn) : image;
  } catch {
    return null;
  } finally {
    console.warn = warn;
  }
}

/** The same JPEG with an APP1 that holds the orientation and nothing else, in front of all it had. */
function turned(jpeg: Buffer, orientation: number): Buffer {
  const tiff = Buffer.from("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0", "latin1");
  tiff.writeUInt16BE(orientation, 18);
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const marker = Buffer.from([0xff, 0xe1, 0, body.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), marker, body, jpeg.subarray(2)]);
}
