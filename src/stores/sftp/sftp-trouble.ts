/**
 * What a server says of a file → HaulError. SFTP 3 has few words: a full disk, a quota, a disk that is mounted read-only and a
 * name that is taken are all "Failure", so that only asking further tells them apart.
 */

import { type ErrorCode, HaulError } from "../../errors.ts";
import { fromOutside } from "../../secrets.ts";
import { SftpStatus } from "./sftp-exchange.ts";
import { STATUS } from "./sftp-packets.ts";
import type { Room } from "./sftp-wire.ts";

/** Numbers of later versions, which some servers send all the same: no such path, write protected, no space, quota. */
const LATER = { noPath: 10, exists: 11, writeProtected: 12, full: 14, quota: 15 } as const;

export function isMissing(error: unknown): boolean {
  return error instanceof SftpStatus && (error.code === STATUS.missing || error.code === LATER.noPath);
}

/** True where the server answered that it does not do this, whatever its words. */
export function isStatus(error: unknown): error is SftpStatus {
  return error instanceof SftpStatus;
}

/** @param at the file, for messages @param of what was being read */
export function readTrouble(error: unknown, at: string, of: "object" | "listing"): unknown {
  if (!isStatus(error)) return error;
  const details = { place: "sftp", cause: error } as const;
  const says = fromOutside(error.message);
  if (isMissing(error)) return new HaulError(of === "object" ? "missing" : "no-bucket", `${at} is not there`, details);
  if (error.code === STATUS.denied) {
    return new HaulError(of === "object" ? "forbidden" : "denied", `${at} may not be read (${says})`, details);
  }
  const code: ErrorCode = of === "object" ? "broken" : "listing";
  return new HaulError(code, `${at} cannot be read (${says})`, { ...details, retry: true });
}

/** What is known when a write was refused. */
export interface Refused {
  /** For messages: the file. */
  readonly at: string;
  /** Bytes of what was to be written. */
  readonly size: number;
  /** Null where the server does not tell. */
  readonly room: Room | null;
  /** Whether a file of about that size can be written elsewhere in the target; asked only where that matters. */
  readonly takesMore: () => Promise<boolean>;
}

/** Why something was not written. @returns the error to throw */
export async function writeTrouble(error: unknown, { at, size, room, takesMore }: Refused): Promise<unknown> {
  if (!isStatus(error)) return error;
  const says = fromOutside(error.message);
  const details = { place: "sftp", cause: error } as const;
  const { code } = error;
  const free = room === null ? "" : `; ${room.free} bytes are free there`;
  if (code === LATER.full || code === LATER.quota) return new HaulError("full", `${at}: ${says}${free}`, details);
  if (code === LATER.writeProtected || room?.readOnly === true) {
    return new HaulError("read-only", `${at}: the server's drive is mounted read-only (${says})`, details);
  }
  if (code === STATUS.denied) return new HaulError("forbidden", `${at} may not be written (${says})`, details);
  if (code === STATUS.badMessage)
    return new HaulError("name", `${at}: the server takes no such name (${says})`, details);
  if (isMissing(error)) {
    return new HaulError("server", `${at}: its folder is not there any more`, { ...details, retry: true });
  }
  if (code === STATUS.unsupported)
    return new HaulError("unwritable", `${at}: the server cannot do this (${says})`, details);
  if (room !== null && (room.free < size || room.freeFiles === 0)) {
    return new HaulError("full", `${at}: the server's drive is full (${says}${free})`, details);
  }
  if (await takesMore()) return new HaulError("unwritable", `${at} was refused (${says})`, details);
  const quota = `${at}: the server takes no more bytes, and says only "${says}"${free}: a quota may be used up`;
  return new HaulError("full", quota, details);
}
