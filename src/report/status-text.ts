/** The page of `status`: of each source the last run, what is kept, when it was verified, what to mend. Pure. */

import { forTerminal } from "./escape.ts";
import type { Paint } from "./tone.ts";
import { bytes, count, counted, duration } from "./units.ts";

export interface LastRun {
  readonly command: string;
  readonly startedAt: string;
  /** Null where it goes on, or was cut. */
  readonly exit: number | null;
  readonly seconds: number | null;
  readonly outcomes: Readonly<Record<string, number>> | null;
  readonly error: string | null;
}

export interface TargetStatus {
  readonly target: string;
  /** Other names under which this one copy was used. */
  readonly also: readonly string[];
  readonly id: string;
  readonly photos: number;
  readonly bytes: number;
  readonly failed: number;
  readonly failures: readonly {
    readonly key: string;
    readonly reason: string;
    readonly at: string;
  }[];
  /** Null where it never was verified on this computer. */
  readonly verified: {
    /** Null while the first run goes on. */
    readonly at: string | null;
    /** Not read yet since they were kept. */
    readonly never: number;
    readonly damaged: number;
    readonly oldestCheck: string | null;
  } | null;
}

export interface Status {
  readonly type: "status";
  readonly source: string;
  readonly catalogue: string;
  readonly last: LastRun | null;
  /** When the last mirror ended that went well. */
  readonly lastGood: string | null;
  readonly targets: readonly TargetStatus[];
  /** What needs to be done, in words; empty when all is well. */
  readonly mend: readonly string[];
}

export function statusPage(status: Status, paint: Paint): string[] {
  return [
    paint("strong", forTerminal(status.source)),
    line("last run", runWords(status.last, paint)),
    ...(status.last?.error ? [line("", paint("bad", forTerminal(status.last.error)))] : []),
    ...(status.lastGood === null ? [] : [line("last good", when(status.lastGood))]),
    ...status.targets.flatMap((target) => targetLines(target, paint)),
    ...status.mend.map((what) => line("to do", paint("warn", forTerminal(what)))),
    line("catalogue", paint("faint", forTerminal(status.catalogue))),
    "",
  ];
}

function runWords(last: LastRun | null, paint: Paint): string {
  if (last === null) return paint("warn", "none yet");
  const begun = `${last.command}, ${when(last.startedAt)}`;
  if (last.exit === null) return `${begun}; ${paint("warn", "it goes on, or it was cut")}`;
  const took = last.seconds === null ? "" : `, took ${duration(last.seconds)}`;
  const done = Object.entries(last.outcomes ?? {})
    .filter(([, number]) => number > 0)
    .map(([outcome, number]) => `${count(number)} ${outcome}`);
  const what = done.length === 0 ? "" : `: ${done.join(", ")}`;
  const well = last.exit === 0 || last.exit === 8;
  return `${begun}${took}, ${paint(well ? "good" : "bad", `exit ${last.exit}`)}${what}`;
}

function targetLines(target: TargetStatus, paint: Paint): string[] {
  const { verified } = target;
  const kept = `${counted(target.photos, "photo")}, ${bytes(target.bytes)}`;
  return [
    line("kept", `${kept} on ${forTerminal(target.target)}`),
    ...target.also.map((name) => line("", paint("faint", `also used as ${forTerminal(name)}`))),
    line("verified", verified === null ? paint("warn", "never") : verifiedWords(verified, paint)),
    ...(target.failed > 0 ? [line("failed", paint("bad", counted(target.failed, "photo")))] : []),
    ...target.failures.map(({ key, reason }) => line("", `${forTerminal(key)}: ${forTerminal(reason)}`)),
  ];
}

function verifiedWords(verified: NonNullable<TargetStatus["verified"]>, paint: Paint): string {
  const parts = [verified.at === null ? "not to the end yet" : when(verified.at)];
  if (verified.oldestCheck !== null) parts.push(`all of it since ${day(verified.oldestCheck)}`);
  if (verified.never > 0) parts.push(`${counted(verified.never, "photo")} not read yet`);
  const damaged = verified.damaged === 0 ? "" : `; ${counted(verified.damaged, "photo")} damaged`;
  return `${parts.join(", ")}${damaged === "" ? "" : paint("bad", damaged)}`;
}

function when(iso: string): string {
  return iso.slice(0, 16).replace("T", " ").concat(" UTC");
}

function day(iso: string): string {
  return iso.slice(0, 10);
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(11)}${text}`;
}
