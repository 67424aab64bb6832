/** A run in sections: what became of the photos, what dated them, what failed and how to mend it. Pure. */

import type { MirrorSummary } from "../summaries.ts";
import { shortened } from "./escape.ts";
import type { Troubles } from "./findings.ts";
import { columns, type Figure, type Section } from "./section.ts";
import { DOUBTS_IN_WORDS, nextStep, ORIGINS } from "./summary-words.ts";
import { bytes, count, counted, duration, moment, rate, share } from "./units.ts";

/** On one page; the `.csv` report has them all. */
const FAILURES_SHOWN = 100;
const DOUBTS_SHOWN = 40;
const DOUBT_LENGTH = 120;
const KEY_LENGTH = 200;
const REASON_LENGTH = 300;

/** Nothing of a dry run, which had no outcomes, but its warnings. */
export function runSections(summary: MirrorSummary, troubles: Troubles): Section[] {
  return [
    ...(summary.dryRun || summary.targets.length === 0 ? [] : [outcomes(summary, troubles), dates(summary)]),
    doubtful(troubles),
    failures(troubles),
    skipped(troubles),
    warnings(troubles),
  ].filter((section) => section.table === undefined || section.table.rows.length > 0);
}

function outcomes(summary: MirrorSummary, troubles: Troubles): Section {
  const { stored, already, skipped: left, failed } = summary.outcomes;
  const why = troubles.skippedFor.size > 0 ? "see below" : "";
  const figures: Figure[] = [
    { label: "stored", value: count(stored), note: bytes(summary.storedBytes) },
    { label: "kept before", value: count(already), note: "not fetched again" },
    ...(left > 0 ? [{ label: "skipped", value: count(left), note: why, tone: "warn" as const }] : []),
    {
      label: "failed",
      value: count(failed),
      note: failed > 0 ? "see below" : "none",
      ...(failed > 0 ? { tone: "bad" as const } : {}),
    },
    {
      label: "took",
      value: duration(summary.seconds),
      note: rate(summary.storedBytes, summary.seconds),
    },
  ];
  return { id: "outcomes", title: "This run", figures, text: remarks(summary) };
}

function remarks(summary: MirrorSummary): string[] {
  const lines: string[] = [];
  const { fallbacks, unprovable, changed, gone, error } = summary;
  if (error !== undefined) lines.push(error);
  if (!summary.complete) lines.push("The listing is not complete, so nothing is called gone.");
  if (fallbacks > 0) {
    lines.push(`${counted(fallbacks, "rendition")} taken where the original is missing.`);
  }
  if (unprovable > 0) {
    lines.push(`${counted(unprovable, "photo")} of the right length, whose bytes the store gives no way to prove.`);
  }
  if (changed > 0) {
    const kept = "the older bytes are kept beside the new ones";
    lines.push(`${counted(changed, "photo")} changed at the source; ${kept}.`);
  }
  if (gone > 0) {
    lines.push(`${counted(gone, "photo")} no longer at the source, kept here all the same.`);
  }
  const next = nextStep(summary);
  return next === null ? lines : [...lines, next];
}

function dates(summary: MirrorSummary): Section {
  const { stored } = summary.outcomes;
  const origins = Object.entries(summary.dated)
    .filter(([, photos]) => photos > 0)
    .sort((a, b) => Number(a[0] === "unknown") - Number(b[0] === "unknown") || b[1] - a[1]);
  const rows = origins.map(([origin, photos]) => [
    origin === "unknown" ? "nothing: the time of upload stands in" : (ORIGINS[origin] ?? origin),
    count(photos),
    share(photos, stored),
  ]);
  const bars = origins.map(([, photos]) => photos);
  return {
    id: "dates",
    title: "What dated the photos",
    table: { columns: columns("dated by", "#photos", "#share"), rows, more: 0, bars },
  };
}

function doubtful({ doubts, doubtful: named }: Troubles): Section {
  const kinds = [...DOUBTS_IN_WORDS, ["unknown", "unknown"] as const];
  const rows = kinds
    .flatMap(([kind, words]) =>
      named
        .filter(({ doubt }) => doubt === kind)
        .map(({ key, captured, reason }) => {
          const taken = captured === null ? "" : moment(captured);
          return [shortened(key, DOUBT_LENGTH), taken, words, shortened(reason, DOUBT_LENGTH)];
        }),
    )
    .slice(0, DOUBTS_SHOWN);
  const all = kinds.reduce((sum, [kind]) => sum + doubts[kind], 0);
  const more = Math.max(0, all - rows.length);
  return {
    id: "doubts",
    title: "Dates worth a look",
    table: { columns: columns("key", "taken", "what", "why"), rows, more },
  };
}

function failures(troubles: Troubles): Section {
  const rows = troubles.failures
    .slice(0, FAILURES_SHOWN)
    .map(({ key, reason }) => [shortened(key, KEY_LENGTH), shortened(reason, REASON_LENGTH)]);
  return {
    id: "failures",
    title: "Failed",
    text: ["Running the same line again fetches these, and only these."],
    table: { columns: columns("key", "why"), rows, more: troubles.failed - rows.length },
  };
}

function skipped(troubles: Troubles): Section {
  const rows = [...troubles.skippedFor]
    .sort((a, b) => b[1] - a[1])
    .map(([reason, times]) => [count(times), shortened(reason, REASON_LENGTH)]);
  return {
    id: "skipped",
    title: "Skipped",
    table: { columns: columns("#photos", "why"), rows, more: 0 },
  };
}

function warnings(troubles: Troubles): Section {
  const rows = troubles.warnings.map(({ code, times, message }) => [
    code,
    count(times),
    shortened(message, REASON_LENGTH),
  ]);
  return {
    id: "warnings",
    title: "Warnings",
    table: { columns: columns("what", "#times", "the first of them"), rows, more: 0 },
  };
}
