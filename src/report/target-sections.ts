/**
 * The pages of what looks at targets and folders. `verify`: of each what was read, and what is not as it was; `restore`: what
 * was brought back; `dates`: how many files have their dates, by what, and what is doubtful. Pure.
 */

import { EXIT } from "../error-messages.ts";
import {
  DAMAGES,
  type DatesSummary,
  damagedIn,
  type GallerySummary,
  type RestoreSummary,
  type TargetReport,
  type VerifySummary,
} from "../events.ts";
import { paragraph, type Section, type SectionRow } from "./section.ts";
import { bytes, count, counted, duration, rate } from "./units.ts";
import { datesInWords, doubtsInWords } from "./words.ts";

export function verifySections(summary: VerifySummary): Section[] {
  const { each, exit } = summary;
  const took: SectionRow = { label: "took", text: tookWords(summary) };
  const reports = each.map((report, at): Section => {
    const rows = [...reportRows(report), ...oddityRows(report), ...(at === each.length - 1 ? [took] : [])];
    return { id: "target", title: report.target, rows };
  });
  return [
    ...reports,
    ...(exit === EXIT.interrupted ? [paragraph(INTERRUPTED)] : []),
    ...(exit === EXIT.ok || exit === EXIT.someFailed ? [paragraph(verifyNextStep(summary))] : []),
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
  const { unsteady, brokenLines, cutLines, unlisted, unsummed, contradicted, forgotten, extra } = report;
  const { oldestCheck, conditions } = report;
  const failing = "right on the second reading only: cable, memory or drive is failing";
  const cut = "its last line was cut by a run that was killed; the next mirror takes it off";
  const odd: readonly (readonly [number: number, label: string, text: string, warn: boolean])[] = [
    [unsteady, "unsteady", `${photos(unsteady)} ${failing}`, true],
    [brokenLines, "manifest", `${counted(brokenLines, "line")} of the manifest cannot be read`, true],
    [cutLines, "manifest", cut, false],
    [unlisted, "manifest", `SHA256SUMS names ${photos(unlisted)} that the manifest does not name`, true],
    [unsummed, "SHA256SUMS", `${photos(unsummed)} of the manifest it does not name`, true],
    [contradicted, "lists", `${photos(contradicted)} whole by one line, and other bytes by another`, true],
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
  "Nothing is known against what is archived. To have it read, let the service restore it first: the same line with --restore-tier bulk says what that costs, and asks for it. Without --read, what the service itself holds digests of is proven by those.";

/** What to do next, in one paragraph. */
export function verifyNextStep({ exit, conditions, repaired }: VerifySummary): string {
  const damaged = damagedIn(conditions);
  if (exit === EXIT.ok) return damaged === 0 ? "All is well." : "What was damaged is whole again.";
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
  if (summary.error !== undefined && summary.photos === 0) {
    return [
      { label: "on target", text: "nothing was read; the run ended before that" },
      { label: "took", text: duration(seconds) },
    ];
  }
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
  "What is archived must be restored by the service first, which takes hours to days: the same line with --restore-tier bulk says what that costs, and asks for it. Then run the same line again: what is here is not brought twice.";
const DAMAGED =
  "What failed is named with its reason. What is damaged on this target `photohaul verify` names too, and can put back.";
const MENDED =
  "The lists of the target are not as they were written; the next mirror to it mends them. What SHA256SUMS alone names has the date of its file.";

function restoreEnding({ exit, dryRun, archived, outcomes, brokenLines, unlisted }: RestoreSummary): string[] {
  if (dryRun && exit === EXIT.ok) return ["Nothing was written."];
  if (exit === EXIT.interrupted) return ["Interrupted. Run the same line again for the rest."];
  if (exit !== EXIT.someFailed) return [];
  const damaged = outcomes.failed > archived || brokenLines > 0;
  return [...(archived > 0 ? [ARCHIVED_YET] : []), ...(damaged ? [DAMAGED] : []), ...(unlisted > 0 ? [MENDED] : [])];
}

export function gallerySections(summary: GallerySummary): Section[] {
  const { years, looked, thumbnails, unread, page, seconds, exit, error } = summary;
  if (exit === EXIT.interrupted)
    return [paragraph("Interrupted. Run the same line again: it looks only at what is left.")];
  if (error !== undefined) return [];
  const span = years === 0 ? "" : ` of ${counted(years, "year")}`;
  const rows: SectionRow[] = [
    { label: "shows", text: `${photos(summary.photos)}${span}, ${bytes(summary.bytes)}`, tone: "good" },
    { label: "new", text: photos(looked) },
    { label: "thumbnails", text: count(thumbnails) },
  ];
  if (unread > 0) rows.push({ label: "not readable", text: photos(unread), tone: "warn" });
  rows.push({ label: "took", text: duration(seconds) });
  return [{ id: "outcomes", title: "", rows }, paragraph(`Open ${page}`)];
}

function photos(number: number): string {
  return counted(number, "photo");
}

const NO_PHOTO = "There is no photo and no video in this folder, nor in a folder in it: nothing was changed.";

export function datesSections(summary: DatesSummary): Section[] {
  const { undo, dryRun, record, error, files, seconds, exit } = summary;
  if (undo && record === null && error === undefined) {
    return [paragraph("There is nothing to take back in this folder.")];
  }
  if (exit === EXIT.interrupted && files === 0) {
    const again = dryRun ? "" : `, and ${undo ? "nothing was taken back" : "every photo has the time that it had"}`;
    return [
      paragraph(`Interrupted before the first photo was dated: nothing was changed${again}. Run the same line again.`),
    ];
  }
  // What else ended the run was told; that it ended before the first file needs no page.
  if (files === 0) return error === undefined ? [paragraph(NO_PHOTO)] : [];
  const rows = [
    { label: "photos", text: counted(files, "file") },
    ...datesRows(summary),
    ...doubtRows(summary),
    { label: "took", text: duration(seconds) },
  ];
  return [{ id: "outcomes", title: "", rows }, ...remarks(summary).map((remark) => paragraph(remark))];
}

function datesRows({ outcomes, undo, dryRun, dated }: DatesSummary): SectionRow[] {
  const { set, already, unknown, failed } = outcomes;
  const verb = undo ? (dryRun ? "would get their old time back" : "have their old time back") : "";
  const text = [count(set), verb].filter(Boolean).join(" ");
  const rows: SectionRow[] = [
    { label: dryRun ? "to set" : "set", text, figure: { value: count(set), note: verb }, tone: "good" },
  ];
  if (already > 0) rows.push({ label: "already", text: `${count(already)} had the right time` });
  if (unknown > 0) {
    const why = undo
      ? "changed since by somebody else, and left as they are"
      : "of which nothing says when they were taken; left as they are";
    rows.push({ label: undo ? "changed" : "undated", text: `${count(unknown)} ${why}`, tone: "warn" });
  }
  if (failed > 0) rows.push({ label: "failed", text: count(failed), tone: "bad" });
  const by = datesInWords({ ...dated, unknown: 0 });
  return by === "" ? rows : [...rows, { label: "dated", text: by }];
}

function doubtRows({ doubts, faults }: DatesSummary): SectionRow[] {
  const said = doubtsInWords(doubts);
  return [
    ...(said === "" ? [] : [{ label: "doubtful", text: said, tone: "warn" as const }]),
    ...(faults === 0
      ? []
      : [{ label: "ExifTool", text: `gave up on ${counted(faults, "file")}`, tone: "warn" as const }]),
  ];
}

function remarks(summary: DatesSummary): string[] {
  const { undo, dryRun, outcomes, doubts, targets, zone, record, birthTimes, exit } = summary;
  const said: string[] = [];
  if (exit === EXIT.interrupted) {
    said.push(
      "Interrupted. What is counted here is done, all else is as it was. Run the same line again for the rest.",
    );
  }
  if (undo || outcomes.set + outcomes.already === 0) return said;
  said.push(`Photos that carry no zone are read in ${zone} (--timezone).`);
  if (!birthTimes) {
    said.push("Only the modification time is set: this system gives no way to set when a file was born.");
  }
  if (doubtsInWords(doubts) !== "")
    said.push("Which are doubtful, and why, stands in the report (--report FILE.csv); --verbose prints it.");
  if (dryRun) said.push("Nothing was changed. The same line without --dry-run sets the times.");
  else if (record !== null) said.push(`The old times are written down: photohaul dates ${targets.join(" ")} --undo`);
  return said;
}
