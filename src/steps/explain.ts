/** Explain: everything that is known or decided about one key, from the catalogue and the object itself. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Catalogue, TARGET_SETTING } from "../catalogue/catalogue.ts";
import { refusing } from "../keys/key-filter.ts";
import { HEAD_BYTES } from "../measures.ts";
import type { CataloguedObject, ManifestEntry } from "../model.ts";
import type { Suspect } from "../originals/family-pattern.ts";
import { unitOf } from "../originals/family-proof.ts";
import { load, type ProvenFamily } from "../originals/saved-layout.ts";
import { originalFor } from "../originals/siblings.ts";
import type { Dater } from "../photo/date.ts";
import type { Dated } from "../photo/decide-date.ts";
import { fetchObject, saveTo } from "../photo/fetch.ts";
import { createSidecarReader } from "../photo/sidecars.ts";
import type { PictureComparer } from "../pictures/picture-comparer.ts";
import type { Source } from "../stores/source.ts";
import { comparePair, see } from "./compare-pair.ts";
import { LAYOUT_SETTING } from "./judge.ts";
import { notedBefore, suspectOf } from "./layout-report.ts";

export interface Explanation {
  readonly object: CataloguedObject;
  /** The other objects of the same photo. */
  readonly siblings: readonly CataloguedObject[];
  /** Where it lies, on each target that the catalogue knows. */
  readonly kept: readonly { readonly target: string; readonly entry: ManifestEntry }[];
  readonly failures: readonly { readonly target: string; readonly reason: string }[];
  readonly dated: Dated;
  /** What could not be told of the files beside it, one sentence each. */
  readonly unclear: readonly string[];
  /** By which layout it was decided, and why by that; null where no key is told to be a rendition. */
  readonly layout: { readonly id: string; readonly reason: string } | null;
  /** What speaks for the family, as the run that inferred it said. */
  readonly evidence: string | null;
  /** The family that it looks like it belongs to, and was not believed to. */
  readonly suspect: Suspect | null;
  /** Of a rendition and its original: what their pictures show. */
  readonly compared: string | null;
}

interface ExplainPorts {
  readonly source: Source;
  readonly catalogue: Catalogue;
  readonly dater: Dater;
  readonly comparer: PictureComparer;
  readonly signal: AbortSignal;
}

/**
 * Reads the object once, into a temporary file that is gone afterwards.
 * @throws HaulError as fetching does
 */
export async function explain(object: CataloguedObject, ports: ExplainPorts): Promise<Explanation> {
  const { catalogue } = ports;
  const kept: { target: string; entry: ManifestEntry }[] = [];
  const failures: { target: string; reason: string }[] = [];
  for (const { name, value } of await catalogue.settings.beginning(TARGET_SETTING)) {
    const target = name.slice(TARGET_SETTING.length);
    for (const entry of await catalogue.kept(value).find(object.key)) kept.push({ target, entry });
    const { failure } = await catalogue.kept(value).statusOf(object);
    if (failure !== null) failures.push({ target, reason: failure.reason });
  }
  const family = object.stem === null ? [] : await catalogue.listing.siblings(object.stem);
  const siblings = family.filter(({ key }) => key !== object.key);
  const loaded = load(await catalogue.settings.get(LAYOUT_SETTING));
  const saved = loaded === "unproven" ? null : loaded;
  const proven = saved?.families.get(unitOf(object.family)) ?? null;
  return {
    object,
    siblings,
    kept,
    failures,
    ...(await dateOf(object, ports)),
    layout: saved === null ? null : { id: saved.layout.id, reason: saved.reason },
    evidence: object.kind === "rendition" ? (proven?.evidence ?? null) : null,
    suspect: object.kind === "original" ? await suspectFor(object, proven, catalogue) : null,
    compared: await compare(object, siblings, ports),
  };
}

/** The family that an original looks like it belongs to: one that is not proven, or was never proposed. */
async function suspectFor(
  object: CataloguedObject,
  proven: ProvenFamily | null,
  catalogue: Catalogue,
): Promise<Suspect | null> {
  return proven === null ? ((await notedBefore(catalogue)).find(isOf(object)) ?? null) : suspectOf(proven);
}

/** True for the suspects whose option would skip the object. */
function isOf(object: CataloguedObject): (suspect: Suspect) => boolean {
  return ({ option }) => {
    const glob = /^--exclude '(.*)'$/.exec(option)?.[1];
    return glob !== undefined && refusing({ include: [], exclude: [glob], since: null })(object) !== null;
  };
}

/** What the pictures of a would-be rendition and its original show, now. */
async function compare(
  object: CataloguedObject,
  siblings: readonly CataloguedObject[],
  ports: ExplainPorts,
): Promise<string | null> {
  const parent = originalFor(object, siblings);
  const looksLikeOne = object.kind === "rendition" || (object.kind === "original" && object.family !== "original");
  if (!looksLikeOne || parent === null) return null;
  try {
    const seen = {
      child: await see(object, "rendition", ports),
      parent: await see(parent, "original", ports),
    };
    const compared = await comparePair({ child: object, parent }, seen, ports);
    const figure = compared.likeness === null ? "" : `, likeness ${compared.likeness.toFixed(2)}`;
    return `${parent.key}: ${compared.verdict} (${compared.why}${figure})`;
  } finally {
    ports.comparer.close();
  }
}

async function dateOf(object: CataloguedObject, ports: ExplainPorts): Promise<Pick<Explanation, "dated" | "unclear">> {
  const { source, dater, signal } = ports;
  const folder = await mkdtemp(join(tmpdir(), "photohaul-explain-"));
  try {
    const file = join(folder, "photo");
    const fetching = await fetchObject(source, object, { signal, onRetry: () => undefined });
    const firstBytes = await saveTo(file, fetching.bytes, HEAD_BYTES, signal);
    const { head } = fetching;
    const unclear: string[] = [];
    const note = (_: string, message: string) => void unclear.push(message);
    const reader = createSidecarReader(ports.catalogue, source, note);
    const sidecars = await reader.of(object.key, signal);
    const company = (asked: AbortSignal) => reader.company(object.key, asked);
    const photo = { object: fetching.object, head, firstBytes, sidecars, company, file };
    return { dated: await dater.date(photo, signal), unclear };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
