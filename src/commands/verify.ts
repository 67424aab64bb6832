/** `photohaul verify`: each target in turn, from options to open ports to the story. */

import { z } from "zod";
import { openCheckLog } from "../catalogue/check-log.ts";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import type { RunEvent } from "../events.ts";
import { createLimiter } from "../limiter.ts";
import { CONDITIONS } from "../model.ts";
import { createMeter } from "../photo/progress.ts";
import type { Command, Process, Typed } from "../run/command.ts";
import { type Ended, execute } from "../run/frame.ts";
import { type Slice, type SliceChoice, shareOf } from "../steps/verify-photo.ts";
import { damagedIn, type VerifySummary } from "../summaries.ts";
import { openTarget } from "../targets/all.ts";
import type { Target } from "../targets/target.ts";
import { catchUp, emptyReport, isBehind, type ReportDraft, repairDamaged, verify, wrongInLists } from "../verify.ts";
import { mustBeOther } from "./apart.ts";
import { checkLogFile } from "./catalogue-file.ts";
import { checkLogOf } from "./check-log-of.ts";
import { mustConcern } from "./concern.ts";
import { beNice, NICE_OPTION, NICE_SHAPE } from "./nice.ts";
import { OUTPUT_OPTIONS, SOURCE_OPTIONS } from "./options.ts";
import { OUTPUT_SHAPE, outputOptions } from "./output-options.ts";
import { parse, whole } from "./parse.ts";
import { openRepairSource } from "./repair-source.ts";
import { SOURCE_SHAPE, sourceOptions } from "./survey-setup.ts";
import {
  openListing,
  optionsFor,
  STORAGE_OPTION,
  STORAGE_SHAPE,
  TARGET_OPTIONS,
  TARGET_SHAPE,
} from "./target-options.ts";

/** A hard disk reads best in one place, a memory card needs some requests at once: a few serve both. */
const AT_ONCE = 4;

const { report: _report, ...VOICE_SHAPE } = OUTPUT_SHAPE;
const { source: _source, "as-of": _asOf, ...REACH_SHAPE } = SOURCE_SHAPE;
const SHAPE = z
  .object({
    ...REACH_SHAPE,
    ...VOICE_SHAPE,
    ...TARGET_SHAPE,
    ...NICE_SHAPE,
    ...STORAGE_SHAPE,
    target: z.array(z.string()).min(1),
    slice: z
      .string()
      .regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/, "a slice such as 3/7")
      .transform((text): Slice => {
        const [part = 1, of = 1] = text.split("/").map(Number);
        return { part, of };
      })
      .refine(({ part, of }) => part <= of, "a slice such as 3/7: the first number is not the larger")
      .nullable()
      .default(null),
    days: whole.nullable().default(null),
    read: z.boolean().default(false),
    concurrency: whole.refine((number) => number <= 64, "at most 64").default(AT_ONCE),
    "repair-from": z.string().nullable().default(null),
  })
  .refine(({ slice, days }) => slice === null || days === null, {
    path: ["slice"],
    message: "either --slice or --days, not both",
  });
type Options = z.output<typeof SHAPE>;

const HOW = "What and how:";
const { catalogue: _catalogue, report: _reports, ...VOICE_OPTIONS } = OUTPUT_OPTIONS;
const { "as-of": _asOfWords, "list-concurrency": _listing, ...REACH_OPTIONS } = SOURCE_OPTIONS;

export const command: Command = {
  positional: "<target...>",
  positionals: {
    target: "the folder that photos were kept in; several are read one after the other",
  },
  description:
    "Reads every photo that was kept again and holds its size and SHA-256 against the manifest. In a bucket, photos whose digests the service itself holds are proven by those, and the others read. What is not as it was is read a second time, and then named: rotten, unreadable or missing. Writes nothing to the target without --repair-from.",
  options: {
    slice: {
      describe: "only part N of M, the same photos each time: 3/7",
      type: "string",
      group: HOW,
    },
    days: {
      describe: "only what is due today, so that everything is read once in N days",
      type: "string",
      group: HOW,
    },
    "repair-from": {
      describe: "put damaged photos back from this source or other target; from a target also those that only it has",
      type: "string",
      group: HOW,
    },
    read: {
      describe: "read every photo, also where a service holds digests that prove it",
      type: "boolean",
      group: HOW,
    },
    concurrency: {
      describe: "photos read at once",
      type: "string",
      group: HOW,
      shown: String(AT_ONCE),
    },
    ...TARGET_OPTIONS,
    ...STORAGE_OPTION,
    ...REACH_OPTIONS,
    ...NICE_OPTION,
    ...VOICE_OPTIONS,
  },
  examples: [
    ["photohaul verify /media/usb", "read everything that was kept there"],
    ["photohaul verify /media/usb --days 30 --quiet", "a part each night: all of it in a month"],
    ["photohaul verify /media/usb --repair-from s3://my-photos", "and put back what is damaged"],
  ],
  run,
};

async function run(typed: Typed, process: Process): Promise<number> {
  const options = parse(SHAPE, typed);
  const { target: targets, "repair-from": source } = options;
  mustConcern({ source, by: "the source of --repair-from", targets }, options);
  beNice(options.nice, process.platform);
  const reports: ReportDraft[] = [];
  return execute(
    {
      start: {
        command: "verify",
        source: options["repair-from"] ?? "",
        targets: options.target,
        dryRun: false,
        catalogue: "",
      },
      output: outputOptions({ ...options, report: [] }),
      async run({ emit }) {
        await mustBeOther("--repair-from", options["repair-from"], options.target);
        for (const target of options.target) await one(target, { options, emit, process, reports });
      },
      summary: (ended) => summarise(options.target, reports, ended),
    },
    process,
  );
}

interface Telling {
  readonly options: Options;
  readonly emit: (event: RunEvent) => void;
  readonly process: Process;
  readonly reports: ReportDraft[];
}

async function one(name: string, telling: Telling): Promise<void> {
  const { options, emit, process, reports } = telling;
  const warn = (message: string) => emit({ type: "warning", code: "target", message });
  const reach = optionsFor(name, options.target, options, null);
  const target = await openTarget(name, { ...reach, readOnly: true, warn, signal: process.signal });
  try {
    if (target.id === "") {
      throw new HaulError("no-target", `${name} holds no photos that photohaul kept there`);
    }
    const report = emptyReport(target);
    reports.push(report);
    const file = checkLogOf(target, process);
    const log = openCheckLog(file, name, new Date().toISOString(), (aside) => {
      const message = `what was remembered of the checks of ${name} is damaged. It is kept as ${aside}, and all photos are read anew`;
      emit({ type: "warning", code: "checks", message });
    });
    try {
      await read(target, log, report, telling);
      const from = options["repair-from"];
      if (from !== null) await mend(target, from, log, report, telling);
      log.finish(JSON.stringify(report), options.days !== null);
    } finally {
      log.close();
    }
  } finally {
    await target.close();
  }
}

type Log = ReturnType<typeof openCheckLog>;

async function read(target: Target, log: Log, report: ReportDraft, telling: Telling) {
  const { options, emit, process } = telling;
  const { signal } = process;
  const reach = optionsFor(target.name, options.target, options, null);
  const listing = await openListing(target.name, reach.s3 ?? {});
  const { name, id } = target;
  const choose = (bytes: number): SliceChoice => {
    if (options.slice !== null) return options.slice;
    if (options.days === null) return "all";
    return shareOf(bytes, options.days, log.lastShare(), Date.now());
  };
  const { concurrency } = options;
  await verify(
    {
      target,
      listing,
      log,
      emit,
      signal,
      limiter: createLimiter({ concurrency, listConcurrency: 1 }),
      meter: createMeter(emit, Date.now),
      now: Date.now,
      readAll: options.read,
      async mustBeThere() {
        await (await openTarget(name, { ...reach, readOnly: true, expectedId: id, signal })).close();
      },
    },
    choose,
    report,
  );
  await listing.close();
}

async function mend(
  { name, id }: Target,
  address: string,
  log: Log,
  report: ReportDraft,
  { options, emit, process }: Telling,
) {
  const { signal } = process;
  const reach = sourceOptions({ ...options, source: address, "as-of": null }, () => undefined);
  const from = await openRepairSource(address, reach, signal);
  try {
    // What need not be written to is not opened for it: it may be read-only, or in use.
    if (damaged(report) === 0 && !(await isBehind({ log, from, signal }))) return;
    const beside = checkLogFile(process.env, process.platform, id, null);
    const placed = optionsFor(name, options.target, options, beside);
    const target = await openTarget(name, { ...placed, expectedId: id, signal });
    try {
      const ports = { target, log, from, emit, signal };
      await repairDamaged(ports, report);
      await catchUp(ports, report);
    } finally {
      await target.close();
    }
  } finally {
    await from.close();
  }
}

function damaged({ conditions, repaired }: ReportDraft): number {
  return damagedIn(conditions) - repaired;
}

function summarise(
  targets: readonly string[],
  each: readonly ReportDraft[],
  { exit, error, seconds }: Ended,
): VerifySummary {
  const sum = (number: (report: ReportDraft) => number) => each.reduce((total, report) => total + number(report), 0);
  const conditions = { whole: 0, rotten: 0, unreadable: 0, missing: 0, archived: 0 };
  for (const name of CONDITIONS) conditions[name] = sum((report) => report.conditions[name]);
  const bad = sum((report) => damaged(report) + report.conditions.archived + report.notBrought + wrongInLists(report));
  return {
    type: "summary",
    command: "verify",
    targets,
    conditions,
    checked: {
      photos: sum(({ checked }) => checked.photos),
      bytes: sum(({ checked }) => checked.bytes),
    },
    repaired: sum(({ repaired }) => repaired),
    each,
    seconds,
    exit: exit === EXIT.ok && bad > 0 ? EXIT.someFailed : exit,
    ...(error === null ? {} : { error }),
  };
}
