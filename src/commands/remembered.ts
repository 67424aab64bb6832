/** What is remembered on this computer and where: the catalogues there are, of which source each is, and the logs of checks. */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { renameDatabase } from "../catalogue/database-file.ts";
import { type CatalogueState, readCatalogueState } from "../catalogue/read-state.ts";
import type { Location } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import { jsonOf } from "../manifest-entry.ts";
import type { Process } from "../run/command.ts";
import { isBucket, isRemote } from "../targets/apart.ts";
import type { Target } from "../targets/target.ts";
import { serviceUrl, text } from "./option-values.ts";

/** How the source is reached, for verbs that only look into what is remembered of it. */
export const MEANT_OPTIONS = {
  endpoint: serviceUrl
    .nullable()
    .default(null)
    .meta({ description: "the --endpoint that the source is mirrored with" }),
  profile: text.meta({ description: "the --profile that it is mirrored with" }),
};

/** How a source is named and reached, as for `mirror`. */
export interface Meant {
  /** A source, or the file of a catalogue. */
  readonly what: string;
  readonly endpoint: string | null;
  readonly profile: string | null;
}

/** The catalogues where they lie when nobody says otherwise, in the order of their names. */
export async function allCatalogues(process: Process): Promise<string[]> {
  const folder = stateFolder(process.env, process.platform);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(".sqlite"))
    .toSorted()
    .map((name) => join(folder, name));
}

/** The catalogue's file, whether or not there is one. */
export async function fileOf({ what, ...reach }: Meant, process: Process): Promise<string> {
  if (what.endsWith(".sqlite")) return resolve(what);
  return catalogueOf({ source: what, catalogue: null, ...reach }, process);
}

/**
 * The catalogues that are meant: the one that is named, else those of the source wherever its service answers, unless
 * that was said.
 * @returns at least one, each of which is there
 * @throws HaulError `usage` where there is none
 */
export async function filesMeant(meant: Meant, process: Process): Promise<[string, ...string[]]> {
  const file = await fileOf(meant, process);
  if (existsSync(file)) return [file];
  const said = meant.endpoint !== null || meant.profile !== null;
  const [first, ...more] = said ? [] : await filesOf(meant.what, process);
  if (first !== undefined) return [first, ...more];
  throw new HaulError("usage", `nothing is remembered of ${meant.what}: there is no ${file}`);
}

async function filesOf(what: string, process: Process): Promise<string[]> {
  const found: string[] = [];
  for (const file of await allCatalogues(process)) {
    const state = readCatalogueState(file);
    if (state !== null && sourceName(sourceOf(state)) === sourceName(what)) found.push(file);
  }
  return found;
}

const shape = z.object({ source: z.string() });

/** As it was given to the last run; the name of the file where no run says it. */
export function sourceOf({ runs, file }: CatalogueState): string {
  for (const { summary } of runs) {
    const { data } = shape.safeParse(summary === null ? null : jsonOf(summary));
    if (data !== undefined) return data.source;
  }
  return basename(file, ".sqlite");
}

type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/**
 * One file per source: in the XDG state folder, on Windows in LOCALAPPDATA. The endpoint belongs to the
 * source's identity, as buckets of two services may have one name; a slash at the end of either says nothing.
 * That of a Swift is where it is signed in to.
 * @returns an absolute path such as `~/.local/state/photohaul/s3-photos-2012-1a2b3c4d.sqlite`
 */
export function catalogueFile(
  env: EnvironmentVariables,
  platform: NodeJS.Platform,
  source: string,
  endpoint: string | null,
): string {
  const name = sourceName(source);
  const place = serviceOf(source, endpoint, env);
  const identity = place === null ? name : `${name} at ${place.replace(/\/+$/, "")}`;
  const hash = createHash("sha256").update(identity).digest("hex").slice(0, 8);
  const words = source
    .replaceAll(/[^0-9A-Za-z]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 60);
  return join(stateFolder(env, platform), `${words}-${hash}.sqlite`);
}

/** Where a source's service answers, as far as that is told or known; null for AWS itself. */
function serviceOf(source: string, endpoint: string | null, env: EnvironmentVariables): string | null {
  return endpoint ?? (/^swift:/i.test(source) ? swiftAddress(env) : null);
}

/**
 * What tells the source of a catalogue from others, whatever part of it is listed: a bucket and where its service answers, of
 * all else the whole path. Holds no secret: of an address that carries one, its user and query are left out, and its path
 * is told by a digest.
 */
export async function identityOf(typed: Reach, env: Process["env"]): Promise<string> {
  const { source } = typed;
  const bucket = /^(?:s3|swift):\/\/[^/]+/i.exec(source)?.[0];
  if (bucket === undefined) return sourceName(source);
  const service = serviceOf(source, await endpointOf(typed, env), env);
  if (service === null) return bucket;
  const url = URL.parse(service);
  const path = (url?.pathname ?? service).replace(/\/+$/, "");
  const place = [
    url?.host ?? "",
    ...(path === "" ? [] : [createHash("sha256").update(path).digest("hex").slice(0, 8)]),
  ];
  return `${bucket} at ${place.join(" ").trim()}`;
}

/** The host that answers for the source, without any secret that its address may carry; "" for AWS itself and for a folder. */
export async function serviceHost(typed: Reach, env: Process["env"]): Promise<string> {
  const { source } = typed;
  const service = isRemote(source) ? serviceOf(source, await endpointOf(typed, env), env) : null;
  return service === null ? "" : (URL.parse(service)?.host ?? "");
}

/** The name of a source, however it is spelled: a folder by its whole path, a bucket without a slash at its end. */
export function sourceName(source: string): string {
  if (!isRemote(source)) return resolve(source);
  return source.replace(/^((?:s3|swift):\/\/[^/]+|sftp:.*?|rclone:[^:]*:.*?[^:/])\/+$/is, "$1");
}

function swiftAddress(env: EnvironmentVariables): string | null {
  return env.ST_AUTH || env.OS_AUTH_URL || env.OS_STORAGE_URL || null;
}

/**
 * What is remembered of the checks of a target, beside the catalogues; named by the id in its target.json and by where
 * it lies, as a clone has the same id.
 * @param location null for the name that earlier versions gave, which knew no clones
 */
export function checkLogFile(
  env: EnvironmentVariables,
  platform: NodeJS.Platform,
  id: string,
  location: Location | null,
): string {
  // The number of a device is another one after each start of the computer.
  const holder = location?.holder.replace(/^device:.*/, "") ?? "";
  const place = [holder, location?.within, ...(location?.disk === undefined ? [] : [location.disk])];
  const hash = createHash("sha256").update(place.join(" ")).digest("hex").slice(0, 8);
  const name = id.replaceAll(/[^\w-]/g, "_") + (location === null ? "" : `-${hash}`);
  return join(stateFolder(env, platform), "checks", `${name}.sqlite`);
}

/** The id under which it is remembered what photos of a sealed target were opened: other files than the sealed ones. */
export function openedLog(id: string): string {
  return `${id}-opened`;
}

/** Where catalogues lie when nobody says otherwise. */
export function stateFolder(env: EnvironmentVariables, platform: NodeJS.Platform): string {
  const home = env.HOME ?? homedir();
  const windows = platform === "win32" ? env.LOCALAPPDATA : undefined;
  const base = env.XDG_STATE_HOME || windows || join(home, ".local", "state");
  return resolve(base, "photohaul");
}

/** The log of an earlier version, which knew no copies, or no disks, is that of the first copy that is verified. */
export function checkLogOf(
  { id, location }: Pick<Target, "id" | "location">,
  { env, platform }: Pick<Process, "env" | "platform">,
): string {
  const file = checkLogFile(env, platform, id, location);
  for (const earlier of [{ ...location, disk: undefined }, null]) {
    if (!existsSync(file)) renameDatabase(checkLogFile(env, platform, id, earlier), file);
  }
  return file;
}

/** The catalogue's path for these options. */
export async function catalogueOf(
  typed: Reach & { readonly catalogue: string | null },
  process: Pick<Process, "env" | "platform">,
): Promise<string> {
  if (typed.catalogue !== null) return resolve(typed.catalogue);
  const source = sourceName(typed.source);
  const endpoint = await endpointOf(typed, process.env);
  return catalogueFile(process.env, process.platform, source, endpoint);
}

interface Reach {
  readonly source: string;
  readonly endpoint: string | null;
  readonly profile: string | null;
}

/** The service that answers: what was typed, else what the tools of AWS are told of; null for AWS itself. */
async function endpointOf({ source, endpoint, profile }: Reach, env: Process["env"]): Promise<string | null> {
  if (endpoint !== null || !isBucket(source)) return endpoint;
  const { configuredEndpoint } = await import("../stores/s3/credentials.ts");
  return (await configuredEndpoint(profile ?? undefined, env)) ?? null;
}

/** True where the prices of AWS are those that will be asked for. */
export async function isOnAws(typed: Reach, env: Process["env"]): Promise<boolean> {
  return isBucket(typed.source) && (await endpointOf(typed, env)) === null;
}
