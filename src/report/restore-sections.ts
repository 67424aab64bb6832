/** The page of `restore`. Pure. */

import type { RestoreSummary } from "../summaries.ts";
import { paragraph, type Row, type Section } from "./section.ts";
import { bytes, count, counted, duration, rate } from "./units.ts";

export function restoreSections(summary: RestoreSummary): Section[] {
  return [{ id: "outcomes", title: "", rows: rows(summary) }, ...ending(summary).map((words) => paragraph(words))];
}

function rows(summary: RestoreSummary): Row[] {
  const { outcomes, unwanted, archived, brokenLines, unlisted, restoredBytes, seconds } = summary;
  const { stored, already, skipped, failed } = outcomes;
  const found: Row[] = [{ label: "on target", text: photos(summary.photos) }];
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

const ARCHIVED =
  "What is archived must be restored by the service first (aws s3api restore-object, or its console), which takes hours to days. Then run the same line again: what is here is not brought twice.";
const DAMAGED = "What failed is damaged on this target: `photohaul verify` names it and can put it back.";
const MENDED =
  "The lists of the target are not as they were written; the next mirror to it mends them. What SHA256SUMS alone names has the date of its file.";

function ending({ exit, dryRun, archived, outcomes, brokenLines, unlisted }: RestoreSummary): string[] {
  if (dryRun && exit === 0) return ["Nothing was written."];
  if (exit === 130) return ["Interrupted. Run the same line again for the rest."];
  if (exit !== 3) return [];
  const damaged = outcomes.failed > archived || brokenLines > 0;
  return [...(archived > 0 ? [ARCHIVED] : []), ...(damaged ? [DAMAGED] : []), ...(unlisted > 0 ? [MENDED] : [])];
}

function photos(number: number): string {
  return counted(number, "photo");
}
