/** The page of `dates`: how many files have their dates, by what, and what is doubtful. Pure. */

import type { DatesSummary } from "../summaries.ts";
import { paragraph, type Section, type SectionRow } from "./section.ts";
import { count, counted, duration } from "./units.ts";
import { datesInWords, doubtsInWords } from "./words.ts";

/** The exit code of an interrupted run. */
const INTERRUPTED = 130;

const NO_PHOTO = "There is no photo and no video in this folder, nor in a folder in it: nothing was changed.";

export function datesSections(summary: DatesSummary): Section[] {
  const { undo, dryRun, record, error, files, seconds, exit } = summary;
  if (undo && record === null && error === undefined) {
    return [paragraph("There is nothing to take back in this folder.")];
  }
  if (exit === INTERRUPTED && files === 0) {
    const again = dryRun ? "" : `, and ${undo ? "nothing was taken back" : "every photo has the time that it had"}`;
    return [
      paragraph(`Interrupted before the first photo was dated: nothing was changed${again}. Run the same line again.`),
    ];
  }
  // What else ended the run was told; that it ended before the first file needs no page.
  if (files === 0) return error === undefined ? [paragraph(NO_PHOTO)] : [];
  const rows = [
    { label: "photos", text: counted(files, "file") },
    ...outcomeRows(summary),
    ...doubtRows(summary),
    { label: "took", text: duration(seconds) },
  ];
  return [{ id: "outcomes", title: "", rows }, ...remarks(summary).map((remark) => paragraph(remark))];
}

function outcomeRows({ outcomes, undo, dryRun, dated }: DatesSummary): SectionRow[] {
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
  if (exit === INTERRUPTED) {
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
