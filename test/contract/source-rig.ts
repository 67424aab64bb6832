/** What the source contract stands on: a place that can be filled without the source's own verbs, and short ways to read one. */

import { compareKeys, decodeKey } from "../../src/key.ts";
import type { Listed } from "../../src/model.ts";
import type { KeyRange, Source } from "../../src/stores/source.ts";

/** One place, empty at first. */
export interface SourceRig {
  /** Puts an object there, over what has its key. */
  put(key: string, bytes: string | Buffer): Promise<void>;
  remove(key: string): Promise<void>;
  /** Opens the same place each time; with pages of a few keys, where the kind of store lets one choose. */
  open(): Promise<Source>;
  /** False for keys that the place cannot hold. */
  readonly takes: (key: string) => boolean;
  close(): Promise<void>;
}

/** Never aborts. */
export const signal = new AbortController().signal;

/** Keys that break a reader who is not careful; in no order. */
export const HOSTILE_KEYS: readonly string[] = [
  "plain.jpg",
  "with space.jpg",
  "a+b=c&d?e#f.jpg",
  "100%.jpg",
  "%41.jpg",
  "quote\"'<&>.jpg",
  "]]>&amp;lt;.jpg",
  "line\nbreak\r\ttab.jpg",
  "bell\u0007\u0001.jpg",
  "back\\slash*.jpg",
  "ünïcödé/日本語/写真.jpg",
  "e\u0301 is not \u00e9.jpg",
  "\u00e9 is not e\u0301.jpg",
  "\uffff-above-the-surrogates.jpg",
  "\u{1f600}-astral.jpg",
  "\u{10ffff}-last.jpg",
  "\uef85-private-use.jpg",
  decodeKey(Buffer.from([0x66, 0xff, 0xfe, 0x2e, 0x6a, 0x70, 0x67])),
  decodeKey(Buffer.from([0x80])),
  `${"long/".repeat(200)}${"x".repeat(24)}`,
  "é".repeat(512),
  "dir/a.jpg",
  "dir.jpg",
  "dir/b/c.jpg",
  "dir-b.jpg",
  "~tilde",
  "!bang",
  "UPPER.JPG",
  "upper.jpg",
  "a/",
  "/leading.jpg",
  "double//slash.jpg",
  "../up.jpg",
  "./here.jpg",
  "..",
  "nul\0byte.jpg",
];

export async function listAll(source: Source, range: KeyRange = {}, until = signal): Promise<Listed[]> {
  const all: Listed[] = [];
  for await (const { objects } of source.list(range, until)) all.push(...objects);
  return all;
}

export async function keysOf(source: Source, range: KeyRange = {}): Promise<string[]> {
  return (await listAll(source, range)).map(({ key }) => key);
}

export function inOrder(keys: readonly string[]): string[] {
  return [...keys].sort(compareKeys);
}

export async function bytesOf(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

/** Reads an object from an offset to its end. */
export async function read(source: Source, object: Listed, offset = 0): Promise<Buffer> {
  return bytesOf((await source.open(object, offset, signal)).bytes);
}
