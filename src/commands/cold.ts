/** `photohaul cold`: what lies in an archive, what it costs to have it back, and all of it as a job for S3 Batch Operations. */

import { z } from "zod";
import { type Catalogue, TARGET_SETTING } from "../catalogue/catalogue.ts";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import type { Refusal } from "../keys/key-filter.ts";
import { mustBeOurs, writeWhole } from "../local/files.ts";
import { survey } from "../mirror.ts";
import { ARCHIVES, type CataloguedObject } from "../model.ts";
import { likelyTraits } from "../naming/name.ts";
import { ColdTally, coldSections, DEFAULT_DAYS, forecastsOf, totalOf } from "../report/archive-forecast.ts";
import type { Section } from "../report/section.ts";
import { counted } from "../report/units.ts";
import { createCommand, type Process } from "../run/command.ts";
import { type Answer, answer } from "../run/frame.ts";
import { emptyState } from "../run/state.ts";
import { isOnItsWay } from "../steps/archive-reasons.ts";
import { hearStates } from "../steps/archive-states.ts";
import { spelled } from "../steps/open-targets.ts";
import { parseAddress } from "../stores/all.ts";
import { keyToPath } from "../stores/http/wire.ts";
import { text, whole } from "./option-values.ts";
import { OUTPUT_OPTIONS, REPORT_OPTIONS } from "./output-options.ts";
import { openSurvey, surveyOptions } from "./ports.ts";
import { PRICES_OPTION, pricingOf } from "./prices-option.ts";
import { CHOICE_OPTIONS, SOURCE_OPTIONS } from "./source-options.ts";
import { mustConcern } from "./target-options.ts";

const COLD = { group: "The archive:" };
const { json } = OUTPUT_OPTIONS;
const { catalogue } = REPORT_OPTIONS;
const OPTIONS = z.object({
  ...CHOICE_OPTIONS,
  ...SOURCE_OPTIONS,
  target: text.meta({ description: "only what is not there yet: a target that this source was mirrored to before" }),
  "batch-manifest": text.meta({
    ...COLD,
    description: "write bucket and key of each to FILE.csv, for a job of S3 Batch Operations that restores them",
  }),
  "restore-days": whole
    .default(Number(DEFAULT_DAYS))
    .meta({ ...COLD, description: "how long the copies are to stay, for the forecast", shown: DEFAULT_DAYS }),
  ...PRICES_OPTION,
  catalogue,
  json,
});
type ColdTyped = z.output<typeof OPTIONS>;

export const command = createCommand(
  {
    positional: "<source> [target]",
    description:
      "Counts the originals of a bucket that lie in an archive (GLACIER, DEEP_ARCHIVE), says what it costs and how long it takes to have them back, and asks for none of them. --batch-manifest writes them into a file for S3 Batch Operations, which asks for millions without this computer. A target that is named leaves out what it has.",
    options: OPTIONS,
    examples: [
      ["photohaul cold s3://my-photos", "how much is archived, and what would it cost?"],
      ["photohaul cold s3://my-photos /media/usb --batch-manifest back.csv", "all that the drive lacks, as one job"],
    ],
  },
  (options, process) => answer(process, options, (ways) => tellCold(options, process, ways)),
);

async function tellCold(options: ColdTyped, process: Process, { emit, page, note }: Answer): Promise<number> {
  mustConcern({ source: options.source, by: "the source", targets: [] }, options);
  const at = parseAddress(options.source);
  if (at?.scheme !== "s3")
    throw new HaulError("usage", `${options.source} is no bucket of S3, which alone has classes`);
  const file = options["batch-manifest"];
  if (file !== null) mustBeManifest(file, at.container);
  const { prices } = await pricingOf(options, process.env);
  const rules = await surveyOptions({ ...options, report: [] });
  const state = emptyState({ command: "inventory", source: options.source, targets: [], dryRun: true });
  await using _opened = state.opened;
  const ports = await openSurvey("cold", { ...options, report: [] }, state, emit, process);
  const target = await targetIn(options, ports.catalogue);
  const nowhere = { target: { name: "", id: "", traits: likelyTraits("linux"), freeBytes: null }, namer: null };
  await survey({ ...ports, places: [nowhere], emit, signal: process.signal }, { ...rules, renditions: "skip" });
  const wanted = { known: ports.catalogue, target, refusal: rules.refusal };
  // What was asked for elsewhere the listing says, and what was asked for from here the catalogue.
  await hearStates(ports.source, ports.catalogue, process.signal);
  const { classes, perhaps, waiting, ready } = await counts(wanted);
  const stock = { classes, perhaps, days: options["restore-days"], prices };
  // S3 Batch Operations asks for nothing expedited (AWS API reference, S3InitiateRestoreObjectOperation).
  const forecasts = forecastsOf(stock).filter(({ tier }) => file === null || tier !== "expedited");
  const sections = [...coldSections(stock, forecasts), ...backSections(waiting, ready)];
  const { photos } = totalOf(classes);
  const written = file !== null && photos > 0;
  if (written) {
    await writeWhole(file, manifestLines(at.container, archived(wanted), options["as-of"] !== null), process.signal);
  } else if (file !== null)
    note(`nothing is in an archive${target === "" ? "" : " that the target lacks"}: ${file} is not written`);
  const told = written ? [{ id: "manifest", title: "", notes: manifestWords(file, photos, options) }] : [];
  const data = { classes, perhaps, waiting, ready, days: stock.days, forecasts, manifest: written ? file : null };
  page([...sections, ...told], data);
  return EXIT.ok;
}

function backSections(waiting: number, ready: number): Section[] {
  const rows = [
    { label: "waiting", text: `${counted(waiting, "photo")} on the way back`, photos: waiting },
    { label: "ready", text: `${counted(ready, "photo")} to be fetched, by the line of the mirror`, photos: ready },
  ].filter(({ photos }) => photos > 0);
  return rows.length === 0 ? [] : [{ id: "asked", title: "Asked for before, and not among these", rows }];
}

/** The id of the target as this source's catalogue knows it; "" where none is named. @throws HaulError `usage` */
async function targetIn({ target }: ColdTyped, { settings }: Catalogue): Promise<string> {
  if (target === null) return "";
  const id = await settings.get(TARGET_SETTING + spelled(target));
  if (id !== null) return id;
  const known = (await settings.beginning(TARGET_SETTING)).map(({ name }) => name.slice(TARGET_SETTING.length));
  const says = known.length === 0 ? "it was mirrored to none" : `it was mirrored to ${known.join(", ")}`;
  throw new HaulError(
    "usage",
    `${target} is no target of this source's catalogue: ${says}. Leave it out to have all that is archived`,
  );
}

/** Originals that the target lacks, chunk by chunk. */
async function* originals({ known, target, refusal }: Wanted): AsyncGenerator<readonly CataloguedObject[]> {
  for await (const chunk of known.plan(target).candidates("skip")) {
    yield chunk.filter((photo) => photo.kind === "original" && refusal(photo) === null);
  }
}

/** Those that are archived, and neither asked for nor back: asking for them again costs again. */
async function* archived(wanted: Wanted): AsyncGenerator<readonly CataloguedObject[]> {
  for await (const chunk of originals(wanted)) {
    const left: CataloguedObject[] = [];
    for (const photo of chunk) {
      if (ARCHIVES.has(photo.storageClass) && (await returnOf(photo, wanted)) === null) left.push(photo);
    }
    yield left;
  }
}

async function returnOf(photo: CataloguedObject, { known }: Wanted): Promise<"waiting" | "ready" | null> {
  const request = await known.archive.find(photo);
  if (request === null) return null;
  if (request.state === "ready") return "ready";
  return isOnItsWay(request, Date.now()) ? "waiting" : null;
}

async function counts(wanted: Wanted) {
  const cold = new ColdTally();
  const back = { waiting: 0, ready: 0 };
  for await (const chunk of originals(wanted)) {
    for (const photo of chunk) {
      const state = ARCHIVES.has(photo.storageClass) ? await returnOf(photo, wanted) : null;
      if (state === null) cold.add(photo);
      else back[state] += 1;
    }
  }
  return { ...cold.sum(), ...back };
}

/** What of the bucket is meant. */
interface Wanted {
  readonly known: Catalogue;
  /** Id of a target; "" for none. */
  readonly target: string;
  readonly refusal: Refusal;
}

/**
 * Bucket and key, and the version where versions are read; no line of titles, which S3 would take for a bucket; keys
 * percent-encoded (S3 User Guide, "Specifying a manifest").
 */
async function* manifestLines(
  bucket: string,
  photos: AsyncIterable<readonly CataloguedObject[]>,
  versions: boolean,
): AsyncGenerator<string> {
  for await (const chunk of photos) {
    const lines = chunk.map(({ key, version = "null" }) => {
      const place = `${bucket},${keyToPath(key)}`;
      return versions ? `${place},${version}\n` : `${place}\n`;
    });
    if (lines.length > 0) yield lines.join("");
  }
}

/** Only a new file, an empty one, or a manifest of the same bucket. @throws HaulError `usage` */
function mustBeManifest(file: string, bucket: string): void {
  mustBeOurs("--batch-manifest", file, (head) => {
    const lines = head.split("\n").slice(0, -1);
    return (
      lines.length > 0 &&
      lines.every((line) => line.startsWith(`${bucket},`) && /^[^,]+,[\w%./~-]+(,[^,]*)?$/.test(line))
    );
  });
}

function manifestWords(file: string, photos: number, { "as-of": asOf }: ColdTyped): string[] {
  const named = asOf === null ? "Bucket, Key" : "Bucket, Key, VersionId";
  return [
    `${file}: ${counted(photos, "photo")}, a line each (${named}). Nothing was asked for yet.`,
    "Upload it to a bucket in the same region, and make a job of S3 Batch Operations of it: operation Restore, so many days, bulk (docs/cold.md).",
    "Amazon charges 0.25 USD a job (Yelp, 2025-09) and 1 USD for a million photos (unverified) besides. The same line of mirror fetches them once they are there.",
  ];
}
