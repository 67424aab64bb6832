/** The page of `status`: of each source the last run, what is kept, when it was verified, what to mend. Pure. */

import type { LastRun, Status, TargetStatus } from "../summaries.ts";
import type { Section, SectionRow, Tone } from "./section.ts";
import { bytes, count, counted, duration } from "./units.ts";

/** One section a source. */
export function statusSection(status: Status): Section {
  const { source, service, catalogue, last, lastGood, targets, mend } = status;
  const rows: SectionRow[] = [
    lastRow(last),
    ...(last?.error ? [{ label: "", text: last.error, tone: "bad" as const }] : []),
    ...(lastGood === null ? [] : [{ label: "last good", text: when(lastGood) }]),
    ...targets.flatMap(targetRows),
    ...mend.map((text) => ({ label: "to do", text, tone: "warn" as const })),
    { label: "catalogue", text: catalogue, tone: "faint" },
  ];
  return { id: "source", title: service === null ? source : `${source} at ${service}`, rows };
}

function lastRow(last: LastRun | null): SectionRow {
  const label = "last run";
  if (last === null) return { label, text: "none yet", tone: "warn" };
  const begun = `${last.command}, ${when(last.startedAt)}`;
  if (last.exit === null) return { label, text: `${begun}; it goes on, or it was cut`, tone: "warn" };
  const took = last.seconds === null ? "" : `, took ${duration(last.seconds)}`;
  const done = Object.entries(last.outcomes ?? {})
    .filter(([, number]) => number > 0)
    .map(([outcome, number]) => `${count(number)} ${outcome}`);
  const what = done.length === 0 ? "" : `: ${done.join(", ")}`;
  const tone: Tone = last.exit === 0 || last.exit === 8 ? "good" : "bad";
  return { label, text: `${begun}${took}, exit ${last.exit}${what}`, tone };
}

function targetRows({ target, photos, bytes: size, also, verified, failed, failures }: TargetStatus): SectionRow[] {
  const row = (label: string, text: string, tone?: Tone): SectionRow => ({ label, text, ...(tone && { tone }) });
  return [
    row("kept", `${counted(photos, "photo")}, ${bytes(size)} on ${target}`),
    ...also.map((name) => row("", `also used as ${name}`, "faint")),
    verified === null
      ? row("verified", "never", "warn")
      : row("verified", verifiedWords(verified), verified.damaged > 0 ? "bad" : undefined),
    ...(failed > 0 ? [row("failed", counted(failed, "photo"), "bad")] : []),
    ...failures.map(({ key, reason }) => row("", `${key}: ${reason}`)),
  ];
}

function verifiedWords({ at, never, damaged, oldestCheck }: NonNullable<TargetStatus["verified"]>): string {
  const parts = [at === null ? "not to the end yet" : when(at)];
  if (oldestCheck !== null) parts.push(`all of it since ${oldestCheck.slice(0, 10)}`);
  if (never > 0) parts.push(`${counted(never, "photo")} not read yet`);
  return `${parts.join(", ")}${damaged === 0 ? "" : `; ${counted(damaged, "photo")} damaged`}`;
}

function when(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
