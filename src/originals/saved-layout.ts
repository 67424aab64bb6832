/**
 * The decision that a catalogue remembers: the layout, and what is proven of each of its families. No later listing
 * changes what counts as an original by itself, and a verdict follows from key, size and this.
 */

import { z } from "zod";
import { extensionOf, fileKindOf, isComparable } from "../keys/file-kinds.ts";
import { EVERYTHING_ORIGINAL, type Layout } from "../layouts/layout.ts";
import { layoutData, parseLayout } from "../layouts/layout-data.ts";
import { jsonOf } from "../manifest-entry.ts";
import type { Classifier, KeyAndSize, Verdict } from "./classify.ts";
import { asOriginal, classifier } from "./classify.ts";
import { unitOf } from "./family-proof.ts";

const count = z.int().min(0);
const amounts = z.tuple([z.number(), z.number()]).readonly();
const keys = z.array(z.string()).readonly();

const PROVEN_FAMILY = z.object({
  state: z.enum(["proven", "each", "accepted", "none"]),
  evidence: z.string(),
  unit: z.string(),
  looks: z.string(),
  option: z.string(),
  keys: count,
  bytes: z.number(),
  compared: count,
  same: count,
  undecided: count,
  other: count,
  sameKeys: z.array(z.tuple([z.string(), count]).readonly()).readonly(),
  otherKeys: keys,
  range: z.object({ bytes: amounts, ratio: amounts }).nullable(),
  extensions: keys.default([]),
  holdsForVideos: z.boolean(),
  final: z.boolean(),
  allowed: count.default(0),
  ended: z.string().nullable(),
  shown: z.array(z.object({ child: z.string(), parent: z.string(), note: z.string() })),
});

/**
 * A family and what is known of it. `proven`: by a sample, for keys of a size within `range`. `each`: `sameKeys` of those bytes only.
 * `accepted`: somebody said yes at the terminal. `none`: its keys are originals. `ended` says why what is new in a
 * proven family is an original, null as long as it is not; `shown` are some of the pairs that were compared. `final` is
 * false where another run may tell more; `allowed` are the bytes that were too few to prove it, 0 where they were not.
 */
export type ProvenFamily = z.infer<typeof PROVEN_FAMILY>;

export interface SavedLayout {
  readonly layout: Layout;
  /** Why it was chosen, for people. */
  readonly reason: string;
  /** True where the user named it: then nothing has to be proven. */
  readonly chosen: boolean;
  /** By unit (`unitOf`); empty where the user named the layout. */
  readonly families: ReadonlyMap<string, ProvenFamily>;
  /** What was proposed, was not proven, and made room for another proposal. */
  readonly refused: readonly ProvenFamily[];
  /** Keys of the listing that it was decided on. */
  readonly keys: number;
}

const SHAPE = z.object({
  version: z.literal(2),
  layout: z.unknown(),
  reason: z.string(),
  chosen: z.boolean(),
  families: z.array(z.tuple([z.string(), PROVEN_FAMILY])),
  refused: z.array(PROVEN_FAMILY),
  keys: count,
});
/** What the first version wrote: families were believed for their names and sizes, and nothing was proven. */
const UNPROVEN = z.object({ layout: z.unknown(), reason: z.string(), chosen: z.boolean() });

/** As text for the catalogue. */
export function save({ layout, families, ...rest }: SavedLayout): string {
  return JSON.stringify({
    version: 2,
    ...rest,
    families: [...families],
    layout: hasRules(layout) ? layoutData(layout) : null,
  });
}

/** A layout without a rule is none, and cannot be read back as one. */
function hasRules({ originals, renditions, tokens }: Layout): boolean {
  return originals.length + renditions.length + tokens.length > 0;
}

/**
 * Reads what `save` wrote. A layout that the user named stands, whatever version wrote it down.
 * @returns the decision; "unproven" for one of a version that compared no pictures, or one that cannot be read; null for none
 */
export function load(text: string | null): SavedLayout | "unproven" | null {
  const data = text === null ? null : jsonOf(text);
  const saved = SHAPE.safeParse(data).data;
  if (saved !== undefined) {
    const { version: _, families, ...rest } = saved;
    const layout = saved.layout === null ? EVERYTHING_ORIGINAL : parseLayout(saved.layout).layout;
    return layout === null ? "unproven" : { ...rest, layout, families: new Map(families) };
  }
  const old = UNPROVEN.safeParse(data).data;
  if (old === undefined) return null;
  const { layout } = parseLayout(old.layout);
  if (layout === null || !old.chosen) return "unproven";
  return { layout, reason: old.reason, chosen: true, families: new Map(), refused: [], keys: 0 };
}

/** True where two layouts have the same rules, however they were written down. */
export function sameRules(a: Layout, b: Layout): boolean {
  return rulesOf(a) === rulesOf(b);
}

/** Reading data back puts its fields in one order; the order of tokens says nothing. */
function rulesOf(layout: Layout): string {
  const { originals, renditions, tokens } = parseLayout(layoutData(layout)).layout ?? layout;
  const rules = [...originals, ...renditions].map((rule) => ({
    ...rule,
    regex: rule.regex.source,
  }));
  return JSON.stringify([rules, tokens.map((rule) => JSON.stringify(rule)).sort()]);
}

type Decision = Pick<SavedLayout, "layout" | "chosen" | "families">;

/**
 * Says what a key is under a decision: a rendition only where its family was proven, or a person said so. Everything
 * else that a layout calls a rendition, or litter, comes home as an original.
 *
 * | the layout says | the user named it | its family is                         | the key is                      |
 * |-----------------|-------------------|---------------------------------------|---------------------------------|
 * | rendition       | yes               | any                                   | a rendition                     |
 * | rendition       | no                | accepted at the terminal              | a rendition                     |
 * | rendition       | no                | proven, and it was compared: not same | an original                     |
 * | rendition       | no                | proven, ended                         | an original                     |
 * | rendition       | no                | proven                                | a rendition, if its bytes bear that out |
 * | rendition       | no                | told key by key, and these bytes were the same | a rendition            |
 * | rendition       | no                | told key by key, a video, its photos proven | a rendition, if it has fewer bytes |
 * | rendition       | no                | any other, or unknown                 | an original                     |
 * | litter          | no                | any                                   | an original                     |
 */
export function provenClassifier({ layout, chosen, families }: Decision): Classifier {
  const decide = classifier(layout);
  if (chosen) return decide;
  const ready = new Map([...families].map(([unit, family]) => [unit, readied(family)]));
  return (object) => {
    const verdict = decide(object);
    if (verdict.kind === "other" && verdict.byLayout === true) {
      return asOriginal(verdict, "but no key is left out on the word of a layout that nobody named");
    }
    if (verdict.kind !== "rendition") return verdict;
    const family = ready.get(unitOf(verdict.family));
    if (family === undefined) return asOriginal(verdict, "but nothing proves that it is one");
    return byFamily(object, verdict, family);
  };
}

interface ReadyFamily {
  readonly family: ProvenFamily;
  /** Bytes by key. */
  readonly same: ReadonlyMap<string, number>;
  readonly other: ReadonlySet<string>;
}

function readied(family: ProvenFamily): ReadyFamily {
  return { family, same: new Map(family.sameKeys), other: new Set(family.otherKeys) };
}

function byFamily({ key, size }: KeyAndSize, verdict: Verdict, { family, same, other }: ReadyFamily): Verdict {
  const { state, evidence, range, ended } = family;
  const video = fileKindOf(key) === "video";
  if (state === "accepted") return verdict;
  if (state === "none") return asOriginal(verdict, `but that is not proven: ${evidence}`);
  if (state === "each") {
    if (same.get(key) === size) return verdict;
    if (video && family.holdsForVideos) return { ...verdict, needs: "larger" };
    return asOriginal(verdict, "but its picture was not found to be that of its original");
  }
  if (other.has(key)) return asOriginal(verdict, "but its picture is not that of its original");
  if (ended !== null) return asOriginal(verdict, `but ${ended}`);
  if (video) return { ...verdict, needs: "larger" };
  if (range === null) return asOriginal(verdict, "but nothing is known of its size");
  const { extensions } = family;
  return isComparable(key) || extensions.includes(extensionOf(key))
    ? { ...verdict, range, extensions }
    : asOriginal(verdict, "but a file of this type was not compared with its original");
}
