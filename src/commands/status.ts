/** `photohaul status`: what is remembered, read without disturbing a run. */

import { z } from "zod";
import { type CatalogueState, readCatalogueState, readCheckState } from "../catalogue/read-state.ts";
import { EXIT, wentWell } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import type { LastRun, Status, TargetStatus } from "../events.ts";
import { isHeld } from "../local/lock.ts";
import { jsonOf } from "../manifest-entry.ts";
import { paragraph, type Section, type SectionRow, type Tone } from "../report/section.ts";
import { bytes, count, counted, duration } from "../report/units.ts";
import { besidesFailed } from "../report/words.ts";
import { createCommand, type Process } from "../run/command.ts";
import { type Answer, answer } from "../run/frame.ts";
import { markerOf } from "../steps/target-copies.ts";
import { ARCHIVE_KEPT, archiveOf, archiveRows, archiveToDecide } from "./archive-status.ts";
import { flag, text, duration as time } from "./option-values.ts";
import {
  allCatalogues,
  checkLogFile,
  filesMeant,
  MEANT_OPTIONS,
  type Meant,
  openedLog,
  sourceOf,
} from "./remembered.ts";

export const command = createCommand(
  {
    positional: "[what]",
    description:
      "Tells of each source when it was mirrored last and how that went, what is kept where, when it was verified, and what needs mending. Ends with 3 when something does.",
    options: z.object({
      what: text.meta({ description: "a source, or the file of a catalogue; all of them when absent" }),
      ...MEANT_OPTIONS,
      check: flag.meta({ description: "only what needs doing, a line each, for monitoring: ends with 0, or 3" }),
      stale: time
        .nullable()
        .default(null)
        .meta({ description: "how long ago the last good mirror, and each copy, may be, such as 14d" }),
      json: flag.meta({ description: "one object a line on standard output" }),
    }),
    examples: [
      ["photohaul status", "of everything that was mirrored from this computer"],
      ["photohaul status s3://my-photos --json", "of one source, for programs"],
      ["photohaul status --check --stale 14d", "for monitoring: 3 where a copy, or the last good mirror, is older"],
    ],
  },
  (options, process) => answer(process, options, (output) => tell(options, process, output)),
);

interface Asked extends Omit<Meant, "what"> {
  readonly what: string | null;
  readonly check: boolean;
  readonly stale: number | null;
}

async function tell(
  { what, endpoint, profile, check, stale }: Asked,
  process: Process,
  { page, note }: Answer,
): Promise<number> {
  const files = what === null ? await allCatalogues(process) : await filesMeant({ what, endpoint, profile }, process);
  let said = 0;
  let exit: number = EXIT.ok;
  for (const file of files) {
    const state = readCatalogueState(file);
    // A first run that never listed anything leaves all as it was.
    if (what === null && state?.listed === false && state.targets.length === 0) continue;
    said += 1;
    if (state === null) {
      if (what !== null) throw new HaulError("usage", `nothing is remembered of ${what}: ${file} is no catalogue`);
      note(`${file} cannot be read: the next mirror of its source sets it aside and rebuilds it`);
      exit = EXIT.someFailed;
      continue;
    }
    const status = statusOf(state, process, stale);
    if (status.mend.length > 0) exit = EXIT.someFailed;
    page([check ? paragraph(...checkLines(status)) : statusSection(status)], status);
  }
  if (said > 0) return exit;
  // Who watches this one in the place of another user, or after what was remembered is lost, is not to hear that all is well.
  const where = check ? " Run this as the user who mirrors, or run a mirror." : "";
  page([paragraph(`Nothing was mirrored yet.${where}`)]);
  return check ? EXIT.someFailed : exit;
}

/** A line each for what needs doing; one where nothing does. */
function checkLines({ source, mend, lastGood, targets }: Status): string[] {
  if (mend.length > 0) return mend.map((said) => `${source}: ${said}`);
  return [`${source}: well, mirrored ${when(lastGood ?? "")}, ${counted(targets.length, "copy", "copies")}`];
}

/** @param stale how long ago the last good mirror, and each copy, may be, in milliseconds; null for as long as it likes */
function statusOf(state: CatalogueState, process: Process, stale: number | null): Status {
  const runs = state.runs.filter(({ command: name }) => name === "mirror");
  const summarised = runs.map((past): PastRun => ({ past, summary: parsed(past.summary) }));
  const real = summarised.filter(({ summary }) => summary?.dryRun !== true);
  const last = real[0] ?? null;
  const good = real.find(({ summary }) => summary !== null && wentWell(summary));
  const lastGood = good?.past.endedAt ?? null;
  // What a run that goes on may mend already is told as the one before it left it.
  const goesOn = last?.summary === null && isHeld(`${state.file}.lock`);
  const over = goesOn ? (real.find(({ summary }) => summary !== null) ?? null) : last;
  const targets = state.targets.map(({ location, isSealed, ...known }): TargetStatus => {
    const logOf = (id: string) => {
      const at = (where: typeof location) => readCheckState(checkLogFile(process.env, process.platform, id, where));
      return (location === null ? null : at(location)) ?? at(null);
    };
    const marker = markerOf(known.id);
    const drill = isSealed ? (logOf(openedLog(marker))?.oldestCheck ?? null) : null;
    const kept = { ...known, ...(isSealed ? { sealed: { drill } } : {}) };
    const checks = logOf(marker);
    if (checks === null) return { ...kept, verified: null };
    const { never, damaged, oldestCheck } = checks;
    return { ...kept, verified: { at: checks.last?.at ?? null, never, damaged, oldestCheck } };
  });
  return {
    type: "status",
    source: sourceOf(state),
    service: state.service,
    catalogue: state.file,
    last: last === null ? null : lastRunOf(last),
    lastGood,
    targets,
    ...archiveOf(last?.summary?.archive, state),
    mend: [
      ...(over === null ? [] : mendRun(over)),
      ...mendStale(stale, lastGood, targets),
      ...targets.flatMap(mendTarget),
    ],
  };
}

const summaryShape = z.object({
  source: z.string(),
  dryRun: z.boolean(),
  exit: z.number(),
  seconds: z.number(),
  outcomes: z.record(z.string(), z.number()),
  error: z.string().optional(),
  mended: z.array(z.string()).optional().catch(undefined),
  unread: z.number().optional().catch(undefined),
  unlisted: z.number().optional().catch(undefined),
  archive: ARCHIVE_KEPT,
});
type Summary = z.output<typeof summaryShape>;

function parsed(json: string | null): Summary | null {
  return summaryShape.safeParse(json === null ? null : jsonOf(json)).data ?? null;
}

interface PastRun {
  readonly past: CatalogueState["runs"][number];
  /** Null where it goes on, or was cut. */
  readonly summary: Summary | null;
}

function lastRunOf({ past: { command: name, startedAt }, summary }: PastRun): LastRun {
  return {
    command: name,
    startedAt,
    exit: summary?.exit ?? null,
    seconds: summary?.seconds ?? null,
    outcomes: summary?.outcomes ?? null,
    error: summary?.error ?? null,
  };
}

/** What to do about an exit code, when only that is left of the run. */
const MEND: Readonly<Record<number, string>> = {
  1: "The last run met a bug: run it again with --log FILE, and report it with that file if it comes back.",
  3: "Some photos failed: run the same line again. What fails every time needs a look at the source.",
  4: "The source could not be read: check the network, the bucket's name and the credentials, and run the same line again.",
  5: "The target could not be written: mount the drive that was used before, and run the same line again.",
  6: "The target is full: free some space or use a larger drive, and run the same line again.",
  130: "The last run was interrupted: run the same line again for the rest.",
};

function mendRun({ summary }: PastRun): string[] {
  if (summary === null) return ["The last run was cut: run the same line again."];
  const words = MEND[summary.exit];
  const others = summary.exit === EXIT.someFailed ? besidesFailed(summary) : [];
  const failed = others.length === 0 || (summary.outcomes.failed ?? 0) > 0;
  return [...(words === undefined || !failed ? [] : [words]), ...others, ...archiveToDecide(summary.archive)];
}

function mendStale(stale: number | null, lastGood: string | null, targets: readonly TargetStatus[]): string[] {
  if (stale === null) return [];
  const isOld = (at: string | null) => at === null || Date.now() - Date.parse(at) > stale;
  const late = targets.filter(({ seen }) => isOld(seen?.at ?? null));
  return [
    ...(isOld(lastGood) ? [`The last good mirror: ${ago(lastGood)}. Run its line again.`] : []),
    ...late.map(({ target, seen }) => {
      const lacks = seen === null || seen.lacks === 0 ? "" : ` and lacks ${counted(seen.lacks, "photo")}`;
      return `${target} took part ${ago(seen?.at ?? null)}${lacks}: bring it back, and run the line of its mirror again.`;
    }),
  ];
}

function ago(at: string | null): string {
  return at === null ? "never" : `${duration((Date.now() - Date.parse(at)) / 1000)} ago`;
}

function mendTarget({ target, verified }: TargetStatus): string[] {
  if (verified === null || verified.damaged === 0) return [];
  return [`Photos on ${target} are damaged: photohaul verify ${target} --repair-from the source or another target`];
}

/** The section of a source: the last run, what is kept, when it was verified, what to mend. */
function statusSection(status: Status): Section {
  const { source, service, catalogue, last, lastGood, targets, mend } = status;
  const rows: SectionRow[] = [
    lastRow(last),
    ...(last?.error ? [{ label: "", text: last.error, tone: "bad" as const }] : []),
    ...(lastGood === null ? [] : [{ label: "last good", text: when(lastGood) }]),
    ...targets.flatMap(targetRows),
    ...archiveRows(status),
    ...mend.map((said) => ({ label: "to do", text: said, tone: "warn" as const })),
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
  const tone: Tone = wentWell(last) ? "good" : "bad";
  return { label, text: `${begun}${took}, exit ${last.exit}${what}`, tone };
}

function targetRows({
  target,
  photos,
  bytes: size,
  also,
  verified,
  failed,
  failures,
  sealed,
  seen,
}: TargetStatus): SectionRow[] {
  const row = (label: string, said: string, tone?: Tone): SectionRow => ({ label, text: said, ...(tone && { tone }) });
  return [
    row("kept", `${counted(photos, "photo")}, ${bytes(size)} on ${target}`),
    ...(seen === null ? [] : [row("", seenWords(seen), seen.lacks > 0 ? "warn" : "faint")]),
    ...also.map((name) => row("", `also used as ${name}`, "faint")),
    verified === null
      ? row("verified", "never", "warn")
      : row("verified", verifiedWords(verified), verified.damaged > 0 ? "bad" : undefined),
    ...(sealed === undefined
      ? []
      : [row("sealed", sealedWords(target, sealed.drill), sealed.drill ? undefined : "warn")]),
    ...(failed > 0 ? [row("failed", counted(failed, "photo"), "bad")] : []),
    ...failures.map(({ key, reason }) => row("", `${key}: ${reason}`)),
  ];
}

function seenWords({ at, lacks }: NonNullable<TargetStatus["seen"]>): string {
  return `took part ${ago(at)}${lacks === 0 ? ", and lacks nothing" : `, and lacks ${counted(lacks, "photo")}`}`;
}

function sealedWords(target: string, drill: string | null): string {
  if (drill !== null) return `all of it was opened with a key since ${drill.slice(0, 10)}`;
  return `never opened with its key here: photohaul verify ${target} --decrypt --identity FILE shows that the key is good`;
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
