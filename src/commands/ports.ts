/** Opens what verbs work on: the catalogue, the source, a target that photos were kept on. */

import type { z } from "zod";
import { type Catalogue, SERVICE_SETTING } from "../catalogue/catalogue.ts";
import { beginsAsDatabase } from "../catalogue/database-file.ts";
import { openCatalogue } from "../catalogue/open-catalogue.ts";
import type { Zone } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { refusing } from "../keys/key-filter.ts";
import { allLayouts, findLayout } from "../layouts/all.ts";
import type { Layout } from "../layouts/layout.ts";
import { createLimiter, type Limiter } from "../limiter.ts";
import { placeOfFolder, relationOf } from "../local/folder-place.ts";
import { mostOpenFiles, photosAtOnce } from "../local/open-files.ts";
import type { SurveyOptions } from "../mirror.ts";
import { parseTemplate } from "../naming/template.ts";
import { zoneOf } from "../photo/computer-zone.ts";
import { createPictureComparer, type PictureComparer } from "../pictures/picture-comparer.ts";
import type { Process } from "../run/command.ts";
import type { RunState } from "../run/state.ts";
import { mustBeSource, openSource } from "../stores/all.ts";
import type { Source } from "../stores/source.ts";
import { isRemote } from "../targets/apart.ts";
import type { REPORT_OPTIONS } from "./output-options.ts";
import { catalogueOf, identityOf, serviceHost } from "./remembered.ts";
import { type CHOICE_OPTIONS, type SOURCE_OPTIONS, sourceOptions } from "./source-options.ts";

type SurveyOptionShapes = typeof SOURCE_OPTIONS & typeof CHOICE_OPTIONS & typeof REPORT_OPTIONS;
/** What `mirror` and `inventory` are both told; the rest only a mirror is. */
export interface SurveyTyped extends z.output<z.ZodObject<SurveyOptionShapes>> {
  readonly concurrency?: number | "auto";
  readonly name?: string;
  readonly timezone?: string | null;
  readonly limit?: number | null;
  readonly adopt?: boolean;
}

/** @throws HaulError `usage` for a bad template, layout, or glob */
export async function surveyOptions(typed: SurveyTyped): Promise<SurveyOptions> {
  mustBeSource(typed.source);
  return {
    layout: await layoutOf(typed.layout),
    known: allLayouts(),
    renditions: typed.renditions,
    proofBytes: typed["proof-bytes"],
    refusal: refusing({ include: typed.include, exclude: typed.exclude, since: typed.since }),
    template: parseTemplate(typed.name ?? "{key}"),
    limit: typed.limit ?? null,
  };
}

async function layoutOf(name: string): Promise<"auto" | Layout> {
  if (name === "auto") return "auto";
  const known = findLayout(name);
  if (known !== null) return known;
  if (/[./\\]/.test(name)) {
    // With the reader of TOML it takes 20 ms of CPU to load (measured), and few runs are given a file.
    const { loadLayoutFile } = await import("../originals/layout-file.ts");
    return loadLayoutFile(name);
  }
  throw new HaulError("usage", `--layout ${name}: there is no layout of that name; \`photohaul layouts\` lists them`);
}

export interface Opened {
  readonly source: Source;
  readonly catalogue: Catalogue;
  readonly limiter: Limiter;
  readonly comparer: PictureComparer;
  /** The zone of photos that carry none. */
  readonly zone: Zone;
}

/** Opens the catalogue (one run at a time) and the source; the state closes them, also after an error here. */
export async function openSurvey(
  command: string,
  typed: SurveyTyped,
  state: RunState,
  emit: Emit,
  process: Process,
): Promise<Opened> {
  const catalogue = await openOrRebuild(typed, emit, process);
  state.catalogue = catalogue;
  state.renditions = typed.renditions;
  state.opened.defer(() => catalogue.close());
  if (typed.catalogue !== null) await mustBeOfSource(catalogue, typed.catalogue, await identityOf(typed, process.env));
  await catalogue.settings.set(SERVICE_SETTING, await serviceHost(typed, process.env));
  await catalogue.runs.start(command);
  const zone = await zoneOf(catalogue, typed.timezone ?? null, process);
  const most = photosAtOnce(mostOpenFiles());
  const { concurrency: wanted = "auto" } = typed;
  const limiter = createLimiter({
    // A number that was typed holds; where few files may be open, what finds its own would find that out by failing.
    concurrency: wanted === "auto" && most < MANY ? most : wanted,
    listConcurrency: typed["list-concurrency"],
    emit,
  });
  const source = await openSource(typed.source, {
    ...sourceOptions(typed, emit),
    onRetry: (error) => limiter.failed(error),
    others: () => catalogue.listing.spread(OTHERS),
  });
  state.requests = source.requests;
  state.opened.defer(() => source.close());
  const comparer = createPictureComparer();
  state.opened.defer(async () => comparer.close());
  return { source, catalogue, limiter, comparer, zone };
}

/** What is found out by going faster never comes to more photos at once than this. */
const MANY = 64;
/** So many that are planned and so many that are kept say whether a source that refuses many photos refuses all. */
const OTHERS = 64;

/** The setting that names the source of a catalogue that was given by name; others are named after theirs. */
const SOURCE_SETTING = "source";

/**
 * Files of a folder are known by their size and time alone, and of objects not every ETag is made of their bytes: those of
 * another source may have the same, and each would then count as kept for the other.
 * @param source what tells it from others
 * @throws HaulError `usage`
 */
async function mustBeOfSource({ settings }: Pick<Catalogue, "settings">, file: string, source: string): Promise<void> {
  const known = await settings.get(SOURCE_SETTING);
  if (known === source) return;
  if (known !== null && !(await isOnePlace(known, source))) {
    const says = `--catalogue ${file} is the catalogue of ${known}; another source has another. Name another file, or leave --catalogue out: what lies on the targets is known again`;
    throw new HaulError("usage", says);
  }
  await settings.set(SOURCE_SETTING, source);
}

async function isOnePlace(a: string, b: string): Promise<boolean> {
  if (isRemote(a) || isRemote(b)) return false;
  return relationOf(await placeOfFolder(a), await placeOfFolder(b)) === "same";
}

/**
 * A damaged catalogue makes room for a new one, since it can be rebuilt; not so a file of another kind that was
 * named by mistake, unless rebuilding is asked for.
 */
async function openOrRebuild(typed: SurveyTyped, emit: Emit, process: Process): Promise<Catalogue> {
  const file = await catalogueOf(typed, process);
  const warn = (aside: string) => {
    const message = `the catalogue ${file} is damaged. It is kept as ${aside}, and a new one is begun`;
    emit({ type: "warning", code: "catalogue", message });
  };
  const ours = typed.catalogue === null || typed.adopt === true || beginsAsDatabase(file);
  return ours ? openCatalogue(file, warn) : openCatalogue(file);
}
