/**
 * Files of age (c2sp.org/age), sealed and opened as they stream: 64 KiB of a photo are in memory at once, however large it
 * is. The header is made and read by the package of age's author; the payload is node's own ChaCha20-Poly1305, which is
 * four times as fast. Whatever `age` and `rage` write and read is written and read here: tests hold it against both.
 */

import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from "node:crypto";
import type { Decrypter, Stanza, Recipient as Wrapping } from "age-encryption";
import { HaulError } from "../errors.ts";
import type { Recipient } from "./recipients.ts";

/** Of the plain bytes; each becomes 16 bytes longer. */
const CHUNK = 64 * 1024;
const TAG = 16;
const NONCE = 16;
/** A header to a thousand recipients is no longer. */
const LONGEST_HEADER = 2 ** 21;

/** Loaded where something is sealed or opened: it is 57 modules, and the curves in them take long to begin. */
const age = () => import("age-encryption");

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Seals to the same recipients, each file under a key of its own. */
export interface Sealer {
  /** Of each header, in bytes. */
  readonly headerLength: number;
  /** The bytes of one file, sealed. A chunk is good until the next is asked for. */
  seal(bytes: Chunks): AsyncIterable<Buffer>;
}

/** @param recipients at least one, all of one kind */
export async function createSealer(recipients: readonly Recipient[]): Promise<Sealer> {
  const { Stanza } = await age();
  const stanza: MakeStanza = (args, body) => new Stanza([...args], body);
  const wraps = recipients.map((recipient) =>
    recipient.kind === "x25519" ? x25519(recipient, stanza) : recipient.text,
  );
  const headerLength = (await newHeader(wraps)).header.length;
  async function* seal(bytes: Chunks): AsyncGenerator<Buffer> {
    const { header, fileKey } = await newHeader(wraps);
    const nonce = randomBytes(NONCE);
    yield Buffer.concat([header, nonce]);
    const key = payloadKey(fileKey, nonce);
    let number = 0;
    for await (const { chunk, last } of inChunks(bytes, CHUNK)) {
      const cipher = createCipheriv("chacha20-poly1305", key, chunkNonce(number, last), { authTagLength: TAG });
      number += 1;
      yield Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
    }
  }
  return { headerLength, seal };
}

/** How many plain bytes a sealed file of that length holds, if its header has that length. */
export function plainSize(sealedSize: number, headerLength: number): number {
  const payload = sealedSize - headerLength - NONCE;
  return Math.max(0, payload - Math.ceil(payload / (CHUNK + TAG)) * TAG);
}

/** How many bytes more a sealed file has at most, where that is known to be smaller than `size`. */
export function overhead(size: number, headerLength: number): number {
  return headerLength + NONCE + (Math.floor(size / CHUNK) + 1) * TAG;
}

/** Opens what was sealed to them. */
export interface Opener {
  /**
   * The plain bytes of one file. What comes is right, but only at the clean end is it known to be all.
   * @param what for messages: `2012/a.jpg.age on /media/usb`
   * @throws HaulError `sealed`, of this one file, where none of the keys opens it; `broken` where it is not as it was sealed
   */
  open(bytes: AsyncIterable<Uint8Array>, what: string): AsyncIterable<Buffer>;
}

/** @param identities `AGE-SECRET-KEY-…`, checked before. @param passphrases of files that were sealed with one */
export function createOpener(identities: readonly string[], passphrases: readonly string[] = []): Opener {
  let made: Promise<Decrypter> | null = null;
  const make = async () => {
    const decrypter = new (await age()).Decrypter();
    for (const identity of identities) decrypter.addIdentity(identity);
    for (const passphrase of passphrases) decrypter.addPassphrase(passphrase);
    return decrypter;
  };
  async function* open(bytes: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<Buffer> {
    made ??= make();
    const decrypter = await made;
    const { header, rest } = await headerOf(bytes, what);
    const fileKey = await decrypter.decryptHeader(header).catch((cause: unknown) => {
      if (!/no identity matched/.test(String(cause))) throw damaged(what, cause);
      throw new HaulError("sealed", `${what} is sealed to other keys: none that was given opens it`, { ofOne: true });
    });
    yield* openPayload(rest, fileKey, what);
  }
  return { open };
}

async function* openPayload(bytes: AsyncIterable<Uint8Array>, fileKey: Uint8Array, what: string) {
  let number = 0;
  let key: Buffer | null = null;
  for await (const { chunk, last } of inChunks(bytes, CHUNK + TAG, NONCE)) {
    if (key === null) {
      if (chunk.length < NONCE) throw damaged(what);
      key = payloadKey(fileKey, chunk);
      continue;
    }
    const body = chunk.subarray(0, -TAG);
    // The last one is empty only where the whole is.
    if (chunk.length < TAG || (body.length === 0 && number > 0)) throw damaged(what);
    const decipher = createDecipheriv("chacha20-poly1305", key, chunkNonce(number, last), { authTagLength: TAG });
    decipher.setAuthTag(chunk.subarray(-TAG));
    const plain = decipher.update(body);
    try {
      decipher.final();
    } catch (cause) {
      throw damaged(what, cause);
    }
    number += 1;
    if (plain.length > 0) yield plain;
  }
}

function damaged(what: string, cause?: unknown): HaulError {
  return new HaulError("broken", `${what} is cut or damaged: it does not open to what was sealed`, { cause });
}

/** The text up to the line of its MAC, and what follows. */
async function headerOf(bytes: AsyncIterable<Uint8Array>, what: string) {
  const iterator = bytes[Symbol.asyncIterator]();
  let read = Buffer.alloc(0);
  for (;;) {
    const line = read.indexOf("\n---");
    const end = line < 0 ? -1 : read.indexOf("\n", line + 1);
    if (end >= 0) {
      const first = read.subarray(end + 1);
      return { header: read.subarray(0, end + 1), rest: after(first, iterator) };
    }
    const next = await iterator.next();
    if (next.done === true || read.length > LONGEST_HEADER) {
      await iterator.return?.();
      throw damaged(what);
    }
    read = Buffer.concat([read, next.value]);
  }
}

async function* after(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

/**
 * Pieces of that length, the last of which may be shorter and is marked. A piece is good until the next is asked for.
 * @param first length of the very first piece, where that is another one
 */
async function* inChunks(bytes: Chunks, length: number, first = 0) {
  const block = Buffer.allocUnsafe(length);
  let wanted = first === 0 ? length : first;
  let filled = 0;
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length; ) {
      if (filled === wanted) {
        yield { chunk: block.subarray(0, filled), last: false };
        wanted = length;
        filled = 0;
      }
      const part = piece.subarray(at, at + wanted - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
    }
  }
  if (wanted !== length && filled === wanted) {
    yield { chunk: block.subarray(0, filled), last: false };
    filled = 0;
  }
  yield { chunk: block.subarray(0, filled), last: true };
}

function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", fileKey, nonce, "payload", 32));
}

/** Its number in eleven bytes, and whether it is the last. */
function chunkNonce(number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** A header, and the key of the file that it wraps: it is made for an empty file, whose payload is a nonce and a tag. */
async function newHeader(wraps: readonly (Wrapping | string)[]) {
  let fileKey = new Uint8Array();
  const encrypter = new (await age()).Encrypter();
  for (const wrap of wraps) encrypter.addRecipient(wrap);
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = Uint8Array.from(key);
      return [];
    },
  });
  const empty = await encrypter.encrypt(new Uint8Array());
  return { header: Buffer.from(empty.subarray(0, -(NONCE + TAG))), fileKey };
}

type MakeStanza = (args: readonly string[], body: Uint8Array) => Stanza;

/** X25519 as age has it, by node's own: a third of the time that the package takes for a small photo. */
function x25519({ bytes }: Recipient, stanza: MakeStanza): Wrapping {
  const x = Buffer.from(bytes).toString("base64url");
  const theirs = createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
  return {
    wrapFileKey(fileKey) {
      const { publicKey, privateKey } = generateKeyPairSync("x25519");
      const share = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
      const secret = diffieHellman({ privateKey, publicKey: theirs });
      const salt = Buffer.concat([share, bytes]);
      const key = Buffer.from(hkdfSync("sha256", secret, salt, "age-encryption.org/v1/X25519", 32));
      const cipher = createCipheriv("chacha20-poly1305", key, Buffer.alloc(12), { authTagLength: TAG });
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      return [stanza(["X25519", share.toString("base64").replace(/=+$/, "")], body)];
    },
  };
}
