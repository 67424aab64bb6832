/**
 * Where a photo goes whose name depends on what is in it. What belongs together stays together: the moving
 * half of a live photo, the JPEG of a RAW and the sidecars go where the truest still of them goes, under its
 * name, though their own dates may differ by seconds or fall into another month.
 *
 *   IMG_1.HEIC, IMG_1.MOV, IMG_1.HEIC.xmp → 2012/06/IMG_1.HEIC, 2012/06/IMG_1.MOV, 2012/06/IMG_1.HEIC.xmp
 *   where another IMG_1.HEIC was there    → 2012/06/IMG_1~1a2b3c4d.HEIC, 2012/06/IMG_1~1a2b3c4d.MOV, …
 */

import type { Candidate, Catalogue } from "../catalogue/catalogue.ts";
import { HaulError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { compareKeys } from "../key.ts";
import { extensionOf, fileKindOf, withoutExtension } from "../keys/file-kinds.ts";
import type { Limiter } from "../limiter.ts";
import { HEAD_BYTES } from "../measures.ts";
import type { CataloguedObject, HeadDate } from "../model.ts";
import type { Template } from "../naming/template.ts";
import { stemOfKey } from "../originals/classify.ts";
import type { Source } from "../stores/source.ts";
import type { Target } from "../targets/target.ts";
import type { Dater } from "./date.ts";
import { fetchStart, mayPass, noticingRetry } from "./fetch.ts";
import type { Namer } from "./namer.ts";
import { pathOf } from "./plan.ts";
import type { SidecarReader } from "./sidecars.ts";

interface CompanyPorts {
  readonly source: Source;
  readonly catalogue: Catalogue;
  readonly dater: Dater;
  readonly sidecars: SidecarReader;
  readonly template: Template;
  readonly limiter: Pick<Limiter, "failed">;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

interface Destination {
  readonly target: Pick<Target, "id" | "traits">;
  readonly namer: Namer;
}

/** Leads whose path is remembered in a run; of those before, the catalogue knows where they lie. */
const REMEMBERED = 10_000;

/** @returns the path, free of every other photo's, which is this photo's from now on */
export async function companionPath(
  object: Candidate,
  dated: HeadDate,
  to: Destination,
  ports: CompanyPorts,
): Promise<string> {
  const lead = await leadOf(object, ports.catalogue);
  const own = () => named(object, dated, to, ports);
  if (lead === null) return own();
  // Also where it is alone: a sidecar may ask for its path.
  if (lead.key === object.key) return object.replaces ? own() : ofLead(lead, own, to);
  const path = await pathOfLead(lead, to, ports);
  const beside = path === null ? null : besideLead(object.key, lead.key, path);
  return beside === null ? own() : (await to.namer.name(object, beside)).path;
}

/** The truest still of the photo that this belongs to, itself perhaps; null where it belongs to none. */
async function leadOf(object: CataloguedObject, catalogue: Catalogue): Promise<CataloguedObject | null> {
  if (object.stem === null || object.kind === "rendition") return null;
  const company = (await catalogue.listing.siblings(object.stem)).filter(
    ({ key, kind, size }) => kind === "original" && size > 0 && isBeside(object.key, key),
  );
  const [lead] = company.sort((a, b) => moves(a.key) - moves(b.key) || a.rank - b.rank || compareKeys(a.key, b.key));
  return lead ?? null;
}

function moves(key: string): number {
  return Number(fileKindOf(key) === "video");
}

/** True for names that differ in their extension only; a sidecar may have it behind the photo's. */
function isBeside(key: string, other: string): boolean {
  return stemOfKey(key) === stemOfKey(other) || stemOfKey(withoutExtension(key)) === stemOfKey(other);
}

/** `IMG_1.MOV` beside `IMG_1.HEIC` at `x/IMG_1~1a2b3c4d.HEIC` → `x/IMG_1~1a2b3c4d.MOV`; null where that path shows no such name. */
function besideLead(key: string, lead: string, path: string): string | null {
  const extension = extensionOf(lead);
  if (extension === "" || extensionOf(path) !== extension) return null;
  const name = withoutExtension(key);
  const stem = stemOfKey(key) === stemOfKey(lead) ? name : withoutExtension(name);
  return `${withoutExtension(path)}${key.slice(stem.length)}`;
}

async function pathOfLead(lead: CataloguedObject, to: Destination, ports: CompanyPorts): Promise<string | null> {
  const known = to.namer.leads.get(lead.key);
  if (known !== undefined) return known;
  const [kept] = await ports.catalogue.kept(to.target.id).find(lead.key);
  if (kept !== undefined) return kept.path;
  const dated = await dateOf(lead, ports);
  const candidate = { ...lead, fallback: false, replaces: false };
  return dated === null ? null : ofLead(lead, () => named(candidate, dated, to, ports), to);
}

/** Decided once: by the lead itself or by the first of its company. */
function ofLead({ key }: CataloguedObject, decide: () => Promise<string>, { namer }: Destination): Promise<string> {
  const paths = namer.leads;
  const known = paths.get(key);
  if (known !== undefined) return known;
  const [oldest] = paths.keys();
  if (paths.size >= REMEMBERED && oldest !== undefined) paths.delete(oldest);
  const decided = decide();
  paths.set(key, decided);
  return decided;
}

async function named(
  object: Candidate,
  { captured, camera, fileName }: HeadDate,
  { target, namer }: Destination,
  { template }: CompanyPorts,
): Promise<string> {
  const wanted = pathOf(object, template, target.traits, { captured, camera, fileName });
  return (await namer.name(object, wanted)).path;
}

/**
 * By its first bytes; null where it cannot be had.
 * @throws HaulError that ends the run, and what may pass: its company is not filed elsewhere for that
 */
async function dateOf(lead: CataloguedObject, ports: CompanyPorts): Promise<HeadDate | null> {
  const { source, dater, sidecars, signal } = ports;
  try {
    const onRetry = noticingRetry(lead.key, ports);
    const read = await fetchStart(source, lead, HEAD_BYTES, { signal, onRetry });
    return await dater.date({ ...read, sidecars: await sidecars.of(lead.key, signal) }, signal);
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    if (!error.retry) return null;
    throw mayPass(lead.key, error);
  }
}
