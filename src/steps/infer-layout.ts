/**
 * Infers the layout of a listing that no known layout fits: what names and sizes suggest is held against
 * pictures, and what stays likely is put to somebody who can be asked, once.
 */

import type { Catalogue } from "../catalogue/catalogue.ts";
import type { FoundFamily } from "../decide/families.ts";
import { type Choice, choose, Survey, unproven } from "../decide/layout-choice.ts";
import type { PairsVerdict } from "../decide/pair-verdict.ts";
import { HaulError } from "../errors.ts";
import type { Layout } from "../layouts/layout.ts";
import type { Listed } from "../model.ts";

export interface InferOptions {
  /** The layouts to choose from where the user named none. */
  readonly known: readonly Layout[];
  readonly signal: AbortSignal;
  /** Looks at the pictures of a family's pairs; absent where the photos cannot be read. */
  readonly look?: (family: FoundFamily) => Promise<PairsVerdict>;
  /** Asks somebody whether a family that is likely is one; absent where nobody can be asked. */
  readonly ask?: ((question: Question) => Promise<boolean>) | undefined;
}

/** A family that is likely to be renditions, with what speaks for it. */
export interface Question {
  readonly family: FoundFamily;
  /** What its pictures say; null where nobody looked. */
  readonly proof: PairsVerdict | null;
  /** About, where the listing was sampled. */
  readonly keys: number;
  readonly bytes: number;
}

export interface Inferred {
  readonly choice: Choice;
  /** Every family that was found, believed or not; empty where nothing was inferred. */
  readonly inferred: readonly FoundFamily[];
}

/** The name under which the catalogue remembers the families that somebody said are none. */
const REFUSED = "layout-refused";

/** @throws HaulError `interrupted`, and as the catalogue and the ports do */
export async function inferLayout(catalogue: Catalogue, options: InferOptions): Promise<Inferred> {
  const survey = await surveyed(catalogue, options);
  const proven = new Map<FoundFamily, PairsVerdict | "accepted">();
  const refused = new Set((await catalogue.setting(REFUSED))?.split("\n"));
  for (const family of unproven(survey.outcome().families)) {
    stopIfAborted(options.signal);
    const proof = (await options.look?.(family)) ?? null;
    if (proof !== null) proven.set(family, proof);
    if (isSettled(family, proof) || refused.has(family.looks) || !options.ask) continue;
    const { scale } = survey;
    const keys = family.features.members * scale;
    if (await options.ask({ family, proof, keys, bytes: family.bytes * scale })) {
      proven.set(family, "accepted");
    } else {
      refused.add(family.looks);
      await catalogue.remember(REFUSED, [...refused].join("\n"));
    }
  }
  return { choice: choose(survey, proven), inferred: survey.outcome().families };
}

/** Sure by names and sizes, or the pictures have spoken. */
function isSettled({ belief }: FoundFamily, proof: PairsVerdict | null): boolean {
  return belief === "sure" || proof?.verdict === "same" || proof?.verdict === "other";
}

/** What two passes over the listing gather. */
export async function surveyed(
  catalogue: Catalogue,
  { known, signal }: Pick<InferOptions, "known" | "signal">,
): Promise<Survey> {
  const survey = new Survey(known);
  const each = async (see: (object: Listed) => void) => {
    for (const iteration of [catalogue.unclassified(), catalogue.objects()]) {
      for await (const objects of iteration) {
        stopIfAborted(signal);
        for (const object of objects) see(object);
      }
    }
  };
  await each((object) => survey.first(object));
  survey.begin();
  await each((object) => survey.second(object));
  return survey;
}

/** @throws HaulError `interrupted` */
export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new HaulError("interrupted", "stopped while telling originals from renditions");
  }
}
