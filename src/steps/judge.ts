/** Decides about every listed key that nothing is decided about yet, and remembers by what. */

import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Emit } from "../events.ts";
import { fileKindOf } from "../keys/file-kinds.ts";
import type { Layout } from "../layouts/layout.ts";
import { EVERYTHING_ORIGINAL } from "../layouts/layout.ts";
import type { CataloguedObject } from "../model.ts";
import type { Classifier } from "../originals/classify.ts";
import type { Suspect } from "../originals/family-pattern.ts";
import { load, provenClassifier, type SavedLayout, sameRules, save } from "../originals/saved-layout.ts";
import { needsSiblings } from "../originals/siblings.ts";
import { type Fresh, lookBeside, rangesOf } from "./find-siblings.ts";
import { type InferOptions, inferLayout, mayBeProven, proveNewKeys } from "./infer-layout.ts";
import { type LayoutReport, notedBefore, rememberNotes, reportLayout } from "./layout-report.ts";
import { surveyed, untilStopped } from "./sample-listing.ts";

export interface ClassifyOptions extends InferOptions {
  /** "auto", or the layout that the user named or wrote. */
  readonly layout: "auto" | Layout;
  readonly emit: Emit;
  /**
   * Told of what is judged, page by page in the order of keys, so that nobody has to read all of it again to count it;
   * of null where some of that was overruled by what lies beside it.
   */
  readonly onJudged?: ((objects: readonly CataloguedObject[] | null) => void) | undefined;
}

/** The name under which the catalogue remembers the decision. */
export const LAYOUT_SETTING = "layout";
/** The name under which it remembers whether the last look beside the keys came to its end. */
const LOOKED = "layout-looked";
/** Few enough to hold; a run with more new keys than this looks at all of them again. */
const REMEMBERED = 20_000;
/** A later listing is surveyed anew when this share of it is new: to decide where nothing was proven, else to warn. */
const NEW_SHARE = 0.01;

/** Bytes that are fetched to prove families of renditions, at most; of a large bucket this share. */
const PROOF_BYTES = 300_000_000;
const PROOF_SHARE = 0.01;

/** @param bytes of what is listed; 0 where nobody knows. @returns how many may be fetched to prove families, unless somebody says */
export function proofBudget(bytes: number): number {
  return Math.max(PROOF_BYTES, bytes * PROOF_SHARE);
}

/**
 * Classifies what this run listed. The layout is, in this order: what the user names, what the catalogue remembers as
 * proven, else a known layout or what names and sizes suggest, family by family as far as pictures prove it.
 * @throws HaulError `interrupted`, and as the catalogue and the source do
 */
export async function classifyListing(catalogue: Catalogue, options: ClassifyOptions): Promise<LayoutReport> {
  const loaded = load(await catalogue.settings.get(LAYOUT_SETTING));
  const before = loaded === "unproven" ? null : loaded;
  if (options.layout !== "auto") return named(catalogue, options.layout, before, options);
  if (before?.chosen === true) return decided(catalogue, before, [], options);
  const renewed = before === null || (await isOutgrown(catalogue, before, options));
  if (!renewed) return carriedOn(catalogue, before, options);
  const known = before === null ? [] : [...before.families.values(), ...before.refused];
  const { saved, suspects } = await inferLayout(catalogue, options, known);
  const skipped = loaded === "unproven" ? (await catalogue.listing.kinds()).rendition : 0;
  if (before === null || !sameDecision(before, saved)) await forgetVerdicts(catalogue);
  await rememberNotes(catalogue, suspects);
  const report = await decided(catalogue, saved, suspects, options);
  if (skipped > 0) await tellOfProof(catalogue, skipped, options.emit);
  return report;
}

/** By the user's word: nothing has to be proven. */
async function named(
  catalogue: Catalogue,
  layout: Layout,
  before: SavedLayout | null,
  options: ClassifyOptions,
): Promise<LayoutReport> {
  if (before === null || !before.chosen || !sameRules(before.layout, layout)) {
    await forgetVerdicts(catalogue);
    if (before !== null && !sameRules(before.layout, layout)) {
      const message = `keys are told apart by ${layout.id} from now on, and no longer by ${before.layout.id}`;
      options.emit({ type: "warning", code: "layout-changed", message });
    }
  }
  const reason = "named with --layout";
  const saved = { layout, reason, chosen: true, families: new Map(), refused: [], keys: 0 };
  return decided(catalogue, saved, [], options);
}

/** By what was proven before, and a few pairs of what is new. */
async function carriedOn(catalogue: Catalogue, before: SavedLayout, options: ClassifyOptions): Promise<LayoutReport> {
  const saved = await proveNewKeys(catalogue, before, options);
  const suspects = await notedBefore(catalogue);
  const drifted = (await newShare(catalogue)) >= NEW_SHARE;
  const report = await decided(catalogue, saved, suspects, options);
  if (drifted) await warnOfDrift(catalogue, saved, options);
  return report;
}

async function decided(
  catalogue: Catalogue,
  saved: SavedLayout,
  suspects: readonly Suspect[],
  options: ClassifyOptions,
): Promise<LayoutReport> {
  await catalogue.settings.set(LAYOUT_SETTING, save(saved));
  await classifyWith(catalogue, saved, options);
  return reportLayout(catalogue, saved, suspects, options.emit);
}

/** True where what was decided says little of this listing: it doubled, or nothing was proven and some of it is new. */
async function isOutgrown(catalogue: Catalogue, before: SavedLayout, { prove }: ClassifyOptions): Promise<boolean> {
  const { keys } = await catalogue.listing.totals();
  if (keys >= 2 * before.keys) return true;
  const families = [...before.families.values()];
  const budget = prove?.budget ?? 0;
  if ([...families, ...before.refused].some((one) => mayBeProven(one, budget))) return true;
  if (families.some(({ state }) => state !== "none")) return false;
  return (await newShare(catalogue)) >= NEW_SHARE;
}

/** The share of this listing about which nothing is decided yet. */
async function newShare(catalogue: Catalogue): Promise<number> {
  const { keys } = await catalogue.listing.totals();
  const decidedKeys = Object.values(await catalogue.listing.kinds()).reduce((sum, n) => sum + n, 0);
  return keys === 0 ? 0 : (keys - decidedKeys) / keys;
}

function sameDecision(a: SavedLayout, b: SavedLayout): boolean {
  const text = ({ families, chosen }: SavedLayout) => JSON.stringify([[...families], chosen]);
  return sameRules(a.layout, b.layout) && text(a) === text(b);
}

/** What an earlier version took for renditions without comparing a picture comes home now. */
async function tellOfProof(catalogue: Catalogue, before: number, emit: Emit): Promise<void> {
  const { rendition } = await catalogue.listing.kinds();
  const message = `what is a rendition was decided by an earlier version, from names and sizes; pictures were compared now: ${rendition} keys are renditions, and not ${before}; what was skipped wrongly is fetched`;
  emit({ type: "warning", code: "layout-proven-anew", message });
}

async function forgetVerdicts(catalogue: Catalogue): Promise<void> {
  const kinds = await catalogue.listing.kinds();
  if (Object.values(kinds).some((keys) => keys > 0)) await catalogue.listing.declassify();
}

/**
 * Classifies what is new. A run that was cut between the verdicts and the look at what lies beside them is
 * made good by the next one, which looks at everything.
 */
async function classifyWith(catalogue: Catalogue, saved: SavedLayout, options: ClassifyOptions): Promise<void> {
  const decide = provenClassifier(saved);
  const cut = (await catalogue.settings.get(LOOKED)) === "no";
  await catalogue.settings.set(LOOKED, "no");
  const again = Object.values(await catalogue.listing.kinds()).some((keys) => keys > 0);
  const fresh = await classifyNew(catalogue, decide, again, options);
  const look = { ...fresh, ranges: await rangesOf(catalogue, saved) };
  const whole = cut ? { ...look, toLookAt: null, videos: true, ones: true } : look;
  if (await lookBeside(catalogue, decide, whole, options.signal)) options.onJudged?.(null);
  await catalogue.settings.set(LOOKED, "yes");
}

async function classifyNew(
  catalogue: Catalogue,
  decide: Classifier,
  again: boolean,
  { signal, onJudged }: ClassifyOptions,
): Promise<Omit<Fresh, "ranges">> {
  let toLookAt: string[] | null = [];
  const stems = new Set<string>();
  let videos = false;
  let ones = false;
  for await (const objects of untilStopped(catalogue.listing.unclassified(), signal)) {
    const judged = objects.map((object) => ({ ...object, ...decide(object) }));
    await catalogue.listing.judge(judged);
    onJudged?.(judged);
    for (const object of judged) {
      if (again && object.kind === "original" && object.stem !== null) stems.add(object.stem);
      if (!needsSiblings(object.size, object)) continue;
      toLookAt?.push(object.key);
      videos ||= fileKindOf(object.key) === "video";
      ones ||= object.needs === "one";
    }
    if (Math.max(toLookAt?.length ?? 0, stems.size) > REMEMBERED) toLookAt = null;
    if (toLookAt === null) stems.clear();
  }
  return { toLookAt, stems, videos, ones };
}

/** Says so where the listing of today would be judged otherwise; changes nothing. */
async function warnOfDrift(
  catalogue: Catalogue,
  { layout, families, refused }: SavedLayout,
  options: ClassifyOptions,
): Promise<void> {
  const looks = new Set([...families.values(), ...refused].map((family) => family.looks));
  const survey = await surveyed(catalogue, options);
  const today = survey.propose({
    layouts: new Set(),
    looks: new Set(refused.map((one) => one.looks)),
  });
  const news = today.families.filter((family) => family.proposed && !looks.has(family.looks));
  const other = today.layout.id !== layout.id && today.layout !== EVERYTHING_ORIGINAL;
  if (news.length === 0 && !other) return;
  const what = other ? `as ${today.layout.id} (${today.reason})` : news.map(({ looks: one }) => one).join(", ");
  const message = `this listing now looks otherwise: ${what}; what was decided before still holds, until --layout names another`;
  options.emit({ type: "warning", code: "layout-drift", message });
}
