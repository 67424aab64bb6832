/**
 * Requests and answers of SFTP over one channel: requests go out at once, as many as are asked for, and each has its own
 * answer. When the line breaks or falls silent, all that wait for an answer are told, and nothing can be asked any more.
 */

import type { Duplex } from "node:stream";
import { HaulError } from "../../errors.ts";
import { ANSWER, type Field, packetOf, REQUEST, Reader, STATUS } from "./sftp-packets.ts";

/** How a server answers a request that it does not do; in its own number and words. */
export class SftpStatus extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface WireLife {
  /** For messages: `sftp://host`. */
  readonly name: string;
  /** How long no answer may come while one is waited for, in milliseconds. */
  readonly stallMs: number;
  /** Ends the connection that the channel belongs to. */
  readonly end: () => void;
}

type Packet = Buffer<ArrayBuffer>;

interface Waiting {
  readonly since: number;
  readonly resolve: (packet: Packet) => void;
  readonly reject: (error: Error) => void;
}

/** No server sends more at once; what says so is no SFTP. */
const LONGEST_PACKET = 4 * 1024 * 1024;
/** Packets up to so many bytes share memory. */
const SMALL = 2048;
/** One request may take so many times as long as none may be answered. */
const PATIENCE = 10;
/** The number under which the version is waited for, which is answered without one. */
const VERSION = -1;

export class SftpExchange {
  readonly #channel: Duplex;
  readonly #life: WireLife;
  readonly #waiting = new Map<number, Waiting>();
  readonly #outgoing: Uint8Array[] = [];
  readonly #stall: NodeJS.Timeout;
  #next = 0;
  #ended: HaulError | null = null;
  #heard = Date.now();
  readonly #head = Buffer.alloc(4);
  #headFilled = 0;
  #packet: Packet | null = null;
  #filled = 0;

  constructor(channel: Duplex, life: WireLife) {
    this.#channel = channel;
    this.#life = life;
    this.#stall = setInterval(() => this.#look(), Math.max(20, life.stallMs / 4)).unref();
    channel.on("data", (chunk: Buffer) => this.#take(chunk));
    const broken = () => this.end(new HaulError("broken", `${life.name}: the connection broke`, { retry: true }));
    for (const event of ["end", "close", "error"]) channel.on(event, broken);
  }

  get isOpen(): boolean {
    return this.#ended === null;
  }

  /** Ends the connection; whoever waits is told why. */
  end(why: HaulError): void {
    if (this.#ended !== null) return;
    this.#ended = why;
    clearInterval(this.#stall);
    for (const { reject } of this.#waiting.values()) reject(why);
    this.#waiting.clear();
    this.#outgoing.length = 0;
    this.#life.end();
  }

  /** The extensions that the server names. @throws HaulError `broken` where no SFTP is spoken there */
  async greet(): Promise<Map<string, string>> {
    // The version stands where other requests have their number.
    const packet = await this.#exchange(VERSION, packetOf(REQUEST.init, 3, []));
    const reader = new Reader(packet.subarray(5));
    const extensions = new Map<string, string>();
    while (reader.left > 0) extensions.set(String(reader.bytes()), String(reader.bytes()));
    return extensions;
  }

  /** @throws SftpStatus what the server answers; HaulError `broken` where the line breaks, or something else is answered */
  async ask(answer: number, type: number, fields: readonly Field[]): Promise<Reader> {
    return this.send(answer, (id) => packetOf(type, id, fields));
  }

  /** The same of a packet that is made for its number. */
  async send(answer: number, packetFor: (id: number) => Uint8Array): Promise<Reader> {
    this.#next = (this.#next + 1) % 2 ** 32;
    const packet = await this.#exchange(this.#next, packetFor(this.#next));
    const reader = new Reader(packet.subarray(5));
    if (packet[0] === ANSWER.status) {
      const code = reader.uint32();
      if (code !== STATUS.ok) throw new SftpStatus(code, reader.left > 4 ? String(reader.bytes()) : `status ${code}`);
      if (answer === ANSWER.status) return reader;
    } else if (packet[0] === answer) return reader;
    throw this.#nonsense();
  }

  async #exchange(id: number, packet: Uint8Array): Promise<Packet> {
    if (this.#ended !== null) throw this.#ended;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { since: Date.now(), resolve, reject });
      if (this.#outgoing.push(packet) === 1) process.nextTick(() => this.#sendAll());
    });
  }

  /** What is asked in one turn goes together, in its order: SSH wraps, signs and counts each write by itself. */
  #sendAll(): void {
    let small: Uint8Array[] = [];
    const flush = () => {
      if (small.length > 0) this.#channel.write(small.length === 1 ? small[0] : Buffer.concat(small));
      small = [];
    };
    for (const packet of this.#outgoing.splice(0)) {
      if (packet.length <= SMALL) small.push(packet);
      else {
        flush();
        this.#channel.write(packet);
      }
    }
    flush();
  }

  /** Cuts what comes into packets. */
  #take(chunk: Buffer): void {
    this.#heard = Date.now();
    for (let at = 0; at < chunk.length && this.isOpen; ) {
      if (this.#packet === null) {
        const taken = Math.min(4 - this.#headFilled, chunk.length - at);
        chunk.copy(this.#head, this.#headFilled, at, at + taken);
        this.#headFilled += taken;
        at += taken;
        if (this.#headFilled === 4) this.#begin(this.#head.readUInt32BE(0));
        continue;
      }
      const taken = Math.min(this.#packet.length - this.#filled, chunk.length - at);
      chunk.copy(this.#packet, this.#filled, at, at + taken);
      this.#filled += taken;
      at += taken;
      if (this.#filled === this.#packet.length) this.#answered(this.#packet);
    }
  }

  #begin(length: number): void {
    if (length < 5 || length > LONGEST_PACKET) this.end(this.#nonsense());
    else this.#packet = length > SMALL ? Buffer.allocUnsafeSlow(length) : Buffer.allocUnsafe(length);
    this.#filled = 0;
  }

  #answered(packet: Packet): void {
    this.#packet = null;
    this.#headFilled = 0;
    const isVersion = this.#waiting.has(VERSION);
    if (isVersion && packet[0] !== ANSWER.version) this.end(this.#nonsense());
    const id = isVersion ? VERSION : packet.readUInt32BE(1);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.resolve(packet);
  }

  /** A server that says nothing while it is asked something hangs. */
  #look(): void {
    const [oldest] = this.#waiting.values();
    if (oldest === undefined) return;
    const { name, stallMs } = this.#life;
    const now = Date.now();
    const isSilent = now - Math.max(this.#heard, oldest.since) >= stallMs;
    if (!isSilent && now - oldest.since < stallMs * PATIENCE) return;
    this.end(new HaulError("broken", `${name}: no answer for ${Math.round(stallMs / 1000)} s`, { retry: true }));
  }

  #nonsense(): HaulError {
    return new HaulError("broken", `${this.#life.name}: what came is no SFTP`, { retry: true });
  }
}
