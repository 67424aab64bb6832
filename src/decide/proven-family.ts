/** A family as it is remembered: made of what was compared, and carried on with what is compared later. Pure. */

import {
  type ComparedPair,
  type Control,
  type FamilyProof,
  isProvenByEach,
  judgeFamily,
  newPairsSay,
  wider,
} from "./family-proof.ts";
import type { ProvenFamily } from "./frozen-layout.ts";

/** Pairs that are remembered, to be shown. */
const SHOWN = 12;

interface Evidence {
  /** Null where nothing could be compared at all. */
  readonly proof: FamilyProof | null;
  readonly pairs: readonly ComparedPair[];
  readonly controls: readonly Control[];
}

type Facts = Pick<ProvenFamily, "unit" | "looks" | "option" | "keys" | "bytes">;

/** A family that was compared for the first time. */
export function provenFamily({ proof, pairs, controls }: Evidence, facts: Facts): ProvenFamily {
  const found = proof ?? judgeFamily(pairs, controls, facts.keys, false);
  return {
    ...found,
    final: proof !== null && found.final,
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
 * | proven            | hold                                | proven, for a little wider sizes                 |
 * | proven            | do not hold                         | proven for what was there; what is new is original |
 */
export function withNewPairs(family: ProvenFamily, evidence: Evidence): ProvenFamily {
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
      ...pairs.flatMap(({ child, verdict }) => (verdict === "same" ? [] : [child])),
    ],
    range: wider(family.range, proof.range),
  };
  if (family.state === "each") {
    const sameKeys = [...family.sameKeys, ...(proof.state === "none" ? [] : proof.sameKeys)];
    const grown = { ...more, sameKeys, evidence: evidenceOf(more) };
    return isProvenByEach(grown) ? { ...grown, state: "proven", sameKeys: [] } : grown;
  }
  if (newPairsSay(pairs, controls, proof.keys) === "holds") {
    return { ...more, evidence: evidenceOf(more) };
  }
  const ended = `what came later is not proven: ${proof.evidence}`;
  return { ...family, ended, shown: shown(pairs.toReversed()) };
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
