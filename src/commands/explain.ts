/** `photohaul explain`: the whole reasoning about one key. */

import { z } from "zod";
import { TARGET_SETTING } from "../catalogue/catalogue.ts";
import { openCatalogue } from "../catalogue/open-catalogue.ts";
import { EXIT } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import { allLayouts } from "../layouts/all.ts";
import { createLimiter } from "../limiter.ts";
import { PROOF_BYTES } from "../mirror.ts";
import type { CataloguedObject } from "../model.ts";
import { parseTemplate } from "../naming/template.ts";
import { likelyTraits } from "../naming/traits.ts";
import { load } from "../originals/saved-layout.ts";
import { createDater } from "../photo/date.ts";
import { pathOf } from "../photo/plan.ts";
import { createPictureComparer } from "../pictures/picture-comparer.ts";
import { textWriter } from "../report/terminal.ts";
import type { Command, Process, Typed } from "../run/command.ts";
import { explain } from "../steps/explain.ts";
import { classifyListing, LAYOUT_SETTING } from "../steps/judge.ts";
import { listInto } from "../steps/list.ts";
import { openSource } from "../stores/all.ts";
import { mustConcern } from "./concern.ts";
import { readDatesFile } from "./dates-file.ts";
import { explanationSections } from "./explanation-sections.ts";
import { DATE_OPTIONS, KEEP_OPTIONS, OUTPUT_OPTIONS, SOURCE_OPTIONS } from "./options.ts";
import { parse, zone } from "./parse.ts";
import { catalogueOf, SOURCE_SHAPE, sourceOptions, zoneOf } from "./survey-setup.ts";

const SHAPE = z.object({
  ...SOURCE_SHAPE,
  key: z.string(),
  timezone: zone.nullable().default(null),
  dates: z.string().nullable().default(null),
  prefer: z.enum(["file", "service"]).default("file"),
  catalogue: z.string().nullable().default(null),
  json: z.boolean().default(false),
});
type Options = z.output<typeof SHAPE>;

const { timezone } = KEEP_OPTIONS;
const { catalogue, json } = OUTPUT_OPTIONS;

export const command: Command = {
  positional: "<source> <key>",
  positionals: {
    source: "s3://bucket[/prefix], swift://container[/prefix], or a folder",
    key: "the whole key of an object",
  },
  description:
    "Tells why a key is an original or not, where it lies or would go, and every candidate for its date with the reason it won or lost. Lists the source if that was never done.",
  options: { ...SOURCE_OPTIONS, ...pick({ timezone, ...DATE_OPTIONS, catalogue, json }) },
  examples: [
    ["photohaul explain s3://my-photos original/2012/06/IMG_0001.jpg", "what about this photo?"],
    ["photohaul explain s3://my-photos tile/2012/06/IMG_0001.jpg", "and why is this none?"],
  ],
  run,
};

function pick<T>(options: Record<string, T | undefined>): Record<string, T> {
  const given: Record<string, T> = {};
  for (const [name, option] of Object.entries(options)) if (option !== undefined) given[name] = option;
  return given;
}

async function run(typed: Typed, process: Process): Promise<number> {
  const options = parse(SHAPE, typed);
  mustConcern({ source: options.source, by: "the source", targets: [] }, options);
  const { signal } = process;
  const emit = () => undefined;
  const byUser = await readDatesFile(options.dates);
  const known = openCatalogue(await catalogueOf(options, process));
  try {
    const { name: settled } = await zoneOf(known, options.timezone, {
      env: process.env,
      platform: process.platform,
      emit,
    });
    const source = await openSource(options.source, sourceOptions(options, emit));
    const dater = createDater({
      zone: settled,
      emit,
      fileTimes: source.fileTimes === true,
      preferService: options.prefer === "service",
      told: (key) => byUser.get(key) ?? null,
    });
    try {
      const object = await found(options, known, source, signal);
      const comparer = createPictureComparer();
      const told = await explain(object, { source, catalogue: known, dater, comparer, signal });
      const undated = { captured: null, camera: null };
      const candidate = { ...object, fallback: false, replaces: false };
      const path = pathOf(candidate, parseTemplate("{key}"), likelyTraits(process.platform), undated);
      const write = (line: string) => void process.stdout.write(`${line}\n`);
      if (options.json) write(JSON.stringify({ ...told, path }));
      else textWriter(process.stdout, write)(explanationSections(told, path, settled));
      return EXIT.ok;
    } finally {
      await dater.close();
      await source.close();
    }
  } finally {
    await known.close();
  }
}

type Catalogue = ReturnType<typeof openCatalogue>;
type Source = Awaited<ReturnType<typeof openSource>>;

/** From the last listing, or from one made now. */
async function found(
  options: Options,
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
  const limiter = createLimiter({ concurrency: "auto", listConcurrency: "auto" });
  await listInto(source, known.listing, { limiter, emit, signal });
  const comparer = createPictureComparer();
  const prove = { source, comparer, emit, signal, budget: PROOF_BYTES };
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
