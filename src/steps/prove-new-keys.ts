/**
 * What is new in a family that was proven before is proven as well, by a few pairs, before any of it is skipped. In a
 * family that is told key by key each new key is compared.
 */

import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Emit } from "../events.ts";
import { classifier } from "../originals/classify.ts";
import { patternOf } from "../originals/family-pattern.ts";
import { newPairsWanted, pairsWanted } from "../originals/family-proof.ts";
import { optionFor } from "../originals/layout-choice.ts";
import { provenFamily, withNewPairs } from "../originals/proven-family.ts";
import type { SavedLayout } from "../originals/saved-layout.ts";
import { type InferOptions, stopIfAborted } from "./infer-layout.ts";
import { proveFamilies } from "./prove-families.ts";
import { type SampledFamily, sampleFamilies } from "./sample-pairs.ts";

/**
 * @returns the decision with what the new pairs prove
 * @throws HaulError `interrupted`, and as the catalogue and the source do
 */
export async function proveNewKeys(
  catalogue: Catalogue,
  frozen: SavedLayout,
  options: InferOptions & { readonly emit: Emit },
): Promise<SavedLayout> {
  const sampled = await sampleFamilies(
    async function* () {
      for await (const objects of catalogue.unclassified()) {
        stopIfAborted(options.signal);
        yield objects;
      }
    },
    classifier(frozen.layout),
    (stem) => catalogue.siblings(stem),
  );
  const open = new Map([...sampled].filter(([unit]) => needsProof(frozen, unit)));
  if (open.size === 0 || options.prove === undefined) return frozen;
  const { budget } = options.prove;
  const compared = await proveFamilies(open, options.prove, (keys, unit) =>
    frozen.families.get(unit)?.state === "proven" ? newPairsWanted(keys) : pairsWanted(keys),
  );
  const families = new Map(frozen.families);
  for (const [unit, evidence] of compared) {
    const before = families.get(unit);
    const sample = open.get(unit);
    const family =
      before === undefined
        ? provenFamily(evidence, { ...factsOf(frozen, unit, sample), budget })
        : withNewPairs(before, evidence);
    families.set(unit, family);
    if (before !== undefined && before.ended === null && family.ended !== null) {
      const message = `${family.looks}: ${family.ended}. What is new there is kept as originals`;
      options.emit({ type: "warning", code: "family-ended", message });
    }
  }
  return { ...frozen, families };
}

/** Families that are none stay none, and what somebody said stands. */
function needsProof({ families }: SavedLayout, unit: string): boolean {
  const family = families.get(unit);
  return (
    family === undefined ||
    family.state === "each" ||
    (family.state === "proven" && (family.ended === null || !family.final))
  );
}

function factsOf({ layout }: SavedLayout, unit: string, sample: SampledFamily | undefined) {
  const { keys = 0, bytes = 0 } = sample ?? {};
  const looks = patternOf(layout, unit, "rendition");
  return { unit, looks, option: optionFor(layout, unit), keys, bytes };
}
