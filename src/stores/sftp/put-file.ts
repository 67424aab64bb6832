/**
 * How a file comes to lie on a server. Where a rename spares what has the name: written beside the photos under no name
 * that counts, its length looked at, dated, forced to the medium, then renamed. Elsewhere (gateways to stores of objects
 * rename nothing, or over anything): written under its own name where nothing lies, one piece after the other.
 */

import { open } from "node:fs/promises";
import { stopIf } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import { inParallel } from "../../in-parallel.ts";
import type { FileAbilities, ObjectToPut } from "../store.ts";
import { SentAhead } from "./sent-ahead.ts";
import { type Field, OPEN, timeAttrs } from "./sftp-packets.ts";
import { isMissing, isStatus } from "./sftp-trouble.ts";
import { type Handle, PIECE_AT, type SftpWire } from "./sftp-wire.ts";

/** Pieces of one file on their way at once (16 of 255 KB were fastest, measured). */
const AT_ONCE = 16;
/** Seconds since 1970 that SFTP 3 can say. */
const LATEST = 2 ** 32 - 1;

export interface FilePut {
  readonly path: Buffer;
  /** For messages. */
  readonly name: string;
  /** Where it lies until it has its name. */
  readonly temporary: Buffer;
  readonly bytes: ObjectToPut["bytes"];
  readonly size: number;
  /** Null to leave it the time of its writing. */
  readonly time: Date | null;
  /** True to write over what lies there. */
  readonly replaces: boolean;
}

export interface PutHow extends FileAbilities {
  readonly durable: boolean;
  /** Told when a file was made under the name itself, which has to be whole in the end. */
  readonly onMade?: () => void;
}

/** @returns false where something has the name. @throws SftpStatus; HaulError `broken` where less arrived than was sent */
export async function putFile(wire: SftpWire, put: FilePut, how: PutHow, signal: AbortSignal): Promise<boolean> {
  if (how.rename !== "spares") return putInPlace(wire, put, how, signal);
  const ahead = await sentAhead(wire, put);
  const temporary = ahead ?? put.temporary;
  if (ahead === null) await putInto(wire, temporary, OPEN.exclusive, put, { ...how, width: AT_ONCE }, signal);
  try {
    stopIf(signal);
    if (ahead !== null && put.time !== null && how.times) await ifRefused(wire.setstat(ahead, timeOf(put.time)));
    if (put.replaces) await replace(wire, temporary, put.path);
    else await wire.rename(temporary, put.path);
    return true;
  } catch (error) {
    await wire.remove(temporary).catch(() => undefined);
    if (!isStatus(error) || put.replaces || !(await liesThere(wire, put.path))) throw error;
    return false;
  }
}

/** Where it lies already under no name, all of it and forced to the medium; null where it has to be sent. */
async function sentAhead(wire: SftpWire, { bytes, size }: FilePut): Promise<Buffer | null> {
  if (bytes instanceof Uint8Array || !(bytes.ahead instanceof SentAhead)) return null;
  return bytes.ahead.take(wire, size);
}

/** Its name is there at once, so whoever finds it looks for it in the lists before it counts. */
async function putInPlace(wire: SftpWire, put: FilePut, how: PutHow, signal: AbortSignal): Promise<boolean> {
  const flag = put.replaces ? OPEN.truncate : OPEN.exclusive;
  try {
    await putInto(wire, put.path, flag, put, { ...how, width: 1 }, signal);
    return true;
  } catch (error) {
    if (error instanceof NotOpened && isStatus(error.cause)) {
      if (!put.replaces && (await liesThere(wire, put.path))) return false;
      throw error.cause;
    }
    throw error instanceof NotOpened ? error.cause : error;
  }
}

/** Nothing was written: what lies there is not ours. */
class NotOpened extends Error {}

async function putInto(
  wire: SftpWire,
  path: Buffer,
  flag: number,
  { name, bytes, size, time, replaces }: FilePut,
  how: PutHow & { readonly width: number },
  signal: AbortSignal,
): Promise<void> {
  const inPlace = how.rename !== "spares";
  const handle = await wire.open(path, OPEN.write | OPEN.create | flag).catch((cause: unknown) => {
    throw inPlace ? new NotOpened("not opened", { cause }) : cause;
  });
  if (inPlace && !replaces) how.onMade?.();
  let closing: Promise<void> | null = null;
  // Once only: a server gives the handle to the next file that is opened.
  const close = () => (closing ??= wire.close(handle));
  try {
    await send(wire, handle, bytes, { size, width: how.width }, signal);
    // Only now: there are servers that do other things while they still write.
    const [attrs] = await Promise.all([
      inPlace ? null : wire.fstat(handle),
      time !== null && how.times ? ifRefused(wire.fsetstat(handle, timeOf(time))) : null,
      how.fsync && how.durable ? wire.fsync(handle) : null,
      inPlace ? null : close(),
    ]);
    await close();
    const { size: arrived } = attrs ?? (await wire.lstat(path));
    if (arrived === size) return;
    const says = `${name}: ${arrived} bytes arrived of ${size}`;
    throw new HaulError("broken", says, { retry: true });
  } catch (error) {
    await close().catch(() => undefined);
    // Of our own making, and not whole; what is written over another keeps its name.
    if (!(replaces && flag === OPEN.truncate)) await wire.remove(path).catch(() => undefined);
    throw error;
  }
}

/** A server that refuses a time that it took when it was tried keeps the photo without: the manifest has it. */
async function ifRefused(dating: Promise<void>): Promise<void> {
  await dating.catch((error: unknown) => {
    if (!isStatus(error)) throw error;
  });
}

function timeOf(time: Date): readonly Field[] {
  return timeAttrs(secondsOf(time));
}

/** Clamped to what SFTP 3 can say: 1970 to 2106. */
export function secondsOf(time: Date): number {
  return Math.min(LATEST, Math.max(0, Math.floor(time.getTime() / 1000)));
}

async function replace(wire: SftpWire, temporary: Buffer, path: Buffer): Promise<void> {
  if (wire.extensions.has("posix-rename@openssh.com")) return wire.replace(temporary, path);
  await wire.remove(path).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  await wire.rename(temporary, path);
}

async function liesThere(wire: SftpWire, path: Buffer): Promise<boolean> {
  return wire.lstat(path).then(
    () => true,
    (error: unknown) => {
      if (isStatus(error)) return false;
      throw error;
    },
  );
}

interface Sending {
  readonly size: number;
  /** Pieces on their way at once. */
  readonly width: number;
}

async function send(
  wire: SftpWire,
  handle: Handle,
  bytes: ObjectToPut["bytes"],
  { size, width }: Sending,
  signal: AbortSignal,
): Promise<void> {
  const { piece } = wire;
  const file = bytes instanceof Uint8Array ? null : await open(bytes.file, "r");
  const sendPiece = async (at: number) => {
    const length = Math.min(piece, size - at);
    if (bytes instanceof Uint8Array) {
      await wire.whenFree();
      return wire.write(handle, at, bytes.subarray(at, at + length));
    }
    const memory = wire.takePiece();
    const bytesRead = (await file?.read(memory, PIECE_AT, length, at))?.bytesRead;
    if (bytesRead !== length) throw new HaulError("broken", "a photo on its way was cut", { retry: false });
    await wire.whenFree();
    await wire.writePiece(handle, at, memory, length);
  };
  try {
    await inParallel(startsOf(size, piece), width, async (at) => {
      await sendPiece(at);
      stopIf(signal);
    });
  } finally {
    await file?.close();
  }
}

function* startsOf(size: number, piece: number): Generator<number> {
  for (let at = 0; at < size; at += piece) yield at;
}
