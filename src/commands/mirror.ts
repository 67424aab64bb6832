/** `photohaul mirror`: from options to open ports to the story to its reports. */

import { z } from "zod";
import { createBandwidth } from "../bandwidth.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { createExifTool } from "../metadata/exiftool.ts";
import {
  type MirrorPorts,
  mirror,
  type SurveyOptions,
  type SurveyPorts,
  survey,
} from "../mirror.ts";
import { inventoryPage } from "../report/inventory-page.ts";
import { createDater } from "../steps/date.ts";
import { Fleet, type FleetPorts } from "../steps/fleet.ts";
import { BATCH, SINGLE } from "../steps/keep.ts";
import type { Limits } from "../steps/limit.ts";
import { createMeter } from "../steps/meter.ts";
import { createNamer } from "../steps/name.ts";
import type { Plan } from "../steps/plan.ts";
import { createSidecarReader } from "../steps/sidecars.ts";
import { createDateWriter } from "../steps/write-date.ts";
import type { TargetOptions } from "../targets/all.ts";
import { askerAt } from "./asking.ts";
import type { Command, Process, Typed } from "./command.ts";
import { readDatesFile, type ToldDates, unusedDates } from "./dates-file.ts";
import { beNice, NICE_OPTION, NICE_SHAPE } from "./nice.ts";
import { openTargets } from "./open-targets.ts";
import {
  CHOICE_OPTIONS,
  KEEP_OPTIONS,
  OUTPUT_OPTIONS,
  PACE_OPTIONS,
  SOURCE_OPTIONS,
} from "./options.ts";
import { checkReports, OUTPUT_SHAPE, voiceOptions } from "./output.ts";
import { duration, parse, size } from "./parse.ts";
import { type Surveyed, stockOf, writeReports } from "./reports.ts";
import { type Account, frame } from "./story.ts";
import {
  catalogueOf,
  isOnAws,
  type Opened,
  openSurvey,
  SURVEY_SHAPE,
  surveyOptions,
} from "./survey-setup.ts";
import {
  mustHaveBucket,
  optionsFor,
  STORAGE_OPTION,
  STORAGE_SHAPE,
  TARGET_OPTIONS,
  TARGET_SHAPE,
} from "./target-options.ts";
import { ratesOf, timetable } from "./timetable.ts";
import { version } from "./version.ts";
import type { Voice } from "./voice.ts";

const SHAPE = z.object({
  ...SURVEY_SHAPE,
  ...OUTPUT_SHAPE,
  ...TARGET_SHAPE,
  ...STORAGE_SHAPE,
  ...NICE_SHAPE,
  target: z.array(z.string()).min(1),
  "dry-run": z.boolean().default(false),
  durable: z.enum(["photo", "batch", "none"]).default("batch"),
  dates: z.string().nullable().default(null),
  prefer: z.enum(["file", "service"]).default("file"),
  "write-exif": z.boolean().default(false),
  bwlimit: timetable.nullable().default(null),
  "max-transfer": size.nullable().default(null),
  "max-duration": duration.nullable().default(null),
});
type Options = z.output<typeof SHAPE>;

export const command: Command = {
  positional: "<source> <target...>",
  positionals: {
    source: "s3://bucket[/prefix], or a folder",
    target:
      "where to keep the photos: a folder (made if only its last part is missing), or s3://bucket[/prefix]; several get the same photos",
  },
  description:
    "Fetches every original that is not on the target yet, checks its bytes, gives it the time it was taken, and writes it down. Never overwrites, never deletes, never writes to the source.",
  options: {
    "dry-run": {
      describe: "list, tell originals from renditions, say what would be fetched; write nothing",
      type: "boolean",
    },
    ...CHOICE_OPTIONS,
    ...KEEP_OPTIONS,
    ...SOURCE_OPTIONS,
    ...TARGET_OPTIONS,
    ...STORAGE_OPTION,
    ...PACE_OPTIONS,
    ...NICE_OPTION,
    ...OUTPUT_OPTIONS,
  },
  examples: [
    ["photohaul mirror s3://my-photos /media/usb --dry-run", "what is there, and does it fit?"],
    ["photohaul mirror s3://my-photos /media/usb", "bring everything home; tomorrow: what is new"],
    [
      "photohaul mirror s3://my-photos ~/Photos --name '{yyyy}/{mm}/{name}.{ext}'",
      "in folders by the month they were taken",
    ],
    [
      "photohaul mirror s3://my-photos /media/usb s3://my-second-copy --target-profile other-cloud",
      "to a drive and to another cloud, each photo fetched once",
    ],
  ],
  run,
};

async function run(typed: Typed, process: Process): Promise<number> {
  const options = parse(SHAPE, typed);
  beNice(options.nice, process.platform);
  mustHaveBucket(options.target, options);
  const rules = await surveyOptions(options);
  const told = await readDatesFile(options.dates);
  await checkReports(options.report);
  let surveyed: Surveyed | null = null;
  return frame(
    {
      run: {
        command: "mirror",
        source: options.source,
        targets: options.target,
        dryRun: options["dry-run"],
        catalogue: catalogueOf(options, process),
      },
      version: version(),
      voice: voiceOptions(options),
      tell: (account, voice) =>
        tell({ startedAt: Date.now(), options, told, rules, account, voice, process }, (found) => {
          surveyed = found;
        }),
      report: (summary, runEvent, { targets }, voice) => {
        const target = targets[0]?.id ?? "";
        const { signal } = process;
        const { refusal } = rules;
        const files = options.report;
        return writeReports(summary, {
          files,
          run: runEvent,
          voice,
          surveyed,
          target,
          refusal,
          signal,
        });
      },
    },
    process,
  );
}

interface Telling {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly options: Options;
  readonly told: ToldDates;
  readonly rules: SurveyOptions;
  readonly account: Account;
  readonly voice: Voice;
  readonly process: Process;
}

async function tell(telling: Telling, onSurvey: (surveyed: Surveyed) => void): Promise<void> {
  const { options, rules, account, voice, process } = telling;
  const opened = await openSurvey("mirror", options, account, voice.emit, process);
  const { catalogue } = opened;
  const { targets, absent } = await openTargets(
    options.target,
    (name) => targetOptions(name, telling, catalogue.file),
    catalogue,
    voice.emit,
  );
  account.closers.push(...targets.map((target) => () => target.close()));
  account.targets = targets;
  account.absent = absent;
  const places = targets.map((target) => ({ target, namer: createNamer(catalogue, target) }));
  const ports: SurveyPorts = { ...opened, places, emit: voice.emit, signal: process.signal };
  const { layout, plan } = await survey(ports, { ...rules, ask: askerAt(process, voice, options) });
  await tellUnused(telling, catalogue);
  const { source } = opened;
  const surveyed = { catalogue, source, layout, plan, onAws: isOnAws(options) };
  onSurvey(surveyed);
  account.fallbacks = plan.fallbacks;
  account.limited = plan.leftOver > 0;
  if (options["dry-run"]) {
    const { inventory, estimate } = await stockOf(surveyed, targets[0]?.id ?? "");
    voice.page((paint) => inventoryPage(inventory, estimate, paint));
  } else {
    const fleet = new Fleet(places, fleetPorts(telling, opened));
    await bringHome(plan, mirrorPorts(telling, ports, fleet, opened), telling);
    account.absent = [...absent, ...fleet.lost()];
  }
  const [lost] = account.absent;
  if (lost !== undefined) throw lost.trouble;
}

/** A misspelt key would leave its photo with the wrong date, and nobody would know. */
async function tellUnused({ told, voice }: Telling, catalogue: Catalogue): Promise<void> {
  const listed = new Set<string>();
  for (const key of told.keys()) if ((await catalogue.find(key)) !== null) listed.add(key);
  const unused = unusedDates(told, (key) => listed.has(key));
  if (unused !== null) voice.emit({ type: "warning", code: "dates-file", message: unused });
}

/** Tells the story, and accounts for what a limit left. */
async function bringHome(plan: Plan, ports: MirrorPorts, telling: Telling): Promise<void> {
  const { account, options } = telling;
  const left = new Map(plan.perTarget.map(({ target, leftOver }) => [target, -leftOver]));
  const taken = await mirror(plan, ports, limitsOf(options, telling.startedAt), ({ wanted }) => {
    for (const { place } of wanted) {
      const { name } = place.target;
      left.set(name, (left.get(name) ?? 0) + 1);
    }
  });
  account.leftOver = taken - plan.leftOver;
  account.leftOverOf = left;
  account.limited = taken > 0;
}

function targetOptions(name: string, telling: Telling, catalogue: string): TargetOptions {
  const { options, voice, process } = telling;
  return {
    ...optionsFor(name, options.target, options, catalogue),
    readOnly: options["dry-run"],
    durable: options.durable,
    source: options.source,
    signal: process.signal,
    warn: (message) => voice.emit({ type: "warning", code: "target", message }),
  };
}

function fleetPorts({ options, voice, process }: Telling, { catalogue }: Opened): FleetPorts {
  const limits = options.durable === "photo" ? SINGLE : BATCH;
  const several = options.target.length > 1;
  return { catalogue, emit: voice.emit, signal: process.signal, limits, now: Date.now, several };
}

function mirrorPorts(
  { options, told, rules, account, voice }: Telling,
  { places: _places, ...surveyPorts }: SurveyPorts,
  fleet: Fleet,
  { catalogue, source, zone }: Opened,
): MirrorPorts {
  const { emit } = voice;
  const now = Date.now;
  const exiftool = createExifTool();
  const dater = createDater({
    zone,
    emit,
    exiftool,
    preferService: options.prefer === "service",
    told: (key) => told.get(key) ?? null,
  });
  const dateWriter = options["write-exif"]
    ? createDateWriter(exiftool, (key, reason) => {
        const message = `the date of ${key} could not be written into it: ${reason}`;
        emit({ type: "warning", code: "write-exif", message, key });
      })
    : null;
  account.closers.push(
    () => dater.close(),
    async () => dateWriter?.close(),
  );
  return {
    ...surveyPorts,
    fleet,
    dater,
    ...(dateWriter === null ? {} : { dateWriter }),
    sidecars: createSidecarReader(catalogue, source, (key, message) =>
      emit({ type: "warning", code: "sidecar", message, key }),
    ),
    meter: createMeter(emit, now),
    bandwidth: createBandwidth(ratesOf(options.bwlimit), now),
    template: rules.template,
    onProof: (proof) => {
      if (proof === "unprovable") account.unprovable += 1;
    },
  };
}

/** The time of a run is that of the whole run: the listing counts. */
function limitsOf(options: Options, startedAt: number): Limits {
  const { limit } = options;
  const time = options["max-duration"];
  return {
    limit,
    bytes: options["max-transfer"],
    until: time === null ? null : startedAt + time,
    now: Date.now,
  };
}
