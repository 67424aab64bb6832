/** A run of `mirror` or `inventory` in sections: what became of the photos, what dated them, what failed, what to do next. Pure. */

import { EXIT } from "../error-messages.ts";
import type { MirrorSummary } from "../events.ts";
import { shortened } from "./escape.ts";
import { columns, paragraph, type Section, type SectionRow, withContent } from "./section.ts";
import { OTHER_REASONS, type Troubles } from "./troubles.ts";
import { bytes, count, counted, duration, moment, rate, share } from "./units.ts";
import {
  DOUBTS_IN_WORDS,
  datesInWords,
  doubtsInWords,
  kindsInWords,
  nextStep,
  ORIGINS,
  runInWords,
  tooLargeInWords,
} from "./words.ts";

/** On one page; the `.csv` report has them all. */
const FAILURES_SHOWN = 100;
const DOUBTS_SHOWN = 40;
const DOUBT_LENGTH = 120;
const KEY_LENGTH = 200;
const REASON_LENGTH = 300;
/** At the end of a run on a terminal. */
const FAILURES_NAMED_LAST = 5;
const CONFLICTS_NAMED_LAST = 3;

/** The last page of a run on a terminal. */
export function lastPage(summary: MirrorSummary, troubles: Troubles): Section[] {
  const { exit, error, dryRun } = summary;
  const next = nextStep(summary);
  return withContent([
    { id: "run", title: `${runInWords(summary)}${dryRun ? " (dry run)" : ""}`, rows: runRows(summary, troubles) },
    conflicts(troubles),
    { ...failures(troubles, FAILURES_NAMED_LAST), title: "Failed:", notes: [] },
    // What ended the run was told when it happened; that the sums do not agree is found out only here.
    ...(exit === EXIT.bug && error !== undefined ? [{ ...paragraph(error), tone: "bad" as const }] : []),
    ...(next === null ? [] : [paragraph(next)]),
  ]);
}

/** The same for a report, with more room. Nothing of a dry run, which had no outcomes, but its warnings. */
export function runSections(summary: MirrorSummary, troubles: Troubles): Section[] {
  const { error, complete } = summary;
  const notes = [
    error,
    complete ? undefined : "The listing is not complete, so nothing is called gone.",
    nextStep(summary),
  ];
  const run: Section = {
    id: "outcomes",
    title: "This run",
    rows: runRows(summary, troubles),
    notes: notes.filter((note) => typeof note === "string"),
  };
  return withContent([
    ...(summary.dryRun || summary.targets.length === 0 ? [] : [run, dates(summary)]),
    doubtful(troubles),
    failures(troubles, FAILURES_SHOWN),
    skipped(troubles),
    warnings(troubles),
  ]);
}

/** What went wrong in a run of another command. @param title of the photos that it concerns */
export function troubleSections(troubles: Troubles, title: string): Section[] {
  return withContent([{ ...failures(troubles, FAILURES_SHOWN), title, notes: [] }, warnings(troubles)]);
}

function runRows(summary: MirrorSummary, troubles: Troubles): SectionRow[] {
  return [
    ...(isBegun(summary)
      ? [...listedRows(summary), ...outcomeRows(summary, troubles)]
      : [{ label: "listed", text: "nothing; the run ended before that" }]),
    ...targetRows(summary),
    ...driftRows(summary),
    took(summary),
  ];
}

function undated(number: number): string {
  const none = "no date in them, beside them or in their names: the time of upload stands in";
  return `${photos(number)} with ${none} (--report FILE.csv has all, \`photohaul explain\` what was tried)`;
}

/** A drive that is not plugged in, say, ends a run before it has anything to say of photos. */
function isBegun({ complete, keys, outcomes }: MirrorSummary): boolean {
  return complete || keys > 0 || Object.values(outcomes).some((number) => number > 0);
}

function listedRows({ complete, keys, bytes: size, kinds }: MirrorSummary): SectionRow[] {
  const cut = complete ? "" : " – the listing is not complete";
  // A run that was interrupted before it judged what it listed knows none.
  const judged = Object.values(kinds).some((number) => number > 0);
  return [
    { label: "listed", text: `${counted(keys, "key")}, ${bytes(size)}${cut}` },
    ...(judged ? [{ label: "kinds", text: kindsInWords(kinds) }] : []),
  ];
}

function outcomeRows(summary: MirrorSummary, { skippedFor, doubts }: Troubles): SectionRow[] {
  const { outcomes, plan, storedBytes, dryRun, targets, perTarget } = summary;
  const { stored, already, skipped: left, failed } = outcomes;
  const rows: SectionRow[] = [];
  if (dryRun) {
    rows.push({ label: "to fetch", text: `${photos(plan.photos)}, ${bytes(plan.bytes)}` });
    const plans = perTarget.map(({ target, plan: own }) => ({ target, ...own }));
    for (const text of tooLargeInWords({ perTarget: plans })) rows.push({ label: "too large", text, tone: "warn" });
  } else if (targets.length > 0) {
    const size = stored > 0 ? bytes(storedBytes) : "";
    const text = [photos(stored), size].filter(Boolean).join(", ");
    rows.push({ label: "stored", text, figure: { value: count(stored), note: size }, tone: "good" });
  }
  if (already > 0) {
    const figure = { value: count(already), note: "kept before" };
    rows.push({ label: "already", text: `${photos(already)} kept before`, figure });
  }
  if (left > 0) {
    const figure = { value: count(left), note: skippedFor.size > 0 ? "see below" : "" };
    rows.push({ label: "skipped", text: `${photos(left)}${reasons(skippedFor)}`, figure, tone: "warn" });
  }
  if (failed > 0) {
    rows.push({
      label: "failed",
      text: photos(failed),
      figure: { value: count(failed), note: "see below" },
      tone: "bad",
    });
  }
  if (stored > 0) rows.push({ label: "dated", text: datesInWords(summary.dated) });
  if (summary.dated.unknown > 0) rows.push({ label: "undated", text: undated(summary.dated.unknown) });
  if (summary.datesWritten !== undefined) {
    const text = `${photos(summary.datesWritten)} got the missing date written in (--write-exif)`;
    rows.push({ label: "changed", text });
  }
  const text = doubtsInWords(doubts);
  return text === "" ? rows : [...rows, { label: "doubtful", text, tone: "warn" }];
}

/** Where there are several targets: what each has now, and which of them is not through. */
function targetRows({ perTarget, dryRun }: MirrorSummary): SectionRow[] {
  if (perTarget.length < 2) return [];
  return perTarget.map(({ target, plan, outcomes, storedBytes, error }) => {
    const { stored, already, failed } = outcomes;
    const done = dryRun
      ? [`${photos(plan.photos)} to fetch`, bytes(plan.bytes)]
      : [`${photos(stored)} stored`, ...(stored > 0 ? [bytes(storedBytes)] : []), `${count(already)} already`];
    const bad = [...(failed > 0 ? [`${count(failed)} failed`] : []), ...(error === undefined ? [] : ["left out"])];
    const text = `${target}: ${[...done, ...bad].join(", ")}`;
    return { label: "target", text, ...(bad.length > 0 && { tone: "bad" as const }) };
  });
}

function photos(number: number): string {
  return counted(number, "photo");
}

function reasons(skippedFor: Troubles["skippedFor"]): string {
  const named = [...skippedFor]
    .sort((a, b) => Number(a[0] === OTHER_REASONS) - Number(b[0] === OTHER_REASONS) || b[1] - a[1])
    .slice(0, 4)
    .map(([reason, times]) => `${count(times)} × ${shortened(reason, REASON_LENGTH)}`);
  return named.length > 0 ? ` (${named.join("; ")})` : "";
}

function driftRows({ fallbacks, unprovable, changed, gone }: MirrorSummary): SectionRow[] {
  const stand = fallbacks === 1 ? "stands" : "stand";
  const all: readonly (readonly [number, SectionRow])[] = [
    [
      fallbacks,
      {
        label: "fallback",
        text: `${counted(fallbacks, "rendition")} ${stand} in where the original is missing`,
        tone: "warn",
      },
    ],
    [
      unprovable,
      {
        label: "unproven",
        text: `${photos(unprovable)} of the right length, whose bytes the store gives no way to prove`,
      },
    ],
    [
      changed,
      {
        label: "changed",
        text: `${photos(changed)} changed at the source; the older bytes are kept beside the new ones`,
      },
    ],
    [gone, { label: "gone", text: `${photos(gone)} no longer at the source; kept here all the same`, tone: "warn" }],
  ];
  return all.filter(([number]) => number > 0).map(([, row]) => row);
}

function took({ seconds, storedBytes, requests }: MirrorSummary): SectionRow {
  const { list, get, head, retried } = requests;
  const speed = rate(storedBytes, seconds);
  const again = retried > 0 ? ` (${count(retried)} of them repeated)` : "";
  const asked = `${counted(list + get + head, "request")}${again}`;
  const text = [duration(seconds), speed, asked].filter(Boolean).join(", ");
  return { label: "took", text, figure: { value: duration(seconds), note: speed } };
}

function dates(summary: MirrorSummary): Section {
  const { stored } = summary.outcomes;
  const origins = Object.entries(summary.dated)
    .filter(([, number]) => number > 0)
    .sort((a, b) => Number(a[0] === "unknown") - Number(b[0] === "unknown") || b[1] - a[1]);
  const rows = origins.map(([origin, number]) => [
    origin === "unknown" ? "nothing: the time of upload stands in" : (ORIGINS[origin] ?? origin),
    count(number),
    share(number, stored),
  ]);
  const bars = origins.map(([, number]) => number);
  const table = { columns: columns("dated by", "#photos", "#share"), rows, more: 0, bars };
  return { id: "dates", title: "What dated the photos", table };
}

/** Two sources that say different things are worth a look; guesses are in the reports. */
function conflicts({ doubts, doubtful: named }: Troubles): Section {
  const shown = named.filter(({ doubt }) => doubt === "conflict").slice(0, CONFLICTS_NAMED_LAST);
  const rows = shown.map(({ key, captured, reason }) => {
    return [key, captured === null ? reason : `taken ${moment(captured)}, ${reason}`];
  });
  const table = { columns: columns("key", "why"), rows, more: doubts.conflict - rows.length, kind: "pairs" as const };
  return { id: "conflicts", title: "Dates that another source contradicts (--report FILE.html has all):", table };
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
  const head = columns("key", "taken", "what", "why");
  const table = { columns: head, rows, more: Math.max(0, all - rows.length), kind: "prose" as const };
  return { id: "doubts", title: "Dates worth a look", table };
}

function failures(troubles: Troubles, most: number): Section {
  const rows = troubles.failures
    .slice(0, most)
    .map(({ key, reason }) => [shortened(key, KEY_LENGTH), shortened(reason, REASON_LENGTH)]);
  const table = { columns: columns("key", "why"), rows, more: troubles.failed - rows.length, kind: "pairs" as const };
  const notes = ["Running the same line again fetches these, and only these."];
  return { id: "failures", title: "Failed", tone: "bad", notes, table };
}

function skipped({ skippedFor }: Troubles): Section {
  const rows = [...skippedFor]
    .sort((a, b) => b[1] - a[1])
    .map(([reason, times]) => [count(times), shortened(reason, REASON_LENGTH)]);
  return {
    id: "skipped",
    title: "Skipped",
    table: { columns: columns("#photos", "why"), rows, more: 0, kind: "prose" },
  };
}

function warnings(troubles: Troubles): Section {
  const rows = troubles.warnings.map(({ code, times, message }) => {
    return [code, count(times), shortened(message, REASON_LENGTH)];
  });
  const head = columns("what", "#times", "the first of them");
  return { id: "warnings", title: "Warnings", table: { columns: head, rows, more: 0, kind: "prose" } };
}
