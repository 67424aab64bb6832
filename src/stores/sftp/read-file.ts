/** The bytes of a file on a server, several pieces asked for ahead. */

import { closedBy, stopIf, unlessAborted } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import { readTrouble } from "./sftp-trouble.ts";
import type { Handle, SftpWire } from "./sftp-wire.ts";

/** Pieces of one file asked for ahead (16 of 255 KB were fastest, measured), where few files are read at once. */
const MOST_AHEAD = 16;
/** Pieces asked for ahead in all: each lies in memory until it is read. */
const ALL_AHEAD = 96;

export interface OpenFile {
  readonly wire: SftpWire;
  readonly handle: Handle;
  /** For messages. */
  readonly name: string;
  readonly size: number;
}

let reading = 0;

/** All of a small file, in memory of its own. @throws HaulError `broken` */
export async function readWhole(file: OpenFile, signal: AbortSignal): Promise<Buffer<ArrayBuffer>> {
  const whole = Buffer.allocUnsafeSlow(file.size);
  const { piece } = file.wire;
  const starts = Array.from({ length: Math.ceil(file.size / piece) }, (_, at) => at * piece);
  const all = starts.map((at) => readPiece(file, at, Math.min(piece, file.size - at)));
  for (const [at, bytes] of (await unlessAborted(Promise.all(all), signal)).entries()) whole.set(bytes, at * piece);
  return whole;
}

/** From an offset to the end; closes the file, also for a reader who leaves before the first byte. */
export function readOn(file: OpenFile, offset: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const { wire, handle } = file;
  let closed = false;
  const close = () => {
    if (!closed) wire.close(handle).catch(() => undefined);
    closed = true;
  };
  return closedBy(pieces(file, offset, close, signal), close);
}

async function* pieces(
  file: OpenFile,
  offset: number,
  close: () => void,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  const { piece } = file.wire;
  const ahead: Promise<Uint8Array>[] = [];
  reading += 1;
  try {
    for (let at = offset; at < file.size || ahead.length > 0; ) {
      stopIf(signal);
      const width = Math.max(2, Math.min(MOST_AHEAD, Math.floor(ALL_AHEAD / reading)));
      for (; at < file.size && ahead.length < width; at += piece) {
        const next = readPiece(file, at, Math.min(piece, file.size - at));
        next.catch(() => undefined);
        ahead.push(next);
      }
      const first = ahead.shift();
      if (first !== undefined) yield await unlessAborted(first, signal);
    }
  } finally {
    reading -= 1;
    close();
  }
}

/** All of a piece, though the server may give less at a time. */
async function readPiece({ wire, handle, name }: OpenFile, at: number, length: number): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  let came = 0;
  try {
    while (came < length) {
      const bytes = await wire.read(handle, at + came, length - came);
      if (bytes?.length === length) return bytes;
      if (bytes === null || bytes.length === 0) {
        throw new HaulError("broken", `${name} ended after ${at + came} bytes`, { retry: true });
      }
      came += bytes.length;
      parts.push(bytes);
    }
  } catch (error) {
    throw readTrouble(error, name, "object");
  }
  const all = Buffer.allocUnsafeSlow(came);
  let filled = 0;
  for (const part of parts) filled += part.copy(all, filled);
  return all;
}
