/** Files of lines that may end in the middle of one, or in what a power cut left: read and mended. */

import { type FileHandle, open } from "node:fs/promises";

const WINDOW = 64 * 1024;
/** No line of ours is longer: a key has 1,024 bytes. */
const LONGEST_LINE = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The lines of a file, without their newline; what follows the last newline is left out.
 * @param onRest told when something does
 */
export async function* linesOf(file: string, onRest?: () => void): AsyncGenerator<string> {
  const handle = await open(file, "r");
  try {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of handle.createReadStream({
      autoClose: false,
      highWaterMark: WINDOW,
    })) {
      let data: Buffer = Buffer.concat([rest, chunk]);
      for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE)) {
        yield data.toString("utf8", 0, end);
        data = data.subarray(end + 1);
      }
      // A line that long is none of ours; its beginning is enough to show that it is broken.
      rest = data.subarray(0, LONGEST_LINE);
    }
    if (rest.length > 0) onRest?.();
  } finally {
    await handle.close();
  }
}

/**
 * Cuts off what follows the last line that is whole and good.
 * @returns the size of the file then
 */
export async function takeOffTorn(
  handle: FileHandle,
  isGood: (line: string) => boolean,
): Promise<number> {
  const { size } = await handle.stat();
  let end = size;
  while (end > 0) {
    const start = await lastLineStart(handle, end);
    const length = end - start;
    if (length <= LONGEST_LINE) {
      const line = await read(handle, start, length);
      if (line.at(-1) === NEWLINE && isGood(line.toString("utf8", 0, length - 1))) break;
    }
    end = start;
  }
  if (end < size) {
    await handle.truncate(end);
    await handle.sync();
  }
  return end;
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
