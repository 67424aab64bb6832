/** `photohaul dates`: from options to a folder whose photos have their dates, and back. */

import { availableParallelism } from "node:os";
import { extname, resolve } from "node:path";
import { z } from "zod";
import { redateFolder } from "../dates.ts";
import { HaulError } from "../errors.ts";
import type { DatesSummary, Emit, ProgressEvent, Redated } from "../events.ts";
import { createLimiter } from "../limiter.ts";
import { type ComputerZone, zoneOfComputer } from "../photo/computer-zone.ts";
import { createDater } from "../photo/date.ts";
import { type DateOverrides, mustHoldNoTyped, readDatesFile, unusedDates } from "../photo/dates-file.ts";
import { unclearWarning } from "../photo/sidecars.ts";
import { openDatesReport } from "../report/csv.ts";
import { datedBy } from "../report/summary.ts";
import { counted } from "../report/units.ts";
import { createCommand, type Process } from "../run/command.ts";
import { type Ended, ending, execute } from "../run/frame.ts";
import type { Output } from "../run/output.ts";
import type { RedatePorts } from "../steps/date-files.ts";
import { type Amended, openKeptDates } from "../steps/kept-dates.ts";
import { undoRedate } from "../steps/undo-times.ts";
import { flag, zone } from "./option-values.ts";
import { checkFiles, OUTPUT_OPTIONS, outputOptions } from "./output-options.ts";
import { DATE_OPTIONS } from "./source-options.ts";

/** Enough that no process of ExifTool waits for its next file. */
const AT_ONCE = availableParallelism() * 2;
const WALK_EVERY_MS = 500;

const OPTIONS = z
  .object({
    folder: z.string().meta({ description: "with photos that came home without their dates" }),
    "dry-run": flag.meta({ alias: "n", description: "say what would be set; change nothing" }),
    undo: flag.meta({ description: "give back the times that the last run found" }),
    timezone: zone
      .nullable()
      .default(null)
      .meta({ description: "zone of photos that carry none", shown: "this computer's" }),
    ...DATE_OPTIONS,
    report: z
      .string()
      .refine((file) => extname(file).toLowerCase() === ".csv", "the name must end in .csv")
      .nullable()
      .default(null)
      .meta({
        description:
          "write FILE.csv: file, outcome, old and new time, source, precision, reason, and an empty date for --dates",
      }),
    ...OUTPUT_OPTIONS,
  })
  .refine(({ undo, dates }) => !undo || dates === null, {
    path: ["dates"],
    message: "--undo gives back the times that there were, whatever a file says",
  })
  .refine(({ undo, timezone }) => !undo || timezone === null, {
    path: ["timezone"],
    message: "--undo gives back the times that there were, whatever the zone",
  });
type DatesTyped = z.output<typeof OPTIONS>;

export const command = createCommand(
  {
    positional: "<folder>",
    description:
      "Sets the time of every photo and video in a folder, and in the folders in it, to when it was taken: by the photo itself, a sidecar beside it, or its name; in a folder that photos were mirrored to, by its manifest. The bytes are not touched, links are not followed, and the old times are written down for --undo.",
    options: OPTIONS,
    examples: [
      ["photohaul dates ~/Pictures --dry-run --report dates.csv", "what would be set, and why?"],
      ["photohaul dates ~/Pictures", "set it"],
      ["photohaul dates ~/Pictures --dates dates.csv", "with the dates that you wrote into that report"],
      ["photohaul dates ~/Pictures --undo", "and take it back"],
    ],
  },
  async (options, process) => {
    const { folder, "dry-run": dryRun } = options;
    await checkFiles({ ...options, report: options.report === null ? [] : [options.report] });
    const overrides = await readDatesFile(options.dates);
    const sums = emptySums();
    const start = { command: "dates", source: "", targets: [folder], dryRun, catalogue: "" } as const;
    const run = ({ emit }: Output) => dateAll({ options, overrides, sums, emit, process });
    const summary = (ended: Ended) => summarise(options, sums, ended, process);
    return execute({ start, output: outputOptions(options), run, summary }, process);
  },
);

interface DatesRun {
  readonly options: DatesTyped;
  readonly overrides: DateOverrides;
  readonly sums: DatesTally;
  readonly emit: Emit;
  readonly process: Process;
}

async function dateAll(dating: DatesRun): Promise<void> {
  const { options, sums, emit } = dating;
  const report = options.report === null ? null : await openDatesReport(options.report);
  try {
    let lately = 0;
    const onWalk = (files: number) => {
      if (performance.now() - lately < WALK_EVERY_MS) return;
      lately = performance.now();
      emit(soFar(files));
    };
    const onFile = (file: Redated) => {
      countFile(sums, file, options.undo);
      if (options.undo) onWalk(sums.files);
      report?.add(file);
      emit({ type: "file", ...file });
    };
    if (options.undo) await takeBack(dating, onFile);
    else await redate(dating, { onFile, onWalk });
    // A folder without photos is a mistake more often than not, and no reason to replace an older report.
    if (sums.files > 0 && report !== null) {
      await mustHoldNoTyped(options.report ?? "");
      report.finish();
    }
  } finally {
    report?.discard();
  }
}

/** The walk goes on while photos are dated, so nobody knows how many there will be. */
function soFar(photos: number): ProgressEvent {
  const nobodyKnows = { totalPhotos: 0, totalBytes: 0, secondsLeft: null };
  return { type: "progress", photos, bytes: 0, bytesPerSecond: 0, ...nobodyKnows };
}

async function redate(
  dating: DatesRun,
  { onFile, onWalk }: Required<Pick<RedatePorts, "onFile" | "onWalk">>,
): Promise<void> {
  const { options, overrides, sums, emit } = dating;
  const { signal } = dating.process;
  const root = rootOf(options);
  const kept = await openKeptDates(root, (remembered) => zoneOf(options, dating.process, remembered), signal);
  const { name: settled, doubt } = kept?.zone ?? zoneOf(options, dating.process);
  sums.zone = settled;
  if (doubt !== null) emit({ type: "warning", code: "zone", message: doubt });
  const dater = createDater({
    zone: settled,
    zoneGuessed: doubt !== null,
    emit: (event) => {
      if (event.type === "warning") emit(event);
    },
    fileTimes: true,
    preferService: options.prefer === "service",
    override: (key) => overrides.get(key) ?? null,
  });
  const met = new Set<string>();
  const limiter = createLimiter({ concurrency: AT_ONCE, listConcurrency: 1 });
  try {
    sums.record = await redateFolder(
      root,
      {
        dater,
        limiter,
        known: (file) => (overrides.has(file) ? null : (kept?.find(file) ?? null)),
        onFile(file) {
          if (overrides.has(file.file)) met.add(file.file);
          kept?.note(file);
          onFile(file);
        },
        onWalk,
        onUnclear: (key, unclear) => emit(unclearWarning(key, unclear)),
        signal,
      },
      { dryRun: options["dry-run"], zone: settled, startedAt: new Date().toISOString() },
    );
    const amended = options["dry-run"] ? undefined : await kept?.amend();
    if (amended !== undefined) tellAmended(amended, emit);
    const unused = unusedDates(overrides, (key) => met.has(key));
    if (unused !== null) emit({ type: "warning", code: "dates-file", message: unused });
  } finally {
    sums.faults = dater.faults;
    sums.unread = dater.unread();
    kept?.close();
    await dater.close();
  }
}

function tellAmended({ byRules, byUser }: Amended, emit: Emit): void {
  if (byRules > 0) {
    const message = `the manifest has other dates of ${counted(byRules, "photo")} now, behind those that were found before`;
    emit({ type: "warning", code: "date-rules", message });
  }
  if (byUser > 0) {
    const message = `the manifest has your dates of ${counted(byUser, "photo")} too, so that restore gives them; --undo gives back the times of the files alone`;
    emit({ type: "warning", code: "dates-file", message });
  }
}

async function takeBack(
  { options, sums, process: { signal } }: DatesRun,
  onFile: (file: Redated) => void,
): Promise<void> {
  const dryRun = options["dry-run"];
  sums.record = await undoRedate(rootOf(options), { onFile, signal }, { dryRun });
}

function summarise(
  options: DatesTyped,
  { files, outcomes, dated, doubts, record, faults, unread, zone: settled }: DatesTally,
  ended: Ended,
  process: Process,
): DatesSummary {
  return {
    type: "summary",
    command: "dates",
    targets: [options.folder],
    dryRun: options["dry-run"],
    undo: options.undo,
    files,
    outcomes,
    dated,
    doubts,
    zone: settled ?? zoneOf(options, process).name,
    record,
    birthTimes: process.platform === "darwin",
    faults,
    ...ending(ended, outcomes.failed + unread > 0),
  };
}

/** @param remembered by a folder that photos were mirrored to */
function zoneOf({ timezone }: DatesTyped, process: Process, remembered: string | null = null): ComputerZone {
  const name = timezone ?? remembered;
  return name === null ? zoneOfComputer(process) : { name, doubt: null };
}

/** @throws HaulError `usage` for what is no folder of this computer */
function rootOf({ folder }: DatesTyped): string {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(folder)) {
    throw new HaulError("usage", `${folder} is not a folder of this computer`);
  }
  return resolve(folder);
}

/** Filled in as the run goes on, so that the summary is true however it ends. */
interface DatesTally {
  files: number;
  readonly outcomes: { set: number; already: number; unknown: number; failed: number };
  readonly dated: Record<string, number>;
  readonly doubts: { guess: number; conflict: number; odd: number };
  record: string | null;
  faults: number;
  /** In which wall clocks were read; null until it is known. */
  zone: string | null;
  /** Photos that were dated without ExifTool, which cannot run. */
  unread: number;
}

function emptySums(): DatesTally {
  return {
    files: 0,
    outcomes: { set: 0, already: 0, unknown: 0, failed: 0 },
    dated: {},
    doubts: { guess: 0, conflict: 0, odd: 0 },
    record: null,
    faults: 0,
    zone: null,
    unread: 0,
  };
}

function countFile(sums: DatesTally, { outcome, captured }: Redated, undo: boolean): void {
  sums.files += 1;
  sums.outcomes[outcome] += 1;
  if (undo || outcome === "failed") return;
  const by = datedBy(captured);
  sums.dated[by] = (sums.dated[by] ?? 0) + 1;
  for (const doubt of new Set(captured?.doubts)) sums.doubts[doubt] += 1;
}
