/**
 * New dates for photos that are kept already: told by a person, or decided again because an earlier edition of the rules
 * did. Each edition has a number, which stands with every date that it decided; a date that people told themselves has
 * none, as no rule decided it.
 *
 *   1   (no number)
 *   2   times of upload refuse nothing, finer within vaguer, names in the forms of all phones, hidden zones
 */

import { MINUTE } from "../measures.ts";
import type { Captured, ManifestEntry } from "../model.ts";
import { decideCaptureDate } from "./capture-date.ts";
import { datesInKey } from "./name-date.ts";
import { formatClock, formatInstant } from "./written-time.ts";
import { formatOffset, instantIn, offsetAt } from "./zone.ts";

/** To be raised with every change after which photos that are kept would be dated otherwise. */
export const DATE_RULES = 2;

/** True where an earlier edition decided, or nothing did. */
export function isOfOlderRules(captured: Captured | null): boolean {
  if (captured === null) return true;
  return captured.source !== "user" && (captured.rules ?? 1) < DATE_RULES;
}

/** True where nothing dated it, or its name alone: a sidecar that came later may, or ExifTool that could not run then. */
export function mayBeKnownBetter(captured: Captured | null): boolean {
  return captured === null || isOfOlderRules(captured) || BY_NAME.has(captured.source);
}

/**
 * True where the manifest alone shows that the photo would be dated otherwise now: by its name, or as nothing dated
 * it for the sake of a time of upload that is none. Of all others their bytes tell.
 * @param zone IANA zone of photos that carry none
 */
export function isSurelyOtherwise(kept: Named & Pick<ManifestEntry, "captured">, zone: string): boolean {
  const { captured } = kept;
  if (captured === null || !isOfOlderRules(captured) || !BY_NAME.has(captured.source)) return false;
  return !isSameMoment(captured, byName(kept, zone));
}

/** What the manifest has of a photo for its name to date it. */
type Named = Pick<ManifestEntry, "key" | "etag" | "modified">;

function byName({ key, etag, modified }: Named, defaultZone: string): Captured | null {
  return decideCaptureDate(datesInKey(key), { modified, defaultZone, fileTimes: isOfFile(etag) }).captured;
}

/** True for what a folder as source calls a file, by its size and its time (stores/folder/folder-source.ts): a time of no upload. */
export function isOfFile(etag: string): boolean {
  return /^\d+-\d{15,20}$/.test(etag);
}

const FROM_NAME = new Set<Captured["source"]>(["name", "key"]);
/** Sources of which the manifest has all that there is. */
const BY_NAME = new Set<Captured["source"]>([...FROM_NAME, "modified"]);
/** What neither the photo nor its name says, and nothing says again. */
const FROM_OUTSIDE = new Set<Captured["source"]>(["service", "metadata", "sidecar"]);

/**
 * The date of a kept photo that was read again.
 * @param fresh by the photo, its name and what lies beside it, without what only its store knew
 * @returns null where it stays as it is
 */
export function reconsidered(kept: Captured | null, fresh: Captured | null): Captured | null {
  if (fresh === null) return null;
  // The store knew the name that a photo came with; what is left of that here says no better.
  if (kept !== null && FROM_NAME.has(kept.source) && !isOfOlderRules(kept) && BY_NAME.has(fresh.source)) return null;
  // What a name was believed to say is taken back where it says nothing.
  if (fresh.source === "modified") return kept !== null && FROM_NAME.has(kept.source) ? fresh : null;
  if (kept === null || kept.source === "modified") return fresh;
  if (kept.source === "user" || isSameMoment(kept, fresh)) return null;
  return FROM_OUTSIDE.has(kept.source) ? null : fresh;
}

/** The same wall clock, as well known, in the same zone; a zone that others lent is as good as none. */
function isSameMoment(kept: Captured, fresh: Captured | null): boolean {
  if (fresh === null) return false;
  const lent = kept.zoneFrom === "partner" || kept.zoneFrom === "neighbour";
  const zone = fresh.offset === null ? lent || kept.offset === null : kept.offset === fresh.offset;
  return kept.local === fresh.local && kept.precision === fresh.precision && zone;
}

/**
 * The date that somebody tells of a photo that is kept already, whose bytes are not read again for it: what is known
 * of its zone is what is written down of it.
 *
 *   the words name an offset                that one
 *   the camera notes its zone               the offset that was found then
 *   its position names a zone               that zone's offset at the time that is told
 *   none of these                           the zone of `--timezone`; the offset stays unknown
 *
 * @param written in a form that written-time.ts reads
 * @param defaultZone IANA zone. @param zoneGuessed true where that is only guessed
 * @returns null where it stays as it is: that is known already, or the words are no date
 */
export function dateOverride(
  { captured: before, modified }: Pick<ManifestEntry, "captured" | "modified">,
  written: string,
  defaultZone: string,
  zoneGuessed = false,
): Captured | null {
  const zones = before?.zoneFrom === "camera" ? [{ tag: "", written: before.offset ?? "" }] : undefined;
  const said = { row: "user", source: "user", tag: "--dates", clock: "local", written } as const;
  const { captured } = decideCaptureDate([said], {
    modified,
    defaultZone: before?.zone ?? defaultZone,
    zoneGuessed: zoneGuessed && before?.zone === undefined,
    ...(zones === undefined ? {} : { evidence: { zones } }),
  });
  if (captured === null || captured.source !== "user") return null;
  const override = {
    ...located(captured, before?.zone),
    ...(before?.camera === undefined ? {} : { camera: before.camera }),
  };
  return before !== null && isSameDate(override, before) ? null : override;
}

/** A date of which half was read in a zone that was only guessed, in the one that is known now. @param zone IANA zone */
export function readAnew({ guessed, ...captured }: Captured, zone: string): Captured {
  return guessed === undefined ? captured : halfAnew(captured, guessed, zone);
}

/** @param half made of the other one by the zone */
function halfAnew(captured: Captured, half: "local" | "utc", zone: string): Captured {
  const fraction = captured.local.slice(20);
  if (half === "utc") {
    const clock = Date.parse(`${captured.local.slice(0, 19)}Z`);
    return { ...captured, utc: formatInstant(instantIn(zone, clock), fraction) };
  }
  const instant = Date.parse(captured.utc);
  return { ...captured, local: formatClock(instant + offsetAt(zone, instant) * MINUTE, fraction) };
}

/**
 * A date of which half was read in one zone, in another one; null where nothing changes, or the manifest does not say which
 * half was read so. What films and most sidecars say counts in UTC or not as whoever wrote it did: they keep their instant.
 * @param was IANA zone in which it was read. @param zone the one that is right
 */
export function readElsewhere(kept: ManifestEntry, was: string, zone: string): Captured | null {
  const { captured } = kept;
  if (captured === null || captured.offset !== null || captured.zoneFrom !== undefined) return null;
  const now = FROM_NAME.has(captured.source)
    ? nameElsewhere(kept, captured, was, zone)
    : halfElsewhere(kept, captured, was, zone);
  return now === null || isSameDate(now, captured) ? null : now;
}

/** Sources of a wall clock without a zone, but for the time of a PNG's last change. */
const OF_WALL_CLOCKS = new Set<Captured["source"]>(["exif", "xmp", "iptc", "user"]);
const OF_INSTANTS = new Set<Captured["source"]>(["modified", "metadata"]);

function halfElsewhere({ key }: ManifestEntry, captured: Captured, was: string, zone: string): Captured | null {
  const { source, tag = "" } = captured;
  if (OF_INSTANTS.has(source)) return halfAnew(captured, "local", zone);
  if (!OF_WALL_CLOCKS.has(source) || (/\.png$/i.test(key) && /ModifyDate/.test(tag))) return null;
  return halfAnew(captured, "utc", was).utc === captured.utc ? halfAnew(captured, "utc", zone) : null;
}

/** What the name alone says is decided again. */
function nameElsewhere(kept: ManifestEntry, captured: Captured, was: string, zone: string): Captured | null {
  const [before, now] = [byName(kept, was), byName(kept, zone)];
  if (before === null || now === null || !isSameDate(before, captured)) return null;
  return { ...captured, local: now.local, utc: now.utc };
}

function located(captured: Captured, zone: string | undefined): Captured {
  if (zone === undefined || captured.offset !== null) return captured;
  const offset = formatOffset(offsetAt(zone, Date.parse(captured.utc)));
  return { ...captured, offset, zone, zoneFrom: "position" };
}

function isSameDate(a: Captured, b: Captured): boolean {
  const { local, offset, utc, source, precision } = a;
  return local === b.local && offset === b.offset && utc === b.utc && source === b.source && precision === b.precision;
}
