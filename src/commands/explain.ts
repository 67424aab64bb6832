/** `photohaul explain`: the whole reasoning about one key. */

import { z } from "zod";
import { TARGET_SETTING } from "../catalogue/catalogue.ts";
import { openCatalogue } from "../catalogue/open-catalogue.ts";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import { allLayouts } from "../layouts/all.ts";
import { createLimiter } from "../limiter.ts";
import type { CataloguedObject } from "../model.ts";
import { parseTemplate } from "../naming/template.ts";
import { likelyTraits } from "../naming/traits.ts";
import { load } from "../originals/saved-layout.ts";
import { zoneOf } from "../photo/computer-zone.ts";
import { createDater } from "../photo/date.ts";
import { readDatesFile } from "../photo/dates-file.ts";
import { pathOf } from "../photo/plan.ts";
import { createPictureComparer } from "../pictures/picture-comparer.ts";
import { textWriter } from "../report/terminal.ts";
import { createCommand, type Process } from "../run/command.ts";
import { explain } from "../steps/explain.ts";
import { classifyListing, LAYOUT_SETTING, proofBudget } from "../steps/judge.ts";
import { listInto } from "../steps/list.ts";
import { openSource } from "../stores/all.ts";
import { explanationSections } from "./explanation-sections.ts";
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
  explainKey,
);

async function explainKey(options: ExplainTyped, process: Process): Promise<number> {
  mustConcern({ source: options.source, by: "the source", targets: [] }, options);
  const { signal, env, platform } = process;
  const emit = () => undefined;
  const overrides = await readDatesFile(options.dates);
  await using opened = new AsyncDisposableStack();
  const known = openCatalogue(await catalogueOf(options, process));
  opened.defer(() => known.close());
  const { name: settled } = await zoneOf(known, options.timezone, { env, platform, emit });
  const source = await openSource(options.source, sourceOptions(options, emit));
  opened.defer(() => source.close());
  const dater = createDater({
    zone: settled,
    emit,
    fileTimes: source.fileTimes === true,
    preferService: options.prefer === "service",
    told: (key) => overrides.get(key) ?? null,
  });
  opened.defer(() => dater.close());
  const object = await found(options, known, source, signal);
  const comparer = createPictureComparer();
  const explanation = await explain(object, { source, catalogue: known, dater, comparer, signal });
  const undated = { captured: null, camera: null };
  const candidate = { ...object, fallback: false, replaces: false };
  const path = pathOf(candidate, parseTemplate("{key}"), likelyTraits(platform), undated);
  const write = (line: string) => void process.stdout.write(`${line}\n`);
  if (options.json) write(JSON.stringify({ ...explanation, path }));
  else textWriter(process.stdout, write)(explanationSections(explanation, path, settled));
  return EXIT.ok;
}

type Catalogue = ReturnType<typeof openCatalogue>;
type Source = Awaited<ReturnType<typeof openSource>>;

/** From the last listing, or from one made now. */
async function found(
  options: ExplainTyped,
  known: Catalogue,
  source: Source,
  signal: AbortSignal,
): Promise<CataloguedObject> {
  const { key } = options;
  const decision = load(await known.settings.get(LAYOUT_SETTING));
  const before = decision === "unproven" ? null : await known.listing.find(key);
  if (before !== null) return before;
  const emit = () => undefined;
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
  const places: string[] = [];
  for (const { name, value } of await known.settings.beginning(TARGET_SETTING)) {
    for (const { path } of await known.kept(value).find(key))
      places.push(`${path} on ${name.slice(TARGET_SETTING.length)}`);
  }
  if (places.length === 0) return `${source.name} holds no object of the key ${key}`;
  return `${source.name} holds the key ${key} no more; what it was lies as ${places.join(" and as ")}`;
}
