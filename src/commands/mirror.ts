/** `photohaul mirror`: from options to open ports to the story to its reports. */

import { type Bandwidth, createBandwidth } from "../bandwidth.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Emit, StartEvent } from "../events.ts";
import { createExifTool, type ExifToolWriter } from "../metadata/exiftool.ts";
import { type MirrorPorts, mirror, type SurveyOptions, type SurveyPorts, survey } from "../mirror.ts";
import { BATCH, SINGLE } from "../photo/commit.ts";
import { createDater } from "../photo/date.ts";
import { createDigester } from "../photo/digester.ts";
import { noticingRetry } from "../photo/fetch.ts";
import type { Plan } from "../photo/plan.ts";
import { createMeter } from "../photo/progress.ts";
import { createSidecarReader } from "../photo/sidecars.ts";
import { TargetSet, type TargetSetPorts } from "../photo/target-set.ts";
import { createDateWriter } from "../photo/write-date.ts";
import { inventorySections } from "../report/inventory-sections.ts";
import type { Command, Process, Typed } from "../run/command.ts";
import { execute } from "../run/frame.ts";
import type { Output } from "../run/output.ts";
import { emptyState, framedBy, type RunState } from "../run/state.ts";
import type { Limits } from "../steps/limit.ts";
import type { MirrorSummary } from "../summaries.ts";
import type { TargetOptions } from "../targets/all.ts";
import { mustLieApart, type Named, sampleFor, watched } from "./apart.ts";
import { ratesOf } from "./bandwidth-schedule.ts";
import { sourceName } from "./catalogue-file.ts";
import { zoneOfComputer } from "./computer-zone.ts";
import { mustConcern } from "./concern.ts";
import { markerOf } from "./copies.ts";
import { readDatesFile, type ToldDates, unusedDates } from "./dates-file.ts";
import { untilDeadline } from "./deadline.ts";
import { gatherTargets } from "./gather-targets.ts";
import { MIRROR_SHAPE, MIRROR_WORDS, type MirrorOptions } from "./mirror-options.ts";
import { beNice } from "./nice.ts";
import { checkFiles, outputOptions } from "./output-options.ts";
import { parse } from "./parse.ts";
import { promptAt } from "./prompt.ts";
import { type Surveyed, stockOf, writeReports } from "./reports.ts";
import { catalogueOf, isOnAws, type Opened, openSurvey, surveyOptions } from "./survey-setup.ts";
import { optionsFor } from "./target-options.ts";

export const command: Command = { ...MIRROR_WORDS, run: runMirror };

async function runMirror(typed: Typed, process: Process): Promise<number> {
  const options = parse(MIRROR_SHAPE, typed);
  beNice(options.nice, process.platform);
  mustConcern({ source: options.source, by: "the source", targets: options.target }, options);
  const rules = await surveyOptions(options);
  const told = await readDatesFile(options.dates);
  await checkFiles(options);
  const start = {
    command: "mirror",
    source: options.source,
    targets: options.target,
    dryRun: options["dry-run"],
    catalogue: await catalogueOf(options, process),
  } as const;
  const state = emptyState(start);
  let surveyed: Surveyed | null = null;
  const run = (output: Output) => {
    const startedAt = Date.now();
    const duration = options["max-duration"];
    const bandwidth = bandwidthOf(options, process);
    const running = { duration, startedAt, process, state, output, bandwidth };
    return untilDeadline(running, (within) =>
      bringAll({ ...running, options, told, rules, process: within }, (found) => {
        surveyed = found;
      }),
    );
  };
  const report = (summary: MirrorSummary, begun: StartEvent) => {
    const { signal } = process;
    const { refusal } = rules;
    const { troubles } = state;
    const target = state.targets[0]?.id ?? "";
    const files = options.report;
    return writeReports(summary, { files, run: begun, troubles, surveyed, target, refusal, signal });
  };
  return execute({ start, output: outputOptions(options), ...framedBy(state, run, report) }, process);
}

interface Running {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly options: MirrorOptions;
  readonly told: ToldDates;
  readonly rules: SurveyOptions;
  readonly state: RunState;
  readonly output: Output;
  readonly bandwidth: Bandwidth;
  readonly process: Process;
}

async function bringAll(running: Running, onSurvey: (surveyed: Surveyed) => void): Promise<void> {
  const { options, rules, state, output, process } = running;
  const [from, to] = namedIn(options);
  await mustLieApart(from, to);
  const opened = await openSurvey("mirror", options, state, output.emit, process);
  const { catalogue } = opened;
  const { emit } = output;
  const { signal } = process;
  const reach = (name: string) => ({
    ...targetOptions(name, running, catalogue.file),
    ...sampleFor(named(name, options), from, opened.source, signal),
  });
  const gathered = await gatherTargets(options.target, reach, {
    catalogue,
    state,
    emit,
    signal,
    zone: opened.zone,
    source: sourceName(options.source),
    insisted: options.adopt,
    newDrive: options["new-drive"],
    remembers: !options["dry-run"],
  });
  const { takeOver, zone, claim: onFirst } = gathered;
  const source = watched(opened.source, from, to, () => state.targets.map(({ id }) => markerOf(id)));
  const ports = { ...opened, source, places: gathered.places(), onFirst, takeOver, emit, signal };
  const asking = { ...rules, ask: promptAt(process, output, options) };
  const { layout, plan } = await survey({ ...ports, bandwidth: running.bandwidth }, asking);
  await warnOfUnused(running, catalogue);
  const surveyed = { catalogue, source, layout, plan, onAws: await isOnAws(options, process.env) };
  onSurvey(surveyed);
  state.fallbacks = plan.fallbacks;
  state.limited = plan.leftOver > 0;
  if (options["dry-run"]) {
    const { inventory, estimate } = await stockOf(surveyed, state.targets[0]?.id ?? "");
    output.page(inventorySections(inventory, estimate));
  } else {
    const targetSet = new TargetSet(gathered.places(), fleetPorts(running, opened));
    await bringHome(plan, mirrorPorts(running, ports, targetSet, { ...opened, zone }), running);
    state.absent = [...state.absent, ...targetSet.lost()];
  }
  const [lost] = state.absent;
  if (lost !== undefined) throw lost.trouble;
}

/** Source and targets, and how each is reached. */
function namedIn(options: MirrorOptions): [Named, Named[]] {
  const { source, endpoint, profile, target } = options;
  const reach = { endpoint: endpoint ?? undefined, profile: profile ?? undefined };
  return [{ name: source, role: "source", ...reach }, target.map((name) => named(name, options))];
}

function named(name: string, options: MirrorOptions): Named {
  const { s3 } = optionsFor(name, options.target, options, null);
  return { name, role: "target", endpoint: s3?.endpoint, profile: s3?.profile };
}

/** A misspelt key would leave its photo with the wrong date, and nobody would know. */
async function warnOfUnused({ told, output }: Running, catalogue: Catalogue): Promise<void> {
  const listed = new Set<string>();
  for (const key of told.keys()) if ((await catalogue.listing.find(key)) !== null) listed.add(key);
  const unused = unusedDates(told, (key) => listed.has(key));
  if (unused !== null) output.emit({ type: "warning", code: "dates-file", message: unused });
}

/** Tells the story, and accounts for what a limit left. */
async function bringHome(plan: Plan, ports: MirrorPorts, running: Running): Promise<void> {
  const { state, options } = running;
  const left = new Map(plan.perTarget.map(({ target, leftOver }) => [target, -leftOver]));
  const taken = await mirror(plan, ports, limitsOf(options, running.startedAt), ({ wanted }) => {
    for (const { place } of wanted) {
      const { name } = place.target;
      left.set(name, (left.get(name) ?? 0) + 1);
    }
  });
  state.leftOver = taken - plan.leftOver;
  state.leftOverOf = left;
  state.limited = taken > 0;
}

function targetOptions(name: string, running: Running, catalogue: string): TargetOptions {
  const { options, output, process } = running;
  return {
    ...optionsFor(name, options.target, options, catalogue),
    readOnly: options["dry-run"],
    durable: options.durable,
    signal: process.signal,
    warn: (message) => output.emit({ type: "warning", code: "target", message }),
  };
}

function fleetPorts({ options, output, process }: Running, { catalogue }: Opened): TargetSetPorts {
  const limits = options.durable === "photo" ? SINGLE : BATCH;
  const several = options.target.length > 1;
  return { catalogue, emit: output.emit, signal: process.signal, limits, now: Date.now, several };
}

function bandwidthOf({ bwlimit }: MirrorOptions, process: Process): Bandwidth {
  return createBandwidth(
    ratesOf(bwlimit, () => zoneOfComputer(process).name),
    Date.now,
  );
}

function mirrorPorts(
  { options, told, rules, state, output, bandwidth }: Running,
  { places: _places, takeOver: _takeOver, onFirst: _onFirst, ...surveyPorts }: SurveyPorts,
  targetSet: TargetSet,
  { catalogue, source, zone }: Omit<Opened, "zone"> & { readonly zone: string },
): MirrorPorts {
  const { emit } = output;
  const now = Date.now;
  const digester = createDigester();
  const exiftool = createExifTool();
  const dater = createDater({
    zone,
    emit,
    exiftool,
    fileTimes: source.fileTimes === true,
    preferService: options.prefer === "service",
    told: (key) => told.get(key) ?? null,
  });
  const dateWriter = options["write-exif"] ? dateWriterWith(exiftool, emit) : null;
  state.unread = dater.unread;
  state.opened.defer(() => dater.close());
  state.opened.defer(async () => dateWriter?.close());
  state.opened.defer(() => digester.close());
  return {
    ...surveyPorts,
    targetSet,
    told,
    zone,
    dater,
    ...(dateWriter === null ? {} : { dateWriter }),
    sidecars: createSidecarReader(
      catalogue,
      source,
      (key, message) => emit({ type: "warning", code: "sidecar", message, key }),
      (key) => noticingRetry(key, { ...surveyPorts, source }),
    ),
    meter: createMeter(emit, now),
    bandwidth,
    digester,
    template: rules.template,
    onProof: (proof) => {
      if (proof === "unprovable") state.unprovable += 1;
    },
  };
}

function dateWriterWith(exiftool: ExifToolWriter, emit: Emit) {
  return createDateWriter(exiftool, (key, reason) => {
    const message = `the date of ${key} could not be written into it: ${reason}`;
    emit({ type: "warning", code: "write-exif", message, key });
  });
}

/** The time of a run is that of the whole run: the listing counts. */
function limitsOf(options: MirrorOptions, startedAt: number): Limits {
  const { limit } = options;
  const time = options["max-duration"];
  return {
    limit,
    bytes: options["max-transfer"],
    until: time === null ? null : startedAt + time,
    now: Date.now,
  };
}
