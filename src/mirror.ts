/**
 * The story of `mirror`:
 *   list the bucket ─► take over what is there already ─► tell originals from renditions ─► plan
 *                   ─► per photo: fetch ─► check ─► date ─► keep
 *
 * It knows no S3, no SQL, no ExifTool. A run can be cut at any instant and made again: same end state,
 * because a photo counts as kept only when the catalogue says so, and that is the last thing it says.
 */

import type { Bandwidth } from "./bandwidth.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import type { Emit } from "./events.ts";
import type { Limiter } from "./limiter.ts";
import type { Transfer } from "./photo/merge-plans.ts";
import { makePlan, type Plan, type PlannedPlace, type PlanOptions } from "./photo/plan.ts";
import type { Destination } from "./photo/target-set.ts";
import type { PictureComparer } from "./pictures/picture-comparer.ts";
import { type ClassifyOptions, classifyListing, proofBudget } from "./steps/judge.ts";
import { busyThread, listInto } from "./steps/list.ts";
import type { OverridePorts } from "./steps/redate.ts";
import { emptiness, warnOfLeftOut, warnOfListing } from "./steps/survey-warnings.ts";
import type { BringPorts } from "./steps/thaw.ts";
import type { Limits } from "./steps/transfer-all.ts";
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

export interface SurveyOptions extends PlanOptions, Pick<ClassifyOptions, "layout" | "known" | "ask" | "onJudged"> {
  /** Bytes that may be fetched to prove families of renditions; null for 300 MB, or 1 % of what is listed. */
  readonly proofBytes: number | null;
}

/**
 * Everything that happens before the first byte of what is kept is fetched; writes to the catalogue only.
 * @throws HaulError `looks-empty`, and as the source and the catalogue do
 */
export async function survey(ports: SurveyPorts, options: SurveyOptions) {
  const { source, catalogue, emit, signal } = ports;
  const { keys, bytes } = await listInto(source, catalogue.listing, { ...ports, isBusy: busyThread() });
  if (keys === 0) throw await emptiness(source, catalogue);
  const places = (await ports.takeOver?.()) ?? ports.places;
  const prove = { ...ports, budget: options.proofBytes ?? proofBudget(bytes) };
  const layout = await classifyListing(catalogue, { ...options, prove, emit, signal });
  await warnOfListing(catalogue, ports.comparer, emit);
  ports.comparer.close();
  const plan = await makePlan({ ...ports, places }, options);
  // How much of it an archive holds is told by itself.
  const { cold: _cold, ...told } = plan;
  emit(told);
  if (options.renditions === "skip") await warnOfLeftOut(catalogue, places, emit);
  return { layout, plan };
}

export type MirrorPorts = BringPorts & Pick<OverridePorts, "overrides" | "zone" | "zoneGuessed">;

/**
 * Brings home what the plan names, to every target that lacks it. A target that drops out is the target set's to tell.
 * @param onLeft told of each planned photo that a limit left for the next run
 * @returns how many these are
 * @throws HaulError that ended the run; what was kept until then is kept
 */
export async function mirror(
  plan: Plan,
  ports: MirrorPorts,
  limits: Limits,
  onLeft?: (photo: Transfer<Destination>) => void,
): Promise<number> {
  const { targetSet, meter } = ports;
  await targetSet.mustFit(plan, limits.bytes, ports.thawing?.thaw !== null);
  meter.start(plan.photos, plan.bytes);
  try {
    // Loaded here, as an inventory needs none of it.
    const { transferThawed } = await import("./steps/thaw.ts");
    const { redateEverywhere } = await import("./steps/redate.ts");
    const leftOver = await transferThawed(ports, limits, onLeft);
    await redateEverywhere(targetSet, ports);
    return leftOver;
  } catch (error) {
    await targetSet.end();
    throw error;
  }
}
