/** Maker notes that hold a zone, as Nikon and Canon write them (ExifTool's Nikon.pm and Canon.pm). */

import { type ExifTags, exifBlock } from "../../fixtures/media/exif.ts";
import { type ByteOrder, longs, opaque, tiffFile } from "../../fixtures/media/tiff.ts";

const MAKER_NOTE = 0x927c;

/** A signed number of 16 bits. */
export function word(order: ByteOrder, value: number): Buffer {
  const bytes = Buffer.alloc(2);
  if (order === "II") bytes.writeInt16LE(value);
  else bytes.writeInt16BE(value);
  return bytes;
}

/** @param minutes east of UTC in winter. @param order of the notes, which need not be that of the block */
export function nikonBlock(
  tags: ExifTags,
  { minutes, summer, order = "MM" }: { minutes: number; summer: boolean; order?: ByteOrder },
): Buffer {
  const world = Buffer.concat([word(order, minutes), Buffer.from([summer ? 1 : 0, 0])]);
  const own = tiffFile(order, [opaque(0x0001, Buffer.from("0210")), opaque(0x0024, world)]);
  const notes = Buffer.concat([Buffer.from("Nikon\0\x02\x10\0\0", "latin1"), own]);
  return withNotes({ make: "NIKON CORPORATION", model: "NIKON D300", ...tags }, notes);
}

/** @param minutes east of UTC, the hour of summer among them. @param city 20 is Paris, 0 none */
export function canonBlock(
  tags: ExifTags,
  { minutes, summer, city = 20 }: { minutes: number; summer: boolean; city?: number },
): Buffer {
  const order = tags.order ?? "II";
  const info = [16, minutes >>> 0, city, summer ? 60 : 0];
  const camera = { make: "Canon", model: "Canon EOS-1D X", ...tags };
  // The directory without the header of a file; its offsets count from the header of the block, which is looked for.
  const notes = tiffFile(order, [longs(0x0010, 0x80000269), longs(0x0035, ...info)]).subarray(8);
  const shift = withNotes(camera, notes).indexOf(notes) - 8;
  const moved = Buffer.from(notes);
  const at = 2 + 12 + 8;
  if (order === "II") moved.writeUInt32LE(moved.readUInt32LE(at) + shift, at);
  else moved.writeUInt32BE(moved.readUInt32BE(at) + shift, at);
  return withNotes(camera, moved);
}

function withNotes(tags: ExifTags, notes: Buffer): Buffer {
  return exifBlock({ ...tags, more: { exif: [opaque(MAKER_NOTE, notes)] } });
}
