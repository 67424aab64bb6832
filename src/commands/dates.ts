/** `photohaul dates`: from options to the story of a folder's dates, and back. */

import { availableParallelism } from "node:os";
import { extname, resolve } from "node:path";
import { z } from "zod";
import { type RedatePorts, redateFolder, undoRedate } from "../dates.ts";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import type { ProgressEvent, Redated, RunEvent } from "../events.ts";
import { createLimiter } from "../limiter.ts";
import { createDater } from "../photo/date.ts";
import { unclearWarning } from "../photo/sidecars.ts";
import { type DatesReport, openDatesReport } from "../report/csv.ts";
import { counted } from "../report/units.ts";
import type { Command, Process, Typed } from "../run/command.ts";
import { type Ended, execute } from "../run/frame.ts";
import type { DatesSummary } from "../summaries.ts";
import { type ComputerZone, zoneOfComputer } from "./computer-zone.ts";
import { readDatesFile, type ToldDates, unusedDates } from "./dates-file.ts";
import { countFile, emptySums, type Sums } from "./dates-sums.ts";
import { openKeptDates } from "./kept-dates.ts";
import { DATE_OPTIONS, OUTPUT_OPTIONS } from "./options.ts";
import { checkFiles, OUTPUT_SHAPE, outputOptions } from "./output-options.ts";
import { parse, zone } from "./parse.ts";

/** Enough that no process of ExifTool waits for its next file. */
const AT_ONCE = availableParallelism() * 2;
const TOLD_EVERY_MS = 500;

const { report: _several, ...VOICE_SHAPE } = OUTPUT_SHAPE;
const SHAPE = z
  .object({
    ...VOICE_SHAPE,
    folder: z.string(),
    "dry-run": z.boolean().default(false),
    undo: z.boolean().default(false),
    dates: z.string().nullable().default(null),
    prefer: z.enum(["file", "service"]).default("file"),
    timezone: zone.nullable().default(null),
    report: z
      .string()
      .refine((file) => extname(file).toLowerCase() === ".csv", "the name must end in .csv")
      .nullable()
      .default(null),
  })
  .refine(({ undo, dates }) => !undo || dates === null, {
    path: ["dates"],
    message: "--undo gives back the times that there were, whatever a file says",
  })
  .refine(({ undo, timezone }) => !undo || timezone === null, {
    path: ["timezone"],
    message: "--undo gives back the times that there were, whatever the zone",
  });
type Options = z.output<typeof SHAPE>;

const { catalogue: _catalogue, report: _report, ...VOICE_OPTIONS } = OUTPUT_OPTIONS;

export const command: Command = {
  positional: "<folder>",
  positionals: { folder: "with photos that came home without their dates" },
  description:
    "Sets the time of every photo and video in a folder, and in the folders in it, to when it was taken: by the photo itself, a sidecar beside it, or its name; in a folder that photos were mirrored to, by its manifest. The bytes are not touched, links are not followed, and the old times are written down for --undo.",
  options: {
    "dry-run": { describe: "say what would be set; change nothing", type: "boolean" },
    undo: { describe: "give back the times that the last run found", type: "boolean" },
    timezone: {
      describe: "zone of photos that carry none",
      type: "string",
      shown: "this computer's",
    },
    ...DATE_OPTIONS,
    report: {
      describe:
        "write FILE.csv: file, outcome, old and new time, source, precision, reason, and an empty date for --dates",
      type: "string",
    },
    ...VOICE_OPTIONS,
  },
  examples: [
    ["photohaul dates ~/Pictures --dry-run --report dates.csv", "what would be set, and why?"],
    ["photohaul dates ~/Pictures", "set it"],
    ["photohaul dates ~/Pictures --dates dates.csv", "with the dates that you wrote into that report"],
    ["photohaul dates ~/Pictures --undo", "and take it back"],
  ],
  run,
};

async function run(typed: Typed, process: Process): Promise<number> {
  const options = parse(SHAPE, typed);
  const { folder, "dry-run": dryRun } = options;
  await checkFiles({ ...options, report: options.report === null ? [] : [options.report] });
  const told = await readDatesFile(options.dates);
  const sums = emptySums();
  return execute(
    {
      start: { command: "dates", source: "", targets: [folder], dryRun, catalogue: "" },
      output: outputOptions({ ...options, report: [] }),
      run: ({ emit }) => tell({ options, told, sums, emit, process }),
      summary: (ended) => summarise(options, sums, ended, process),
    },
    process,
  );
}

interface Telling {
  readonly options: Options;
  readonly told: ToldDates;
  readonly sums: Sums;
  readonly emit: (event: RunEvent) => void;
  readonly process: Process;
}

async function tell(telling: Telling): Promise<void> {
  const { options, sums, emit } = telling;
  const report = options.report === null ? null : openDatesReport(options.report);
  try {
    let lately = 0;
    const onWalk = (files: number) => {
      if (performance.now() - lately < TOLD_EVERY_MS) return;
      lately = performance.now();
      emit(soFar(files));
    };
    const onFile = (file: Redated) => {
      countFile(sums, file, options.undo);
      if (options.undo) onWalk(sums.files);
      report?.add(file);
      emit({ type: "file", ...file });
    };
    if (options.undo) await takeBack(telling, onFile);
    else await redate(telling, { onFile, onWalk });
    finish(report, sums);
  } finally {
    report?.discard();
  }
}

/** The walk goes on while photos are dated, so nobody knows how many there will be. */
function soFar(photos: number): ProgressEvent {
  const nobodyKnows = { totalPhotos: 0, totalBytes: 0, secondsLeft: null };
  return { type: "progress", photos, bytes: 0, bytesPerSecond: 0, ...nobodyKnows };
}

/** A folder without photos is a mistake more often than not, and no reason to replace an older report. */
function finish(report: DatesReport | null, sums: Sums): void {
  if (sums.files > 0) report?.finish();
}

async function redate(
  telling: Telling,
  { onFile, onWalk }: Required<Pick<RedatePorts, "onFile" | "onWalk">>,
): Promise<void> {
  const { options, told, sums, emit } = telling;
  const { signal } = telling.process;
  const root = rootOf(options);
  const kept = await openKeptDates(root, signal);
  const { name: settled, doubt } = zoneOf(options, telling.process, kept?.zone ?? null);
  sums.zone = settled;
  if (doubt !== null) emit({ type: "warning", code: "zone", message: doubt });
  const dater = createDater({
    zone: settled,
    emit: (event) => {
      if (event.type === "warning") emit(event);
    },
    fileTimes: true,
    preferService: options.prefer === "service",
    told: (key) => told.get(key) ?? null,
  });
  const met = new Set<string>();
  const limiter = createLimiter({ concurrency: AT_ONCE, listConcurrency: 1 });
  try {
    sums.record = await redateFolder(
      root,
      {
        dater,
        limiter,
        known: (file) => (told.has(file) ? null : (kept?.find(file) ?? null)),
        onFile(file) {
          if (told.has(file.file)) met.add(file.file);
          kept?.note(file);
          onFile(file);
        },
        onWalk,
        onUnclear: (key, unclear) => emit(unclearWarning(key, unclear)),
        signal,
      },
      { dryRun: options["dry-run"], zone: settled, startedAt: new Date().toISOString() },
    );
    const amended = options["dry-run"] ? 0 : ((await kept?.amend()) ?? 0);
    if (amended > 0) {
      const message = `the manifest has other dates of ${counted(amended, "photo")} now, behind those that an earlier version found`;
      emit({ type: "warning", code: "date-rules", message });
    }
    const unused = unusedDates(told, (key) => met.has(key));
    if (unused !== null) emit({ type: "warning", code: "dates-file", message: unused });
  } finally {
    sums.faults = dater.faults;
    sums.unread = dater.unread();
    kept?.close();
    await dater.close();
  }
}

async function takeBack(
  { options, sums, process: { signal } }: Telling,
  onFile: (file: Redated) => void,
): Promise<void> {
  const dryRun = options["dry-run"];
  sums.record = await undoRedate(rootOf(options), { onFile, signal }, { dryRun });
}

function summarise(
  options: Options,
  { files, outcomes, dated, doubts, record, faults, unread, zone: settled }: Sums,
  { exit, error, seconds }: Ended,
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
    seconds,
    exit: exit === EXIT.ok && outcomes.failed + unread > 0 ? EXIT.someFailed : exit,
    ...(error === null ? {} : { error }),
  };
}

/** @param remembered by a folder that photos were mirrored to */
function zoneOf({ timezone }: Options, process: Process, remembered: string | null = null): ComputerZone {
  const name = timezone ?? remembered;
  return name === null ? zoneOfComputer(process) : { name, doubt: null };
}

/** @throws HaulError `usage` for what is no folder of this computer */
function rootOf({ folder }: Options): string {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(folder)) {
    throw new HaulError("usage", `${folder} is not a folder of this computer`);
  }
  return resolve(folder);
}
