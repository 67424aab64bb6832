/** What a survey has to say besides its plan. */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";
import type { PlannedPlace } from "../photo/plan.ts";
import type { PictureComparer } from "../pictures/picture-comparer.ts";
import { bytes, counted } from "../report/units.ts";
import type { Source } from "../stores/source.ts";

/** A photo of which only a copy is left is lost where copies are skipped; that is the user's choice, and is said. */
export async function warnOfLeftOut(catalogue: Catalogue, places: readonly PlannedPlace[], emit: Emit): Promise<void> {
  let leftOut = 0;
  for (const { target } of places) {
    const most = await catalogue.plan(target.id).wantedCount("fallback");
    leftOut = Math.max(leftOut, most - (await catalogue.plan(target.id).wantedCount("skip")));
  }
  if (leftOut === 0) return;
  const message = `of ${counted(leftOut, "photo")} there is a smaller copy and no original; with --renditions skip no copy is kept, and so nothing of ${leftOut === 1 ? "it" : "them"}. Without that option the largest copy of each stands in`;
  emit({ type: "warning", code: "left-out", message });
}

/** Of what hides photos, or keeps more than it has to. */
export async function warnOfListing(catalogue: Catalogue, comparer: PictureComparer, emit: Emit): Promise<void> {
  warnOfDecoder(comparer, emit);
  await warnOfOwn(catalogue, emit);
}

/**
 * Keys are left out by their names alone where photohaul keeps such files on its targets. A photo under one of them would be
 * lost in silence, so they are counted and named.
 */
async function warnOfOwn({ listing }: Pick<Catalogue, "listing">, emit: Emit): Promise<void> {
  const own = (await listing.families()).find(({ kind, name }) => kind === "other" && name === OWN_FOLDER);
  if (own === undefined) return;
  const named: string[] = [];
  for await (const chunk of listing.objects("other")) {
    named.push(...chunk.filter(({ family }) => family === OWN_FOLDER).map(({ key }) => key));
    if (named.length >= NAMED) break;
  }
  const more = own.keys > NAMED ? ` and ${own.keys - NAMED} more` : "";
  const are = own.keys === 1 ? "is" : "are";
  const message = `${counted(own.keys, "key")} (${bytes(own.bytes)}) ${are} named as what photohaul itself keeps on a target, and left out: ${named.slice(0, NAMED).join(", ")}${more}. Should one of them be a photo, give it another name at the source`;
  emit({ type: "warning", code: "own-files", message });
}

/** Keys that are named one by one. */
const NAMED = 3;

/** Without what decodes pictures a run keeps everything, which costs room: whoever sees that should know why. */
function warnOfDecoder({ missing }: PictureComparer, emit: Emit): void {
  if (missing === null) return;
  const message = `pictures cannot be compared: ${missing}. So nothing was proven to be a smaller copy, and all keys that might be are mirrored as originals. Run \`npm install --include=optional\` where photohaul is installed, or name the layout with --layout; then run again`;
  emit({ type: "warning", code: "no-decoder", message });
}

/** An empty listing is never taken for the truth: a wrong prefix and a lost permission look the same. @returns what to throw */
export async function emptiness(source: Source, catalogue: Catalogue): Promise<HaulError> {
  const before = await catalogue.listing.previousTotals();
  const was = before === null ? "" : `, and held ${counted(before.keys, "key")} before`;
  const place = source.fileTimes === true ? { place: "folder" as const } : {};
  return new HaulError("looks-empty", `${source.name} holds nothing${was}`, place);
}
