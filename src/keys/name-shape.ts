/**
 * What a piece of a key is like, so that pieces of one family come out the same: words stay, sizes lose their
 * digits, and what was drawn by chance (hashes, UUIDs, long numbers) becomes a class. Texts are in the spelling
 * of `normalStem`.
 */

export interface Shape {
  /** Equal for all pieces of one family. */
  readonly id: string;
  /** A regex source that matches them; literals in any case. */
  readonly source: string;
  /** As a glob for people: `thumb_*_small`. */
  readonly glob: string;
  /** The words in it, sizes masked. */
  readonly words: readonly string[];
  /** True where it says nothing but a counter: digits that are no size. */
  readonly counter: boolean;
}

const UUID_SOURCE = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const ATOMS = new RegExp(`${UUID_SOURCE}|[a-z0-9]+|[^a-z0-9]+`, "g");
const IS_UUID = new RegExp(`^${UUID_SOURCE}$`);
/** Hashes are written in hex, eight digits at least; six and seven are only believed with both kinds of digit. */
const HEX_WORD = /^(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{6,}$/;
/** Short codes and the like: letters and digits through each other. */
const CODE = /^(?=(?:\D*\d){2})(?=.*[a-z])[a-z0-9]{8,}$/;
const SIZE_WORD = /^(?:\d+x\d+|x\d+|\d+x|[a-z]{1,2}\d+|\d+(?:px|p|w|h|k)|[a-z]+\d+x)$/;
/** Fewer pixels than this are no size that anybody asks for; more digits are an identity. */
const LEAST_SIZE = 48;
const MOST_DIGITS = 4;

/**
 * The shape of a piece of a name.
 * @param side where the photo's name is: numbers beyond a word, as seen from there, may be any (`crop_c-45-22`),
 * while one beside the name may be the name's (`IMG_12` and `IMG_12_3`); `all` where this is the name
 */
export function shapeOf(text: string, side: Side = "none"): Shape {
  const known = KNOWN_SHAPES[side].get(text);
  if (known !== undefined) return known;
  if (KNOWN_SHAPES[side].size >= MOST_KNOWN) KNOWN_SHAPES[side].clear();
  const shape = freshShape(text, side);
  KNOWN_SHAPES[side].set(text, shape);
  return shape;
}

type Side = "left" | "right" | "none" | "all";

/** The same few pieces come with every pair of keys. */
const KNOWN_SHAPES: Readonly<Record<Side, Map<string, Shape>>> = {
  left: new Map(),
  right: new Map(),
  none: new Map(),
  all: new Map(),
};
const MOST_KNOWN = 2000;

function freshShape(text: string, side: Side): Shape {
  const shapes = (text.match(ATOMS) ?? []).map(atom);
  const first = shapes.findIndex(({ words }) => words.some(isLetters));
  const last = shapes.findLastIndex(({ words }) => words.some(isLetters));
  const beyond = (at: number) => (side === "left" ? at > first : side === "right" ? at < last : true);
  if (first < 0 || side === "all") return joinedShape(shapes);
  return joinedShape(shapes.map((shape, at) => (/^\d+$/.test(shape.id) && beyond(at) ? NUMBER : shape)));
}

const NUMBER: Shape = { id: "#", source: "\\d+", glob: "*", words: [], counter: false };

function isLetters(word: string): boolean {
  return !/^\d+$/.test(word);
}

/** The shape of a name in which the photo's own name stands, for which `source` is to match. */
export function shapeAround(text: string, name: string, source: string): Shape {
  const own: Shape = { id: "{}", source, glob: "*", words: [], counter: false };
  return joinedShape(text.split(name).flatMap((part, i) => (i === 0 ? [shapeOf(part)] : [own, shapeOf(part)])));
}

/** The shape of a folder of its own: one or two digits of a hash spread photos over folders. */
export function folderShape(text: string): Shape {
  if (/^[0-9a-f]{1,3}$/.test(text) && senseOf(text) === "unknown") {
    return {
      id: `<hex${text.length}>`,
      source: `[0-9A-Fa-f]{${text.length}}`,
      glob: "*",
      words: [],
      counter: false,
    };
  }
  return shapeOf(text);
}

export function joinedShape(shapes: readonly Shape[]): Shape {
  return {
    id: shapes.map(({ id }) => id).join(""),
    source: shapes.map(({ source }) => source).join(""),
    glob: shapes
      .map(({ glob }) => glob)
      .join("")
      .replaceAll(/\*+/g, "*"),
    words: shapes.flatMap(({ words }) => words),
    counter: shapes.some(({ counter }) => counter) && shapes.every((s) => s.counter || s.words.length === 0),
  };
}

/** A text that a regex matches as it is, in any case. */
export function literal(text: string): string {
  const source = text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return /\p{L}/u.test(text) ? `(?i:${source})` : source;
}

function atom(text: string): Shape {
  if (IS_UUID.test(text)) return chance("<uuid>", `(?i:${UUID_SOURCE})`);
  if (!/^[a-z0-9]/.test(text)) return fixedShape(text, []);
  if (/^\d+$/.test(text)) return numberShape(text);
  if (SIZE_WORD.test(text) && text.length < 12) {
    const masked = text.replaceAll(/\d+/g, "#");
    const source = masked.split("#").map(literal).join("\\d+");
    return {
      id: masked,
      source,
      glob: text.replaceAll(/\d+/g, "*"),
      words: [masked],
      counter: false,
    };
  }
  if (HEX_WORD.test(text)) return chance(`<hex${text.length}>`, `[0-9A-Fa-f]{${text.length}}`);
  if (CODE.test(text)) return chance("<code>", "[A-Za-z0-9]{8,}");
  return fixedShape(text, [text]);
}

function numberShape(text: string): Shape {
  if (text.length > 2 * MOST_DIGITS) return chance("<number>", `\\d{${2 * MOST_DIGITS + 1},}`);
  const size = text.length <= MOST_DIGITS && Number(text) >= LEAST_SIZE;
  return { ...fixedShape(text, size ? [text] : []), counter: !size };
}

function fixedShape(text: string, words: readonly string[]): Shape {
  return {
    id: text,
    source: literal(text),
    glob: text.replaceAll(/[*?[\]{}()!\\]/g, "?"),
    words,
    counter: false,
  };
}

function chance(id: string, source: string): Shape {
  return { id, source, glob: "*", words: [], counter: false };
}

/** A key in its parts, in the spelling of `normalStem`. */
export interface KeyParts {
  readonly folders: readonly string[];
  readonly base: string;
  /** Without the dot; "" where there is none. */
  readonly extension: string;
}

const BASE_AND_EXTENSION = /^(.+)\.([a-z0-9]{1,5})$/;

export function keyParts(text: string): KeyParts {
  const folders = text.split("/");
  const file = folders.pop() ?? "";
  const [, base, extension] = BASE_AND_EXTENSION.exec(file) ?? [];
  return { folders, base: base ?? file, extension: extension ?? "" };
}

/** Where a name stands in another between breaks; −1 where it does not. */
export function standsIn(text: string, name: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = at === 0 || isBreakChar(text[at - 1] ?? "");
    const after = text[at + name.length];
    if (before && (after === undefined || isBreakChar(after))) return at;
  }
  return -1;
}

function isBreakChar(char: string): boolean {
  return char < "\x80" && !/[a-z0-9]/.test(char);
}

/** Words by which services call originals and renditions, as people and programs write them in keys. */
function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

const ORIGINAL = wordSet(`original originals orig origs full fullsize fullres raw master masters source sources o`);

/** Made by programs: people rarely give their own photos such names. */
const MACHINE = wordSet(`
  thumb thumbs thumbnail thumbnails thumb2x tn th thm tile tiles preview previews icon icons sq square squares
  small_square large_square medium_large placeholder derivative derivatives rendition renditions conversions
  variant variants optimized medium med xs sm md lg xl xxl xlarge xxlarge xsmall small2x medium2x
  #x# w# h# #px
  75 100 120 128 150 160 200 240 256 300 320 400 480 500 512 600 640 720 768 800 960 1000 1024 1080 1200 1280
  1440 1600 1900 1920 2048 2560`);

/** Made by programs and by people alike. */
const ANYONE = wordSet(`
  large larger small smaller tiny mini micro huge big normal poster posters display web mobile lowres low lores
  resized scaled reduced compressed crop cropped cache cached`);

/** What people and cameras make themselves: never a rendition, whatever the sizes say. */
const KEPT_WORDS = wordSet(`
  edited edit adjusted alternative effects smile mix bearbeitet bewerkt edytowane editado editada editat modificato
  modifie modifié redigerad redigert redigeret muokattu upraveno düzenlendi 編集済み 编辑 已編輯
  hdr hevc mp burst cover collage animation pano panorama portrait night print prints color_pop final retouched
  lightroom export exports`);

export type WordSense = "original" | "rendition" | "kept" | "unknown";

/** What a word, or the words of a directory and a name together, say of a family. */
export function senseOf(word: string): WordSense {
  if (!word.includes(" ")) return senseOfOne(word);
  const senses = word.split(" ").map(senseOfOne);
  if (senses.includes("kept")) return "kept";
  if (senses.includes("rendition")) return "rendition";
  return senses.includes("original") ? "original" : "unknown";
}

/** True where one of the words is a program's word for a rendition. */
export function isMachineWord(word: string): boolean {
  return word.split(" ").some((one) => MACHINE.has(one));
}

function senseOfOne(word: string): WordSense {
  if (ORIGINAL.has(word)) return "original";
  if (MACHINE.has(word) || ANYONE.has(word)) return "rendition";
  return KEPT_WORDS.has(word) ? "kept" : "unknown";
}
