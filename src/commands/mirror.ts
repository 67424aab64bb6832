/** `photohaul mirror`: from options to open ports to the story to its reports. */

import { z } from "zod";
import { createBandwidth } from "../bandwidth.ts";
import { TARGET_SETTING } from "../catalogue/catalogue.ts";
import type { Emit } from "../events.ts";
import {
  type MirrorPorts,
  mirror,
  type SurveyOptions,
  type SurveyPorts,
  survey,
} from "../mirror.ts";
import { inventoryPage } from "../report/inventory-page.ts";
import { createDater } from "../steps/date.ts";
import { BATCH, createKeeper, SINGLE } from "../steps/keep.ts";
import type { Limits } from "../steps/limit.ts";
import { createMeter } from "../steps/meter.ts";
import { createNamer } from "../steps/name.ts";
import { createSidecarReader } from "../steps/sidecars.ts";
import { openTarget } from "../targets/all.ts";
import type { Target } from "../targets/target.ts";
import type { Command, Process, Typed } from "./command.ts";
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
import { version } from "./version.ts";
import type { Voice } from "./voice.ts";

const SHAPE = z.object({
  ...SURVEY_SHAPE,
  ...OUTPUT_SHAPE,
  target: z.string(),
  "dry-run": z.boolean().default(false),
  durable: z.enum(["photo", "batch", "none"]).default("batch"),
  bwlimit: size.nullable().default(null),
  "max-transfer": size.nullable().default(null),
  "max-duration": duration.nullable().default(null),
});
type Options = z.output<typeof SHAPE>;

export const command: Command = {
  positional: "<source> <target>",
  positionals: {
    source: "s3://bucket[/prefix], or a folder",
    target: "the folder to keep the photos in; made if only its last part is missing",
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
    ...PACE_OPTIONS,
    ...OUTPUT_OPTIONS,
  },
  examples: [
    ["photohaul mirror s3://my-photos /media/usb --dry-run", "what is there, and does it fit?"],
    ["photohaul mirror s3://my-photos /media/usb", "bring everything home; tomorrow: what is new"],
    [
      "photohaul mirror s3://my-photos ~/Photos --name '{yyyy}/{mm}/{name}.{ext}'",
      "in folders by the month they were taken",
    ],
  ],
  run,
};

async function run(typed: Typed, process: Process): Promise<number> {
  const options = parse(SHAPE, typed);
  const rules = await surveyOptions(options);
  await checkReports(options.report);
  let surveyed: Surveyed | null = null;
  return frame(
    {
      run: {
        command: "mirror",
        source: options.source,
        targets: [options.target],
        dryRun: options["dry-run"],
        catalogue: catalogueOf(options, process),
      },
      version: version(),
      voice: voiceOptions(options),
      tell: (account, voice) =>
        tell({ options, rules, account, voice, process }, (told) => {
          surveyed = told;
        }),
      report: (summary, runEvent, { target }, voice) => {
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
  readonly options: Options;
  readonly rules: SurveyOptions;
  readonly account: Account;
  readonly voice: Voice;
  readonly process: Process;
}

async function tell(telling: Telling, onSurvey: (surveyed: Surveyed) => void): Promise<void> {
  const { options, rules, account, voice, process } = telling;
  const opened = await openSurvey("mirror", options, account, voice.emit, process);
  const { catalogue } = opened;
  const target = await openKnown(options, opened, voice.emit);
  account.closers.push(() => target.close());
  account.target = target.id;
  const ports: SurveyPorts = {
    ...opened,
    target,
    namer: createNamer(catalogue, target),
    emit: voice.emit,
    signal: process.signal,
  };
  const { layout, plan } = await survey(ports, rules);
  const surveyed = { catalogue, layout, plan, onAws: isOnAws(options) };
  onSurvey(surveyed);
  account.fallbacks = plan.fallbacks;
  account.limited = plan.leftOver > 0;
  if (options["dry-run"]) {
    const { inventory, estimate } = await stockOf(surveyed, target.id);
    voice.page((paint) => inventoryPage(inventory, estimate, paint));
    return;
  }
  const left = await mirror(plan, mirrorPorts(telling, ports, target, opened), limitsOf(options));
  account.leftOver = left - plan.leftOver;
  account.limited = left > 0;
}

/** The drive must be the one that was used before, where one was. */
async function openKnown(options: Options, { catalogue }: Opened, emit: Emit): Promise<Target> {
  const setting = `${TARGET_SETTING}${options.target}`;
  const expectedId = (await catalogue.setting(setting)) ?? undefined;
  const target = await openTarget(options.target, {
    readOnly: options["dry-run"],
    expectedId,
    durable: options.durable,
    source: options.source,
    warn: (message) => emit({ type: "warning", code: "target", message }),
  });
  if (!options["dry-run"]) await catalogue.remember(setting, target.id);
  return target;
}

function mirrorPorts(
  { options, rules, account, voice, process }: Telling,
  surveyPorts: SurveyPorts,
  target: Target,
  opened: Opened,
): MirrorPorts {
  const { emit } = voice;
  const { signal } = process;
  const now = Date.now;
  const dater = createDater({ zone: opened.zone, emit });
  account.closers.push(() => dater.close());
  const limits = options.durable === "photo" ? SINGLE : BATCH;
  return {
    ...surveyPorts,
    target,
    dater,
    sidecars: createSidecarReader(opened.catalogue, opened.source, (key, message) =>
      emit({ type: "warning", code: "sidecar", message, key }),
    ),
    keeper: createKeeper({ target, catalogue: opened.catalogue, emit, signal, limits, now }),
    meter: createMeter(emit, now),
    bandwidth: createBandwidth(options.bwlimit, now),
    template: rules.template,
    onProof: (proof) => {
      if (proof === "unprovable") account.unprovable += 1;
    },
  };
}

function limitsOf(options: Options): Limits {
  const { limit } = options;
  const time = options["max-duration"];
  return {
    limit,
    bytes: options["max-transfer"],
    until: time === null ? null : Date.now() + time,
    now: Date.now,
  };
}
