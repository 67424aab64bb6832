/**
 * How a rendition's key is made from its original's, told from one pair of keys: what services put before and
 * after the photo's name, which folders they put in or change, and whether the name becomes a folder. Answers
 * rules, so that pairs of one family give the same rule. Keys are in the spelling of `normalStem`.
 */

import { alike } from "../key.ts";
import {
  folderShape,
  joinedShape,
  type KeyParts,
  literal,
  type Shape,
  senseOf,
  shapeAround,
  shapeOf,
  standsIn,
} from "../keys/name-shape.ts";
import { withoutAffix } from "./key-anchors.ts";

/** The rule that one pair gives. */
export interface Rewrite {
  /** Equal for all pairs of one family. */
  readonly id: string;
  /** Words that name the family. */
  readonly words: readonly string[];
  /** Regex source for a rendition's key, and what it leaves for the stem. */
  readonly source: string;
  readonly stem: string;
  /** Regex source for an original's key. */
  readonly originals: string;
  /**
   * `key`: the stem is the original's key without its extension. `group`: a part of the original's key does not
   * follow from the rendition's, so the stem is what both have in common.
   */
  readonly leads: "key" | "group";
  /** Where a group is found: by the photo's name, or by its folder. */
  readonly by: "name" | "folder";
  /** True where one folder stands for another and nothing else differs: people sort photos so, too. */
  readonly swap: boolean;
  /** For people, and as a glob. */
  readonly looks: string;
  readonly glob: string;
}

const EXT = "\\.[A-Za-z0-9]{1,5}";
const END = `(?:${EXT})?$`;
const NAME = "(?<n>[^/]+?)";
const ANY_FOLDERS = "(?:[^/]*/)*";
/** Every rule by which the child's key follows from the parent's; none where the names have nothing in common. */
export function rewritesOf(child: KeyParts, parent: KeyParts): Rewrite[] {
  const affix = withoutAffix(parent.base);
  const names: OwnName[] = [{ before: "", name: parent.base, after: "" }];
  if (affix !== null) names.push(affix);
  const found = names.flatMap((own) => placesOf(child, parent, own));
  if (found.length === 0) found.push(...placesOf(child, parent, { before: parent.base, name: "", after: "" }));
  return found.flatMap((place) => rulesOf(place, parent)).filter(isSound);
}

/** The name of a photo within the name of its original. */
interface OwnName {
  readonly before: string;
  readonly name: string;
  readonly after: string;
}

/** Where the photo's name stands in the child's key. */
interface NamePlace {
  readonly own: OwnName;
  /** Folders before the name, in which the two keys may have much in common. */
  readonly before: readonly string[];
  /** From the name on: what is matched, and how it looks. */
  readonly rest: Shape & { readonly looks: string };
  readonly counter: boolean;
  readonly plain: boolean;
}

function placesOf(child: KeyParts, parent: KeyParts, own: OwnName): NamePlace[] {
  const { name } = own;
  if (name === "") return inSameFolder(child, parent, own);
  const folder = child.folders.findLastIndex((one) => one === name || one === `${name}.${parent.extension}`);
  if (folder >= 0) return [asFolder(child, parent, own, folder)];
  const at = standsIn(child.base, name);
  if (at < 0) return [];
  const start = shapeOf(child.base.slice(0, at), "right");
  const end = afterName(child.base.slice(at + name.length), parent.extension);
  const rest = joinedShape([start, NAME_SHAPE, end]);
  const affix = joinedShape([start, end]);
  return [
    {
      own,
      before: child.folders,
      rest: { ...rest, source: rest.source + END, looks: `${start.glob}…${end.glob}.*` },
      counter: affix.counter,
      plain: affix.id === "",
    },
  ];
}

/** `NAME.jpg/120px-NAME.jpg`, `NAME/<hash>.jpg`, `NAME.jpg/w/800.jpg`. */
function asFolder(child: KeyParts, parent: KeyParts, own: OwnName, at: number): NamePlace {
  const whole = child.folders[at] !== own.name;
  const after = child.folders.slice(at + 1).map(folderShape);
  const full = `${own.name}.${parent.extension}`;
  const file = child.base.includes(full)
    ? shapeAround(child.base, full, `(?i:\\k<n>)${EXT}`)
    : shapeAround(child.base, own.name, "(?i:\\k<n>)");
  const shapes = [NAME_SHAPE, ...(whole ? [EXT_SHAPE] : []), ...[...after, file].flatMap((s) => [SLASH, s])];
  const rest = joinedShape(shapes);
  const looks = `…/${[...after, file].map(({ glob }) => glob).join("/")}.*`;
  return {
    own,
    before: child.folders.slice(0, at),
    rest: { ...rest, source: rest.source + END, looks },
    counter: false,
    plain: false,
  };
}

/** `{id}/l.jpg` beside `{id}/original.jpg`: the name says nothing of the photo, the folder does. */
function inSameFolder(child: KeyParts, parent: KeyParts, own: OwnName): NamePlace[] {
  const last = parent.folders.at(-1);
  if (last === undefined || child.base === parent.base) return [];
  if (isCounted(child.base) || isCounted(parent.base)) return [];
  const at = child.folders.lastIndexOf(last);
  if (at < 0) return [];
  const after = child.folders.slice(at + 1).map(folderShape);
  const file = shapeOf(child.base, "all");
  const rest = joinedShape([...after.flatMap((s) => [s, SLASH]), file]);
  const looks = [...after, file].map(({ glob }) => glob).join("/");
  return [
    {
      own,
      before: child.folders.slice(0, at + 1),
      rest: { ...rest, source: rest.source + END, looks: `${looks}.*` },
      counter: file.counter && after.length === 0,
      plain: false,
    },
  ];
}

/** `img_1`: a name of its own in every folder is no name that all folders have. */
function isCounted(base: string): boolean {
  return /[a-z]/.test(base) && /(?:^|[^a-z0-9])\d+(?![a-z0-9])/.test(base) && !HASH.test(base);
}

const HASH = /[0-9a-f]{16}|[0-9a-f]{8}-[0-9a-f]{4}-/;

/** The folders in which the two keys differ, and by which side those in common are counted. */
function rulesOf(place: NamePlace, parent: KeyParts): Rewrite[] {
  const { own, before, rest, counter, plain } = place;
  const theirs = parent.folders;
  const same = alike(before.toReversed(), theirs.toReversed());
  const first = alike(before.slice(0, before.length - same), theirs.slice(0, theirs.length - same));
  const swapped = before.slice(first, before.length - same).map(folderShape);
  const lost = theirs.slice(first, theirs.length - same);
  if (counter || (plain && swapped.length === 0 && lost.length === 0)) return [];
  if (`${lost.join("/")}${own.before}${own.after}`.match(/[{}]/) !== null) return [];
  const wild = swapped.every(({ words }) => words.length === 0);
  const said = lost.some((folder) => senseOf(folder) === "original");
  /** Any folder of chance for one of these would lead every album to one and the same. */
  if (lost.length > 0 && (plain || own.name === "") && wild && !said) return [];
  if (lost.some((folder) => isDrawn(shapeOf(folder)))) return own.name === "" ? [] : [anywhere(place)];
  const swap = plain && swapped.length > 0 && lost.length > 0 && own.before + own.after === "";
  const make = (kind: RewriteKind) => ({
    ...ruleOf({ kind, own, rest, swapped, lost, bare: own.name === "" }),
    swap,
  });
  const rules =
    swapped.length === 0 && lost.length === 0
      ? [make({ from: "here", depth: 0 })]
      : [make({ from: "left", depth: first }), make({ from: "right", depth: same })];
  if (lost.length > 0 && own.name !== "") rules.push(anywhere(place));
  return rules;
}

interface RewriteKind {
  readonly from: "here" | "left" | "right";
  readonly depth: number;
}

function ruleOf({
  kind: { from, depth },
  own,
  rest,
  swapped,
  lost,
  bare,
}: {
  kind: RewriteKind;
  own: OwnName;
  rest: NamePlace["rest"];
  swapped: readonly Shape[];
  lost: readonly string[];
  bare: boolean;
}): Omit<Rewrite, "swap"> {
  const x = from === "left" ? `(?<x>(?:[^/]*/){${depth}})` : `(?<x>${ANY_FOLDERS})`;
  const y = from === "right" ? `(?<y>(?:[^/]*/){${depth}})` : `(?<y>${ANY_FOLDERS})`;
  const put = joinedShape(swapped.flatMap((shape) => [shape, SLASH]));
  const taken = lost.map((folder) => `${folder}/`).join("");
  const [start, end] = [shapeOf(own.before), shapeOf(own.after)];
  const drawn = isDrawn(start) || isDrawn(end);
  const name = bare ? "" : NAME;
  const folders = from === "here" ? x : `${x}${put.source}${y}`;
  const ofOriginal = from === "here" ? x : `${x}${literal(taken)}${y}`;
  const stem = from === "here" ? "{x}" : `{x}${taken}{y}`;
  const core = bare ? "" : "{n}";
  const left = from === "left" ? "*/".repeat(depth) : "…/";
  return {
    id: `${from}${depth}:${put.id}>${taken}|${rest.id}|${start.id}.${end.id}${bare ? "=" : ""}`,
    words: [...put.words, ...rest.words],
    source: `^${folders}${rest.source}`,
    stem: drawn ? `${stem}${core}` : `${stem}${own.before}${core}${own.after}`,
    originals: `^${ofOriginal}${start.source}${name}${end.source}${END}`,
    leads: drawn ? "group" : "key",
    by: bare ? "folder" : "name",
    looks:
      from === "here" ? `…/${rest.looks}` : `${left}${put.glob}${rest.looks.startsWith("…/") ? "" : "…/"}${rest.looks}`,
    glob: `${from === "left" ? "*/".repeat(depth) : "**/"}${put.glob}${from === "here" ? "" : "**/"}${globOf(rest)}`,
  };
}

/** The original lies in a folder that the rendition's key does not tell: only the name joins them. */
function anywhere({ own, before, rest }: NamePlace): Rewrite {
  const put = joinedShape(before.map(folderShape).flatMap((shape) => [shape, SLASH]));
  const [start, end] = [shapeOf(own.before), shapeOf(own.after)];
  return {
    id: `any:${put.id}|${rest.id}|${start.id}.${end.id}`,
    words: [...put.words, ...rest.words],
    source: `^${put.source}${rest.source}`,
    stem: "{n}",
    originals: `${ANY_FOLDERS}${start.source}${NAME}${end.source}${END}`,
    leads: "group",
    by: "name",
    swap: own.before + own.after === "" && rest.id === NAME_SHAPE.id,
    looks: `${put.glob}${rest.looks}`,
    glob: `${put.glob}${globOf(rest)}`,
  };
}

/** People's own words are no rendition's; and a rule that fixes nothing would take every key. */
function isSound({ words }: Rewrite): boolean {
  return !words.some((word) => senseOf(word) === "kept");
}

function globOf({ glob }: Shape): string {
  return `${glob}.*`.replaceAll(/\*\.\*$/g, "*");
}

function isDrawn({ id }: Shape): boolean {
  return /<(?:uuid|hex\d+|code|number)>/.test(id);
}

const NAME_SHAPE: Shape = { id: "{n}", source: NAME, glob: "*", words: [], counter: false };
const EXT_SHAPE: Shape = { id: "{.}", source: EXT, glob: ".*", words: [], counter: false };
const SLASH: Shape = { id: "/", source: "\\/", glob: "/", words: [], counter: false };

/** What follows the name; where the original's extension does first, any extension may. */
function afterName(text: string, extension: string): Shape {
  const dotted = `.${extension}`;
  if (extension === "" || !text.startsWith(dotted) || /^[a-z0-9]/.test(text.slice(dotted.length))) {
    return shapeOf(text, "left");
  }
  return joinedShape([EXT_SHAPE, shapeOf(text.slice(dotted.length), "left")]);
}
