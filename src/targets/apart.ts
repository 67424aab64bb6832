/**
 * Source and target are never one place, nor one inside the other: photohaul would write to its source, and each run
 * would bring home what the last one brought. Decided before anything is written, by names, directories and mounts;
 * what only a look there can tell is asked of the stores and of the listing, further down.
 */

import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cancel } from "../cancel.ts";
import { idIn } from "../catalogue/target-memory.ts";
import { HaulError } from "../errors.ts";
import { type FolderPlace, mayHide, placeOfFolder, type Relation, relationOf } from "../local/folder-place.ts";
import { OWN_FOLDER } from "../manifest-entry.ts";
import { SECOND } from "../measures.ts";
import type { Listed, ObjectHead } from "../model.ts";
import { retrying } from "../retry.ts";
import { parseAddress, ROOTED } from "../stores/all.ts";
import type { Source } from "../stores/source.ts";
import type { Store } from "../stores/store.ts";
import { targetTrouble } from "./target-trouble.ts";

/** A source or a target, as it was typed, and how it is reached. */
export interface NamedPlace {
  readonly name: string;
  readonly role: "source" | "target";
  readonly endpoint?: string | undefined;
  readonly profile?: string | undefined;
}

/** @throws HaulError `usage` where they are one place, or one lies inside the other, as far as can be told from here */
export async function mustLieApart(source: NamedPlace, targets: readonly NamedPlace[]): Promise<void> {
  for (const target of targets) {
    const relation = await relationBetween(target, source);
    if (relation !== "apart") throw refused(target.name, source.name, relation);
  }
  for (const [at, one] of targets.entries()) {
    for (const other of targets.slice(at + 1)) {
      if ((await relationBetween(one, other)) !== "same") continue;
      const says = `a target is named twice: ${one.name} and ${other.name} are one place`;
      throw new HaulError("usage", says);
    }
  }
}

/** @throws HaulError `usage` where what an option names is one of the targets */
export async function mustBeOther(option: string, name: string | null, targets: readonly string[]): Promise<void> {
  if (name === null) return;
  for (const target of targets) {
    const relation = await relationBetween({ name, role: "target" }, { name: target, role: "target" });
    if (relation !== "same") continue;
    throw new HaulError("usage", `${option} ${name} is the target ${target} itself`);
  }
}

/** How `a` lies to `b`, where that is sure; else "apart". @throws errors of the system */
export async function relationBetween(a: NamedPlace, b: NamedPlace): Promise<Relation> {
  if (!isRemote(a.name) && !isRemote(b.name)) return folderRelation(a.name, b.name);
  const { relation, sure } = inStores(a, b);
  return sure ? relation : "apart";
}

async function folderRelation(a: string, b: string): Promise<Relation> {
  const [one, other] = await Promise.all([placeOfFolder(a), placeOfFolder(b)]);
  const relation = relationOf(one, other);
  if (relation !== "apart" || !mayHide(one, other)) return relation;
  const [first, second] = await Promise.all([idsAbove(one), idsAbove(other)]);
  if (first[0] !== "" && second.includes(first[0])) return first[0] === second[0] ? "same" : "around";
  return second[0] !== "" && first.includes(second[0]) ? "inside" : "apart";
}

/** The ids of the targets that a folder is or lies in, its own first; "" for none. */
async function idsAbove({ path }: FolderPlace): Promise<[string, ...string[]]> {
  const idAt = async (folder: string) => {
    const marker = join(folder, OWN_FOLDER, "target.json");
    const isFile = (await stat(marker).catch(() => null))?.isFile() === true;
    return isFile ? (idIn(await readFile(marker, "utf8").catch(() => "")) ?? "") : "";
  };
  const ids: [string, ...string[]] = [await idAt(path)];
  for (let at = path; dirname(at) !== at; at = dirname(at)) ids.push(await idAt(dirname(at)));
  return ids;
}

interface Standing {
  readonly relation: Relation;
  /** False where that is so only if both lie in one store, which their names do not tell. */
  readonly sure: boolean;
}

function inStores(a: NamedPlace, b: NamedPlace): Standing {
  const [first, second] = [storePlace(a.name, a.role), storePlace(b.name, b.role)];
  if (first === null || second === null) return { relation: "apart", sure: true };
  const relation = prefixRelation(first.prefix, second.prefix);
  // One bucket may have several names: an access point's alias, a gateway's.
  const oneName = first.scheme === second.scheme && first.container === second.container;
  return { relation, sure: oneName && (first.scheme !== "s3" || isOneService(a, b)) };
}

function prefixRelation(a: string, b: string): Relation {
  if (a === b) return "same";
  if (a.startsWith(b)) return "inside";
  return b.startsWith(a) ? "around" : "apart";
}

/** Without an endpoint a profile may name one; two profiles may name two. */
function isOneService(a: NamedPlace, b: NamedPlace): boolean {
  if (a.endpoint === undefined || b.endpoint === undefined) return a.endpoint === b.endpoint && a.profile === b.profile;
  return plainUrl(a.endpoint) === plainUrl(b.endpoint);
}

function plainUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).href.replace(/\/+$/, "") : url;
}

const LOOKED_AT = 3;

/** What a target in a store is to look at, where it may be the source behind another name of its bucket or service. */
export function sampleFor(
  target: NamedPlace,
  source: NamedPlace,
  opened: Source,
  signal: AbortSignal,
): { readonly sample?: SourceSample } {
  const { relation, sure } = inStores(target, source);
  if (relation === "apart" || sure) return {};
  const objects = async () => {
    for await (const page of opened.list({}, signal)) return page.objects.slice(0, LOOKED_AT);
    return [];
  };
  const oneName = storePlace(target.name, "target")?.container === storePlace(source.name, "source")?.container;
  const headOf = async (object: Listed) => {
    const { head, bytes } = await opened.open(object, 0, signal);
    await cancel(bytes);
    return head;
  };
  return { sample: { source: source.name, oneName, objects, headOf } };
}

function refused(target: string, source: string, relation: Relation): HaulError {
  const says = {
    same: `the target ${target} is the source ${source}: there would be no second copy`,
    inside: `the target ${target} lies inside the source ${source}: each run would bring home again what the last one brought`,
    around: `the source ${source} lies inside the target ${target}: photohaul would write to its own source`,
    meets: `one folder is mounted below the target ${target} and below the source ${source}: what lies there would be its own copy`,
    apart: "",
  }[relation];
  return new HaulError("usage", `${says}. Name a target that lies outside of the source`);
}

export function isBucket(target: string): boolean {
  return /^s3:\/\//i.test(target);
}

/** True for a place that rclone reaches. */
export function isRemoteOfRclone(place: string): boolean {
  return /^rclone:/i.test(place);
}

/** True for what is no folder, but objects in a store. */
export function isInStore(target: string): boolean {
  return parseAddress(target) !== null;
}

/** True for what is no folder of this computer: in a store, or at an address of a kind that nobody knows. */
export function isRemote(name: string): boolean {
  return isInStore(name) || /^[a-z][a-z0-9+.-]+:\/\//i.test(name);
}

interface StorePlace {
  /** In lower case. */
  readonly scheme: string;
  readonly container: string;
  /** What all keys there begin with: "" for all. */
  readonly prefix: string;
}

/** Which keys of which bucket or container; null for a folder. Of a source the prefix counts as it stands, of a target it is a folder. */
export function storePlace(address: string, role: "source" | "target"): StorePlace | null {
  const at = parseAddress(address);
  if (at === null) return null;
  const { scheme, prefix } = at;
  const rooted = ROOTED.has(scheme);
  const path = prefix.replace(/^\/+|\/+$/g, "");
  const isPrefix = role === "source" && !rooted;
  const container = scheme === "sftp" ? serverOf(at.container, path) : at.container;
  return { scheme, container, prefix: isPrefix ? prefix : path === "" ? "" : `${path}/` };
}

/** Whoever logs in sees the same files, but those of a home folder. */
function serverOf(authority: string, path: string): string {
  const [, user = "", host = "", port = "22"] = /^(?:(.*)@)?(.*?)(?::(\d+))?$/s.exec(authority) ?? [];
  return `${path.startsWith("~") ? `${user}@` : ""}${host.toLowerCase()}:${port}`;
}

/** What lies at a source that may be this place. */
export interface SourceSample {
  /** As people typed it. */
  readonly source: string;
  /** True where bucket or container have one name: that they are two then has to be seen. */
  readonly oneName: boolean;
  /** A few objects of it; empty where it holds none. */
  objects(): Promise<readonly Listed[]>;
  /** What it says of one of them. */
  headOf(object: Listed): Promise<ObjectHead>;
}

/**
 * Is a place in a store the source, behind another name of its bucket or service? An object that has the key, size, ETag and time
 * of the source's own is the source's own, as a copy has the time at which it was made. Only what the service itself
 * replicates keeps its time, and says on either side which one it is.
 * @param name of the target
 * @throws HaulError `usage` where all that is looked at is the same; a target's troubles, but that a look is refused only
 *   where both have one name
 */
export async function mustBeElsewhere(
  store: Store,
  name: string,
  of: SourceSample,
  signal: AbortSignal,
): Promise<void> {
  const sample = await of.objects();
  for (const object of sample) {
    const head = await retrying(() => store.head(object.key, signal), { signal }).catch((error: unknown) => {
      const isRefused = error instanceof HaulError && (error.code === "forbidden" || error.code === "denied");
      if (isRefused && !of.oneName) return null;
      throw targetTrouble(error, name);
    });
    if (head === null || !isSame(head, object)) return;
    if ((await retrying(() => of.headOf(object), { signal })).replication !== head.replication) return;
  }
  if (sample.length === 0) return;
  const says = `${name} is the source ${of.source} behind another name: what lies there has the same keys, ETags and times`;
  throw new HaulError("usage", `${says}. Name another bucket, or a prefix beside that of the source`);
}

/** A head tells the time to the second, rounded either way; a listing may tell more of it. */
function isSame(head: ObjectHead, { size, etag, modified }: Listed): boolean {
  const apart = Math.abs(Date.parse(head.modified) - Date.parse(modified));
  return head.size === size && head.etag === etag && apart <= SECOND;
}
