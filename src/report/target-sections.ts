/** The pages of what looks at targets. `verify`: of each what was read, and what is not as it was; `restore`: what was brought back. Pure. */

import { DAMAGES, damagedIn, type RestoreSummary, type TargetReport, type VerifySummary } from "../summaries.ts";
import { paragraph, type Section, type SectionRow } from "./section.ts";
import { bytes, count, counted, duration, rate } from "./units.ts";

export function verifySections(summary: VerifySummary): Section[] {
  const { each, exit } = summary;
  const took: SectionRow = { label: "took", text: tookWords(summary) };
  const reports = each.map((report, at): Section => {
    const rows = [...reportRows(report), ...oddityRows(report), ...(at === each.length - 1 ? [took] : [])];
    return { id: "target", title: report.target, rows };
  });
  return [
    ...reports,
    ...(exit === 130 ? [paragraph(INTERRUPTED)] : []),
    ...(exit === 0 || exit === 3 ? [paragraph(verifyNextStep(summary))] : []),
  ];
}

const INTERRUPTED = "Interrupted. What was read is written down; run the same line again, or with --days for the rest.";

function reportRows(report: TargetReport): SectionRow[] {
  const { conditions } = report;
  const { whole, archived } = conditions;
  const rows: SectionRow[] = [
    ...readRows(report),
    { label: "whole", text: photos(whole), figure: { value: count(whole), note: "as they were kept" }, tone: "good" },
  ];
  for (const condition of DAMAGES) {
    const number = conditions[condition];
    const figure = { value: count(number), note: "see below" };
    if (number > 0) rows.push({ label: condition, text: photos(number), figure, tone: "bad" });
  }
  if (archived > 0) {
    const text = `${photos(archived)} that nothing can read before the service restores them`;
    rows.push({ label: "archived", text, tone: "warn" });
  }
  if (report.repaired > 0) rows.push({ label: "repaired", text: photos(report.repaired) });
  if (report.broughtOver > 0) {
    rows.push({ label: "brought", text: `${photos(report.broughtOver)} that only the other target had`, tone: "good" });
  }
  return rows;
}

/** What was read, and what the service's own digests proved: which is which must be said. */
function readRows({ checked, vouched, photos: all }: TargetReport): SectionRow[] {
  const part = checked.photos === all ? "" : ` of ${photos(all)}`;
  const read = { photos: checked.photos - vouched.photos, bytes: checked.bytes - vouched.bytes };
  const said = ({ photos: number, bytes: size }: typeof read) => `${photos(number)}${part}, ${bytes(size)}`;
  const reading: SectionRow = { label: "read", text: said(read) };
  if (vouched.photos === 0) return [reading];
  const text = `${said(vouched)}: the service holds digests that prove them (--read reads them)`;
  return [{ label: "by digest", text }, ...(read.photos > 0 ? [reading] : [])];
}

/** [how many, label, in words, whether it deserves a look] */
function oddityRows(report: TargetReport): SectionRow[] {
  const { unsteady, brokenLines, cutLines, unlisted, unsummed, forgotten, extra, oldestCheck, conditions } = report;
  const failing = "right on the second reading only: cable, memory or drive is failing";
  const cut = "its last line was cut by a run that was killed; the next mirror takes it off";
  const odd: readonly (readonly [number: number, label: string, text: string, warn: boolean])[] = [
    [unsteady, "unsteady", `${photos(unsteady)} ${failing}`, true],
    [brokenLines, "manifest", `${counted(brokenLines, "line")} of the manifest cannot be read`, true],
    [cutLines, "manifest", cut, false],
    [unlisted, "manifest", `SHA256SUMS names ${photos(unlisted)} that the manifest does not name`, true],
    [unsummed, "SHA256SUMS", `${photos(unsummed)} of the manifest it does not name`, true],
    [forgotten, "forgotten", `${photos(forgotten)} that the manifest named before, and names no more`, true],
    [extra, "besides", `${counted(extra, "file")} that photohaul did not put there`, false],
  ];
  const rows = odd
    .filter(([number]) => number > 0)
    .map(([, label, text, warn]): SectionRow => ({ label, text, ...(warn && { tone: "warn" }) }));
  if (oldestCheck === null || conditions.archived > 0) return rows;
  return [...rows, { label: "since", text: `every photo was checked on ${oldestCheck.slice(0, 10)} or later` }];
}

function tookWords({ seconds, checked, each }: VerifySummary): string {
  const vouched = each.reduce((sum, report) => sum + report.vouched.bytes, 0);
  return [duration(seconds), rate(checked.bytes - vouched, seconds)].filter(Boolean).join(", ");
}

const ARCHIVED =
  "Nothing is known against what is archived. To have it read, let the service restore it first (aws s3api restore-object, or its console). Without --read, what the service itself holds digests of is proven by those.";

/** What to do next, in one paragraph. */
export function verifyNextStep({ exit, conditions, repaired }: VerifySummary): string {
  const damaged = damagedIn(conditions);
  if (exit === 0) return damaged === 0 ? "All is well." : "What was damaged is whole again.";
  const left = damaged - repaired;
  if (left === 0 && conditions.archived > 0) return ARCHIVED;
  if (left === 0) {
    return "The lists of the target are not as they were written. The next mirror to it mends them: it sets aside what it cuts off, and enters again what lies there.";
  }
  return `${count(left)} damaged. Put them back from the source or from another target: photohaul verify TARGET --repair-from s3://… or FOLDER`;
}

export function restoreSections(summary: RestoreSummary): Section[] {
  return [
    { id: "outcomes", title: "", rows: restoreRows(summary) },
    ...restoreEnding(summary).map((words) => paragraph(words)),
  ];
}

function restoreRows(summary: RestoreSummary): SectionRow[] {
  const { outcomes, unwanted, archived, brokenLines, unlisted, restoredBytes, seconds } = summary;
  const { stored, already, skipped, failed } = outcomes;
  const found: SectionRow[] = [{ label: "on target", text: photos(summary.photos) }];
  if (unwanted > 0) found.push({ label: "not asked", text: photos(unwanted) });
  if (summary.dryRun) found.push({ label: "to restore", text: photos(skipped) });
  else {
    const size = stored > 0 ? bytes(restoredBytes) : "";
    const text = [photos(stored), size].filter(Boolean).join(", ");
    found.push({ label: "restored", text, figure: { value: count(stored), note: size }, tone: "good" });
  }
  if (already > 0) found.push({ label: "already", text: `${count(already)} there before` });
  if (failed > 0) {
    const cold = archived > 0 ? `${count(archived)} of them archived` : "";
    const text = [photos(failed), cold].filter(Boolean).join(", ");
    found.push({ label: "failed", text, figure: { value: count(failed), note: cold }, tone: "bad" });
  }
  if (brokenLines > 0) {
    const text = `${counted(brokenLines, "line")} of the manifest cannot be read`;
    found.push({ label: "manifest", text, tone: "warn" });
  }
  if (unlisted > 0) {
    const text = `${photos(unlisted)} that the manifest does not name, by SHA256SUMS`;
    found.push({ label: "manifest", text, tone: "warn" });
  }
  const took = [duration(seconds), rate(restoredBytes, seconds)].filter(Boolean).join(", ");
  return [...found, { label: "took", text: took }];
}

const ARCHIVED_YET =
  "What is archived must be restored by the service first (aws s3api restore-object, or its console), which takes hours to days. Then run the same line again: what is here is not brought twice.";
const DAMAGED =
  "What failed is named with its reason. What is damaged on this target `photohaul verify` names too, and can put back.";
const MENDED =
  "The lists of the target are not as they were written; the next mirror to it mends them. What SHA256SUMS alone names has the date of its file.";

function restoreEnding({ exit, dryRun, archived, outcomes, brokenLines, unlisted }: RestoreSummary): string[] {
  if (dryRun && exit === 0) return ["Nothing was written."];
  if (exit === 130) return ["Interrupted. Run the same line again for the rest."];
  if (exit !== 3) return [];
  const damaged = outcomes.failed > archived || brokenLines > 0;
  return [...(archived > 0 ? [ARCHIVED_YET] : []), ...(damaged ? [DAMAGED] : []), ...(unlisted > 0 ? [MENDED] : [])];
}

function photos(number: number): string {
  return counted(number, "photo");
}
