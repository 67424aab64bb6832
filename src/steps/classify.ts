/** Decides about every listed key that nothing is decided about yet, and remembers by which layout. */

import type { Catalogue } from "../catalogue/catalogue.ts";
import { besides, LEAST_PHOTO, needsALook } from "../decide/beside.ts";
import { type Classifier, classifier, type Verdict } from "../decide/classify.ts";
import type { FoundFamily } from "../decide/families.ts";
import { fileKindOf } from "../decide/file-kinds.ts";
import { type Choice, choose, type Suspect } from "../decide/layout-choice.ts";
import { lookOf } from "../decide/layout-looks.ts";
import type { Emit } from "../events.ts";
import { type FrozenLayout, freeze, sameRules, thaw } from "../layouts/frozen-layout.ts";
import type { Layout } from "../layouts/layout.ts";
import { EVERYTHING_ORIGINAL } from "../layouts/layout.ts";
import type { CataloguedObject, Family } from "../model.ts";
import {
  type InferOptions,
  type Inferred,
  inferLayout,
  stopIfAborted,
  surveyed,
} from "./infer-layout.ts";
import { rememberTold, toldBefore } from "./layout-told.ts";

export interface ClassifyOptions extends InferOptions {
  /** "auto", or the layout that the user named or wrote. */
  readonly layout: "auto" | Layout;
  readonly emit: Emit;
}

export interface LayoutReport {
  readonly name: string;
  readonly reason: string;
  readonly families: readonly (Family & { readonly evidence?: string })[];
  readonly suspects: readonly Suspect[];
  /** Sentences about this layout: whether its originals are what was uploaded, what may be missing. */
  readonly notes: readonly string[];
  /** The families by which it was decided in this run, with their pairs; empty where nothing was inferred. */
  readonly inferred: readonly FoundFamily[];
}

/** The name under which the catalogue remembers the layout. */
export const LAYOUT_SETTING = "layout";
/** The name under which it remembers whether the last look beside the keys came to its end. */
const LOOKED = "layout-looked";
/** Few enough to hold; a run with more new keys than this looks at all of them again. */
const REMEMBERED = 20_000;
/** A later listing is judged anew (to warn, not to change anything) when this share of it is new. */
const NEW_SHARE = 0.01;
const BATCH = 1000;
const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Classifies what this run listed. The layout is, in this order: what the user names, what the catalogue
 * remembers, a known layout that fits, families that names, sizes and pictures prove, else none. It is
 * remembered once it says of any key that it is a rendition.
 * @throws HaulError `interrupted`, and as the catalogue does
 */
export async function classifyListing(
  catalogue: Catalogue,
  options: ClassifyOptions,
): Promise<LayoutReport> {
  const frozen = thaw((await catalogue.setting(LAYOUT_SETTING)) ?? "");
  const settled = await settledLayout(catalogue, frozen, options);
  const { choice, inferred } = settled ?? (await inferLayout(catalogue, options));
  if (settled === null && choice.layout !== EVERYTHING_ORIGINAL) await forgetVerdicts(catalogue);
  if (settled === null) await rememberTold(catalogue, choice);
  const chosen = options.layout !== "auto" || frozen?.chosen === true;
  if (choice.layout !== EVERYTHING_ORIGINAL) {
    const { layout, reason } = choice;
    await catalogue.remember(LAYOUT_SETTING, freeze({ layout, reason, chosen }));
  }
  const newKeys = await classifyWith(catalogue, choice.layout, options.signal);
  const warned = settled !== null && options.layout === "auto" && !chosen;
  const suspects = warned
    ? await warnOfDrift(catalogue, choice, newKeys, options)
    : choice.suspects;
  return report(catalogue, { ...choice, suspects }, inferred, options.emit);
}

/** The layout that needs no inference, if there is one: the user's word, or what was decided before. */
async function settledLayout(
  catalogue: Catalogue,
  frozen: FrozenLayout | null,
  options: ClassifyOptions,
): Promise<Inferred | null> {
  const { layout, emit } = options;
  if (layout === "auto") {
    if (frozen === null) return null;
    return { choice: { ...frozen, ...(await toldBefore(catalogue)) }, inferred: [] };
  }
  if (frozen === null || !sameRules(frozen.layout, layout)) {
    await forgetVerdicts(catalogue);
    if (frozen !== null) {
      const message = `keys are told apart by ${layout.id} from now on, and no longer by ${frozen.layout.id}`;
      emit({ type: "warning", code: "layout-changed", message });
    }
  }
  return {
    choice: { layout, reason: "named with --layout", suspects: [], evidence: NONE },
    inferred: [],
  };
}

async function forgetVerdicts(catalogue: Catalogue): Promise<void> {
  const kinds = await catalogue.kinds();
  if (Object.values(kinds).some((keys) => keys > 0)) await catalogue.declassify();
}

/**
 * Classifies what is new. A run that was cut between the verdicts and the look at what lies beside them is
 * made good by the next one, which looks at everything.
 * @returns how many keys were new
 */
async function classifyWith(
  catalogue: Catalogue,
  layout: Layout,
  signal: AbortSignal,
): Promise<number> {
  const decide = classifier(layout);
  const cut = (await catalogue.setting(LOOKED)) === "no";
  await catalogue.remember(LOOKED, "no");
  const fresh = await classifyNew(catalogue, decide, signal);
  await lookBeside(
    catalogue,
    decide,
    cut ? { ...fresh, toLookAt: null, videos: true } : fresh,
    signal,
  );
  await catalogue.remember(LOOKED, "yes");
  return fresh.keys;
}

interface Fresh {
  readonly keys: number;
  /** The new keys about which the siblings must be asked; null where there are too many to hold. */
  readonly toLookAt: readonly string[] | null;
  /** True where a video among them is a rendition: a still beside it proves nothing. */
  readonly videos: boolean;
}

async function classifyNew(
  catalogue: Catalogue,
  decide: Classifier,
  signal: AbortSignal,
): Promise<Fresh> {
  let keys = 0;
  let toLookAt: string[] | null = [];
  let videos = false;
  for await (const objects of catalogue.unclassified()) {
    stopIfAborted(signal);
    const verdicts = objects.map((object) => ({ key: object.key, ...decide(object) }));
    await catalogue.classify(verdicts);
    keys += objects.length;
    for (const [i, { size }] of objects.entries()) {
      const verdict = verdicts[i];
      if (verdict === undefined || !needsALook(size, verdict)) continue;
      toLookAt?.push(verdict.key);
      videos ||= fileKindOf(verdict.key) === "video";
    }
    if (toLookAt !== null && toLookAt.length > REMEMBERED) toLookAt = null;
  }
  return { keys, toLookAt, videos };
}

/** Renditions that need a larger original beside them, and originals too small to be one. */
async function lookBeside(
  catalogue: Catalogue,
  decide: Classifier,
  fresh: Fresh,
  signal: AbortSignal,
): Promise<void> {
  let changed: (Verdict & { readonly key: string })[] = [];
  const write = async () => {
    await catalogue.classify(changed);
    changed = [];
  };
  /** Neighbours in the listing are often of one stem, and a panorama in tiles has thousands of them. */
  let last: { stem: string; siblings: readonly CataloguedObject[] } = { stem: "", siblings: [] };
  for await (const object of objectsToLookAt(catalogue, fresh)) {
    stopIfAborted(signal);
    const verdict = decide(object);
    const { stem } = verdict;
    if (stem === null || !needsALook(object.size, verdict)) continue;
    if (last.stem !== stem) last = { stem, siblings: await catalogue.siblings(stem) };
    const after = besides(object, verdict, last.siblings);
    if (after !== verdict) changed.push({ key: object.key, ...after });
    if (changed.length >= BATCH) await write();
  }
  await write();
}

async function* objectsToLookAt(
  catalogue: Catalogue,
  { toLookAt, videos }: Fresh,
): AsyncGenerator<CataloguedObject> {
  if (toLookAt === null) {
    for await (const objects of catalogue.unmatched(LEAST_PHOTO)) yield* objects;
    if (!videos) return;
    for await (const objects of catalogue.objects("rendition")) {
      yield* objects.filter(({ key }) => fileKindOf(key) === "video");
    }
    return;
  }
  for (const key of toLookAt) {
    const object = await catalogue.find(key);
    if (object !== null) yield object;
  }
}

/** Says so where the listing of today would be judged otherwise; changes nothing. */
async function warnOfDrift(
  catalogue: Catalogue,
  choice: Choice,
  newKeys: number,
  options: ClassifyOptions,
): Promise<readonly Suspect[]> {
  const keys = Object.values(await catalogue.kinds()).reduce((sum, n) => sum + n, 0);
  if (newKeys === 0 || newKeys < keys * NEW_SHARE) return choice.suspects;
  const today = choose(await surveyed(catalogue, options), new Map());
  if (!sameRules(today.layout, choice.layout)) {
    const message = `this listing would now be judged otherwise (${today.layout.id}: ${today.reason}); what was decided before still holds, until --layout names another`;
    options.emit({ type: "warning", code: "layout-drift", message });
  }
  return today.suspects;
}

async function report(
  catalogue: Catalogue,
  { layout, reason, suspects, evidence }: Choice,
  inferred: readonly FoundFamily[],
  emit: Emit,
): Promise<LayoutReport> {
  const families = (await catalogue.families()).map((family) => {
    const said = family.kind === "rendition" ? evidence.get(family.name) : undefined;
    const rule = lookOf(layout, family.name, family.kind);
    return { ...family, rule, ...(said === undefined ? {} : { evidence: said }) };
  });
  const { originalTrust, originalsMayBeMissing } = layout;
  const notes = [
    ...(originalTrust === undefined ? [] : [`Originals of ${layout.title}: ${originalTrust}.`]),
    ...(originalsMayBeMissing === undefined
      ? []
      : [`Originals of ${layout.title} may be missing: ${originalsMayBeMissing}.`]),
  ];
  emit({ type: "layout", name: layout.id, reason, families });
  return { name: layout.id, reason, families, suspects, notes, inferred };
}
