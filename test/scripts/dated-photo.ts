/** A small JPEG that dates itself, so that a test about something else does not wait for ExifTool. */

import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { paintScene } from "../../fixtures/media/scene.ts";

const photo = jpegFile(paintScene(8, 8, { scene: "sea", seed: "plain", hour: 12 }), {
  exif: exifBlock({ dateTimeOriginal: "2012:06:28 14:03:22" }),
});

/** @param size in bytes, at least what the picture takes; the rest is `fill` */
export function datedPhoto(size: number, fill: string | number): Buffer {
  if (size < photo.length) throw new RangeError(`the picture takes ${photo.length} bytes`);
  return Buffer.concat([photo, Buffer.alloc(size - photo.length, fill)]);
}
