/**
 * The child process that decodes pictures, compares them and makes thumbnails, for picture-comparer.ts. What it decodes is
 * hostile until proven otherwise: it has no credentials in its environment, does one thing at a time, and ends itself where
 * it grows beyond its bound (the parent starts another one, and the picture counts as one that shows nothing).
 */

import { decodePicture, type NotDecoded, thumbnailOf } from "./decode-picture.ts";
import { comparePictures, type PairVerdict } from "./pair.ts";
import type { Planes } from "./planes.ts";

export type Ask =
  | {
      readonly ask: "decode";
      readonly name: string;
      readonly bytes: Uint8Array;
      readonly side: number;
    }
  | {
      readonly ask: "compare";
      readonly original: string;
      readonly rendition: string;
      readonly searches: boolean;
    }
  | { readonly ask: "drop"; readonly names: readonly string[] }
  | { readonly ask: "shrink"; readonly bytes: Uint8Array; readonly side: number };

export type Reply =
  | { readonly decoded: NotDecoded | "decoded" }
  | { readonly compared: PairVerdict | null }
  | { readonly dropped: true }
  | { readonly shrunk: Uint8Array | NotDecoded };

/** Ten camera photos of 12 to 24 megapixels took 191 MB, one progressive JPEG of 100 megapixels 384 MB (measured). */
const MOST_MEMORY = 450 * 1024 * 1024;
const LOOK_MS = 25;

const pictures = new Map<string, Planes>();

async function answer(ask: Ask): Promise<Reply> {
  if (ask.ask === "decode") {
    const picture = await decodePicture(ask.bytes, ask.side);
    if (typeof picture === "string") return { decoded: picture };
    pictures.set(ask.name, picture);
    return { decoded: "decoded" };
  }
  if (ask.ask === "compare") {
    const original = pictures.get(ask.original);
    const rendition = pictures.get(ask.rendition);
    const known = original !== undefined && rendition !== undefined;
    return { compared: known ? comparePictures(original, rendition, ask.searches) : null };
  }
  if (ask.ask === "shrink") return { shrunk: await thumbnailOf(ask.bytes, ask.side) };
  for (const name of ask.names) pictures.delete(name);
  return { dropped: true };
}

process.on("message", (ask: Ask) => {
  void answer(ask).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit(0));
setInterval(() => {
  if (process.memoryUsage.rss() > MOST_MEMORY) process.exit(1);
}, LOOK_MS);
