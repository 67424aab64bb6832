/** What a run has to say of its layout: the families, what proves each, and what looks like a family and is none. */

import { z } from "zod";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Emit } from "../events.ts";
import { senseOf } from "../keys/name-shape.ts";
import { jsonOf } from "../manifest-entry.ts";
import type { Family } from "../model.ts";
import type { Suspect } from "../originals/family-pattern.ts";
import { patternOf } from "../originals/family-pattern.ts";
import { unitOf } from "../originals/family-proof.ts";
import type { ProvenFamily, SavedLayout } from "../originals/saved-layout.ts";

export interface LayoutReport {
  readonly name: string;
  readonly reason: string;
  readonly families: readonly Family[];
  readonly suspects: readonly Suspect[];
  /** Sentences about this layout: whether its originals are what was uploaded, what may be missing. */
  readonly notes: readonly string[];
  /** Families whose pictures were compared, with some of the pairs. */
  readonly compared: readonly ProvenFamily[];
}

export async function reportLayout(
  catalogue: Catalogue,
  saved: SavedLayout,
  suspects: readonly Suspect[],
  emit: Emit,
): Promise<LayoutReport> {
  const { layout, reason, families, refused } = saved;
  const counted = (await catalogue.listing.families()).map((family): Family => {
    const rule = patternOf(layout, family.name, family.kind);
    if (family.kind !== "rendition") return { ...family, rule };
    const proven = families.get(unitOf(family.name));
    return { ...family, rule, ...(proven === undefined ? saidBy(saved) : evidenceOf(proven)) };
  });
  const { originalTrust, originalsMayBeMissing } = layout;
  const notes = [
    ...(originalTrust === undefined ? [] : [`Originals of ${layout.title}: ${originalTrust}.`]),
    ...(originalsMayBeMissing === undefined
      ? []
      : [`Originals of ${layout.title} may be missing: ${originalsMayBeMissing}.`]),
  ];
  const compared = [...refused, ...families.values()];
  emit({ type: "layout", name: layout.id, reason, families: counted });
  const unproven = compared.filter(isSuspect).map(suspectOf);
  const said = [...unproven, ...suspects];
  return {
    name: layout.id,
    reason,
    families: counted,
    suspects: said.filter((one, at) => said.findIndex((other) => isSame(one, other)) === at),
    notes,
    compared,
  };
}

/** Not proven, and its name speaks for it, or no picture speaks against it. */
function isSuspect({ state, other, unit }: ProvenFamily): boolean {
  return state === "none" && (other === 0 || senseOf(unit) === "rendition");
}

/** The same keys, which one word at two places names. */
function isSame(a: Suspect, b: Suspect): boolean {
  return a.looks === b.looks || (a.keys === b.keys && a.bytes === b.bytes);
}

function evidenceOf({ evidence, state, compared, same, undecided }: ProvenFamily) {
  return { evidence, proof: { state, compared, same, undecided } };
}

/** Nothing was compared where a person named the layout. */
function saidBy({ chosen }: SavedLayout) {
  return chosen ? { proof: { state: "named", compared: 0, same: 0, undecided: 0 } as const } : {};
}

/** A family that is not proven, as a suspect. */
export function suspectOf({ unit, looks, keys, bytes, evidence, option }: ProvenFamily): Suspect {
  return { family: unit, looks, keys, bytes, reason: evidence, option };
}

/** The name under which the catalogue remembers them. */
const SETTING = "layout-told";

const SHAPE = z.object({
  suspects: z.array(
    z.object({
      family: z.string(),
      looks: z.string(),
      keys: z.number(),
      bytes: z.number(),
      reason: z.string(),
      option: z.string(),
    }),
  ),
});

/** Suspects that were never proposed are remembered beside the layout: a later run does not look for them again. */
export async function rememberNotes(catalogue: Catalogue, suspects: readonly Suspect[]): Promise<void> {
  await catalogue.settings.set(SETTING, JSON.stringify({ suspects }));
}

/** Nothing where nothing was inferred, or by a version that remembered otherwise. */
export async function notedBefore(catalogue: Catalogue): Promise<readonly Suspect[]> {
  const text = await catalogue.settings.get(SETTING);
  return SHAPE.safeParse(text === null ? null : jsonOf(text)).data?.suspects ?? [];
}
