/** `photohaul restore`: from options to open ports to the story. */

import { z } from "zod";
import { openManifestIndex } from "../catalogue/manifest-index.ts";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import type { RunEvent } from "../events.ts";
import { refusing } from "../keys/key-filter.ts";
import { createLimiter } from "../limiter.ts";
import { BATCH, createCommitter } from "../photo/commit.ts";
import { createMeter } from "../photo/progress.ts";
import type { Wanted } from "../photo/restore-photo.ts";
import { type RestoreReport, restore, surveyRestore } from "../restore.ts";
import type { Command, Process, Typed } from "../run/command.ts";
import { type Ended, execute } from "../run/frame.ts";
import type { RestoreSummary } from "../summaries.ts";
import { openTarget } from "../targets/all.ts";
import type { Target } from "../targets/target.ts";
import { type Named, relationBetween } from "./apart.ts";
import { mustConcern } from "./concern.ts";
import { OUTPUT_OPTIONS } from "./options.ts";
import { OUTPUT_SHAPE, outputOptions } from "./output-options.ts";
import { parse, texts } from "./parse.ts";
import { isInStore, optionsFor, TARGET_OPTIONS, TARGET_SHAPE } from "./target-options.ts";

const AT_ONCE = 4;
const day = z
  .string()
  .regex(/^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/, "a date such as 2014, 2014-07 or 2014-07-31")
  .nullable()
  .default(null);

const { report: _report, ...VOICE_SHAPE } = OUTPUT_SHAPE;
const SHAPE = z.object({
  ...VOICE_SHAPE,
  ...TARGET_SHAPE,
  target: z.string(),
  folder: z.string(),
  "dry-run": z.boolean().default(false),
  include: texts,
  exclude: texts,
  since: day,
  until: day,
});
type Options = z.output<typeof SHAPE>;

const WHICH = "Which photos:";
const { catalogue: _catalogue, report: _reports, ...VOICE_OPTIONS } = OUTPUT_OPTIONS;
const glob = { type: "string", array: true, group: WHICH } as const;
const date = { type: "string", group: WHICH } as const;

export const command: Command = {
  positional: "<target> <folder>",
  positionals: {
    target: "the folder, s3://bucket[/prefix] or swift://container[/prefix] that photos were kept in",
    folder: "where to bring them; made if only its last part is missing",
  },
  description:
    "Copies photos from a target into a folder, each proven by its SHA-256, with the time it was taken and the name it had at the service. Never overwrites; run again, it brings only what is missing.",
  options: {
    "dry-run": { describe: "say what would be restored; write nothing", type: "boolean" },
    include: { describe: "only keys that match GLOB (repeatable)", ...glob },
    exclude: { describe: "no keys that match GLOB (repeatable)", ...glob },
    since: { describe: "only photos taken on or after DATE: 2014, 2014-07 or 2014-07-31", ...date },
    until: { describe: "only photos taken on or before DATE", ...date },
    ...TARGET_OPTIONS,
    ...VOICE_OPTIONS,
  },
  examples: [
    ["photohaul restore /media/usb ~/Photos", "everything"],
    ["photohaul restore /media/usb ~/Photos --since 2014-07 --until 2014-08", "of two months"],
    ["photohaul restore /media/usb ~/Photos --include '2012/**' --dry-run", "what would come?"],
  ],
  run,
};

async function run(typed: Typed, process: Process): Promise<number> {
  const options = parse(SHAPE, typed);
  const { target, folder, "dry-run": dryRun } = options;
  mustConcern({ source: null, by: "a source", targets: [target] }, options);
  const report = {
    photos: 0,
    unwanted: 0,
    wantedPhotos: 0,
    wantedBytes: 0,
    archived: 0,
    brokenLines: 0,
    unlisted: 0,
  };
  const sums: Sums = { outcomes: { stored: 0, already: 0, skipped: 0, failed: 0 }, bytes: 0 };
  return execute(
    {
      start: { command: "restore", source: target, targets: [folder], dryRun, catalogue: "" },
      output: outputOptions({ ...options, report: [] }),
      count: (event) => countPhoto(event, sums),
      run: ({ emit }) => tell(options, report, emit, process),
      summary: (ended) => summarise(options, report, sums, ended),
    },
    process,
  );
}

interface Sums {
  readonly outcomes: { stored: number; already: number; skipped: number; failed: number };
  bytes: number;
}

function countPhoto(event: RunEvent, sums: Sums): void {
  if (event.type !== "photo") return;
  sums.outcomes[event.outcome] += 1;
  if (event.outcome === "stored") sums.bytes += event.bytes;
}

async function tell(
  options: Options,
  report: RestoreReport,
  emit: (event: RunEvent) => void,
  process: Process,
): Promise<void> {
  const { signal } = process;
  const { include, exclude, since, until } = options;
  const wanted = { refusal: refusing({ include, exclude, since: null }), since, until };
  const warn = (message: string) => emit({ type: "warning", code: "target", message });
  const reach = optionsFor(options.target, [options.target], options, null);
  const from = await openTarget(options.target, { ...reach, readOnly: true, warn, signal });
  const fromLog = openManifestIndex();
  try {
    if (from.id === "") {
      throw new HaulError("no-target", `${from.name} holds no photos that photohaul kept there`);
    }
    await mustBeElsewhere(options);
    if (options["dry-run"]) {
      await surveyRestore({ from, fromLog, signal }, from.traits, wanted, report);
      return tellEmpty(from, report, emit);
    }
    const to = await openTarget(options.folder, { source: from.name, warn });
    const toLog = openManifestIndex();
    try {
      await surveyRestore({ from, fromLog, signal }, to.traits, wanted, report);
      tellEmpty(from, report, emit);
      await bringBack({ from, fromLog, to, toLog, emit, signal }, wanted, report);
    } finally {
      toLog.close();
      await to.close();
    }
  } finally {
    fromLog.close();
    await from.close();
  }
}

/** A restore that brings nothing back is no good restore. */
function tellEmpty({ name }: Target, { photos }: RestoreReport, emit: (event: RunEvent) => void) {
  if (photos > 0) return;
  const message = `the lists of ${name} name no photo, so nothing can be brought back by them. If photos lie there, copy them, or let a mirror make the lists again`;
  emit({ type: "warning", code: "lists", message });
}

/** @throws HaulError `usage` where photos would be brought to where they are */
async function mustBeElsewhere({ target, folder }: Options): Promise<void> {
  if (isInStore(folder)) {
    throw new HaulError("usage", `${folder} is no folder: restore brings photos into a folder`);
  }
  const named = (name: string): Named => ({ name, role: "target" });
  const relation = await relationBetween(named(folder), named(target));
  if (relation === "apart") return;
  const how = { same: "is", inside: "lies inside", around: "holds" }[relation];
  throw new HaulError("usage", `${folder} ${how} the target ${target} itself: name another folder`);
}

type Log = ReturnType<typeof openManifestIndex>;
interface Places {
  readonly from: Target;
  readonly fromLog: Log;
  readonly to: Target;
  readonly toLog: Log;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

async function bringBack(places: Places, wanted: Wanted, report: RestoreReport): Promise<void> {
  const { to, emit, signal } = places;
  if (to.id === places.from.id) {
    throw new HaulError("usage", `${to.name} is the target itself: name another folder`);
  }
  const now = Date.now;
  // What the folder holds, its own manifest says; there is no catalogue to write to.
  const catalogue = { kept: () => ({ add: () => Promise.resolve(), fail: () => Promise.resolve() }) };
  const committer = createCommitter({ target: to, catalogue, emit, signal, limits: BATCH, now });
  const limiter = createLimiter({ concurrency: AT_ONCE, listConcurrency: 1 });
  await restore({ ...places, committer, limiter, meter: createMeter(emit, now) }, wanted, report);
}

function summarise(
  options: Options,
  report: RestoreReport,
  { outcomes, bytes }: Sums,
  { exit, error, seconds }: Ended,
): RestoreSummary {
  const dryRun = options["dry-run"];
  const lost = report.brokenLines > 0 || report.unlisted > 0 || report.photos === 0;
  const bad = outcomes.failed > 0 || lost;
  return {
    type: "summary",
    command: "restore",
    source: options.target,
    targets: [options.folder],
    dryRun,
    photos: report.photos,
    outcomes: dryRun ? { ...outcomes, skipped: report.wantedPhotos } : outcomes,
    unwanted: report.unwanted,
    archived: report.archived,
    restoredBytes: bytes,
    brokenLines: report.brokenLines,
    unlisted: report.unlisted,
    seconds,
    exit: exit === EXIT.ok && bad ? EXIT.someFailed : exit,
    ...(error === null ? {} : { error }),
  };
}
