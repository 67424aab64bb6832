/** Redate: at the end of a run, photos that are kept get another date on every target, where something new dates them. */

import { stopIf } from "../cancel.ts";
import type { Catalogue, ZoneSeeker } from "../catalogue/catalogue.ts";
import { inferZone, stillOf, withZoneOf } from "../dates/infer-zone.ts";
import {
  DATE_RULES,
  dateOverride,
  isOfOlderRules,
  isSurelyOtherwise,
  readAnew,
  readElsewhere,
} from "../dates/kept-date.ts";
import type { Emit } from "../events.ts";
import { fileKindOf } from "../keys/file-kinds.ts";
import type { Captured } from "../model.ts";
import { ZONE_BEFORE } from "../photo/computer-zone.ts";
import type { TargetSet } from "../photo/target-set.ts";
import { counted } from "../report/units.ts";
import type { Target } from "../targets/target.ts";
import {
  type RedatableTarget,
  type Redating,
  type RedatingPorts,
  redateKept,
  redateUnread,
  type UnreadPorts,
} from "./redate-kept.ts";

export type RedatingAll = OverridePorts & UnreadPorts & OlderDatesPorts;

/**
 * First what ExifTool could not be asked of before, then what was read in a zone that was guessed, or is another one now, then what `--dates` tells, then
 * the zones that are lent. Told of once, however many targets a photo lies on.
 * @throws HaulError as `Target.redate`, where it is not of one target alone; doing it again is safe
 */
export async function redateEverywhere(targetSet: TargetSet, ports: RedatingAll): Promise<void> {
  const [first] = targetSet.destinations;
  const heard = new Set<string>();
  for (const place of targetSet.destinations) {
    const emit: Emit = (event) => {
      const before = event.type === "redated" ? heard.has(event.key) : place !== first;
      if (before) return;
      if (event.type === "redated") heard.add(event.key);
      ports.emit(event);
    };
    await targetSet.attempt(place, async () => {
      await redateUnread(place.target, { ...ports, emit });
      await redateGuessed(place.target, { ...ports, emit });
      await redateRezoned(place.target, { ...ports, emit });
      await redateOverridden(place.target, { ...ports, emit });
      await lendZones(place.target, { ...ports, emit });
      await tellOlderDates(place.target, ports);
    });
  }
  // The manifests have grown by what was dated anew.
  await targetSet.flush();
}

export interface OverridePorts extends RedatingPorts {
  /** What the user says, by key. */
  readonly overrides: ReadonlyMap<string, string>;
  /** IANA zone in which wall clocks are read whose zone nobody recorded. */
  readonly zone: string;
  /** True where that is only guessed. */
  readonly zoneGuessed?: boolean;
}

/**
 * What was read in a zone that was only guessed is read in the one that is known now: bytes need not be asked for it.
 * @throws HaulError as `Target.redate`; doing it again is safe
 */
export async function redateGuessed(target: RedatableTarget, ports: Omit<OverridePorts, "overrides">): Promise<void> {
  if (ports.zoneGuessed === true) return;
  const { catalogue, zone, signal } = ports;
  const kept = catalogue.kept(target.id);
  const keys = await kept.guessed.all();
  if (keys.length === 0) return;
  const anew = async function* (): AsyncGenerator<Redating> {
    for (const key of keys) {
      stopIf(signal, "interrupted while dates were set");
      // The newest comes last: its line in the manifest is to hold.
      for (const { captured, ...entry } of (await kept.find(key)).toReversed()) {
        if (captured?.guessed !== undefined) yield { ...entry, captured: readAnew(captured, zone) };
      }
    }
  };
  await redateZone(target, anew(), "had been read in a zone that was only guessed", ports);
  await kept.guessed.forget(keys);
}

/** Tells of how many photos that was. @param had said of them before, for people */
async function redateZone(
  target: RedatableTarget,
  anew: AsyncIterable<Redating>,
  had: string,
  ports: RedatingPorts & Pick<OverridePorts, "zone">,
): Promise<void> {
  const photos = await redateKept(target, anew, "zone", ports);
  if (photos === 0) return;
  const now = `${photos === 1 ? "is" : "are"} read in ${ports.zone} now`;
  const message = `${counted(photos, "photo")} ${had}, and ${now}: in the manifest, and as the time of the file. Names on a target never change`;
  ports.emit({ type: "warning", code: "dated-later", message });
}

/** The setting that says in which zone the photos of a target were read last; after it stands the target's id. */
const READ_IN = "zone-read ";

interface RezoningPorts extends RedatingPorts, Pick<OverridePorts, "zone" | "zoneGuessed"> {
  readonly catalogue: Pick<Catalogue, "kept" | "settings">;
}

/**
 * What was read in the zone that was remembered is read in the one that was typed since. Told by what the manifest has of
 * each, without its bytes. @throws HaulError as `Target.redate`; doing it again is safe
 */
export async function redateRezoned(target: RedatableTarget, ports: RezoningPorts): Promise<void> {
  const { catalogue, zone, signal } = ports;
  if (ports.zoneGuessed === true) return;
  const setting = READ_IN + target.id;
  const known = await catalogue.settings.get(setting);
  if (known === zone) return;
  const was = known ?? (await catalogue.settings.get(ZONE_BEFORE)) ?? zone;
  const anew = async function* (): AsyncGenerator<Redating> {
    for await (const entries of catalogue.kept(target.id).all()) {
      stopIf(signal, "interrupted while dates were set");
      for (const entry of entries) {
        const captured = readElsewhere(entry, was, zone);
        if (captured !== null) yield { ...entry, captured };
      }
    }
  };
  if (was !== zone) await redateZone(target, anew(), `without a zone had been read in ${was}`, ports);
  await catalogue.settings.set(setting, zone);
}

/**
 * What `--dates` says of photos that were kept before it was said; of several objects under one key the newest that is
 * kept is meant. Only what is told is done: a line that is taken out of the file later gives no date back.
 * @throws HaulError as `Target.redate`; doing it again is safe
 */
export async function redateOverridden(target: RedatableTarget, ports: OverridePorts): Promise<void> {
  await redateKept(target, overridesOf(target, ports), "redated", ports);
}

async function* overridesOf(
  { id }: RedatableTarget,
  { catalogue, overrides, zone, zoneGuessed, signal }: OverridePorts,
): AsyncGenerator<Redating> {
  for (const [key, written] of overrides) {
    stopIf(signal, "interrupted while dates were set");
    const [newest] = await catalogue.kept(id).find(key);
    const captured = newest === undefined ? null : dateOverride(newest, written, zone, zoneGuessed);
    if (newest !== undefined && captured !== null) yield { ...newest, captured };
  }
}

/**
 * Photos that carry no zone take that of what their camera took around them; their time on the target and their line in
 * the manifest follow. Decided by all that is kept, so that the end is the same in whatever order photos came and in
 * however many runs. Names stay: a lent zone moves the instant of a photo, not the clock on the wall by which it is filed.
 * Does nothing where nothing was kept since.
 * @throws HaulError as `Target.redate`; doing it again is safe
 */
export async function lendZones(target: RedatableTarget, ports: RedatingPorts): Promise<void> {
  const { zones } = ports.catalogue.kept(target.id);
  if (await zones.settled()) return;
  await redateKept(target, zoned(target, ports, lentTo), "zone", ports);
  // A pair has one zone: a film takes what its still has by now.
  await redateKept(target, zoned(target, ports, ofItsStill), "zone", ports);
  await zones.settle();
}

async function* zoned(
  { id }: RedatableTarget,
  { catalogue, signal }: RedatingPorts,
  dateOf: (seeker: ZoneSeeker) => Captured | null,
): AsyncGenerator<Redating> {
  for await (const seekers of catalogue.kept(id).zones.seekers()) {
    stopIf(signal, "interrupted while zones were lent");
    for (const seeker of seekers) {
      const captured = dateOf(seeker);
      if (captured !== null) yield { ...seeker.entry, captured };
    }
  }
}

function lentTo({ entry, captured, around, halves }: ZoneSeeker): Captured | null {
  const borrower = { ...entry, captured };
  return stillOf(borrower, halves()) === null ? inferZone(borrower, around()) : null;
}

function ofItsStill({ entry, captured, halves }: ZoneSeeker): Captured | null {
  const still = stillOf({ ...entry, captured }, halves());
  return still === null ? null : withZoneOf(still, captured);
}

/** The setting that says which edition was told of; after it stands the target's id. */
const RULES_SETTING = "date-rules ";

interface OlderDatesPorts {
  readonly catalogue: Pick<Catalogue, "settings" | "kept">;
  /** IANA zone of photos that carry none. */
  readonly zone: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Photos on a target that an earlier edition of the rules dated are told of, once for each edition, with the command
 * that dates them again. Nothing is changed here: their bytes would have to be read.
 * @throws HaulError `interrupted`; doing it again is safe
 */
async function tellOlderDates(
  { id, name }: Pick<Target, "id" | "name">,
  { catalogue, zone, emit, signal }: OlderDatesPorts,
): Promise<void> {
  const setting = RULES_SETTING + id;
  if ((await catalogue.settings.get(setting)) === String(DATE_RULES)) return;
  let [older, lost, otherwise] = [0, 0, 0];
  for await (const entries of catalogue.kept(id).all()) {
    stopIf(signal, "interrupted at the end");
    for (const entry of entries) {
      if (fileKindOf(entry.key) === "sidecar") continue;
      if (entry.captured === null) lost += 1;
      else if (isOfOlderRules(entry.captured)) older += 1;
      if (isSurelyOtherwise(entry, zone)) otherwise += 1;
    }
  }
  const said = [
    ...(lost > 0
      ? [`The lists of ${name} have no date of ${counted(lost, "photo")}, as when they had to be mended. `]
      : []),
    ...(older > 0
      ? [
          `${counted(older, "photo")} on ${name} ${older === 1 ? "was" : "were"} dated by the rules of an earlier version. ` +
            `By their names alone ${otherwise} would be dated otherwise now, and of the others some may be once they are read. `,
        ]
      : []),
  ];
  if (said.length > 0) emit({ type: "warning", code: "date-rules", message: said.join("") + howTo(name) });
  await catalogue.settings.set(setting, String(DATE_RULES));
}

function howTo(name: string): string {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(name)
    ? "On a store they keep the dates that they have"
    : `photohaul dates ${name} reads them and sets what differs; no photo is renamed, and the manifest has both dates`;
}
