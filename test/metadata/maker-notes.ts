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

/**
 * @param minutes east of UTC, the hour of summer among them
 * @param city 20 is Paris, 0 none
 * @param moved whether a program wrote the photo again and left the offsets as they were; the notes end with the place
 * where they began, or with nothing that tells it
 */
export function canonBlock(
  tags: ExifTags,
  { minutes, city = 20, moved }: { minutes: number; city?: number; moved?: "footer" | "no footer" },
): Buffer {
  const camera = { make: "Canon", model: "Canon EOS-1D X", ...tags };
  const info = [16, minutes >>> 0, city, 0];
  // The directory without the header of a file; its offsets count from the header of the block, which is looked for.
  const directory = tiffFile("II", [longs(0x0010, 0x80000269), longs(0x0035, ...info)]).subarray(8);
  const footer = Buffer.from("II*\0\0\0\0\0", "latin1");
  const notes = Buffer.concat([directory, moved === "no footer" ? Buffer.alloc(0) : footer]);
  const place = withNotes(camera, notes).indexOf(directory) - (moved === undefined ? 0 : 128);
  const at = 2 + 12 + 8;
  notes.writeUInt32LE(notes.readUInt32LE(at) - 8 + place, at);
  if (moved !== "no footer") notes.writeUInt32LE(place, notes.length - 4);
  return withNotes(camera, notes);
}

function withNotes(tags: ExifTags, notes: Buffer): Buffer {
  return exifBlock({ ...tags, more: { exif: [opaque(MAKER_NOTE, notes)] } });
}
