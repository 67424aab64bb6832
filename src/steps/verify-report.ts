/** What `verify` says of one target, filled in as it goes on, so that it is true however the run ends. */

import type { Due } from "../catalogue/check-log.ts";
import { damagedIn, type TargetReport } from "../events.ts";
import type { Target } from "../targets/target.ts";
import type { Checked } from "./verify-photo.ts";

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

/** Counts a photo that was checked. @param vouched true where the service itself proved it, and nothing was read */
export function countChecked(
  report: ReportDraft,
  photo: Due,
  { condition, unsteady }: Checked,
  vouched: boolean,
): void {
  report.conditions = { ...report.conditions, [condition]: report.conditions[condition] + 1 };
  report.unsteady += Number(unsteady);
  report.checked = plus(report.checked, photo);
  if (vouched) report.vouched = plus(report.vouched, photo);
}

function plus(sum: { readonly photos: number; readonly bytes: number }, { size }: Due) {
  return { photos: sum.photos + 1, bytes: sum.bytes + size };
}

/** Photos that are damaged now. */
export function damagedNow({ conditions, repaired }: TargetReport): number {
  return damagedIn(conditions) - repaired;
}

/** What the lists of a target do not say as they should. */
export function wrongInLists(report: TargetReport): number {
  const { brokenLines, forgotten, unlisted, unsummed } = report;
  return brokenLines + forgotten + unlisted + unsummed + Number(hasLostItsLists(report));
}

/** A marker, files beside it, and no list that names one: what was kept there is known no more. */
export function hasLostItsLists({ photos, extra }: TargetReport): boolean {
  return photos === 0 && extra > 0;
}
