/** What the target contract stands on: a place to look at without the target's own verbs, and short ways to use one. */

import { createHash } from "node:crypto";
import { afterEach, beforeEach } from "vitest";
import { HaulError } from "../../src/errors.ts";
import type { ManifestEntry } from "../../src/model.ts";
import type { TargetOptions } from "../../src/targets/all.ts";
import type { Keeping, Target } from "../../src/targets/target.ts";

/** One empty place, looked at without the target's own verbs. */
export interface TargetRig {
  /** Opens the same place each time. */
  open(options?: TargetOptions): Promise<Target>;
  /** Null where nothing lies. */
  read(path: string): Promise<Buffer | null>;
  /** Null for a place without file times. */
  mtime(path: string): Promise<Date | null>;
  /** Puts something there behind photohaul's back. */
  plant(path: string, bytes: string | Buffer): Promise<void>;
  /** Everything that lies there and would not be there if nothing had been begun. */
  debris(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** The place of one test, and targets in it that are closed at its end. */
export interface Place<R extends TargetRig> {
  readonly rig: R;
  readonly open: (options?: TargetOptions) => Promise<Target>;
  /** In the place of the one that was made. */
  readonly instead: (rig: Promise<R>) => Promise<void>;
}

/** A new place for each test of the file or of the `describe` that this is called in. */
export function eachIn<R extends TargetRig>(makeRig: () => Promise<R>): Place<R> {
  let made: R | null = null;
  let targets: Target[] = [];
  const rig = () => {
    if (made === null) throw new Error("there is a place while a test runs");
    return made;
  };
  beforeEach(async () => {
    made = await makeRig();
    targets = [];
  });
  afterEach(async () => {
    for (const target of targets) await target.close();
    await made?.close();
  });
  return {
    get rig() {
      return rig();
    },
    async open(options) {
      const target = await rig().open(options);
      targets.push(target);
      return target;
    },
    async instead(other) {
      await rig().close();
      made = await other;
    },
  };
}

/** Never aborts. */
export const signal = new AbortController().signal;
export const TAKEN = new Date("2012-06-28T14:03:22.000Z");

export async function* bytesOf(text: string | Buffer): AsyncGenerator<Uint8Array> {
  if (text.length > 0) yield Buffer.from(text);
}

export function entryFor(path: string, bytes: string | Buffer, key = path): ManifestEntry {
  return {
    path,
    key,
    etag: "d41d8cd98f00b204e9800998ecf8427e",
    size: Buffer.byteLength(bytes),
    sha256: createHash("sha256").update(bytes).digest("hex"),
    md5: createHash("md5").update(bytes).digest("hex"),
    captured: null,
    modified: "2020-01-01T00:00:00.000Z",
    storedAt: "2026-11-21T10:00:00.000Z",
  };
}

/** Lines of a manifest without what the place itself calls the bytes. */
export function asKept(entries: readonly ManifestEntry[]): ManifestEntry[] {
  return entries.map(({ targetEtag: _etag, cap: _cap, ...entry }) => entry);
}

export async function keeping(target: Target, path: string, bytes: string | Buffer, key = path): Promise<Keeping> {
  const draft = await target.stage(bytesOf(bytes), Buffer.byteLength(bytes), signal);
  return { draft, entry: entryFor(path, bytes, key), mtime: TAKEN };
}

export async function readAll(target: Target, path: string, until = signal): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of target.open(path, until)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function pathsOf(target: Target): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of target.entries(signal)) paths.push(entry.path);
  return paths;
}

/** The code of the HaulError that a call ends in; fails the test when it does not. */
export async function troubleOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => new Error("it did not throw"),
    (thrown: unknown) => thrown,
  );
  return error instanceof HaulError ? error.code : String(error);
}

/** As a socket may: every piece comes in the same buffer. */
export async function* inReusedBuffer(body: Buffer, piece: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(piece);
  for (let at = 0; at < body.length; at += piece) {
    const length = body.copy(buffer, 0, at, at + piece);
    yield buffer.subarray(0, length);
    buffer.fill(0);
  }
}

export function hostileKeys(): string[] {
  return [
    "a//b",
    "/absolute",
    "folder/",
    "../../up",
    "x/./y",
    "nul\u0000and\nnewline\ttab\u007f",
    "50%41 50%",
    'a:b*c?d"e<f>g|h\\i',
    "dot.",
    "space ",
    "CON.jpg",
    "x/aux",
    ".photohaul/target.json",
    ".PhotoHaul/x",
    "\uefff\uefc3 not UTF-8",
    "\u00e9 composed",
    "e\u0301 decomposed",
    "\u65e5\u672c\u8a9e/\u{1f4f7}.jpg",
    "UPPER/Case.JPG",
    "upper/case2.jpg",
    `${"long".repeat(80)}.jpg`,
    `${"\u00e9".repeat(300)}.jpg`,
    `${"many/".repeat(200)}IMG_1.JPG`,
    "\u0001".repeat(1024),
    "back\\slash",
  ];
}

export async function keysOf(target: Target): Promise<string[]> {
  const keys: string[] = [];
  for await (const entry of target.entries(signal)) keys.push(entry.key);
  return keys;
}
