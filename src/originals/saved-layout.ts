/**
 * The decision that a catalogue remembers: the layout, and what is proven of each of its families. No later listing
 * changes what counts as an original by itself, and a verdict follows from key, size and this.
 */

import { z } from "zod";
import type { Layout } from "../layouts/layout.ts";
import { layoutData, parseLayout } from "../layouts/layout-data.ts";

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
  /** By unit (pair-sample.ts); empty where the user named the layout. */
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

/** What `thaw` found: a decision; one that was never proven; or nothing. */
export type LoadedLayout =
  | { readonly is: "frozen"; readonly frozen: SavedLayout }
  | { readonly is: "unproven" }
  | { readonly is: "nothing" };

/** Reads what `freeze` wrote. A layout that the user named stands, whatever version wrote it down. */
export function load(text: string | null, none: Layout): LoadedLayout {
  const data = parsed(text);
  const proven = SHAPE.safeParse(data).data;
  if (proven !== undefined) {
    const layout = proven.layout === null ? none : parseLayout(proven.layout).layout;
    if (layout === null) return { is: "unproven" };
    const { reason, chosen, families, refused, keys: listed } = proven;
    return {
      is: "frozen",
      frozen: { layout, reason, chosen, families: new Map(families), refused, keys: listed },
    };
  }
  const old = UNPROVEN.safeParse(data).data;
  if (old === undefined) return { is: "nothing" };
  const { layout } = parseLayout(old.layout);
  if (layout === null || !old.chosen) return { is: "unproven" };
  return {
    is: "frozen",
    frozen: { layout, reason: old.reason, chosen: true, families: new Map(), refused: [], keys: 0 },
  };
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
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
