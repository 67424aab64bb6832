/** The last page of a run on a terminal: what was listed, what became of it, what to do next. Pure. */

import type { MirrorSummary } from "../summaries.ts";
import { forTerminal } from "./escape.ts";
import { OTHER_REASONS, type Troubles } from "./findings.ts";
import { datesInWords, doubtsInWords, kindsInWords, nextStep, tooLargeInWords } from "./summary-words.ts";
import type { Paint } from "./tone.ts";
import { bytes, count, counted, duration, moment, rate } from "./units.ts";

const FAILURES_SHOWN = 5;
const CONFLICTS_SHOWN = 3;
const LABEL = 11;

/** The page, line by line, without line ends. */
export function summaryPage(summary: MirrorSummary, troubles: Troubles, paint: Paint): string[] {
  return [
    "",
    heading(summary, paint),
    ...(isBegun(summary)
      ? [...listedLines(summary), ...outcomeLines(summary, troubles, paint)]
      : [line("listed", "nothing; the run ended before that")]),
    ...targetLines(summary, paint),
    ...driftLines(summary, paint),
    line("took", pace(summary)),
    ...conflictLines(troubles),
    ...failureLines(troubles, paint),
    ...bugLines(summary, paint),
    ...lastLines(nextStep(summary)).map(forTerminal),
  ];
}

/** A drive that is not plugged in, say, ends a run before it has anything to say of photos. */
function isBegun({ complete, keys, outcomes }: MirrorSummary): boolean {
  return complete || keys > 0 || Object.values(outcomes).some((number) => number > 0);
}

const BUG = 1;

/** What ended a run was told when it happened; that the sums do not agree is found out only here. */
function bugLines({ exit, error }: MirrorSummary, paint: Paint): string[] {
  return exit === BUG && error !== undefined ? ["", paint("bad", forTerminal(error))] : [];
}

function lastLines(next: string | null): string[] {
  return next === null ? [] : ["", next];
}

function heading(summary: MirrorSummary, paint: Paint): string {
  const to = summary.targets.length > 0 ? ` → ${summary.targets.join(", ")}` : "";
  const title = `${summary.command} ${summary.source}${to}`;
  const dry = summary.dryRun ? paint("faint", " (dry run)") : "";
  return `${paint("strong", forTerminal(title))}${dry}`;
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(LABEL)}${text}`;
}

function listedLines(summary: MirrorSummary): string[] {
  const cut = summary.complete ? "" : " – the listing is not complete";
  return [
    line("listed", `${counted(summary.keys, "key")}, ${bytes(summary.bytes)}${cut}`),
    ...(summary.keys > 0 ? [line("kinds", kindsInWords(summary.kinds))] : []),
  ];
}

function outcomeLines(summary: MirrorSummary, troubles: Troubles, paint: Paint): string[] {
  const { outcomes, plan } = summary;
  const lines: string[] = [];
  if (summary.dryRun) {
    lines.push(line("to fetch", `${photos(plan.photos)}, ${bytes(plan.bytes)}`));
  } else if (summary.targets.length > 0) {
    const size = outcomes.stored > 0 ? `, ${bytes(summary.storedBytes)}` : "";
    lines.push(line("stored", paint("good", `${photos(outcomes.stored)}${size}`)));
  }
  if (summary.dryRun) {
    const large = tooLargeInWords({
      perTarget: summary.perTarget.map(({ target, plan: own }) => ({ target, ...own })),
    });
    lines.push(...large.map((words) => line("too large", paint("warn", forTerminal(words)))));
  }
  if (outcomes.already > 0) lines.push(line("already", `${photos(outcomes.already)} kept before`));
  if (outcomes.skipped > 0) {
    const why = reasons(troubles.skippedFor);
    lines.push(line("skipped", paint("warn", `${photos(outcomes.skipped)}${why}`)));
  }
  if (outcomes.failed > 0) lines.push(line("failed", paint("bad", photos(outcomes.failed))));
  if (outcomes.stored > 0) lines.push(line("dated", datesInWords(summary.dated)));
  const doubts = doubtsInWords(troubles.doubts);
  if (doubts !== "") lines.push(line("doubtful", paint("warn", doubts)));
  return lines;
}

/** Where there are several targets: what each has now, and which of them is not through. */
function targetLines({ perTarget, dryRun }: MirrorSummary, paint: Paint): string[] {
  if (perTarget.length < 2) return [];
  return perTarget.map(({ target, plan, outcomes, storedBytes, error }) => {
    const size = outcomes.stored > 0 ? `, ${bytes(storedBytes)}` : "";
    const done = dryRun
      ? `${photos(plan.photos)} to fetch, ${bytes(plan.bytes)}`
      : `${photos(outcomes.stored)} stored${size}, ${count(outcomes.already)} already`;
    const failed = outcomes.failed > 0 ? paint("bad", `, ${count(outcomes.failed)} failed`) : "";
    const lost = error === undefined ? "" : paint("bad", ", left out");
    return line("target", `${forTerminal(target)}: ${done}${failed}${lost}`);
  });
}

function photos(number: number): string {
  return counted(number, "photo");
}

function reasons(skippedFor: Troubles["skippedFor"]): string {
  const named = [...skippedFor]
    .sort((a, b) => Number(a[0] === OTHER_REASONS) - Number(b[0] === OTHER_REASONS) || b[1] - a[1])
    .slice(0, 4)
    .map(([reason, times]) => `${count(times)} × ${forTerminal(reason)}`);
  return named.length > 0 ? ` (${named.join("; ")})` : "";
}

function driftLines(summary: MirrorSummary, paint: Paint): string[] {
  const lines: string[] = [];
  if (summary.fallbacks > 0) {
    const stand = summary.fallbacks === 1 ? "stands" : "stand";
    const text = `${counted(summary.fallbacks, "rendition")} ${stand} in where the original is missing`;
    lines.push(line("fallback", paint("warn", text)));
  }
  if (summary.unprovable > 0) {
    const text = `${counted(summary.unprovable, "photo")} of the right length, whose bytes the store gives no way to prove`;
    lines.push(line("unproven", text));
  }
  if (summary.changed > 0) {
    const text = `${counted(summary.changed, "photo")} changed at the source; the older bytes are kept beside the new ones`;
    lines.push(line("changed", text));
  }
  if (summary.gone > 0) {
    const text = `${counted(summary.gone, "photo")} no longer at the source; kept here all the same`;
    lines.push(line("gone", paint("warn", text)));
  }
  return lines;
}

function pace(summary: MirrorSummary): string {
  const { list, get, head, retried } = summary.requests;
  const speed = rate(summary.storedBytes, summary.seconds);
  const again = retried > 0 ? ` (${count(retried)} of them repeated)` : "";
  const requests = `${counted(list + get + head, "request")}${again}`;
  return [duration(summary.seconds), ...(speed ? [speed] : []), requests].join(", ");
}

/** Two sources that say different things are worth a look; guesses are in the reports. */
function conflictLines({ doubts, doubtful }: Troubles): string[] {
  const conflicts = doubtful.filter(({ doubt }) => doubt === "conflict").slice(0, CONFLICTS_SHOWN);
  if (conflicts.length === 0) return [];
  const rest = doubts.conflict - conflicts.length;
  return [
    "",
    "Dates that another source contradicts:",
    ...conflicts.map(({ key, captured, reason }) => {
      const taken = captured === null ? "" : `taken ${moment(captured)}, `;
      return forTerminal(`  ${key}: ${taken}${reason}`);
    }),
    ...(rest > 0 ? [`  … and ${count(rest)} more, in the reports (--report FILE.html)`] : []),
  ];
}

function failureLines(troubles: Troubles, paint: Paint): string[] {
  if (troubles.failed === 0) return [];
  const shown = troubles.failures.slice(0, FAILURES_SHOWN);
  const rest = troubles.failed - shown.length;
  return [
    "",
    paint("bad", "Failed:"),
    ...shown.map(({ key, reason }) => `  ${forTerminal(key)}: ${forTerminal(reason)}`),
    ...(rest > 0 ? [`  … and ${count(rest)} more`] : []),
  ];
}
