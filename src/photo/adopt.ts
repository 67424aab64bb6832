/**
 * Adopt: what the manifest of a target names and the catalogue does not know is taken over, without a byte being
 * read: after the loss of the catalogue, on another computer, and after a run that was cut between the two.
 */

import { stopIf } from "../cancel.ts";
import type { Catalogue, Settings } from "../catalogue/catalogue.ts";
import type { Claim } from "../catalogue/claims.ts";
import type { Adoption } from "../catalogue/compare-lists.ts";
import type { AdoptedEvent, Emit } from "../events.ts";
import { folded } from "../naming/name.ts";
import type { Target } from "../targets/target.ts";
import { adoptionOf, type Holding, holdingOf } from "./adoption.ts";
import { type Settling, settleLists } from "./settle-lists.ts";

/** The settings that say how far the catalogue knows a target's lists; after it stands the target's id. */
export const MARK_SETTING = "manifest ";
/** Photos that are named one by one when they do not lie where the manifest says. */
const NAMED = 20;

/** A target whose photos may be taken over. */
type Adopted = Pick<
  Target,
  "name" | "id" | "traits" | "memory" | "entries" | "manifestMark" | "lists" | "open" | "look" | "vouchesFor" | "list"
>;

export interface AdoptPorts {
  readonly catalogue: Catalogue;
  /** As the target remembers it. */
  readonly source: string;
  /** True for `--adopt`: the manifest holds, whatever the catalogue knows. */
  readonly insisted: boolean;
  /** False for a dry run: nothing is mended. */
  readonly mends: boolean;
  /** As `Settling.onLying`; also of a photo that may be another source's. */
  readonly onLying?: Settling["onLying"];
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export interface TakenOver {
  /** Photos. */
  readonly photos: number;
  /** True where the lists of the target did not agree with one another, and were mended unless this is a dry run. */
  readonly disagreed: boolean;
}

/**
 * To be called after a whole listing of the source. Costs the reading of the lists' bytes where nothing is new. Where
 * the lists are not those that are remembered, grown, nothing that is remembered of the target counts any more: its
 * manifest is believed, once its lists agree with one another.
 * @throws HaulError a target's troubles
 */
export async function adopt(target: Adopted, ports: AdoptPorts): Promise<TakenOver> {
  const { catalogue, insisted, mends, signal } = ports;
  if (target.id === "") return { photos: 0, disagreed: false };
  const mark = await target.manifestMark(signal);
  const known = (await catalogue.settings.get(MARK_SETTING + target.id)) || null;
  const kept = catalogue.kept(target.id);
  if (!insisted && mark === known && !(await kept.lacks())) return { photos: 0, disagreed: false };
  const follows = known !== null && (await target.lists.follows(known, signal));
  const adoption = await kept.adoption();
  try {
    let looked: ReturnType<typeof lookAround> | null = null;
    const look = () => (looked ??= lookAround(target, adoption, signal));
    const others: { readonly folded: string; readonly sha256: string }[] = [];
    const onOther = (there: (typeof others)[number]) => others.push(there);
    const settling = { ...ports, target, adoption, follows, lookAround: look, onOther };
    const disagreed = await settleLists(settling);
    // What is remembered may be what the lists are mended from, so a dry run lets it be.
    if (disagreed && !mends) return { photos: 0, disagreed };
    if (insisted || !follows) await forget(target.id, catalogue);
    await kept.forgetOthers(others);
    const photos = await takeOver(target, adoption, look, ports);
    await takeRenewed(target.id, adoption, ports);
    const now = disagreed ? await target.manifestMark(signal) : mark;
    await catalogue.settings.set(MARK_SETTING + target.id, now);
    await kept.complete();
    return { photos, disagreed };
  } finally {
    adoption.end();
  }
}

/**
 * Would anything be taken over? Asked before a target that somebody insists on is written to or remembered: one that holds
 * another source's photos only stays as it is. Lists that are to be mended may hold some, once they are.
 * @throws HaulError a target's troubles
 */
export async function mayTakeOver(target: Adopted, ports: AdoptPorts): Promise<boolean> {
  const { catalogue, source, signal } = ports;
  if (target.id === "") return false;
  const kept = catalogue.kept(target.id);
  if (await kept.any()) return true;
  const adoption = await kept.adoption();
  try {
    const look = () => lookAround(target, adoption, signal);
    const quiet = { ...ports, mends: false, emit: () => undefined, onOther: () => undefined, follows: false };
    const { sources } = target.memory;
    const disagreed = await settleLists({ ...quiet, target, adoption, lookAround: look });
    if (disagreed && (sources.length === 0 || sources.includes(source))) return true;
    await look();
    const holding = holdingOf(sources, source, true);
    for await (const chunk of adoption.claims()) {
      stopIf(signal);
      if (chunk.some((claims) => adoptionOf(claims, holding).standing === "kept")) return true;
    }
    return false;
  } finally {
    adoption.end();
  }
}

/** All that the manifest of a target names is in the catalogue: it need not be read again. */
export async function rememberMark(
  catalogue: { readonly settings: Pick<Settings, "set"> },
  target: Pick<Target, "id" | "manifestMark">,
  signal: AbortSignal,
): Promise<void> {
  await catalogue.settings.set(MARK_SETTING + target.id, await target.manifestMark(signal));
}

/** `photohaul dates` gives photos of a target other dates, and knows no catalogue; an earlier version kept less of a line. */
async function takeRenewed(target: string, adoption: Adoption, { catalogue, signal }: AdoptPorts): Promise<void> {
  for await (const chunk of adoption.renewed()) {
    stopIf(signal);
    await catalogue.kept(target).zones.forget(chunk.map(({ entry }) => entry));
    await catalogue.kept(target).add(chunk);
  }
}

/** A run that is cut meanwhile leaves no mark, so that the next one takes over the rest. */
async function forget(target: string, catalogue: Catalogue): Promise<void> {
  await catalogue.settings.set(MARK_SETTING + target, "");
  await catalogue.kept(target).forget();
}

/** Looks at what lies there only where that may be this source's: it takes a while. */
async function takeOver(
  target: Adopted,
  adoption: Adoption,
  look: () => Promise<void>,
  ports: AdoptPorts,
): Promise<number> {
  const { catalogue, source, insisted, onLying, emit, signal } = ports;
  const holding = holdingOf(target.memory.sources, source, insisted);
  let unknown = 0;
  for await (const chunk of adoption.claims()) {
    stopIf(signal);
    for (const claims of chunk) {
      const { claim, standing } = adoptionOf(claims, holding);
      if (standing !== "foreign") unknown += 1;
      // It may be another source's. Where the bytes of this one are the same, they lie there already.
      else if (claim.listed?.etag === claim.entry.etag) onLying?.(target.name, claim.entry);
    }
  }
  if (unknown === 0) return 0;
  const says = `the manifest of ${target.name} names ${unknown} photos, and it is not known whether they lie there; looking`;
  emit({ type: "warning", code: "adopting", message: says });
  await look();
  const tally = new Tally(target.name, emit);
  for await (const chunk of adoption.claims()) {
    stopIf(signal);
    await catalogue.kept(target.id).add(tally.count(chunk, holding));
  }
  return tally.tell();
}

async function lookAround(target: Adopted, adoption: Adoption, signal: AbortSignal): Promise<void> {
  for await (const { objects } of target.list({}, signal)) {
    adoption.seen(objects.map(({ key, size }) => ({ folded: folded(key, target.traits), size })));
  }
}

class Tally {
  readonly #event: { -readonly [Field in keyof AdoptedEvent]: AdoptedEvent[Field] };
  readonly #emit: Emit;

  constructor(target: string, emit: Emit) {
    this.#event = { type: "adopted", target, photos: 0, bytes: 0, missing: 0, foreign: 0 };
    this.#emit = emit;
  }

  /** @returns what counts as kept; what does not is told */
  count(chunk: readonly (readonly Claim[])[], holding: Holding) {
    const adopted = chunk.map((claims) => adoptionOf(claims, holding));
    for (const { claim, standing } of adopted) {
      if (standing === "foreign") this.#event.foreign += 1;
      else if (standing === "missing") this.#miss(claim);
      else {
        this.#event.photos += 1;
        this.#event.bytes += claim.entry.size;
      }
    }
    return adopted
      .filter(({ standing }) => standing === "kept")
      .map(({ claim: { entry, folded: name } }) => ({ entry, folded: name }));
  }

  tell(): number {
    const { missing, target } = this.#event;
    if (missing > NAMED) this.#warn(`and ${missing - NAMED} more photos do not lie on ${target}`);
    this.#emit(this.#event);
    return this.#event.photos;
  }

  #miss({ entry, found, listed }: Claim): void {
    this.#event.missing += 1;
    if (this.#event.missing > NAMED) return;
    const { target } = this.#event;
    const how =
      found === null
        ? `${entry.path} does not lie on ${target}, though its manifest names it`
        : `${entry.path} on ${target} has ${found} bytes and not ${entry.size}, or was replaced`;
    const next = listed === null ? "and its key is gone at the source" : "so it is fetched again";
    this.#warn(`${how}: it does not count as kept, ${next}`, entry.key);
  }

  #warn(message: string, key?: string): void {
    const more = key === undefined ? {} : { key };
    this.#emit({ type: "warning", code: "not-there", message, ...more });
  }
}
