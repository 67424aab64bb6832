/** A family as it is remembered: made of what was compared, and carried on with what is compared later. Pure. */

import {
  against,
  type ComparedPair,
  type Control,
  type Counts,
  countsOf,
  type FamilyProof,
  judgeFamily,
  PAIRS,
  SAME_SHARE,
  SMALL_SHARE,
} from "./family-proof.ts";
import type { ProvenFamily } from "./saved-layout.ts";
import { wider } from "./size-range.ts";

/** Pairs that are remembered, to be shown. */
const SHOWN = 12;

interface ComparedFamily {
  /** Null where nothing could be compared at all. */
  readonly proof: FamilyProof | null;
  readonly pairs: readonly ComparedPair[];
  readonly controls: readonly Control[];
}

type ProvenFacts = Pick<ProvenFamily, "unit" | "looks" | "option" | "keys" | "bytes"> & {
  /** Bytes that might be fetched to prove it. */
  readonly budget: number;
};

/** A family that was compared for the first time. */
export function provenFamily(
  { proof, pairs, controls }: ComparedFamily,
  { budget, ...facts }: ProvenFacts,
): ProvenFamily {
  const judged = proof ?? judgeFamily(pairs, controls, facts.keys, false);
  const { stoppedShort, ...found } = judged;
  return {
    ...found,
    final: proof !== null && found.final,
    allowed: stoppedShort ? Math.max(1, Math.floor(budget)) : 0,
    ...facts,
    ended: null,
    shown: shown(pairs),
  };
}

/**
 * A family after some of its new keys were compared.
 *
 * | it was            | the new pairs                       | it is                                            |
 * |-------------------|-------------------------------------|--------------------------------------------------|
 * | told key by key   | any                                 | told key by key, with what was the same          |
 * | told key by key   | 30 and more same in all, as a sample must be | proven                                  |
 * | told key by key   | a sample of 30 and more that proves them | proven                                      |
 * | proven            | hold                                | proven, for a little wider sizes                 |
 * | proven            | do not hold                         | proven for what was there; what is new is original |
 * | proven            | nothing can be said of them         | the same, until a later run can say more         |
 */
export function withNewPairs(family: ProvenFamily, evidence: ComparedFamily): ProvenFamily {
  const { proof, pairs, controls } = evidence;
  if (proof === null || family.state === "none" || family.state === "accepted") return family;
  // Renditions whose original is missing: there is nothing to compare them with, and nothing to lose.
  if (pairs.length === 0) return family;
  const more = {
    ...family,
    keys: family.keys + proof.keys,
    compared: family.compared + proof.compared,
    same: family.same + proof.same,
    undecided: family.undecided + proof.undecided,
    other: family.other + proof.other,
    otherKeys: [
      ...family.otherKeys,
      ...pairs.flatMap(({ child, verdict, edited }) => (verdict === "same" && !edited ? [] : [child])),
    ],
    range: wider(family.range, proof.range),
    extensions: [...new Set([...family.extensions, ...proof.extensions])],
  };
  if (family.state === "each") {
    const told = proof.state === "each" && isMostlySame(more) ? proof.sameKeys : [];
    const anew = new Set(pairs.map(({ child }) => child));
    const before = family.sameKeys.filter(([key]) => !anew.has(key));
    const grown = { ...more, sameKeys: [...before, ...told], evidence: evidenceOf(more) };
    const proven = proof.state === "proven" || isProvenByEach(grown);
    return proven ? { ...grown, state: "proven", sameKeys: [] } : grown;
  }
  const said = newPairsSay(pairs, controls, proof.keys);
  if (said === "holds") return { ...more, evidence: evidenceOf(more), ended: null, final: true };
  const ended = `what came later is not proven: ${proof.evidence}`;
  return { ...family, ended, final: said === "ends", shown: shown(pairs.toReversed()) };
}

function evidenceOf({ same, compared }: Pick<ProvenFamily, "same" | "compared">): string {
  return `${same} of ${compared} compared pairs show the same picture`;
}

/** What speaks against the family first. */
function shown(pairs: readonly ComparedPair[]): ProvenFamily["shown"] {
  const weight = { other: 0, undecided: 1, same: 2, unreadable: 3 };
  return pairs
    .toSorted((a, b) => weight[a.verdict] - weight[b.verdict])
    .slice(0, SHOWN)
    .map(({ child, parent, verdict, why, likeness }) => {
      const figure = likeness === null ? "" : ` (likeness ${likeness.toFixed(2)})`;
      const said = verdict === "same" ? "the same picture" : why;
      return { child, parent, note: `${said}${figure}` };
    });
}

/** How many pairs of what is new in a family that is proven are compared: a few a day, and more where much came at once. */
export function newPairsWanted(keys: number): number {
  if (keys < PAIRS) return 5;
  if (keys < 10 * PAIRS) return 10;
  return keys < 100 * PAIRS ? 20 : PAIRS;
}

/** True where enough of what was compared one by one is the same; more of it may be told so. */
function isMostlySame({ same, other, undecided }: Counts): boolean {
  return same >= SMALL_SHARE * (same + other + undecided);
}

/** True where so many keys of a family were compared one by one that they are as good as a sample. */
function isProvenByEach({ same, other, undecided }: Counts): boolean {
  return same >= PAIRS && other === 0 && same >= SAME_SHARE * (same + undecided);
}

/**
 * What a few new pairs say of a family that was proven before.
 *
 * | new pairs                                                        | answer     |
 * |------------------------------------------------------------------|------------|
 * | one shows another picture, or looks like another photo           | `ends`     |
 * | more than a tenth of those that show enough are not quite alike  | `ends`     |
 * | none is the same, and there are keys that were not compared      | `open`     |
 * | else                                                             | `holds`    |
 */
export function newPairsSay(
  pairs: readonly ComparedPair[],
  controls: readonly Control[],
  keys: number,
): "holds" | "ends" | "open" {
  const { same, other } = countsOf(pairs);
  if (other > 0 || controls.some((one) => one.same)) return "ends";
  if (same < SAME_SHARE * (same + against(pairs).length)) return "ends";
  return same === 0 && keys > pairs.length ? "open" : "holds";
}
