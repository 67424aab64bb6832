/**
 * What the compared pictures of a family prove, and what follows for each of its keys. Pure.
 *
 * | compared pairs of a family of 30 and more                              | the family is |
 * |------------------------------------------------------------------------|---------------|
 * | one shows another picture, or was taken at another time                | not proven    |
 * | most renditions were written by a program with which people edit       | not proven    |
 * | one rendition is the same as the original of another pair              | not proven    |
 * | fewer than 12 are the same                                             | not proven    |
 * | the same are under 90 % of those that show enough                      | not proven    |
 * | else                                                                   | proven        |
 *
 * A family of fewer than 30 is compared whole, and only what was the same itself is a rendition, and that only where at
 * least three quarters of what shows enough are the same. The chance that 30
 * pairs miss a share of 5 % is 21 %, of 1 % 74 % (60 pairs: 5 and 55 %), so each key has a witness of its own: its bytes.
 * The figures and what was measured are in docs/originals.md.
 */

import { extensionOf, isComparable } from "../keys/file-kinds.ts";
import type { PairReason } from "../pictures/pair.ts";
import { rangeOf, type SizeRange } from "./size-range.ts";

/** One pair that was looked at. `unreadable`: a side of it could not be had, or not decoded. */
export interface ComparedPair {
  readonly child: string;
  readonly parent: string;
  readonly bytes: { readonly child: number; readonly parent: number };
  readonly verdict: "same" | "other" | "undecided" | "unreadable";
  readonly why: PairReason | PairDoubt;
  /** −1…1; null where nothing was compared. */
  readonly likeness: number | null;
  /** The rendition was written by a program with which people edit photos, the original was not. */
  readonly edited: boolean;
}

/** What else may be said of a pair. */
export type PairDoubt =
  | "taken at another time"
  | "cannot be decoded"
  | "could not be read"
  | "archived"
  | "larger than is fetched"
  | "beyond what --proof-bytes allows"
  | "without a decoder";

/** A rendition beside the original of another pair: what that shows. */
export interface Control {
  readonly child: string;
  readonly parent: string;
  readonly same: boolean;
}

export interface Counts {
  readonly compared: number;
  readonly same: number;
  readonly undecided: number;
  readonly other: number;
}

export interface FamilyProof extends Counts {
  /** `proven`: by a sample, for keys of a size in `range`. `each`: for the keys in `same`. `none`: not at all. */
  readonly state: "proven" | "each" | "none";
  /** For people: "30 of 30 compared pairs show the same picture". */
  readonly evidence: string;
  /** Keys of the family when it was proven. */
  readonly keys: number;
  /** Of a family that is told key by key: those that were the same, with their bytes; written over, it is another. */
  readonly sameKeys: readonly (readonly [key: string, bytes: number])[];
  /** Keys that were compared and were not the same: they are originals, whatever the family is. */
  readonly otherKeys: readonly string[];
  readonly range: SizeRange | null;
  /** Extensions of those that were the same, on either side, where their names say no picture; "" is none at all. */
  readonly extensions: readonly string[];
  /** True where its photos proved it, so that it holds for the copies of its videos. */
  readonly holdsForVideos: boolean;
  /** False where something could not be read, and another run may tell more. */
  readonly final: boolean;
  /** True where more pairs could prove it, and no more bytes were allowed. */
  readonly stoppedShort: boolean;
}

/** Names of programs with which people edit photos, in lower case; long enough not to be chance. */
export const EDITORS =
  /adobe photoshop|lightroom|darktable|rawtherapee|capture one|picasa|irfanview|acdsee|luminar|affinity photo|snapseed|dxo photolab|xnview|gimp \d|pixelmator|paint\.net|paintshop|vsco|faststone|photoscape|digikam|canva\b|microsoft windows photo/g;
/** Pairs that are compared, and in a family of many keys. */
export const PAIRS = 30;
const MORE_PAIRS = 60;
const MANY_KEYS = 10_000;
/** So many must be the same, and this share of those that show enough. */
const LEAST_SAME = 12;
export const SAME_SHARE = 0.9;
/** In a small family: where fewer are the same, it holds second takes of which some cannot be told from copies. */
export const SMALL_SHARE = 0.75;
/** Reasons that show enough and prove nothing: they speak against a family. */
const SPEAKS_AGAINST: ReadonlySet<string> = new Set<PairReason>(["not quite alike", "a part", "no smaller", "grey"]);

/**
 * Families whose names differ in digits only are proven as one: `150x150` and `300x225` are made by one program for
 * photos of two shapes, and would each be too few to prove anything.
 */
export function unitOf(family: string): string {
  return family.replaceAll(/\d+/g, "#");
}

/** How a sentence goes on that begins with how many. */
const WORDS: Readonly<Partial<Record<string, string>>> = {
  "not quite alike": "are not quite alike",
  "a part": "show a part only",
  "no smaller": "have no fewer pixels",
  grey: "are grey",
};

/** How many pairs of a family of so many keys are compared. */
export function pairsWanted(keys: number): number {
  return keys > MANY_KEYS ? MORE_PAIRS : PAIRS;
}

/** @param whole true where the pairs are all that there are */
export function judgeFamily(
  pairs: readonly ComparedPair[],
  controls: readonly Control[],
  keys: number,
  whole: boolean,
): FamilyProof {
  const counts = countsOf(pairs);
  const objection = objectionTo(pairs, controls, counts);
  const looksAlike = doubtOfAll(pairs, controls) ?? doubtOfSmall(pairs, counts);
  const same = pairs.filter(({ verdict, edited }) => verdict === "same" && !(whole && edited));
  const sameKeys = whole && looksAlike === null ? same.map(({ child, bytes }) => [child, bytes.child] as const) : [];
  const state = stateOf(whole, sameKeys.length, objection);
  const said = saidOf(pairs, counts);
  const why = whole ? looksAlike : objection;
  return {
    ...counts,
    state,
    evidence: why === null ? said : `${said}, but ${why}`,
    keys,
    sameKeys,
    otherKeys: pairs
      .filter(isCompared)
      .flatMap(({ child, verdict, edited }) => (verdict === "same" && !edited ? [] : [child])),
    range: rangeOf(same),
    extensions: extensionsOf(same),
    holdsForVideos: objection === null,
    final: state !== "none" || objection !== TOO_FEW || !pairs.some(mayBeReadLater),
    stoppedShort: state === "none" && objection === TOO_FEW && pairs.some(isBeyond),
  };
}

/** "28 of 29 compared pairs show the same picture; 1 archived". */
function saidOf(pairs: readonly ComparedPair[], { compared, same }: Counts): string {
  const unread = Map.groupBy(
    pairs.filter((pair) => !isCompared(pair)),
    ({ why }) => why,
  );
  const lost = [...unread].map(([why, of]) => `${of.length} ${why}`);
  const shows = `${same} of ${compared} compared pairs show the same picture`;
  return [compared === 0 ? "no pair could be compared" : shows, ...lost].join("; ");
}

function stateOf(whole: boolean, same: number, objection: string | null): FamilyProof["state"] {
  if (whole) return same > 0 ? "each" : "none";
  return objection === null ? "proven" : "none";
}

const TOO_FEW = `${LEAST_SAME} must be the same`;

/** Why a family is not proven by these pairs; null where it is. */
function objectionTo(
  pairs: readonly ComparedPair[],
  controls: readonly Control[],
  { same, other }: Counts,
): string | null {
  if (other > 0) {
    const [first] = pairs.filter(({ verdict }) => verdict === "other");
    const found = first?.why === "taken at another time" ? "was taken at another time" : "shows something else";
    return `${first?.child ?? "one"} ${found}`;
  }
  const doubt = doubtOfAll(pairs, controls);
  if (doubt !== null) return doubt;
  const edited = pairs.filter((pair) => pair.verdict === "same" && pair.edited).length;
  const unlike = against(pairs);
  if (same - edited < SAME_SHARE * (same + unlike.length)) {
    if (edited > unlike.length) return `a photo editor wrote ${edited} of them`;
    const reasons = [...Map.groupBy(unlike, ({ why }) => why)];
    return reasons.map(([why, of]) => `${of.length} ${WORDS[why] ?? why}`).join(", ");
  }
  return same < LEAST_SAME ? TOO_FEW : null;
}

/** What takes the worth from every pair of a family. */
function doubtOfAll(pairs: readonly ComparedPair[], controls: readonly Control[]): string | null {
  const alike = controls.find(({ same }) => same);
  if (alike !== undefined) {
    return `${alike.child} cannot be told from ${alike.parent}, which is another photo`;
  }
  const edited = pairs.filter((pair) => pair.edited).length;
  if (edited > pairs.filter(isCompared).length / 2) {
    return "a photo editor wrote them: somebody's own exports";
  }
  return null;
}

/** What takes the worth from the pairs of a family that is compared whole. */
function doubtOfSmall(pairs: readonly ComparedPair[], { same, other }: Pick<Counts, "same" | "other">): string | null {
  const unlike = other + against(pairs).length;
  return same < SMALL_SHARE * (same + unlike) ? `${unlike} are not alike` : null;
}

/** Those that show enough and speak against a family. */
export function against(pairs: readonly ComparedPair[]): ComparedPair[] {
  return pairs.filter(({ why }) => SPEAKS_AGAINST.has(why));
}

function extensionsOf(same: readonly ComparedPair[]): string[] {
  const names = same.flatMap(({ child, parent }) => [child, parent]);
  return [...new Set(names.filter((key) => !isComparable(key)).map(extensionOf))].sort();
}

function isCompared({ verdict }: ComparedPair): boolean {
  return verdict !== "unreadable";
}

/** What another run may read. */
function mayBeReadLater({ why }: ComparedPair): boolean {
  return why === "could not be read" || why === "archived" || why === "without a decoder";
}

function isBeyond({ why }: ComparedPair): boolean {
  return why === "beyond what --proof-bytes allows";
}

export function countsOf(pairs: readonly ComparedPair[]): Counts {
  const count = (wanted: ComparedPair["verdict"]) => pairs.filter(({ verdict }) => verdict === wanted).length;
  return {
    compared: pairs.filter(isCompared).length,
    same: count("same"),
    undecided: count("undecided"),
    other: count("other"),
  };
}
