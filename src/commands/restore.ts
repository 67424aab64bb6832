/** `photohaul restore`: from options to open ports to the run. */

import { z } from "zod";
import { openManifestIndex } from "../catalogue/manifest-index.ts";
import { HaulError } from "../errors.ts";
import type { Emit, RestoreSummary, RunEvent } from "../events.ts";
import { refusing } from "../keys/key-filter.ts";
import { createLimiter } from "../limiter.ts";
import { BATCH, Committer } from "../photo/commit.ts";
import { createMeter } from "../photo/progress.ts";
import { pageReports } from "../report/report-files.ts";
import { type RestoreReport, restore, surveyRestore } from "../restore.ts";
import { createCommand, type Process } from "../run/command.ts";
import { type Ended, ending, execute } from "../run/frame.ts";
import type { Output } from "../run/output.ts";
import { openKept, openTarget } from "../targets/all.ts";
import { isInStore, type NamedPlace, relationBetween } from "../targets/apart.ts";
import type { Target } from "../targets/target.ts";
import { READ_AT_ONCE } from "./limit-options.ts";
import { flag } from "./option-values.ts";
import { checkFiles, OUTPUT_OPTIONS, outputOptions, PAGE_OPTION } from "./output-options.ts";
import { IDENTITY_OPTION, identitiesOf } from "./sealing-options.ts";
import { GLOB_OPTIONS } from "./source-options.ts";
import { mustConcern, optionsFor, STORE_FORMS, TARGET_OPTIONS, warningTo } from "./target-options.ts";
import { THAW_TARGET_OPTIONS, thawingOfTarget } from "./thaw-options.ts";

const day = z
  .string()
  .regex(/^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/, "a date such as 2014, 2014-07 or 2014-07-31")
  .nullable()
  .default(null);
const WHICH = { group: "Which photos:" };
const OPTIONS = z
  .object({
    "dry-run": flag.meta({ alias: "n", description: "say what would be restored; write nothing" }),
    target: z.string().meta({
      description: `the folder, ${STORE_FORMS} that photos were kept in`,
    }),
    folder: z.string().meta({ description: "where to bring them; made if only its last part is missing" }),
    ...GLOB_OPTIONS,
    since: day.meta({ ...WHICH, description: "only photos taken on or after DATE: 2014, 2014-07 or 2014-07-31" }),
    until: day.meta({ ...WHICH, description: "only photos taken on or before DATE" }),
    ...TARGET_OPTIONS,
    ...IDENTITY_OPTION,
    ...THAW_TARGET_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...PAGE_OPTION,
  })
  .refine(({ since, until }) => since === null || until === null || mayPrecede(since, until), {
    path: ["since"],
    message: "is later than --until, so no photo lies between them",
  });
type RestoreTyped = z.output<typeof OPTIONS>;

export const command = createCommand(
  {
    positional: "<target> <folder>",
    description:
      "Copies photos from a target into a folder, each proven by its SHA-256, with the time it was taken and the name it had at the service. Never overwrites; run again, it brings only what is missing.",
    options: OPTIONS,
    examples: [
      ["photohaul restore /media/usb ~/Photos", "everything"],
      ["photohaul restore s3://my-second-copy ~/Photos --identity ~/photos.key", "of a sealed target"],
      ["photohaul restore /media/usb ~/Photos --since 2014-07 --until 2014-08", "of two months"],
      ["photohaul restore /media/usb ~/Photos --include '2012/**' --dry-run", "what would come?"],
    ],
  },
  async (options, process) => {
    const { target, folder, "dry-run": dryRun } = options;
    mustConcern({ source: null, by: "a source", targets: [target] }, options);
    await checkFiles(options);
    const report = emptyReport();
    const sums: RestoreTally = { outcomes: { stored: 0, already: 0, skipped: 0, failed: 0 }, bytes: 0 };
    const start = { command: "restore", source: target, targets: [folder], dryRun, catalogue: "" } as const;
    const pages = pageReports(options.report, process.signal);
    const count = (event: RunEvent) => {
      countPhoto(event, sums);
      pages.count(event);
    };
    const run = (output: Output) => bringBack({ options, report, output, process });
    const summary = (ended: Ended) => summarise(options, report, sums, ended);
    return execute({ start, output: outputOptions(options), count, run, summary, afterwards: [pages.write] }, process);
  },
);

interface Restoring {
  readonly options: RestoreTyped;
  readonly report: RestoreReport;
  readonly output: Output;
  readonly process: Process;
}

function emptyReport(): RestoreReport {
  return { photos: 0, unwanted: 0, wantedPhotos: 0, wantedBytes: 0, archived: 0, brokenLines: 0, unlisted: 0 };
}

interface RestoreTally {
  readonly outcomes: { stored: number; already: number; skipped: number; failed: number };
  bytes: number;
}

function countPhoto(event: RunEvent, sums: RestoreTally): void {
  if (event.type !== "photo") return;
  sums.outcomes[event.outcome] += 1;
  if (event.outcome === "stored") sums.bytes += event.bytes;
}

async function bringBack({ options, report, output, process }: Restoring): Promise<void> {
  const { emit } = output;
  const { signal } = process;
  const { include, exclude, since, until, target, folder } = options;
  const wanted = { refusal: refusing({ include, exclude, since: null }), since, until };
  await using opened = new AsyncDisposableStack();
  const identities = await identitiesOf(options.identity, process.env);
  const sealing = identities.length === 0 ? {} : { sealing: { recipients: [], identities } };
  const reach = { ...optionsFor(target, [target], options, null), ...sealing, ...warningTo(emit), signal };
  const from = await openKept(target, reach);
  opened.defer(() => from.close());
  const fromLog = openManifestIndex();
  opened.defer(() => fromLog.close());
  await mustBeElsewhere(options);
  const reading = { from, fromLog, signal };
  if (options["dry-run"]) {
    await surveyRestore(reading, from.traits, wanted, report);
    return warnOfNone(from, report, emit);
  }
  const to = await openTarget(folder, { source: from.name, ...warningTo(emit) });
  opened.defer(() => to.close());
  const toLog = openManifestIndex();
  opened.defer(() => toLog.close());
  await surveyRestore(reading, to.traits, wanted, report);
  warnOfNone(from, report, emit);
  if (to.id === from.id) throw new HaulError("usage", `${to.name} is the target itself: name another folder`);
  const now = Date.now;
  // What the folder holds, its own manifest says; there is no catalogue to write to.
  const catalogue = { kept: () => ({ add: () => Promise.resolve(), fail: () => Promise.resolve() }) };
  const committer = new Committer({ target: to, catalogue, emit, signal, limits: BATCH, now });
  const limiter = createLimiter({ concurrency: READ_AT_ONCE, listConcurrency: 1 });
  const thawing = await thawingOfTarget(from, reach.s3, { options, output, process });
  const ports = { ...reading, to, toLog, emit, committer, limiter, meter: createMeter(emit, now), thawing };
  await restore(ports, wanted, report);
}

/** A restore that brings nothing back is no good restore. */
function warnOfNone({ name }: Target, { photos }: RestoreReport, emit: Emit) {
  if (photos > 0) return;
  const message = `the lists of ${name} name no photo, so nothing can be brought back by them. If photos lie there, copy them, or let a mirror make the lists again`;
  emit({ type: "warning", code: "lists", message });
}

/** @throws HaulError `usage` where photos would be brought to where they are */
async function mustBeElsewhere({ target, folder }: RestoreTyped): Promise<void> {
  if (isInStore(folder)) {
    throw new HaulError("usage", `${folder} is no folder: restore brings photos into a folder`);
  }
  const named = (name: string): NamedPlace => ({ name, role: "target" });
  const relation = await relationBetween(named(folder), named(target));
  if (relation === "apart") return;
  const how = {
    same: "is",
    inside: "lies inside",
    around: "holds",
    meets: "has a folder mounted in it that is also in",
  }[relation];
  throw new HaulError("usage", `${folder} ${how} the target ${target} itself: name another folder`);
}

function summarise(
  options: RestoreTyped,
  report: RestoreReport,
  { outcomes, bytes }: RestoreTally,
  ended: Ended,
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
    ...ending(ended, bad, outcomes.skipped > 0),
  };
}

/** As far as both say: all of 2014 may come before 2014-07. */
function mayPrecede(since: string, until: string): boolean {
  const length = Math.min(since.length, until.length);
  return since.slice(0, length) <= until.slice(0, length);
}
