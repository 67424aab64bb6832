/**
 * A layout says, as data, how one service names the objects of a photo: which keys are originals, which
 * are renditions, and what the objects of one photo have in common. Rendition rules are tried before
 * original rules, each list in its order, and a key that no rule knows is an original.
 */

/**
 * What a rendition rule asks for. `skip-if-original-present`: a rendition, its stem leads to the original.
 * `skip-no-join`: a rendition whose original no key can tell. `keep`: looks like one and is not, so it is
 * mirrored. `sidecar` and `litter` speak for themselves.
 */
export const ACTIONS = ["skip-if-original-present", "skip-no-join", "keep", "sidecar", "litter"] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * What must lie beside a key before a rule may call it a rendition. `nothing`: its name says enough.
 * `larger-if-any`: where originals of its stem are listed, one must be larger. `larger`: a larger original
 * must be listed, for names that people use too (`banner_300x250.png`). `one`: a larger original, and no other
 * photo of that stem, for stems that do not tell photos of one name apart.
 */
export const NEEDS = ["nothing", "larger-if-any", "larger", "one"] as const;
export type Need = (typeof NEEDS)[number];

export interface OriginalRule {
  /** Matched against the whole key. */
  readonly regex: RegExp;
  /**
   * What joins the objects of one photo: text with `{group}` for what the named groups of the regex caught,
   * and `{path}` for the key without its extension.
   */
  readonly stem: string;
  /** Among the originals of one stem, 0 is the truest. */
  readonly rank: number;
  /** False where the regex matches nearly any file, so that a match says nothing about the service. */
  readonly telling: boolean;
  /** What these keys are, where it is more than "the original". */
  readonly role?: string | undefined;
  /** Real or realistic keys; the tests hold every rule to them. */
  readonly examples: readonly string[];
}

export interface RenditionRule {
  readonly regex: RegExp;
  /** As in an original rule; null where the key leads to no original. */
  readonly stem: string | null;
  /**
   * True where the stem is the original's own key without its extension; what other rules make of that key is
   * then the stem.
   */
  readonly byKey: boolean;
  /** How its keys look, for people and as a glob; of rules that were inferred, which have no example that says it. */
  readonly looks?: string | undefined;
  readonly glob?: string | undefined;
  /** The family's name; `{group}` for what the regex caught ("large", "150x150"). */
  readonly family: string;
  readonly action: Action;
  readonly needs: Need;
  /** What these keys are: "thumbnail", "poster", "sidecar". */
  readonly role: string;
  readonly examples: readonly string[];
}

/**
 * A word at a fixed place of the key: a directory, counted from the left or from the right (0 is the first;
 * from the right, 1 is the folder that holds the file); the start or the end of the file's name, cut off by
 * one of `_ - . , @`; or the whole name before its extension. All parts given must be there; what is left of
 * the key without them is the stem. `#` in a word stands for digits; case does not matter.
 */
export interface TokenRule {
  readonly family: string;
  readonly role: "original" | "rendition";
  /** For originals: 0 is the truest. */
  readonly rank: number;
  readonly needs: Need;
  readonly directory?: { readonly from: "left" | "right"; readonly at: number; readonly word: string } | undefined;
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
  readonly name?: string | undefined;
}

export interface Layout {
  /** Short name, as `--layout` takes it. */
  readonly id: string;
  readonly title: string;
  readonly originals: readonly OriginalRule[];
  readonly renditions: readonly RenditionRule[];
  readonly tokens: readonly TokenRule[];
  /** Whether what is called original is what was uploaded. */
  readonly originalTrust?: string | undefined;
  /** When the original may not be in the bucket at all. */
  readonly originalsMayBeMissing?: string | undefined;
}

/** All fields of a rule or layout may be left out but these. */
type Written<T, Needed extends keyof T> = Pick<T, Needed> & { readonly [Field in keyof T]?: T[Field] | undefined };

/** A layout as it is written down: what is left out has its usual value. */
export interface WrittenLayout extends Omit<Written<Layout, "id">, "originals" | "renditions" | "tokens"> {
  readonly originals?: readonly Written<OriginalRule, "regex">[] | undefined;
  readonly renditions?: readonly Written<RenditionRule, "regex" | "family">[] | undefined;
  readonly tokens?: readonly Written<TokenRule, "family" | "role">[] | undefined;
}

/** Fills in the usual value of everything that a layout leaves out. */
export function defineLayout(written: WrittenLayout): Layout {
  const {
    id,
    title = id,
    originals = [],
    renditions = [],
    tokens = [],
    originalTrust,
    originalsMayBeMissing,
  } = written;
  return {
    id,
    title,
    originals: originals.map(({ stem = "{path}", rank = 0, telling = true, examples = [], ...rule }) => {
      return { ...rule, stem, rank, telling, examples };
    }),
    renditions: renditions.map(({ stem = null, byKey = false, needs = "nothing", ...rule }) => {
      const { action = "skip-if-original-present", role = "rendition", examples = [] } = rule;
      return { ...rule, stem, byKey, needs, action, role, examples };
    }),
    tokens: tokens.map(({ rank = 0, needs = "larger-if-any", ...rule }) => ({ ...rule, rank, needs })),
    ...(originalTrust === undefined ? {} : { originalTrust }),
    ...(originalsMayBeMissing === undefined ? {} : { originalsMayBeMissing }),
  };
}

/** A layout that knows nothing: every photo is an original. */
export const EVERYTHING_ORIGINAL = defineLayout({ id: "originals", title: "Every photo is an original" });

/**
 * Stems are compared in composed Unicode and lower case, because services re-spell names; keys never change.
 */
export function normalStem(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/**
 * Fills a stem or family with what a match of a key caught; a group that took no part is empty, and slashes
 * at the start, which it may leave behind, go.
 */
export function fill(template: string, match: RegExpExecArray): string {
  const groups = match.groups ?? {};
  return template
    .replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      name === "path" ? match.input.replace(/(?<=[^/])\.[A-Za-z0-9]{1,5}$/, "") : (groups[name] ?? ""),
    )
    .replace(/^\/+/, "");
}

const SEPARATORS = "_\\-.,@";
/** A file's name without its extension, where it has one. */
export const EXTENSION = /^(.+)\.[A-Za-z0-9]{1,5}$/;

/** A rule made ready to be applied to many keys. */
export type TokenMatcher = (key: string) => string | null;

/** Answers the stem of a key that has all the words of the rule where it wants them, else null. */
export function tokenMatcher(rule: TokenRule): TokenMatcher {
  const directory = rule.directory === undefined ? null : wordRegex("^", rule.directory.word, "$");
  const prefix = affix(rule.prefix, (word) => new RegExp(`^${word}[${SEPARATORS}](?=.)`, "i"));
  const suffix = affix(rule.suffix, (word) => new RegExp(`(?<=.)[${SEPARATORS}]${word}$`, "i"));
  const name = rule.name === undefined ? null : wordRegex("^", rule.name, "$");
  return (key) => {
    const nameAt = key.lastIndexOf("/") + 1;
    let folder = key.slice(0, nameAt);
    if (rule.directory !== undefined && directory !== null) {
      const [start, end] = partOf(folder, rule.directory);
      if (end < 0 || !directory.test(folder.slice(start, end))) return null;
      folder = folder.slice(0, start) + folder.slice(end + 1);
    }
    const file = key.slice(nameAt);
    let base = EXTENSION.exec(file)?.[1] ?? file;
    for (const part of [prefix, suffix]) {
      if (part === null) continue;
      if (!part.test(base)) return null;
      base = base.replace(part, "");
    }
    if (name === null) return normalStem(folder + base);
    return folder !== "" && name.test(base) ? normalStem(folder.slice(0, -1)) : null;
  };
}

/** Where one of the folders in a path that ends with a slash begins and ends; the end is -1 where there are not so many. */
function partOf(
  path: string,
  { from, at }: NonNullable<TokenRule["directory"]>,
): readonly [start: number, end: number] {
  if (from === "left") {
    let start = 0;
    for (let before = 0; before < at; before += 1) {
      start = path.indexOf("/", start) + 1;
      if (start === 0) return [0, -1];
    }
    return [start, path.indexOf("/", start)];
  }
  let end = path.length - 1;
  for (let after = 1; after < at && end >= 0; after += 1) end = end === 0 ? -1 : path.lastIndexOf("/", end - 1);
  return [end <= 0 ? 0 : path.lastIndexOf("/", end - 1) + 1, end];
}

/** How the rule looks in a key, for people: `large/…`, `…_thumb.*`. */
export function describeToken(rule: TokenRule): string {
  const file =
    rule.name === undefined
      ? `${rule.prefix === undefined ? "" : `${rule.prefix}_`}…${rule.suffix === undefined ? "" : `_${rule.suffix}.*`}`
      : `${rule.name}.*`;
  if (rule.directory === undefined) return rule.name === undefined ? file : `…/${file}`;
  const { from, at, word } = rule.directory;
  const before = from === "left" ? "*/".repeat(at) : "…/";
  const between = from === "right" ? "*/".repeat(at - 1) : "";
  return `${before}${word}/${between}${file}`;
}

function affix(word: string | undefined, make: (source: string) => RegExp): RegExp | null {
  return word === undefined ? null : make(wordSource(word));
}

function wordRegex(before: string, word: string, after: string): RegExp {
  return new RegExp(`${before}${wordSource(word)}${after}`, "i");
}

function wordSource(word: string): string {
  return word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replaceAll("#", "\\d+");
}
