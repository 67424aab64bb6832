/** `mirror --gallery`: what it takes, and what it does after the run. */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import type { TargetSet } from "../photo/target-set.ts";
import { isInStore } from "../targets/apart.ts";
import { flag } from "./option-values.ts";
import { PLACE } from "./source-options.ts";

export const GALLERY_OPTION = {
  gallery: flag.meta({
    ...PLACE,
    description:
      "bring gallery.html up to date after the run: a page that shows the photos by year, in each target that is a folder and is not sealed",
  }),
};

/** @throws HaulError `usage` where a page is asked for, and no target could hold one */
export function mustHoldGallery(options: { readonly gallery: boolean; readonly target: readonly string[] }): void {
  const { gallery, target } = options;
  if (!gallery || !target.every(isInStore)) return;
  const says = "--gallery writes a page into a folder, and no target of this line is one";
  throw new HaulError("usage", `${says}. Of a bucket: photohaul gallery ${target[0] ?? ""} --out FOLDER`);
}

interface Showing {
  readonly catalogue: Catalogue;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Adds what came to the galleries of the targets that are left at the end of a run. */
export async function showOn(targetSet: TargetSet, { catalogue, emit, signal }: Showing): Promise<void> {
  const { showWhatCame } = await import("../gallery/gallery-beside.ts");
  const lost = new Set(targetSet.lost().map(({ name }) => name));
  const targets = targetSet.destinations.map(({ target }) => target).filter(({ name }) => !lost.has(name));
  const standsIn = async (key: string) => (await catalogue.listing.find(key))?.kind === "rendition";
  await showWhatCame(targets, { emit, signal, standsIn });
}
