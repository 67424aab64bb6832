/**
 * By what a photo and its renditions may be found together, wherever a service puts the photo's name: as the
 * rendition's whole name, between words of it, as one of its folders, or, where each photo has a folder, the
 * folder itself. Each is a hash; equal hashes are only a reason to look at two keys together.
 */

import { hashOn } from "../key.ts";

/** How many folders, the nearest first, are taken together with a name that other folders hold too. */
const NEAR = 4;
/** How many of a photo's own folders may be part of what it is found by. */
const OWN_FOLDERS = 2;
/** Pieces of a name are looked at from so many places on. */
const MOST_STARTS = 8;
/** Longer names are cut: no service adds more words. */
const MOST_LENGTH = 200;
const FOLDER = 0x5bd1e995;

/** Words and hashes that are put before or after an original's name. */
const WORD =
  "(?:originals?|orig|full(?:size|res)?|raw|master|source|o|[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
const AFFIX = new RegExp(`^(${WORD}[_\\-.]{1,2})?(.+?)([_\\-.]{1,2}${WORD})?$`);
/** Most names have none; this says so in no time. */
const MAY_HAVE_AFFIX = /(?:^|[_\-.])(?:o|orig|full|raw|master|source|[0-9a-f]{8})/;

/** What is known of the listing before its keys are taken apart. */
export interface Usual {
  /** Pieces of names that many keys have, as `hashOn` makes them: they name no photo. */
  readonly words: ReadonlySet<number>;
  /** Whole names that many keys have: "original", "l". */
  readonly names: ReadonlySet<number>;
}

/** Takes a hash; `own` where the key would be the photo itself, else a rendition of it. */
type SeeAnchor = (hash: number, own: boolean) => void;
/** Says whether what has this hash is in the sample. */
export type Keeps = (hash: number) => boolean;

/** An original's name without the words or hashes around it; null where there are none. */
export function withoutAffix(
  base: string,
): { readonly before: string; readonly name: string; readonly after: string } | null {
  if (!MAY_HAVE_AFFIX.test(base)) return null;
  const [, before, name, after] = AFFIX.exec(base) ?? [];
  if (name === undefined || (before === undefined && after === undefined)) return null;
  return { before: before ?? "", name, after: after ?? "" };
}

/**
 * The anchors of a key in the spelling of `normalStem` that are in the sample, without any order; some may come
 * twice. Names are sampled by themselves, those that many photos have together with a folder.
 */
export function anchorsOf(text: string, usual: Usual, keeps: Keeps, see: SeeAnchor): void {
  const parts = partsOf(text);
  const { folders, bare, from, end } = parts;
  const depth = folders.length;
  const nearest = Math.max(0, depth - NEAR);
  const name = (hash: number, own: boolean, first: number, last: number) => {
    if (!usual.words.has(hash)) {
      const anchor = mixed(0, hash);
      if (keeps(anchor)) see(anchor, own);
      return;
    }
    for (let i = first; i < last; i += 1) {
      const anchor = mixed(folders[i] ?? 0, hash);
      if (keeps(anchor)) see(anchor, own);
    }
  };
  const whole = hashOn(text.slice(from, end));
  name(whole, true, Math.max(0, depth - OWN_FOLDERS), depth);
  const inner = withoutAffix(text.slice(from, end));
  if (inner !== null) name(hashOn(inner.name), true, Math.max(0, depth - OWN_FOLDERS), depth);
  namesIn(text, from, end, (piece, telling) => {
    if (telling || !usual.words.has(piece) || usual.names.has(piece)) {
      name(piece, false, nearest, depth);
    }
  });
  for (let i = nearest; i < depth; i += 1) {
    name(bare[i] ?? 0, false, Math.max(0, i - NEAR), i);
  }
  const set = usual.names.has(whole) || isDrawn(text, from, end);
  for (let i = nearest; i < depth; i += 1) {
    const folder = folders[i] ?? 0;
    const anchor = mixed(FOLDER, folder);
    if (!keeps(anchor) || usual.words.has(folder)) continue;
    see(anchor, false);
    if (set && i >= depth - OWN_FOLDERS) see(anchor, true);
  }
}

/**
 * The anchors under which the photo of a stem lies, where its name tells it, or where its folder does; the last
 * part of the stem is its name.
 */
export function anchorsOfStem(stem: string, by: "name" | "folder", { words }: Usual): number[] {
  const { folders, from } = partsOf(`${stem}.x`);
  if (by === "name") {
    const name = hashOn(stem.slice(from));
    if (!words.has(name)) return [mixed(0, name)];
    return folders.slice(-OWN_FOLDERS).map((folder) => mixed(folder, name));
  }
  return folders
    .slice(-OWN_FOLDERS)
    .filter((folder) => !words.has(folder))
    .map((folder) => mixed(FOLDER, folder));
}

/** Every piece of the name of a key, and every folder: what `Usual` is counted from. */
export function piecesOf(text: string, see: (hash: number, whole: boolean) => void): void {
  const { folders, bare, from, end } = partsOf(text);
  namesIn(text, from, end, (piece) => see(piece, false));
  for (const [i, folder] of folders.entries()) {
    see(folder, false);
    if (bare[i] !== folder) see(bare[i] ?? 0, false);
  }
  see(hashOn(text.slice(from, end)), true);
}

interface Parts {
  /** Hashes of the folders' names, and of those names without an extension. */
  readonly folders: number[];
  readonly bare: number[];
  /** Where the name without its extension begins and ends. */
  readonly from: number;
  readonly end: number;
}

function partsOf(text: string): Parts {
  const folders: number[] = [];
  const bare: number[] = [];
  let from = 0;
  for (let slash = text.indexOf("/"); slash >= 0; slash = text.indexOf("/", from)) {
    const end = endOfName(text, from, slash);
    const folder = hashOn(text.slice(from, slash));
    folders.push(folder);
    bare.push(end === slash ? folder : hashOn(text.slice(from, end)));
    from = slash + 1;
  }
  return { folders, bare, from, end: endOfName(text, from, text.length) };
}

/** Where the extension of a name begins: as in the pattern for stems, one to five letters or digits. */
function endOfName(text: string, from: number, to: number): number {
  for (let at = to - 1; at > from && to - at <= 6; at -= 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) return to - at > 1 ? at : to;
    if (!isAlphanumeric(code)) return to;
  }
  return to;
}

/** Every piece of a name that begins and ends where words do. */
function namesIn(text: string, from: number, end: number, see: (hash: number, telling: boolean) => void): void {
  const to = Math.min(end, from + MOST_LENGTH);
  let starts = 0;
  for (let start = from; start < to && starts < MOST_STARTS; start += 1) {
    if (start > from && !isBreak(text.charCodeAt(start - 1))) continue;
    starts += 1;
    let h = 0x811c9dc5;
    let digits = false;
    for (let at = start; at < to; at += 1) {
      const code = text.charCodeAt(at);
      h = Math.imul(h ^ code, 0x01000193);
      digits ||= code >= 0x30 && code <= 0x39;
      if (at + 1 === to || isBreak(text.charCodeAt(at + 1))) see(h, digits);
    }
  }
}

function isBreak(code: number): boolean {
  return code < 0x80 && !isAlphanumeric(code);
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

/** Hashes and UUIDs: a name that says nothing. */
function isDrawn(text: string, from: number, end: number): boolean {
  if (end - from < 16) return false;
  for (let at = from; at < end; at += 1) {
    const code = text.charCodeAt(at);
    const hex = (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66) || code === 0x2d;
    if (!hex) return false;
  }
  return true;
}

function mixed(a: number, b: number): number {
  let h = Math.imul(a ^ (b >>> 15) ^ Math.imul(b, 0x2c1b3c6d), 0x297a2d39);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
