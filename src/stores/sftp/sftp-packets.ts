/**
 * The packets of SFTP version 3 (draft-ietf-secsh-filexfer-02), written and read. Names are bytes here, as they are on the
 * disk: the client that comes with ssh2 reads them as UTF-8, and could never open again one that is none.
 */

export const REQUEST = {
  init: 1,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  extended: 200,
} as const;
export const ANSWER = {
  version: 2,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 201,
} as const;
export const STATUS = { ok: 0, eof: 1, missing: 2, denied: 3, failure: 4, badMessage: 5, unsupported: 8 } as const;
/** Flags of OPEN. */
export const OPEN = { read: 1, write: 2, create: 8, truncate: 16, exclusive: 32 } as const;

const HAS = { size: 1, owner: 2, mode: 4, times: 8, extended: 0x80000000 } as const;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const LINK = 0o120000;

export type FileKind = "file" | "folder" | "symbolic link" | "special file";

/** What a server says of a file; -1 for what it does not say. */
export interface Attrs {
  readonly size: number;
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

export interface NameEntry {
  readonly name: Buffer;
  readonly kind: FileKind;
  readonly attrs: Attrs;
}

/** One field of a request: a number of 32 bits, one of 64, or a string of bytes. */
export type Field = number | bigint | Uint8Array;

/** A request as it goes over the wire. */
export function packetOf(type: number, id: number, fields: readonly Field[]): Buffer {
  let length = 5;
  for (const field of fields)
    length += typeof field === "number" ? 4 : typeof field === "bigint" ? 8 : 4 + field.length;
  const packet = Buffer.allocUnsafe(4 + length);
  packet.writeUInt32BE(length, 0);
  packet[4] = type;
  packet.writeUInt32BE(id, 5);
  let at = 9;
  for (const field of fields) {
    if (typeof field === "number") at = packet.writeUInt32BE(field, at);
    else if (typeof field === "bigint") at = packet.writeBigUInt64BE(field, at);
    else {
      at = packet.writeUInt32BE(field.length, at);
      packet.set(field, at);
      at += field.length;
    }
  }
  return packet;
}

/** What stands before the data of a WRITE, at most: a handle has 256 bytes. */
export const WRITE_HEAD = 281;

/** A WRITE of data that lies at `WRITE_HEAD` of a buffer with room for what stands before it, so that none is copied. */
export function writePacket(buffer: Buffer, id: number, handle: Uint8Array, offset: number, length: number): Buffer {
  const start = WRITE_HEAD - 25 - handle.length;
  const packet = buffer.subarray(start, WRITE_HEAD + length);
  packet.writeUInt32BE(packet.length - 4, 0);
  packet[4] = REQUEST.write;
  packet.writeUInt32BE(id, 5);
  packet.writeUInt32BE(handle.length, 9);
  packet.set(handle, 13);
  packet.writeBigUInt64BE(BigInt(offset), 13 + handle.length);
  packet.writeUInt32BE(length, 21 + handle.length);
  return packet;
}

/** ATTRS that say nothing, as OPEN and MKDIR want some. */
export const NO_ATTRS: readonly Field[] = [0];

/** ATTRS with the same time for access and last write. @param seconds since 1970 */
export function timeAttrs(seconds: number): readonly Field[] {
  return [HAS.times, seconds, seconds];
}

/** Reads the fields of an answer one after the other. @throws RangeError where it ends too early */
export class Reader {
  readonly #packet: Buffer<ArrayBuffer>;
  #at = 0;

  constructor(packet: Buffer<ArrayBuffer>) {
    this.#packet = packet;
  }

  get left(): number {
    return this.#packet.length - this.#at;
  }

  uint32(): number {
    this.#at += 4;
    return this.#packet.readUInt32BE(this.#at - 4);
  }

  uint64(): number {
    this.#at += 8;
    return Number(this.#packet.readBigUInt64BE(this.#at - 8));
  }

  /** In the memory of the packet. */
  bytes(): Buffer<ArrayBuffer> {
    const length = this.uint32();
    if (length > this.left) throw new RangeError("a string beyond the end of its packet");
    this.#at += length;
    return this.#packet.subarray(this.#at - length, this.#at);
  }

  /** In memory that nobody else has: that of the packet, where it shares it with none. */
  ownBytes(): Buffer<ArrayBuffer> {
    const bytes = this.bytes();
    if (this.#packet.buffer.byteLength - this.#packet.byteLength < 16) return bytes;
    const own = Buffer.allocUnsafeSlow(bytes.length);
    bytes.copy(own);
    return own;
  }

  attrs(): Attrs {
    const flags = this.uint32();
    const size = (flags & HAS.size) === 0 ? -1 : this.uint64();
    if ((flags & HAS.owner) !== 0) this.#at += 8;
    const mode = (flags & HAS.mode) === 0 ? -1 : this.uint32();
    if ((flags & HAS.times) !== 0) this.#at += 4;
    const mtime = (flags & HAS.times) === 0 ? -1 : this.uint32();
    for (let more = (flags & HAS.extended) === 0 ? 0 : this.uint32(); more > 0; more -= 1) {
      this.bytes();
      this.bytes();
    }
    return { size, mode, mtime };
  }

  /** The entries of a folder, or the one name that REALPATH answers with. */
  names(): NameEntry[] {
    return Array.from({ length: this.uint32() }, () => {
      const name = Buffer.from(this.bytes());
      const long = this.bytes();
      const attrs = this.attrs();
      return { name, kind: kindOfEntry(attrs, long), attrs };
    });
  }
}

export function kindOf({ mode }: Attrs): FileKind {
  const type = mode & FILE_TYPE;
  if (mode < 0 || type === 0 || type === REGULAR) return "file";
  if (type === FOLDER) return "folder";
  return type === LINK ? "symbolic link" : "special file";
}

/** A server that says no mode says in its long name, as `ls -l` would, what it is. */
function kindOfEntry(attrs: Attrs, long: Buffer): FileKind {
  if (attrs.mode >= 0 && (attrs.mode & FILE_TYPE) !== 0) return kindOf(attrs);
  const letter = String.fromCharCode(long[0] ?? 0);
  if (letter === "d") return "folder";
  if (letter === "l") return "symbolic link";
  return "bcps".includes(letter) && /^.[-rwxsStT]{9}/.test(long.toString("latin1")) ? "special file" : "file";
}
