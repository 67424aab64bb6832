/**
 * Takes a key apart in every way in which services name renditions: a word at a place (a directory, the start
 * or end of the name, the whole name) and what is left of the key without it. Objects that leave the same
 * behind may be of one photo.
 */

import type { TokenRule } from "../layouts/layout.ts";
import { normalStem } from "../layouts/layout.ts";
import { senseOf } from "./family-words.ts";

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

const EXTENSION = /^(.+)\.[A-Za-z0-9]{1,5}$/;
const PREFIX = /^([A-Za-z][A-Za-z0-9]*)[_\-.,@](.+)$/;
/** Digits alone count photos: `IMG_400.jpg` is no 400 pixels of `IMG.jpg`. */
const SUFFIX = /^(.+)[_\-.,@](?!\d+$)([A-Za-z0-9]+)$/;
/** Directories are looked at this deep from the left, and this near from the right. */
const LEFT = 6;
const RIGHT = 3;

/** Every slot of a key, the key as it is first; only those words for which `wanted` says yes. */
export function slotsOf(key: string, wanted: (word: string) => boolean): Slot[] {
  const segments = normalStem(key).split("/");
  const file = segments.pop() ?? "";
  const base = EXTENSION.exec(file)?.[1] ?? file;
  const names = nameSlots(base, wanted);
  const slots: Slot[] = [
    { id: "", word: "", where: null, residual: [...segments, base].join("/") },
  ];
  for (const { id, word, where, rest } of names) {
    const left = rest === "" ? segments : [...segments, rest];
    if (left.length > 0) slots.push({ id, word, where, residual: left.join("/") });
  }
  for (let index = 0; index < segments.length; index += 1) {
    const word = wordOf(segments[index] ?? "");
    if (word === null || !wanted(word)) continue;
    const others = segments.toSpliced(index, 1);
    for (const directory of placesOf(index, segments.length, word)) {
      const id = `${directory.from}${directory.at}:${word}`;
      slots.push({ id, word, where: { directory }, residual: [...others, base].join("/") });
      for (const name of names) {
        if (name.where.name !== undefined || !speak(word, name.word)) continue;
        slots.push({
          id: `${id}+${name.id}`,
          word: `${word} ${name.word}`,
          where: { directory, ...name.where },
          residual: [...others, name.rest].join("/"),
        });
      }
    }
  }
  return slots;
}

/** Two words together name a family only where both speak; else they are found one by one. */
function speak(...words: string[]): boolean {
  return words.every((word) => senseOf(word) === "rendition" || senseOf(word) === "original");
}

/** Sizes differ in their digits only: `150x150` and `1024x683` are one word. */
export function masked(word: string): string {
  return /^\d+x\d+$/.test(word) || /^[wh]\d+$/.test(word) || /^\d+px$/.test(word)
    ? word.replaceAll(/\d+/g, "#")
    : word;
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
    if (wanted(word))
      slots.push({ id: `prefix:${word}`, word, where: { prefix: word }, rest: afterStart });
  }
  const [, beforeEnd, end] = SUFFIX.exec(base) ?? [];
  if (end !== undefined && beforeEnd !== undefined) {
    const word = masked(end);
    if (wanted(word))
      slots.push({ id: `suffix:${word}`, word, where: { suffix: word }, rest: beforeEnd });
  }
  return slots;
}

function placesOf(index: number, depth: number, word: string) {
  const places: { from: "left" | "right"; at: number; word: string }[] = [];
  if (index < LEFT) places.push({ from: "left", at: index, word });
  if (depth - index <= RIGHT) places.push({ from: "right", at: depth - index, word });
  return places;
}
