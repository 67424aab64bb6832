/** `photohaul explain`: the whole reasoning about one key. */

import { z } from "zod";
import { type Catalogue, TARGET_SETTING } from "../catalogue/catalogue.ts";
import { openCatalogue } from "../catalogue/open-catalogue.ts";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import { allLayouts } from "../layouts/all.ts";
import { createLimiter } from "../limiter.ts";
import { ARCHIVES, type CataloguedObject } from "../model.ts";
import { likelyTraits } from "../naming/name.ts";
import { parseTemplate } from "../naming/template.ts";
import { load } from "../originals/saved-layout.ts";
import { tellGuess, zoneOf } from "../photo/computer-zone.ts";
import { createDater } from "../photo/date.ts";
import { readDatesFile } from "../photo/dates-file.ts";
import { pathOf } from "../photo/plan.ts";
import { createPictureComparer } from "../pictures/picture-comparer.ts";
import { columns, type Section, type Tone } from "../report/section.ts";
import { bytes, moment } from "../report/units.ts";
import { createCommand, type Process } from "../run/command.ts";
import { type Answer, answer } from "../run/frame.ts";
import { type Explanation, explain } from "../steps/explain.ts";
import { classifyListing, LAYOUT_SETTING, proofBudget } from "../steps/judge.ts";
import { listInto } from "../steps/list.ts";
import type { ListOptions } from "../steps/walk.ts";
import { mustBeSource, openSource } from "../stores/all.ts";
import type { Source } from "../stores/source.ts";
import { OUTPUT_OPTIONS, REPORT_OPTIONS } from "./output-options.ts";
import { catalogueOf } from "./remembered.ts";
import { DATE_OPTIONS, SOURCE_OPTIONS, sourceOptions, TIMEZONE_OPTION } from "./source-options.ts";
import { mustConcern } from "./target-options.ts";

const { json } = OUTPUT_OPTIONS;
const { catalogue } = REPORT_OPTIONS;
const OPTIONS = z.object({
  ...SOURCE_OPTIONS,
  key: z.string().meta({ description: "the whole key of an object" }),
  ...TIMEZONE_OPTION,
  ...DATE_OPTIONS,
  catalogue,
  json,
});
type ExplainTyped = z.output<typeof OPTIONS>;

export const command = createCommand(
  {
    positional: "<source> <key>",
    description:
      "Tells why a key is an original or not, where it lies or would go, and every candidate for its date with the reason it won or lost. Lists the source if that was never done.",
    options: OPTIONS,
    examples: [
      ["photohaul explain s3://my-photos original/2012/06/IMG_0001.jpg", "what about this photo?"],
      ["photohaul explain s3://my-photos tile/2012/06/IMG_0001.jpg", "and why is this none?"],
    ],
  },
  (options, process) => answer(process, options, (ways) => explainKey(options, process, ways)),
);

async function explainKey(options: ExplainTyped, process: Process, { emit, page }: Answer): Promise<number> {
  mustConcern({ source: options.source, by: "the source", targets: [] }, options);
  mustBeSource(options.source);
  const { signal } = process;
  const overrides = await readDatesFile(options.dates);
  await using opened = new AsyncDisposableStack();
  const known = openCatalogue(await catalogueOf(options, process));
  opened.defer(() => known.close());
  const { name: settled, ...guess } = await zoneOf(known, options.timezone, process);
  tellGuess(guess, emit);
  const source = await openSource(options.source, sourceOptions(options, emit));
  opened.defer(() => source.close());
  const dater = createDater({
    zone: settled,
    emit,
    fileTimes: source.fileTimes === true,
    preferService: options.prefer === "service",
    override: (key) => overrides.get(key) ?? null,
  });
  opened.defer(() => dater.close());
  const object = await found(options, known, source, { emit, signal });
  const comparer = createPictureComparer();
  const explanation = await explain(object, { source, catalogue: known, dater, comparer, signal });
  const undated = { captured: null, camera: null };
  const candidate = { ...object, fallback: false, replaces: false };
  const path = pathOf(candidate, parseTemplate("{key}"), likelyTraits(process.platform), undated);
  page(explanationSections(explanation, path, settled), { ...explanation, path });
  return EXIT.ok;
}

/** From the last listing, or from one made now. */
async function found(
  options: ExplainTyped,
  known: Catalogue,
  source: Source,
  { emit, signal }: Pick<ListOptions, "emit" | "signal">,
): Promise<CataloguedObject> {
  const { key } = options;
  const decision = load(await known.settings.get(LAYOUT_SETTING));
  const before = decision === "unproven" ? null : await known.listing.find(key);
  if (before !== null) return before;
  await known.runs.start("explain");
  const limiter = createLimiter({ concurrency: "auto", listConcurrency: options["list-concurrency"] });
  await listInto(source, known.listing, { limiter, emit, signal });
  const comparer = createPictureComparer();
  const prove = { source, comparer, emit, signal, budget: proofBudget(0) };
  try {
    await classifyListing(known, { layout: "auto", known: allLayouts(), prove, emit, signal });
  } finally {
    comparer.close();
  }
  const now = await known.listing.find(key);
  if (now !== null) return now;
  throw new HaulError("usage", await absenceOf(key, known, source));
}

/** A key that is gone is told with what was kept of it. */
async function absenceOf(key: string, known: Catalogue, source: Source): Promise<string> {
  const lies: string[] = [];
  for (const { name, value } of await known.settings.beginning(TARGET_SETTING)) {
    for (const { path } of await known.kept(value).find(key))
      lies.push(`${path} on ${name.slice(TARGET_SETTING.length)}`);
  }
  if (lies.length === 0) return `${source.name} holds no object of the key ${key}`;
  return `${source.name} holds the key ${key} no more; what it was lies as ${lies.join(" and as ")}`;
}

/**
 * @param path where a mirror with the default template would put it
 * @param zone of photos that carry none
 */
function explanationSections(explained: Explanation, path: string, zone: string): Section[] {
  const { object, siblings } = explained;
  const about = [
    bytes(object.size),
    object.storageClass,
    `ETag ${object.etag || "none"}`,
    `written ${object.modified}`,
  ];
  const beside = siblings.map(({ key, kind, size }) => `with ${kind} ${key}, ${bytes(size)}`);
  return [
    { id: "object", title: object.key, notes: [about.join(", ")] },
    { id: "kind", title: `${object.kind}: ${object.reason}`, notes: [...reasons(explained), ...beside] },
    { id: "place", title: "", notes: places(explained, path) },
    dateSection(explained, zone),
    candidateSection(explained),
    ...after("lent", [...lent(explained), ...overridden(explained)]),
  ];
}

function after(id: string, notes: readonly string[]): Section[] {
  return notes.length === 0 ? [] : [{ id, title: "", notes }];
}

function reasons({ object, layout, evidence, compared, suspect }: Explanation): string[] {
  const of = layout === null ? "" : `, by layout ${layout.id} (${layout.reason})`;
  return [
    ...(object.kind === "other" ? [] : [`family ${object.family}${of}`]),
    ...(evidence === null ? [] : [`why the family is believed: ${evidence}`]),
    ...(compared === null ? [] : [`held against its original: ${compared}`]),
    ...(suspect === null
      ? []
      : [
          `looks like ${suspect.looks}, which was not believed to be renditions: ${suspect.reason}`,
          `to skip them all: ${suspect.option}`,
        ]),
  ];
}

function places(explained: Explanation, path: string): string[] {
  const kept = explained.kept.map(({ target, entry }) => `Kept on ${target} as ${entry.path}, ${entry.storedAt}`);
  const failed = explained.failures.map(({ target, reason }) => `Failed on ${target}: ${reason}`);
  if (kept.length + failed.length === 0) return [unkept(explained, path)];
  const stands = explained.object.kind === "rendition" && standIn(explained) === explained.object;
  return [...kept, ...failed, ...(stands ? [`It stands in: ${NO_ORIGINAL}.`] : [])];
}

const NO_ORIGINAL = "no original of it can be read";

function unkept(explained: Explanation, path: string): string {
  const { object } = explained;
  if (object.kind === "other") return "A mirror passes it over.";
  if (object.kind !== "rendition") return `Not kept yet; it would be named ${path}`;
  const best = standIn(explained);
  if (best === object) return `Not kept yet; it would stand in, as ${NO_ORIGINAL}, and be named ${path}`;
  const why = best === null ? "its original is there" : `${NO_ORIGINAL}, and ${best.key} stands in`;
  return `A mirror passes it over: ${why} (--renditions keep would take it).`;
}

/** The copy of a photo that a mirror takes in the place of its original; null where that can be read. */
function standIn({ object, siblings }: Explanation): CataloguedObject | null {
  const archived = ({ storageClass }: CataloguedObject) => ARCHIVES.has(storageClass);
  if (siblings.some((one) => one.kind === "original" && one.size > 0 && !archived(one))) return null;
  const [best = null] = [object, ...siblings]
    .filter(({ kind }) => kind === "rendition")
    .sort((a, b) => Number(archived(a)) - Number(archived(b)) || b.size - a.size || (a.key < b.key ? -1 : 1));
  return best;
}

/** What the photo itself cannot tell, and a mirror found when all were kept. */
function lent({ kept }: Explanation): string[] {
  return kept.flatMap(({ target, entry: { captured } }) => {
    if (captured?.zoneFrom !== "neighbour" && captured?.zoneFrom !== "partner") return [];
    const lender =
      captured.zoneFrom === "partner"
        ? "the other half of the live photo"
        : "a photo by the same camera within 12 hours";
    return [`Its zone on ${target} is ${captured.offset}, lent by ${lender}`];
  });
}

/** A date that `--dates` told of a photo that is kept; a run without that file does not hear of it. */
function overridden({ kept, dated }: Explanation): string[] {
  if (dated.captured?.source === "user") return [];
  return kept.flatMap(({ target, entry: { captured } }) =>
    captured?.source === "user" ? [`Its date on ${target} is ${moment(captured)}, as you told (--dates)`] : [],
  );
}

/** How an offset is known that does not stand in the value itself. */
const ZONES: Readonly<Record<string, string>> = {
  camera: "its zone by the camera",
  difference: "its zone by the difference to a time in UTC",
  position: "its zone by its position",
};

function dateSection({ dated, unclear }: Explanation, zone: string): Section {
  const rows = [...dated.warnings.map(({ message }) => message), ...unclear].map((text) => {
    return { label: "note", text, tone: "warn" as const };
  });
  return { id: "date", title: takenWords(dated, zone), rows };
}

function takenWords({ captured, within }: Explanation["dated"], zone: string): string {
  if (captured === null) return "Nothing dates it";
  const { offset, tag, source, utc, zoneFrom = "" } = captured;
  if (source === "modified") {
    return `When it was taken is not known; its file gets the time that it was written at the source, ${utc}`;
  }
  const known = ZONES[zoneFrom] === undefined ? "" : `, ${ZONES[zoneFrom]}`;
  const from = offset === null ? `; no zone is recorded, so ${zone} is taken` : known;
  const inside = within === null ? "" : `, which lies in ${within.tag} ${within.written.trim()}`;
  return `Taken ${moment(captured)}, by ${tag ?? source}${inside}${from}`;
}

function candidateSection({ dated }: Explanation): Section {
  const won = dated.captured?.source === "modified" ? "this stands in" : "this is the date";
  const rows = dated.candidates.map(({ candidate, lost }) => {
    return [candidate.tag, candidate.written, lost === null ? won : `no: ${lost}`];
  });
  const tones = dated.candidates.map(({ lost }): Tone => (lost === null ? "good" : "faint"));
  const table = { columns: columns("", "", ""), rows, more: 0, tones, shown: "all" as const };
  return { id: "candidates", title: "What could have dated it, the most trusted first:", table };
}
