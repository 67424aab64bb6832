/**
 * The story:
 *
 *   list the bucket ─► take over what is there already ─► tell originals from renditions ─► plan
 *                   ─► per photo: fetch ─► check ─► date ─► keep
 *
 * It knows no S3, no SQL, no ExifTool. A run can be cut at any instant and made again: same end state,
 * because a photo counts as kept only when the catalogue says so, and that is the last thing it says.
 */

import type { Bandwidth } from "./bandwidth.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import { HaulError } from "./errors.ts";
import type { Emit } from "./events.ts";
import type { Limiter } from "./limiter.ts";
import { mergePlans, type Transfer } from "./photo/merge-plans.ts";
import { makePlan, type Plan, type PlannedPlace, type PlanOptions } from "./photo/plan.ts";
import type { Destination } from "./photo/target-set.ts";
import { giveUp } from "./photo/tell-copy.ts";
import { fitsNowhere } from "./photo/too-large.ts";
import { type TransferPorts, transfer } from "./photo/transfer.ts";
import { type Turn, Turns } from "./photo/turns.ts";
import type { PictureComparer } from "./pictures/picture-comparer.ts";
import { counted } from "./report/units.ts";
import { type ClassifyOptions, classifyListing } from "./steps/judge.ts";
import type { LayoutReport } from "./steps/layout-report.ts";
import { type Limits, withinLimits } from "./steps/limit.ts";
import { listInto } from "./steps/list.ts";
import { redateEverywhere, type TellingPorts } from "./steps/redate.ts";
import type { Source } from "./stores/source.ts";

export interface SurveyPorts {
  readonly source: Source;
  readonly catalogue: Catalogue;
  /** Where the plan is for; a dry run and an inventory need no more of it. */
  readonly places: readonly PlannedPlace[];
  /** Called when the source has shown its first keys: what is to be written may be opened for it now. */
  readonly onFirst?: () => Promise<void>;
  /** Takes over what they hold and the catalogue does not know; answers which of them still take part. */
  readonly takeOver?: () => Promise<readonly PlannedPlace[]>;
  readonly comparer: PictureComparer;
  /** Of what is fetched to be compared; absent for as fast as it comes. */
  readonly bandwidth?: Bandwidth;
  readonly limiter: Limiter;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export interface SurveyOptions extends PlanOptions {
  readonly layout: ClassifyOptions["layout"];
  readonly known: ClassifyOptions["known"];
  /** Bytes that may be fetched to prove families of renditions; null for 300 MB, or 1 % of what is listed. */
  readonly proofBytes: number | null;
  /** Asks whoever sits at the terminal about a family that is likely; absent where nobody does. */
  readonly ask?: ClassifyOptions["ask"];
}

export interface Surveyed {
  readonly layout: LayoutReport;
  readonly plan: Plan;
}

/** Bytes that are fetched to prove families of renditions, at most; of a large bucket this share. */
export const PROOF_BYTES = 300_000_000;
const PROOF_SHARE = 0.01;

/**
 * Everything that happens before the first byte of what is kept is fetched; writes to the catalogue only.
 * @throws HaulError `looks-empty`, and as the source and the catalogue do
 */
export async function survey(ports: SurveyPorts, options: SurveyOptions): Promise<Surveyed> {
  const { source, catalogue, emit, signal } = ports;
  const { keys, bytes } = await listInto(source, catalogue.listing, ports);
  if (keys === 0) throw await emptiness(source, catalogue);
  const places = (await ports.takeOver?.()) ?? ports.places;
  const budget = options.proofBytes ?? Math.max(PROOF_BYTES, bytes * PROOF_SHARE);
  const prove = { ...ports, budget };
  const layout = await classifyListing(catalogue, { ...options, prove, emit, signal });
  warnOfDecoder(ports.comparer, emit);
  ports.comparer.close();
  const plan = await makePlan({ ...ports, places }, options);
  emit(plan);
  if (options.renditions === "skip") await warnOfLeftOut(catalogue, places, emit);
  return { layout, plan };
}

export type MirrorPorts = Omit<SurveyPorts, "places" | "takeOver" | "onFirst" | "comparer"> &
  TransferPorts &
  Pick<TellingPorts, "told" | "zone">;

/**
 * Brings home what the plan names, to every target that lacks it. A target that drops out is the targetSet's to tell.
 * @returns how many planned photos a limit left for the next run
 * @throws HaulError that ended the run; what was kept until then is kept
 */
export async function mirror(
  plan: Plan,
  ports: MirrorPorts,
  limits: Limits,
  onLeft?: (photo: Transfer<Destination>) => void,
): Promise<number> {
  const { catalogue, targetSet, meter, limiter, signal } = ports;
  await targetSet.mustFit(plan, limits.bytes);
  meter.start(plan.photos, plan.bytes);
  const photos = withinLimits(mergePlans(catalogue, targetSet.destinations), limits, onLeft, fitsNowhere);
  try {
    // What ends the run ends the photos that are under way, too.
    const turns = new Turns<Transfer<Destination>>(limits.now);
    const work = (turn: Turn<Transfer<Destination>>, inner: AbortSignal) =>
      turns.take(turn, () => takeTurn(turn, turns, limits, { ...ports, signal: inner }));
    await limiter.each(turns.all(photos.taken, signal), work, signal);
    await targetSet.flush();
    await redateEverywhere(targetSet, ports);
    // The manifests have grown by what was dated anew.
    await targetSet.flush();
  } catch (error) {
    await targetSet.end();
    throw error;
  }
  return photos.leftOver();
}

async function takeTurn(
  { item, failed }: Turn<Transfer<Destination>>,
  turns: Turns<Transfer<Destination>>,
  { until, now }: Limits,
  ports: MirrorPorts,
): Promise<void> {
  // Nothing begins after the time of the run, and it did fail.
  if (failed !== null && until !== null && now() >= until) return giveUp(item, failed, ports);
  const first = failed === null;
  return transfer(item, {
    ...ports,
    failed,
    onProof: (proof) => {
      turns.came();
      ports.onProof(proof);
    },
    ...(first ? { waits: (error: HaulError) => turns.waits(item, error) } : {}),
  });
}

/** Without what decodes pictures a run keeps everything, which costs room: whoever sees that should know why. */
/** A photo of which only a copy is left is lost where copies are skipped; that is the user's choice, and is said. */
async function warnOfLeftOut(catalogue: Catalogue, places: readonly PlannedPlace[], emit: Emit): Promise<void> {
  let leftOut = 0;
  for (const { target } of places) {
    const most = await catalogue.plan(target.id).wantedCount("fallback");
    leftOut = Math.max(leftOut, most - (await catalogue.plan(target.id).wantedCount("skip")));
  }
  if (leftOut === 0) return;
  const message = `of ${counted(leftOut, "photo")} there is a smaller copy and no original; with --renditions skip no copy is kept, and so nothing of ${leftOut === 1 ? "it" : "them"}. Without that option the largest copy of each stands in`;
  emit({ type: "warning", code: "left-out", message });
}

function warnOfDecoder({ missing }: PictureComparer, emit: Emit): void {
  if (missing === null) return;
  const message = `pictures cannot be compared: ${missing}. So nothing was proven to be a smaller copy, and all keys that might be are mirrored as originals. Run \`npm install --include=optional\` where photohaul is installed, or name the layout with --layout; then run again`;
  emit({ type: "warning", code: "no-decoder", message });
}

/** An empty listing is never taken for the truth: a wrong prefix and a lost permission look the same. */
async function emptiness(source: Source, catalogue: Catalogue): Promise<HaulError> {
  const before = await catalogue.listing.previousTotals();
  const was = before === null ? "" : `, and held ${counted(before.keys, "key")} before`;
  return new HaulError("looks-empty", `${source.name} holds nothing${was}`);
}
