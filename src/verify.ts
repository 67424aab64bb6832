/**
 * The story of `verify`: read again what was kept, say what is not as it was, and put it back where good bytes
 * are at hand. It reads and renames; it never overwrites and never deletes.
 *
 *   read the manifest ─► choose ─► per photo: read, and once more before calling it damaged ─► remember ─► repair
 */

import type { CheckLog, Due } from "./catalogue/check-log.ts";
import { HaulError } from "./errors.ts";
import type { RunEvent } from "./events.ts";
import type { Limiter } from "./limiter.ts";
import type { Condition } from "./model.ts";
import type { Meter } from "./photo/progress.ts";
import { copyMissing, type GoodBytes, repair } from "./steps/repair.ts";
import { type Checked, checkPhoto, type SliceChoice, sliceOf } from "./steps/verify-photo.ts";
import { isDamage, type TargetReport } from "./summaries.ts";
import { countExtras, holdSums, numbered, readManifest } from "./targets/manifest-index.ts";
import type { Target } from "./targets/target.ts";

export interface VerifyPorts {
  /** Opened for reading. */
  readonly target: Target;
  readonly log: CheckLog;
  readonly limiter: Pick<Limiter, "each">;
  readonly meter: Meter;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
  /** @throws HaulError `wrong-drive` or `no-target` when the drive is gone, so that its photos are not called missing */
  readonly mustBeThere: () => Promise<void>;
  readonly now: () => number;
  /** True to read also what the service itself vouches for. */
  readonly readAll: boolean;
}

/** Results are remembered in batches: a kill costs no more than this to be read again. */
const BATCH = 256;

/**
 * Reads what the choice takes. `report` is filled in as it goes on, so that it is true however the run ends.
 * @param choose told the bytes of everything, once they are known
 * @throws HaulError that ended the run; what was found until then is remembered
 */
export async function verify(
  ports: VerifyPorts,
  choose: (bytes: number) => SliceChoice,
  report: ReportDraft,
): Promise<void> {
  const { target, log, limiter, meter, signal } = ports;
  Object.assign(report, await readManifest(target, log, signal), log.totals());
  Object.assign(report, await holdSums(target, log, signal));
  const choice = choose(report.bytes);
  report.extra = await countExtras(target, log, signal);
  if (hasLostItsLists(report)) {
    const message = `the lists of ${target.name} name no photo, though ${report.extra} files lie there: none of them was read. The next mirror makes the lists again from the files`;
    ports.emit({ type: "warning", code: "lists", message });
  }
  meter.start(...expected(report, choice));
  let found: { path: string; condition: Condition }[] = [];
  const remember = () => {
    log.record(found, new Date(ports.now()).toISOString());
    found = [];
  };
  try {
    await limiter.each(
      sliceOf(log.due(), choice),
      async (photo) => {
        const { condition } = await check(photo, ports, report);
        found.push({ path: photo.path, condition });
        if (found.length >= BATCH) remember();
      },
      signal,
    );
  } finally {
    remember();
    report.oldestCheck = log.oldestCheck();
  }
}

/** What the lists of a target do not say as they should. */
export function wrongInLists(report: TargetReport): number {
  const { brokenLines, forgotten, unlisted, unsummed } = report;
  return brokenLines + forgotten + unlisted + unsummed + Number(hasLostItsLists(report));
}

/** A marker, files beside it, and no list that names one: what was kept there is known no more. */
function hasLostItsLists({ photos, extra }: TargetReport): boolean {
  return photos === 0 && extra > 0;
}

/** A report that is being filled in. */
export type ReportDraft = { -readonly [Field in keyof TargetReport]: TargetReport[Field] };

export function emptyReport(target: Pick<Target, "name" | "id">): ReportDraft {
  return {
    target: target.name,
    id: target.id,
    photos: 0,
    bytes: 0,
    checked: { photos: 0, bytes: 0 },
    vouched: { photos: 0, bytes: 0 },
    conditions: { whole: 0, rotten: 0, unreadable: 0, missing: 0, archived: 0 },
    unsteady: 0,
    repaired: 0,
    broughtOver: 0,
    notBrought: 0,
    extra: 0,
    brokenLines: 0,
    cutLines: 0,
    unlisted: 0,
    unsummed: 0,
    forgotten: 0,
    oldestCheck: null,
  };
}

async function check(photo: Due, ports: VerifyPorts, report: ReportDraft): Promise<Checked> {
  const { target, meter, signal, emit } = ports;
  const vouched = !ports.readAll && (await isVouchedFor(photo, target, signal));
  if (vouched) {
    meter.moved(photo.size);
    report.vouched = plus(report.vouched, photo);
  }
  const checked = vouched ? WHOLE : await checkPhoto(photo, target, signal, (bytes) => meter.moved(bytes));
  const { condition, reason, unsteady } = checked;
  if (condition === "missing" || condition === "unreadable") await ports.mustBeThere();
  report.conditions = { ...report.conditions, [condition]: report.conditions[condition] + 1 };
  report.unsteady += Number(unsteady);
  report.checked = plus(report.checked, photo);
  meter.done();
  emit({
    type: "check",
    target: target.name,
    path: photo.path,
    condition,
    ...(reason === null ? {} : { reason }),
    ...(unsteady ? { unsteady } : {}),
    ...(vouched ? { vouched } : {}),
    bytes: photo.size,
  });
  return checked;
}

const WHOLE: Checked = { condition: "whole", reason: null, unsteady: false };

/** What the service says against a photo is no verdict: it is read then. */
async function isVouchedFor(photo: Due, target: Target, signal: AbortSignal): Promise<boolean> {
  try {
    return (await target.vouchesFor?.(photo, signal)) ?? false;
  } catch (error) {
    if (error instanceof HaulError && !error.endsRun) return false;
    throw error;
  }
}

function plus(sum: { readonly photos: number; readonly bytes: number }, { size }: Due) {
  return { photos: sum.photos + 1, bytes: sum.bytes + size };
}

/** A slice is known in proportion only; what it holds exactly shows while it is read. */
function expected({ photos, bytes }: TargetReport, choice: SliceChoice): [number, number] {
  if (choice === "all") return [photos, bytes];
  const part = "of" in choice ? 1 / choice.of : Math.min(1, choice.bytes / Math.max(1, bytes));
  return [Math.ceil(photos * part), Math.ceil(bytes * part)];
}

export interface RepairPorts extends Pick<VerifyPorts, "log" | "emit" | "signal"> {
  /** The same target, opened for writing. */
  readonly target: Target;
  readonly from: GoodBytes;
}

/**
 * Puts back what this run found damaged, one photo after the other.
 * @throws HaulError that ends the run; a photo that cannot be repaired is an event
 */
export async function repairDamaged(ports: RepairPorts, report: ReportDraft): Promise<void> {
  const { target, log, from, emit, signal } = ports;
  const place = { type: "repair", target: target.name } as const;
  for await (const { entry, line } of numbered(target, signal)) {
    const condition = log.found(entry.path, line);
    if (condition === null || !isDamage(condition)) continue;
    const { path } = entry;
    try {
      const aside = await repair(entry, from, target, signal);
      const { condition: now, reason } = await checkPhoto(entry, target, signal, () => undefined);
      log.record([{ path, condition: now }], new Date().toISOString());
      if (now !== "whole") throw new HaulError("broken", `put back, but ${reason}`);
      const setAside = aside === null ? {} : { setAside: aside };
      report.repaired += 1;
      emit({ ...place, path, outcome: "repaired", ...setAside });
    } catch (error) {
      if (!(error instanceof HaulError) || error.endsRun) throw error;
      emit({ ...place, path, outcome: "failed", reason: error.message });
    }
  }
}

/**
 * Brings over what another target has and this one never got: it may have been out of the run, and the source gone since.
 * @throws HaulError that ends the run; a photo that cannot be brought is an event
 */
export async function catchUp(ports: RepairPorts, report: ReportDraft): Promise<void> {
  const { target, from, emit, signal } = ports;
  const place = { type: "repair", target: target.name } as const;
  for await (const held of lacking(ports)) {
    try {
      const path = await copyMissing(held, from, target, signal);
      report.broughtOver += 1;
      emit({ ...place, path, outcome: "brought" });
    } catch (error) {
      if (!(error instanceof HaulError) || error.endsRun) throw error;
      report.notBrought += 1;
      emit({ ...place, path: held.entry.path, outcome: "failed", reason: error.message });
    }
  }
}

/** True when another target has photos that this one has not: else nothing need be opened for writing. */
export async function isBehind(ports: Pick<RepairPorts, "log" | "from" | "signal">) {
  for await (const _ of lacking(ports)) return true;
  return false;
}

async function* lacking({ log, from, signal }: Pick<RepairPorts, "log" | "from" | "signal">) {
  for await (const held of from.photos?.(signal) ?? []) {
    if (log.pathOf(held.entry.sha256, held.entry.size) === null) yield held;
  }
}
