/** What `mirror` and `inventory` have in common: from options to an open source, catalogue and plan rules. */

import { resolve } from "node:path";
import { z } from "zod";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { beginsAsDatabase } from "../catalogue/database-file.ts";
import { openCatalogue } from "../catalogue/open-catalogue.ts";
import type { Zone } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { refusing } from "../keys/key-filter.ts";
import { allLayouts, findLayout } from "../layouts/all.ts";
import type { Layout } from "../layouts/layout.ts";
import { createLimiter, type Limiter } from "../limiter.ts";
import { mostOpenFiles, photosAtOnce } from "../local/open-files.ts";
import type { SurveyOptions } from "../mirror.ts";
import { parseTemplate } from "../naming/template.ts";
import { createPictureComparer, type PictureComparer } from "../pictures/picture-comparer.ts";
import type { Process } from "../run/command.ts";
import type { RunState } from "../run/state.ts";
import { openSource, type SourceOptions } from "../stores/all.ts";
import type { Source } from "../stores/source.ts";
import { catalogueFile, sourceName } from "./catalogue-file.ts";
import { type Computer, zoneOfComputer } from "./computer-zone.ts";
import { concurrency, date, serviceUrl, sizeOrNothing, texts, whole, zone } from "./parse.ts";
import { isBucket } from "./target-options.ts";

/** The options that say how to reach a source, as they are typed. */
export const SOURCE_SHAPE = {
  source: z.string(),
  endpoint: serviceUrl.nullable().default(null),
  region: z.string().nullable().default(null),
  profile: z.string().nullable().default(null),
  "no-sign-request": z.boolean().default(false),
  "request-payer": z.boolean().default(false),
  "as-of": date.nullable().default(null),
};
const sourceShape = z.object(SOURCE_SHAPE);
export type SourceTyped = z.output<typeof sourceShape>;

/** The options of a survey, as they are typed. */
export const SURVEY_SHAPE = {
  ...SOURCE_SHAPE,
  "list-concurrency": concurrency,
  concurrency,
  layout: z.string().default("auto"),
  "proof-bytes": sizeOrNothing.nullable().default(null),
  renditions: z.enum(["skip", "fallback", "keep"]).default("fallback"),
  include: texts,
  exclude: texts,
  since: date.nullable().default(null),
  name: z.string().default("{key}"),
  timezone: zone.nullable().default(null),
  limit: whole.nullable().default(null),
  catalogue: z.string().nullable().default(null),
};
const shape = z.object(SURVEY_SHAPE);
export type SurveyTyped = z.output<typeof shape>;

/** The catalogue's path for these options. */
export async function catalogueOf(
  typed: Reach & Pick<SurveyTyped, "catalogue">,
  process: Pick<Process, "env" | "platform">,
): Promise<string> {
  if (typed.catalogue !== null) return resolve(typed.catalogue);
  const source = sourceName(typed.source);
  const endpoint = await endpointOf(typed, process.env);
  return catalogueFile(process.env, process.platform, source, endpoint);
}

type Reach = Pick<SurveyTyped, "source" | "endpoint" | "profile">;

/** @throws HaulError `usage` for a bad template, layout, or glob */
export async function surveyOptions(typed: SurveyTyped): Promise<SurveyOptions> {
  return {
    layout: await layoutOf(typed.layout),
    known: allLayouts(),
    renditions: typed.renditions,
    proofBytes: typed["proof-bytes"],
    refusal: refusing({ include: typed.include, exclude: typed.exclude, since: typed.since }),
    template: parseTemplate(typed.name),
    limit: typed.limit,
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

/** The service that answers: what was typed, else what the tools of AWS are told of; null for AWS itself. */
async function endpointOf({ source, endpoint, profile }: Reach, env: Process["env"]): Promise<string | null> {
  if (endpoint !== null || !isBucket(source)) return endpoint;
  const { configuredEndpoint } = await import("../stores/s3/endpoint.ts");
  return (await configuredEndpoint(profile ?? undefined, env)) ?? null;
}

/** True where the prices of AWS are those that will be asked for. */
export async function isOnAws(typed: Reach, env: Process["env"]): Promise<boolean> {
  return isBucket(typed.source) && (await endpointOf(typed, env)) === null;
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
  typed: SurveyTyped & { readonly adopt?: boolean },
  state: RunState,
  emit: Emit,
  process: Process,
): Promise<Opened> {
  const catalogue = await openOrRebuild(typed, emit, process);
  state.catalogue = catalogue;
  state.renditions = typed.renditions;
  state.opened.defer(() => catalogue.close());
  await catalogue.runs.start(command);
  const zoneName = await zoneOf(catalogue, typed.timezone, {
    env: process.env,
    platform: process.platform,
    emit,
  });
  const most = photosAtOnce(mostOpenFiles());
  const { concurrency: wanted } = typed;
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
  return { source, catalogue, limiter, comparer, zone: zoneName };
}

/** What is found out by going faster never comes to more photos at once than this. */
const MANY = 64;
/** So many that are planned and so many that are kept say whether a source that refuses many photos refuses all. */
const OTHERS = 64;

/** What of the options concerns the source. */
export function sourceOptions(typed: SourceTyped, emit: Emit): SourceOptions {
  const { endpoint, region, profile, "as-of": asOf } = typed;
  return {
    ...(endpoint === null ? {} : { endpoint }),
    ...(region === null ? {} : { region }),
    ...(profile === null ? {} : { profile }),
    ...(asOf === null ? {} : { asOf: new Date(asOf) }),
    noSignRequest: typed["no-sign-request"],
    requestPayer: typed["request-payer"],
    emit,
  };
}

/**
 * A damaged catalogue makes room for a new one, since it can be rebuilt; not so a file of another kind that was
 * named by mistake, unless rebuilding is asked for.
 */
async function openOrRebuild(
  typed: SurveyTyped & { readonly adopt?: boolean },
  emit: Emit,
  process: Process,
): Promise<Catalogue> {
  const file = await catalogueOf(typed, process);
  const told = (aside: string) => {
    const message = `the catalogue ${file} is damaged. It is kept as ${aside}, and a new one is begun`;
    emit({ type: "warning", code: "catalogue", message });
  };
  const ours = typed.catalogue === null || typed.adopt === true || beginsAsDatabase(file);
  return ours ? openCatalogue(file, told) : openCatalogue(file);
}

/**
 * What was typed, else what was remembered, else this computer's zone, which nobody chose. What is typed is
 * remembered; a run that dates photos remembers the others too, so that a later one under cron and UTC files and
 * dates a photo where this one does.
 */
export async function zoneOf(
  catalogue: Catalogue,
  typed: string | null,
  { emit, ...computer }: Computer & { readonly emit: Emit },
): Promise<Zone> {
  if (typed !== null) await rememberZone(catalogue, typed);
  const chosen = typed ?? (await catalogue.settings.get(ZONE_SETTING));
  if (chosen !== null) return { name: chosen, chosen: true };
  const { name, doubt } = zoneOfComputer(computer);
  if (doubt !== null) emit({ type: "warning", code: "zone", message: doubt });
  return { name, chosen: false };
}

export async function rememberZone(catalogue: Catalogue, name: string): Promise<void> {
  await catalogue.settings.set(ZONE_SETTING, name);
}

const ZONE_SETTING = "zone";
