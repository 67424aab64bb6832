/** Files of lines that may end in the middle of one, or in what a power cut left. */

import { type FileHandle, open } from "node:fs/promises";

const WINDOW = 64 * 1024;
/** No line of ours is longer: a key has 1,024 bytes. */
const LONGEST_LINE = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The lines of a file, without their newline; what follows the last newline is left out. A file that an editor wrote
 * anew as UTF-16, or with a mark of its encoding in front, is read as what it is.
 * @param onRest told when something follows the last newline
 * @param onForm told when the file is not in plain UTF-8
 */
export async function* linesOf(file: string, onRest?: () => void, onForm?: () => void): AsyncGenerator<string> {
  const handle = await open(file, "r");
  try {
    const encoding = encodingOf(await read(handle, 0, 3));
    if (encoding !== null) onForm?.();
    yield* encoding === "utf-16le" || encoding === "utf-16be"
      ? decodedLines(handle, encoding, onRest)
      : plainLines(handle, encoding === null ? 0 : 3, onRest);
  } finally {
    await handle.close();
  }
}

async function* plainLines(handle: FileHandle, start: number, onRest?: () => void): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunksOf(handle, start)) {
    let data: Buffer = Buffer.concat([rest, chunk]);
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE)) {
      yield data.toString("utf8", 0, end);
      data = data.subarray(end + 1);
    }
    // A line that long is none of ours; its beginning is enough to show that it is broken.
    rest = data.subarray(0, LONGEST_LINE);
  }
  if (rest.length > 0) onRest?.();
}

async function* decodedLines(
  handle: FileHandle,
  encoding: "utf-16le" | "utf-16be",
  onRest?: () => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  let rest = "";
  for await (const chunk of chunksOf(handle, 0)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
    yield* lines;
  }
  if (rest !== "") onRest?.();
}

function chunksOf(handle: FileHandle, start: number): AsyncIterable<Buffer> {
  return handle.createReadStream({ autoClose: false, highWaterMark: WINDOW, start });
}

/** By the mark at its beginning; null for plain UTF-8. */
function encodingOf(start: Buffer): "utf-8" | "utf-16le" | "utf-16be" | null {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  return start.equals(Buffer.from([0xef, 0xbb, 0xbf])) ? "utf-8" : null;
}

/** Where the last line ends, within so many bytes, that is whole and good; 0 where none is. */
export async function goodEnd(handle: FileHandle, size: number, isGood: (line: string) => boolean): Promise<number> {
  for (let end = size; end > 0; ) {
    const start = await lastLineStart(handle, end);
    const length = end - start;
    if (length <= LONGEST_LINE) {
      const line = await read(handle, start, length);
      if (line.at(-1) === NEWLINE && isGood(line.toString("utf8", 0, length - 1))) return end;
    }
    end = start;
  }
  return 0;
}

/** Where the last line before `end` begins; its own newline, if any, is the byte before `end`. */
async function lastLineStart(handle: FileHandle, end: number): Promise<number> {
  for (let upto = end - 1; upto > 0; ) {
    const from = Math.max(0, upto - WINDOW);
    const window = await read(handle, from, upto - from);
    const newline = window.lastIndexOf(NEWLINE);
    if (newline >= 0) return from + newline + 1;
    upto = from;
  }
  return 0;
}

async function read(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
