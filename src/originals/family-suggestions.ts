/**
 * What two ways of looking at a listing suggest as families of renditions, brought into the order in which it is to
 * be believed: a rendition is to lead to what it was made from in the end, and not to another rendition on the way.
 */

import { senseOf } from "../keys/name-shape.ts";
import { defineLayout, fill, normalStem, type RenditionRule, type TokenRule, tokenMatcher } from "../layouts/layout.ts";
import type { Listed } from "../model.ts";
import { classifier, stemOfKey } from "./classify.ts";
import type { WordFamily } from "./family-confidence.ts";
import { PROPOSED } from "./family-confidence.ts";
import type { PhotoSample } from "./listing-samples.ts";
import { type Counted, regexesOf, stemBy } from "./rewrite-families.ts";
import { originalWords } from "./word-families.ts";

/** Pairs by which two families are compared: enough to tell four fifths from a half. */
const LOOKED = 40;
/** Keys at which it is glanced whether what a rule leads to is listed. */
const GLANCED = 1500;
/** A family of fewer keys than this share says nothing of another's originals. */
const COMPARABLE = 0.3;

/**
 * Every suggestion that is worth a closer look, the most believable first.
 * @param scale how many keys of the listing one of the families of words stands for
 */
export function suggestionsFrom(
  words: readonly WordFamily[],
  rules: readonly Counted[],
  objects: readonly Listed[],
  photos: PhotoSample,
  scale: number,
): Ordered[] {
  const glanced = some(objects, GLANCED);
  return inOrder([
    ...words.map((word) => ofWord(word, scale)),
    ...rules.flatMap((rule) => ofRule(rule, glanced, photos) ?? []),
  ]);
}

interface ListedPair {
  readonly child: Listed;
  readonly parent: Listed;
}

/** `rooted`: true where its originals were not made from others in their turn. */
type Ordered = Suggestion & { readonly rooted: boolean };

type Suggestion = {
  readonly claim: Claim;
  /** Some of its pairs, and about how many the listing has. */
  readonly pairs: readonly ListedPair[];
  readonly support: number;
  /** True where more than a folder's name that says nothing stands for it. */
  readonly says: boolean;
} & ({ readonly word: WordFamily; readonly rule: null } | { readonly word: null; readonly rule: Counted });

function ofWord(word: WordFamily, scale: number): Suggestion {
  const pairs = word.pairs.map(({ child, parent }) => ({
    child: child.object,
    parent: parent.object,
  }));
  const claim = claimOfWord(word.rule, originalWords([word]));
  const support = pairs.length * scale;
  const says = senseOf(word.rule.family) === "rendition";
  return { word, rule: null, claim, pairs: some(pairs, LOOKED), support, says };
}

/** Null where a glance at the keys that the rule takes shows that most lead to nothing larger. */
function ofRule(rule: Counted, glanced: readonly Listed[], photos: PhotoSample): Suggestion | null {
  const { stem, leads, by } = rule.rewrite;
  const { regex, originals } = regexesOf(rule);
  if (!rule.some.some(({ child }) => regex.test(child.key))) return null;
  const stemOf = stemBy(rule.rewrite, originals);
  let known = 0;
  let smaller = 0;
  for (const { key, size } of glanced) {
    const match = regex.exec(key);
    if (match === null) continue;
    const wanted = normalStem(fill(stem, match));
    const around = photos.around(wanted, by);
    if (around === null) continue;
    known += 1;
    const found = around.own.filter((own) => own.key !== key && stemOf(own.key) === wanted);
    const named = new Set(found.map((own) => stemOfKey(own.key)));
    if (found.some((own) => own.size > size) && (leads === "key" || named.size === 1)) smaller += 1;
  }
  if (known >= 3 && smaller < known * PROPOSED.joined * PROPOSED.smaller) return null;
  const claim = claimOfPattern({ regex, stem }, stemOf);
  const support = rule.pairs * photos.modulus;
  const says = !rule.rewrite.swap || rule.rewrite.words.some((word) => senseOf(word) === "rendition");
  return { word: null, rule, claim, pairs: some(rule.some, LOOKED), support, says };
}

/** So many at most, evenly chosen. */
function some<T>(items: readonly T[], most: number): T[] {
  const every = Math.ceil(items.length / most);
  return items.filter((_, i) => i % every === 0);
}

/** Words first, names without folders late; what leads to an original that was itself made from another, last. */
function inOrder(all: readonly Suggestion[]): Ordered[] {
  const rank = ({ rooted, says, rule }: Ordered) =>
    (rooted ? 0 : 8) + (says ? 0 : 4) + (rule === null ? 0 : rule.rewrite.leads === "key" ? 1 : 2);
  return all
    .map((one) => {
      const others = all
        .filter((other) => other !== one && other.says && other.support >= one.support * COMPARABLE)
        .map(({ claim }) => claim);
      const parents = one.pairs.map(({ parent }) => parent.key);
      return { ...one, rooted: madeShare(parents, others) <= 0.5 };
    })
    .sort((a, b) => rank(a) - rank(b));
}

/** What a would-be family says of a key: whether it takes it, and to which original it leads. */
export interface Claim {
  /** True where the family takes the key. */
  takes(key: string): boolean;
  /** True where it leads from the one key to the other. */
  leads(child: string, parent: string): boolean;
}

/** Of a word at a place. `originals`: the words by which its originals are known. */
export function claimOfWord(rule: TokenRule, originals: readonly TokenRule[]): Claim {
  const match = tokenMatcher(rule);
  const decide = classifier(defineLayout({ id: "claim", tokens: [...originals, rule] }));
  const takes = (key: string) => match(key) !== null;
  return {
    takes,
    leads: (child, parent) =>
      takes(child) && decide({ key: child, size: 1 }).stem === decide({ key: parent, size: 1 }).stem,
  };
}

/** Of a pattern that leads to a stem. `stemOf` says what stem a key has were it an original. */
function claimOfPattern(
  { regex, stem }: Pick<RenditionRule, "regex"> & { readonly stem: string },
  stemOf: (key: string) => string | null,
): Claim {
  const stemFrom = (key: string) => {
    const match = regex.exec(key);
    return match === null ? null : normalStem(fill(stem, match));
  };
  return {
    takes: (key) => regex.test(key),
    leads: (child, parent) => {
      const found = stemFrom(child);
      return found !== null && found === stemOf(parent);
    },
  };
}

/** Of pairs, the share that families claim, and the share of those for which one leads to the same original. */
export function claimed(
  pairs: readonly { readonly child: Listed; readonly parent: Listed }[],
  claims: readonly Claim[],
): { readonly known: number; readonly same: number } {
  let known = 0;
  let same = 0;
  for (const { child, parent } of pairs) {
    const takers = claims.filter((claim) => claim.takes(child.key));
    if (takers.length === 0) continue;
    known += 1;
    if (takers.some((claim) => claim.leads(child.key, parent.key))) same += 1;
  }
  return { known: known / Math.max(1, pairs.length), same: same / Math.max(1, known) };
}

/** The share of keys that were made from others. */
function madeShare(keys: readonly string[], claims: readonly Claim[]): number {
  const made = keys.filter((key) => claims.some((claim) => claim.takes(key)));
  return made.length / Math.max(1, keys.length);
}
