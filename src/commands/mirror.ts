/** `photohaul mirror`: from options to open ports to the run to its reports. */

import { z } from "zod";
import type { Bandwidth } from "../bandwidth.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { createExifTool } from "../metadata/exiftool.ts";
import { type MirrorPorts, mirror, type SurveyOptions, type SurveyPorts, survey } from "../mirror.ts";
import { BATCH, SINGLE } from "../photo/commit.ts";
import { createDater } from "../photo/date.ts";
import { type DateOverrides, readDatesFile, unusedDates } from "../photo/dates-file.ts";
import { createDigester } from "../photo/digester.ts";
import { noticingRetry } from "../photo/fetch.ts";
import { Hands, handsOf } from "../photo/hands.ts";
import type { Plan } from "../photo/plan.ts";
import { createMeter } from "../photo/progress.ts";
import { createSidecarReader } from "../photo/sidecars.ts";
import { TargetSet, type TargetSetPorts, unfitting } from "../photo/target-set.ts";
import { createDateWriter } from "../photo/write-date.ts";
import { createCommand, type Process } from "../run/command.ts";
import { execute } from "../run/frame.ts";
import { type Output, promptAt } from "../run/output.ts";
import { emptyState, framedBy, type RunState, untilDeadline } from "../run/state.ts";
import { type CopyRules, enoughCopies } from "../steps/off-site.ts";
import { gatherTargets, type OpenedTargets } from "../steps/open-targets.ts";
import { markerOf } from "../steps/target-copies.ts";
import type { TargetOptions } from "../targets/all.ts";
import { mustLieApart, sampleFor } from "../targets/apart.ts";
import { watched } from "../targets/own-marker.ts";
import type { Sealing } from "../targets/sealed/open-sealed.ts";
import { COPY_OPTIONS, copyRules } from "./copy-options.ts";
import { GALLERY_OPTION, mustHoldGallery, showOn } from "./gallery-option.ts";
import { bandwidthOf, beNice, LIMIT_OPTIONS, limitsOf, NICE_OPTION } from "./limit-options.ts";
import { flag } from "./option-values.ts";
import { checkFiles, OUTPUT_OPTIONS, outputOptions, REPORT_OPTIONS } from "./output-options.ts";
import { type Opened, openSurvey, surveyOptions } from "./ports.ts";
import { type Pricing, pricingOf } from "./prices-option.ts";
import { catalogueOf, sourceName } from "./remembered.ts";
import { showStock, stockAsJudged, stockOf, writeReports } from "./reports.ts";
import { SEAL_OPTIONS, sealedAs, sealingsOf, warnOfOneKey } from "./sealing-options.ts";
import { CHOICE_OPTIONS, DATE_OPTIONS, PLACE, SOURCE_OPTIONS, TIMEZONE_OPTION } from "./source-options.ts";
import {
  mustConcern,
  named,
  namedIn,
  optionsFor,
  STORAGE_OPTIONS,
  STORE_FORMS,
  TARGET_OPTIONS,
  warningTo,
} from "./target-options.ts";
import { asksArchive, THAW_OPTIONS, thawingOf } from "./thaw-options.ts";

const WHERE = `where to keep the photos: a folder (made if only its last part is missing), ${STORE_FORMS}; several get the same photos`;
const OPTIONS = z.object({
  "dry-run": flag.meta({
    alias: "n",
    description: "list, tell originals from renditions, say what would be fetched; write nothing",
  }),
  adopt: flag.meta({
    description:
      "take over what the targets hold, whatever the catalogue knows, and refuse to go on where that is nothing; without it the same happens by itself where a catalogue was lost",
  }),
  "new-drive": flag.meta({
    description:
      "take an empty target in the place of one that was used before: the old drive is dead or elsewhere; everything is brought to the new one",
  }),
  ...CHOICE_OPTIONS,
  name: z
    .string()
    .default("{key}")
    .meta({
      ...PLACE,
      description:
        "path on the target that ends in .{ext} or {key}; {key} {dir} {name} {ext} {yyyy} {mm} {dd} {hh} {mi} {ss} {camera} {etag8}",
    }),
  ...TIMEZONE_OPTION,
  ...GALLERY_OPTION,
  ...DATE_OPTIONS,
  "write-exif": flag.meta({
    ...PLACE,
    description:
      "write a date that is missing into JPEG, HEIC, AVIF, PNG, TIFF and WebP photos; the manifest has both digests",
  }),
  ...SOURCE_OPTIONS,
  target: z.array(z.string()).min(1).meta({ description: WHERE }),
  ...TARGET_OPTIONS,
  ...STORAGE_OPTIONS,
  ...SEAL_OPTIONS,
  ...COPY_OPTIONS,
  ...THAW_OPTIONS,
  ...LIMIT_OPTIONS,
  ...NICE_OPTION,
  ...OUTPUT_OPTIONS,
  ...REPORT_OPTIONS,
});
type MirrorTyped = z.output<typeof OPTIONS>;

export const command = createCommand(
  {
    positional: "<source> <target...>",
    description:
      "Fetches every original that is not on the target yet, checks its bytes, gives it the time it was taken, and writes it down. Never overwrites, never deletes, never writes to the source.",
    options: OPTIONS,
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
      ["photohaul mirror s3://my-photos s3://my-copy --encrypt-to age1…", "sealed; the key is not needed here"],
      [
        "photohaul mirror s3://my-photos /media/usb --adopt",
        "on a new computer: know again what is there, and fetch the rest",
      ],
    ],
  },
  runMirror,
);

async function runMirror(options: MirrorTyped, process: Process): Promise<number> {
  mustHoldGallery(options);
  beNice(options.nice, process.platform);
  mustConcern({ source: options.source, by: "the source", targets: options.target }, options);
  const copies = copyRules(options, options.target);
  const rules = await surveyOptions(options);
  const overrides = await readDatesFile(options.dates);
  const sealings = await sealingsOf(options, process.env);
  await checkFiles(options);
  const pricing = await pricingOf(options, process.env);
  const start = {
    command: "mirror",
    source: options.source,
    targets: options.target,
    dryRun: options["dry-run"],
    catalogue: await catalogueOf(options, process),
  } as const;
  const state = emptyState(start);
  const run = (output: Output) => {
    const timed = { duration: options["max-duration"], startedAt: Date.now(), process, state, output };
    const bandwidth = bandwidthOf(options, process);
    return untilDeadline(timed, (within) =>
      bringAll({ ...timed, options, copies, overrides, rules, pricing, sealings, bandwidth, process: within }),
    );
  };
  const report = writeReports(state, { files: options.report, refusal: rules.refusal, signal: process.signal });
  return execute({ start, output: outputOptions(options), ...framedBy(state, run, report) }, process);
}

interface Running {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly options: MirrorTyped;
  readonly copies: CopyRules;
  readonly overrides: DateOverrides;
  readonly rules: SurveyOptions;
  readonly pricing: Pricing;
  readonly sealings: ReadonlyMap<string, Sealing>;
  readonly state: RunState;
  readonly output: Output;
  readonly bandwidth: Bandwidth;
  readonly process: Process;
}

async function bringAll(running: Running): Promise<void> {
  const { options, rules, state, output, process } = running;
  const [from, to] = namedIn(options);
  await mustLieApart(from, to);
  const opened = await openSurvey("mirror", options, state, output.emit, process);
  const [{ catalogue }, { emit }, { signal }] = [opened, output, process];
  warnOfOneKey(running.sealings, options["one-key"], emit);
  const reach = (name: string) => ({
    ...targetOptions(name, running, catalogue),
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
    optional: running.copies.optional,
    remembers: !options["dry-run"],
  });
  const { takeOver, dating, claim: onFirst, places } = gathered;
  const source = watched(opened.source, from, to, () => state.targets.map(({ id }) => markerOf(id)));
  const ports = { ...opened, source, places: places(), onFirst, takeOver, emit, signal };
  const stock = options["dry-run"] || options.report.length > 0 ? { stock: stockAsJudged() } : {};
  const asking = { ...rules, ask: promptAt(process, output, options), onJudged: stock.stock?.onJudged };
  const { layout, plan } = await survey({ ...ports, bandwidth: running.bandwidth }, asking);
  await warnOfUnused(running, catalogue);
  const cold = { ...plan.cold, days: options["restore-days"], prices: running.pricing.prices };
  const surveyed = { catalogue, source, layout, plan, ...stock, cold };
  Object.assign(state, { surveyed, fallbacks: plan.fallbacks, limited: plan.leftOver > 0 });
  if (options["dry-run"]) {
    showStock(await stockOf(surveyed, state.targets[0]?.id ?? ""), output);
    state.absent = state.absent.concat(unfitting(places(), plan, options["max-transfer"], asksArchive(options)));
  } else {
    const targetSet = new TargetSet(places(), targetSetPorts(running, opened));
    const bring = mirrorPorts(running, ports, targetSet, { ...opened, dating });
    await bringHome(plan, { ...bring, thawing: await thawingOf(running, surveyed) }, running);
    state.absent = [...state.absent, ...targetSet.lost()];
    if (options.gallery) await showOn(targetSet, ports);
  }
  await enoughCopies(running.copies, options.target, { ...state, catalogue });
}

/** A misspelt key would leave its photo with the wrong date, and nobody would know. */
async function warnOfUnused({ overrides, output }: Running, catalogue: Catalogue): Promise<void> {
  const listed = new Set<string>();
  for (const key of overrides.keys()) if ((await catalogue.listing.find(key)) !== null) listed.add(key);
  const unused = unusedDates(overrides, (key) => listed.has(key));
  if (unused !== null) output.emit({ type: "warning", code: "dates-file", message: unused });
}

/** Mirrors, and counts what a limit left. */
async function bringHome(plan: Plan, ports: MirrorPorts, running: Running): Promise<void> {
  const { state, options } = running;
  const left = new Map(plan.perTarget.map(({ target, leftOver }) => [target, -leftOver]));
  const taken = await mirror(plan, ports, limitsOf(options, running.startedAt), ({ wanted }) => {
    for (const { name } of wanted.map(({ place }) => place.target)) left.set(name, (left.get(name) ?? 0) + 1);
  });
  Object.assign(state, { leftOver: taken - plan.leftOver, leftOverOf: left, limited: taken > 0 });
}

function targetOptions(name: string, running: Running, catalogue: Catalogue): TargetOptions {
  const { options, output, process, sealings } = running;
  return {
    ...optionsFor(name, options.target, options, catalogue.file),
    ...sealedAs(sealings.get(name), catalogue),
    readOnly: options["dry-run"],
    durable: options.durable,
    signal: process.signal,
    ...warningTo(output.emit),
  };
}

function targetSetPorts({ options, output, process }: Running, { catalogue }: Opened): TargetSetPorts {
  const limits = options.durable === "photo" ? SINGLE : BATCH;
  const several = options.target.length > 1;
  return { catalogue, emit: output.emit, signal: process.signal, limits, now: Date.now, several };
}

function mirrorPorts(
  running: Running,
  { places: _places, takeOver: _takeOver, onFirst: _onFirst, ...surveyPorts }: SurveyPorts,
  targetSet: TargetSet,
  { catalogue, source, dating }: Opened & Pick<OpenedTargets, "dating">,
): MirrorPorts {
  const { options, overrides, rules, state, output, bandwidth } = running;
  const { emit } = output;
  const now = Date.now;
  const digester = createDigester();
  const exiftool = createExifTool();
  const dater = createDater({
    ...dating,
    emit,
    exiftool,
    fileTimes: source.fileTimes === true,
    preferService: options.prefer === "service",
    override: (key) => overrides.get(key) ?? null,
  });
  const dateWriter = options["write-exif"] ? createDateWriter(exiftool, emit) : null;
  state.unread = dater.unread;
  state.opened.defer(() => dater.close());
  state.opened.defer(async () => dateWriter?.close());
  state.opened.defer(() => digester.close());
  const threads = handsOf(running.process.env);
  const hands = source.heedsHands ? new Hands(targetSet.destinations, { rules: dater.rules, threads, emit }) : null;
  state.opened.defer(async () => hands?.close());
  return {
    ...surveyPorts,
    targetSet,
    overrides,
    ...dating,
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
    ...(hands === null ? {} : { hands }),
    template: rules.template,
    onProof: (proof) => {
      if (proof === "unprovable") state.unprovable += 1;
    },
  };
}
