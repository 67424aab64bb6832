/** What can be asked of a server by SFTP, in the words of the protocol. */

import type { Duplex } from "node:stream";
import type { HaulError } from "../../errors.ts";
import { SftpExchange, SftpStatus, type WireLife } from "./sftp-exchange.ts";
import {
  ANSWER,
  type Attrs,
  type Field,
  type NameEntry,
  NO_ATTRS,
  REQUEST,
  STATUS,
  WRITE_HEAD,
  writePacket,
} from "./sftp-packets.ts";

/** Names an open file or folder to the server. */
export type Handle = Buffer;

/** Room on a file system, as statvfs(3) says it; bytes. */
export interface Room {
  readonly free: number;
  /** -1 where the file system counts none. */
  readonly freeFiles: number;
  readonly readOnly: boolean;
}

/** What every server takes and gives at once (section 3 of the draft: 32,768 bytes of data). */
const LEAST_PIECE = 32_768;
const MOST_PIECE = 255 * 1024;
/** Bytes that may be on their way to the server: what a line of 100 ms and 80 MB/s holds. */
const IN_FLIGHT = 8 * 1024 * 1024;
/** Where the bytes of a piece of memory begin (`takePiece`). */
export const PIECE_AT = WRITE_HEAD;
/** Pieces of memory that wait to be used again. */
const MOST_SPARE = 64;

export class SftpWire {
  readonly extensions: ReadonlyMap<string, string>;
  /** Bytes of a file to be asked for, or sent, at once. */
  piece = LEAST_PIECE;
  readonly #exchange: SftpExchange;
  #inFlight = 0;
  readonly #roomless: (() => void)[] = [];
  readonly #spare: Buffer[] = [];

  private constructor(exchange: SftpExchange, extensions: ReadonlyMap<string, string>) {
    this.#exchange = exchange;
    this.extensions = extensions;
  }

  /** @throws HaulError `broken` where no SFTP is spoken there */
  static async open(channel: Duplex, life: WireLife): Promise<SftpWire> {
    const exchange = new SftpExchange(channel, life);
    const wire = new SftpWire(exchange, await exchange.greet());
    if (wire.extensions.has("limits@openssh.com")) await wire.#askLimits();
    return wire;
  }

  get isOpen(): boolean {
    return this.#exchange.isOpen;
  }

  /** Ends the connection; whoever waits for an answer is told why. */
  end(why: HaulError): void {
    this.#exchange.end(why);
  }

  async open(path: Uint8Array, flags: number): Promise<Handle> {
    return this.#handle(REQUEST.open, [path, flags, ...NO_ATTRS]);
  }

  async close(handle: Handle): Promise<void> {
    await this.#done(REQUEST.close, [handle]);
  }

  /** Null at the end of the file; may be fewer bytes than were asked for. In memory that nobody else has. */
  async read(handle: Handle, offset: number, length: number): Promise<Buffer<ArrayBuffer> | null> {
    const reader = await this.#ask(ANSWER.data, REQUEST.read, [handle, BigInt(offset), length]).catch(endOfFile);
    if (reader === null) return null;
    return reader.ownBytes();
  }

  /** Once less is on its way than a line holds. */
  async whenFree(): Promise<void> {
    while (this.#inFlight > IN_FLIGHT && this.isOpen) {
      await new Promise<void>((resolve) => this.#roomless.push(resolve));
    }
  }

  /** At once, however much is on its way (`whenFree`). */
  async write(handle: Handle, offset: number, bytes: Uint8Array): Promise<void> {
    await this.#flying(bytes.length, () => this.#done(REQUEST.write, [handle, BigInt(offset), bytes]));
  }

  /** Memory for a piece of a file, whose bytes begin at `PIECE_AT`: to make it anew each time costs more than to send it. */
  takePiece(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(PIECE_AT + this.piece);
  }

  /** Sends a piece at once, and takes its memory back. */
  async writePiece(handle: Handle, offset: number, piece: Buffer, length: number): Promise<void> {
    const packet = (id: number) => writePacket(piece, id, handle, offset, length);
    await this.#flying(length, () => this.#exchange.send(ANSWER.status, packet));
    if (this.#spare.length < MOST_SPARE) this.#spare.push(piece);
  }

  /** Of what lies there itself, also where it is a link. */
  async lstat(path: Uint8Array): Promise<Attrs> {
    return (await this.#ask(ANSWER.attrs, REQUEST.lstat, [path])).attrs();
  }

  async stat(path: Uint8Array): Promise<Attrs> {
    return (await this.#ask(ANSWER.attrs, REQUEST.stat, [path])).attrs();
  }

  async fstat(handle: Handle): Promise<Attrs> {
    return (await this.#ask(ANSWER.attrs, REQUEST.fstat, [handle])).attrs();
  }

  async setstat(path: Uint8Array, attrs: readonly Field[]): Promise<void> {
    await this.#done(REQUEST.setstat, [path, ...attrs]);
  }

  async fsetstat(handle: Handle, attrs: readonly Field[]): Promise<void> {
    await this.#done(REQUEST.fsetstat, [handle, ...attrs]);
  }

  async opendir(path: Uint8Array): Promise<Handle> {
    return this.#handle(REQUEST.opendir, [path]);
  }

  /** Null at the end. */
  async readdir(handle: Handle): Promise<NameEntry[] | null> {
    return (await this.#ask(ANSWER.name, REQUEST.readdir, [handle]).catch(endOfFile))?.names() ?? null;
  }

  async remove(path: Uint8Array): Promise<void> {
    await this.#done(REQUEST.remove, [path]);
  }

  async mkdir(path: Uint8Array): Promise<void> {
    await this.#done(REQUEST.mkdir, [path, ...NO_ATTRS]);
  }

  async rmdir(path: Uint8Array): Promise<void> {
    await this.#done(REQUEST.rmdir, [path]);
  }

  async realpath(path: Uint8Array): Promise<Buffer> {
    const [only] = (await this.#ask(ANSWER.name, REQUEST.realpath, [path])).names();
    return only?.name ?? Buffer.from("/");
  }

  /** As the server renames: OpenSSH never over anything. */
  async rename(from: Uint8Array, to: Uint8Array): Promise<void> {
    await this.#done(REQUEST.rename, [from, to]);
  }

  /** Over what has the name. @throws SftpStatus `unsupported` where the server has no such rename */
  async replace(from: Uint8Array, to: Uint8Array): Promise<void> {
    await this.#extended("posix-rename@openssh.com", [from, to]);
  }

  /** Has the server force a file to its medium. @throws SftpStatus `unsupported` */
  async fsync(handle: Handle): Promise<void> {
    await this.#extended("fsync@openssh.com", [handle]);
  }

  /** Null where the server does not tell. */
  async room(path: Uint8Array): Promise<Room | null> {
    if (!this.extensions.has("statvfs@openssh.com")) return null;
    const fields: Field[] = [Buffer.from("statvfs@openssh.com"), path];
    const reader = await this.#ask(ANSWER.extended, REQUEST.extended, fields);
    const [, fragment = 0, , , available = 0, files = 0, , freeFiles = 0, , flags = 0] = Array.from(
      { length: 11 },
      () => reader.uint64(),
    );
    return { free: fragment * available, freeFiles: files === 0 ? -1 : freeFiles, readOnly: (flags & 1) === 1 };
  }

  async #flying(length: number, send: () => Promise<unknown>): Promise<void> {
    this.#inFlight += length;
    try {
      await send();
    } finally {
      this.#inFlight -= length;
      this.#roomless.shift()?.();
    }
  }

  async #askLimits(): Promise<void> {
    const fields = [Buffer.from("limits@openssh.com")];
    const reader = await this.#ask(ANSWER.extended, REQUEST.extended, fields).catch(() => null);
    if (reader === null) return;
    const [, read = 0, write = 0] = Array.from({ length: 4 }, () => reader.uint64());
    const least = Math.min(read || MOST_PIECE, write || MOST_PIECE, MOST_PIECE);
    this.piece = Math.max(LEAST_PIECE, least);
  }

  async #extended(name: string, fields: readonly Field[]): Promise<void> {
    if (!this.extensions.has(name)) throw new SftpStatus(STATUS.unsupported, `the server has no ${name}`);
    await this.#done(REQUEST.extended, [Buffer.from(name), ...fields]);
  }

  async #handle(type: number, fields: readonly Field[]): Promise<Handle> {
    return Buffer.from((await this.#ask(ANSWER.handle, type, fields)).bytes());
  }

  async #done(type: number, fields: readonly Field[]): Promise<void> {
    await this.#ask(ANSWER.status, type, fields);
  }

  #ask(answer: number, type: number, fields: readonly Field[]) {
    return this.#exchange.ask(answer, type, fields);
  }
}

function endOfFile(error: unknown): null {
  if (error instanceof SftpStatus && error.code === STATUS.eof) return null;
  throw error;
}
