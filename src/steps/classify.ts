/** Decides about every listed key that nothing is decided about yet, and remembers by which layout. */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { classifier } from "../decide/classify.ts";
import { type FoundFamily, findFamilies, layoutOf } from "../decide/families.ts";
import { senseOf } from "../decide/family-words.ts";
import { GroupSample } from "../decide/group-sample.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { Layout } from "../layouts/layout.ts";
import { EVERYTHING_ORIGINAL } from "../layouts/layout.ts";
import type { Family } from "../model.ts";

export interface ClassifyOptions {
  /** "auto", or the layout that the user named or wrote. */
  readonly layout: "auto" | Layout;
  /** The layouts to choose from where the user named none. */
  readonly known: readonly Layout[];
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** A family that looks like renditions but is not believed: mirrored as originals. */
export interface Suspect {
  readonly family: string;
  readonly rule: string;
  readonly reason: string;
}

export interface LayoutReport {
  readonly name: string;
  readonly reason: string;
  readonly families: readonly Family[];
  readonly suspects: readonly Suspect[];
}

interface Choice {
  readonly layout: Layout;
  readonly reason: string;
  readonly suspects: readonly Suspect[];
}

export async function classifyListing(
  catalogue: Catalogue,
  options: ClassifyOptions,
): Promise<LayoutReport> {
  const choice = await choose(catalogue, options);
  const decide = classifier(choice.layout);
  for await (const objects of catalogue.unclassified()) {
    stopIfAborted(options.signal);
    await catalogue.classify(objects.map((object) => ({ key: object.key, ...decide(object) })));
  }
  const families = (await catalogue.families()).map((family) => ({ ...family, rule: family.name }));
  const report = {
    name: choice.layout.id,
    reason: choice.reason,
    families,
    suspects: choice.suspects,
  };
  options.emit({ type: "layout", name: report.name, reason: report.reason, families });
  return report;
}

async function choose(catalogue: Catalogue, options: ClassifyOptions): Promise<Choice> {
  if (options.layout !== "auto")
    return { layout: options.layout, reason: "chosen with --layout", suspects: [] };
  const sample = new GroupSample(
    (word) => senseOf(word) === "rendition" || senseOf(word) === "original",
  );
  for await (const objects of catalogue.unclassified()) {
    stopIfAborted(options.signal);
    for (const object of objects) sample.add(object);
  }
  const families = findFamilies(sample.groups);
  const believed = families.filter(({ belief }) => belief === "sure");
  const suspects = families.filter(({ belief }) => belief !== "sure").map(suspectOf);
  if (believed.length === 0) {
    return {
      layout: EVERYTHING_ORIGINAL,
      reason: "nothing in the names tells renditions from originals",
      suspects,
    };
  }
  const reason = believed.map((family) => `${family.looks}: ${family.reason}`).join("; ");
  return { layout: layoutOf(believed), reason, suspects };
}

function suspectOf({ rule, looks, reason }: FoundFamily): Suspect {
  return { family: rule.family, rule: looks, reason };
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted)
    throw new HaulError("interrupted", "stopped while telling originals from renditions");
}
