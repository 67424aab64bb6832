/**
 * Takes a key apart in every way in which services name renditions: a word at a place (a directory, the start
 * or end of the name, the whole name) and what is left of the key without it. Objects that leave the same
 * behind may be of one photo.
 */

import { endHash, hashOn, keyHash } from "../key.ts";
import { senseOf } from "../keys/name-shape.ts";
import type { TokenRule } from "../layouts/layout.ts";
import { EXTENSION, normalStem } from "../layouts/layout.ts";
import type { Listed } from "../model.ts";

/** One way to take one key apart; `word` "" is the key as it is. */
export interface Slot {
  /** Names the place and the word: equal for all keys of one would-be family. */
  readonly id: string;
  readonly word: string;
  /** The rule that matches keys of this slot; null for the key as it is. */
  readonly where: Pick<TokenRule, "directory" | "prefix" | "suffix" | "name"> | null;
  /** What is left: a stem, were this slot a family. */
  readonly residual: string;
}

const PREFIX = /^([A-Za-z][A-Za-z0-9]*)[_\-.,@](.+)$/;
/** Digits alone count photos: `IMG_400.jpg` is no 400 pixels of `IMG.jpg`. */
const SUFFIX = /^(.+)[_\-.,@](?!\d+$)([A-Za-z0-9]+)$/;
/** Directories are looked at this deep from the left, and this near from the right. */
const LEFT = 6;
const RIGHT = 3;

/** The single words of a key that stand where a slot may be, and for which `wanted` says yes; each once. */
export function wordsOf(key: string, wanted: (word: string) => boolean): Set<string> {
  const segments = normalStem(key).split("/");
  const file = segments.pop() ?? "";
  const words = new Set<string>();
  for (const { word, rest } of nameSlots(EXTENSION.exec(file)?.[1] ?? file, wanted)) {
    if (rest !== "" || segments.length > 0) words.add(word);
  }
  for (const [index, segment] of segments.entries()) {
    const word = wordOf(segment);
    const placed = index < LEFT || segments.length - index <= RIGHT;
    if (word !== null && placed && wanted(word)) words.add(word);
  }
  return words;
}

/** A family below this share of the keys is not looked for unless its name speaks. */
const LEAST_SHARE = 0.01;
/** Frequent words looked at, at most: more than that are names of people or places. */
const MOST_WORDS = 200;

/** The words that may name a family: those that speak, and the frequent ones that could. */
export function wantedWords(objects: readonly Listed[]): (word: string) => boolean {
  const counts = new Map<string, number>();
  for (const { key } of objects) {
    for (const word of wordsOf(key, couldName)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const least = Math.max(3, objects.length * LEAST_SHARE);
  const frequent = new Set(
    [...counts]
      .filter(([, n]) => n >= least)
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_WORDS)
      .map(([word]) => word),
  );
  return (word) => frequent.has(word) || speak(word);
}

/** Not counters, years, days or months: photos of different days share these without being of one photo. */
function couldName(word: string): boolean {
  return senseOf(word) !== "kept" && !/^(?:|\d{1,2}|19[3-9]\d|20[0-3]\d|0\d+|\d{5,})$/.test(word);
}

/**
 * Every slot of a key, the key as it is first; only those words for which `wanted` says yes.
 * @param keeps says by its `keyHash` whether a residual is of use, for samples: most slots then need not be made
 */
export function slotsOf(
  key: string,
  wanted: (word: string) => boolean,
  keeps: (hash: number) => boolean = () => true,
): Slot[] {
  const text = normalStem(key);
  const folders = text.split("/");
  const file = folders.pop() ?? "";
  const base = EXTENSION.exec(file)?.[1] ?? file;
  const folder = text.slice(0, text.length - file.length);
  const hash = hashOn(folder);
  const names = nameSlots(base, wanted);
  const slots: Slot[] = [];
  if (keeps(endHash(hashOn(base, hash)))) slots.push({ id: "", word: "", where: null, residual: folder + base });
  for (const { id, word, where, rest } of names) {
    if (rest === "") {
      const residual = folder.slice(0, -1);
      if (folder !== "" && keeps(keyHash(residual))) slots.push({ id, word, where, residual });
    } else if (keeps(endHash(hashOn(rest, hash)))) slots.push({ id, word, where, residual: folder + rest });
  }
  let at = 0;
  let before = hashOn("");
  for (const [index, name] of folders.entries()) {
    const after = folder.slice(at + name.length + 1);
    const word = wordOf(name);
    if (word !== null && wanted(word)) {
      const others: OtherFolders = { text: folder.slice(0, at) + after, hash: hashOn(after, before) };
      slots.push(...directorySlots(word, placesOf(index, folders.length, word), others, { base, names, keeps }));
    }
    before = hashOn("/", hashOn(name, before));
    at += name.length + 1;
  }
  return slots;
}

/** What is left of the folders without one of them, each with its slash, and what hashing that gives. */
interface OtherFolders {
  readonly text: string;
  readonly hash: number;
}

interface NameParts {
  readonly base: string;
  readonly names: readonly NameSlot[];
  readonly keeps: (hash: number) => boolean;
}

/** Slots of a directory at each of its places, alone and together with a word of the name. */
function directorySlots(
  word: string,
  places: readonly NonNullable<TokenRule["directory"]>[],
  { text, hash }: OtherFolders,
  { base, names, keeps }: NameParts,
): Slot[] {
  const alone = keeps(endHash(hashOn(base, hash)));
  const together = names.filter(
    ({ where, word: second, rest }) =>
      where.name === undefined && speak(word, second) && keeps(endHash(hashOn(rest, hash))),
  );
  return places.flatMap((directory) => {
    const id = `${directory.from}${directory.at}:${word}`;
    const pairs = together.map((name) => ({
      id: `${id}+${name.id}`,
      word: `${word} ${name.word}`,
      where: { directory, ...name.where },
      residual: text + name.rest,
    }));
    return alone ? [{ id, word, where: { directory }, residual: text + base }, ...pairs] : pairs;
  });
}

/** Two words together name a family only where both speak; else they are found one by one. */
function speak(...words: string[]): boolean {
  return words.every((word) => senseOf(word) === "rendition" || senseOf(word) === "original");
}

const SIZE = /^(?:\d+x\d+|[wh]\d+|\d+px)$/;

/** Sizes differ in their digits only: `150x150` and `1024x683` are one word. */
export function masked(word: string): string {
  return SIZE.test(word) ? word.replaceAll(/\d+/g, "#") : word;
}

/** In a rule `#` stands for digits, so that a name with a real one cannot be a word. */
function wordOf(name: string): string | null {
  return name.includes("#") ? null : masked(name);
}

interface NameSlot {
  readonly id: string;
  readonly word: string;
  readonly where: { prefix?: string; suffix?: string; name?: string };
  readonly rest: string;
}

function nameSlots(base: string, wanted: (word: string) => boolean): NameSlot[] {
  const slots: NameSlot[] = [];
  const whole = wordOf(base);
  if (whole !== null && wanted(whole))
    slots.push({ id: `name:${whole}`, word: whole, where: { name: whole }, rest: "" });
  const [, start, afterStart] = PREFIX.exec(base) ?? [];
  if (start !== undefined && afterStart !== undefined) {
    const word = masked(start);
    if (wanted(word)) slots.push({ id: `prefix:${word}`, word, where: { prefix: word }, rest: afterStart });
  }
  const [, beforeEnd, end] = SUFFIX.exec(base) ?? [];
  if (end !== undefined && beforeEnd !== undefined) {
    const word = masked(end);
    if (wanted(word)) slots.push({ id: `suffix:${word}`, word, where: { suffix: word }, rest: beforeEnd });
  }
  return slots;
}

function placesOf(index: number, depth: number, word: string) {
  const places: { from: "left" | "right"; at: number; word: string }[] = [];
  if (index < LEFT) places.push({ from: "left", at: index, word });
  if (depth - index <= RIGHT) places.push({ from: "right", at: depth - index, word });
  return places;
}
