/**
 * The zone of a photo that carries none, lent by what its camera took around it:
 *
 *   partner    the other half of a live photo: the same name with another extension, one a still and one a
 *              video, within a minute
 *   neighbour  the nearest within 12 hours by the camera's own clock, of two as near the earlier; a guess, and
 *              said so
 *
 * Only who knows its zone itself lends (zone-lending.ts), so the answer follows from the photos alone, whatever
 * the order in which they came.
 */

import type { ZoneLender } from "../catalogue/zone-lending.ts";
import { extensionOf, fileKindOf, withoutExtension } from "../keys/file-kinds.ts";
import { HOUR, MINUTE } from "../measures.ts";
import type { Captured, Doubt, ManifestEntry } from "../model.ts";
import { CLOCKS_APART, uploadTime } from "./implausible.ts";
import { formatClock, formatInstant } from "./written-time.ts";
import { parseOffset } from "./zone.ts";

/** How far in time a neighbour may be. */
const REACH = 12 * HOUR;
const GUESS = "the zone is that of a photo by the same camera within 12 hours";

/** Lent to whom, and until when it can have been taken. */
type Borrower = Pick<ManifestEntry, "key" | "modified"> & { readonly captured: Captured };

/**
 * The date with the zone that its surroundings lend, in place of one that they lent before.
 * @param around whoever of the same camera knows its zone and is near, in any order
 * @returns null where it stays as it is
 */
export function inferZone(borrower: Borrower, around: readonly ZoneLender[]): Captured | null {
  const { captured, modified } = borrower;
  const lender = partnerOf(borrower, around) ?? neighbourOf(captured, around);
  const offset = lender === null ? null : parseOffset(lender.offset);
  if (lender === null || offset === null) return null;
  if (captured.offset === lender.offset && captured.zoneFrom === lender.zoneFrom) return null;
  const instant = clockOf(captured) - offset * MINUTE;
  const uploaded = uploadTime(modified);
  // A date that is later than its upload already says that the upload is not to be believed.
  const bound = uploaded === null ? null : Math.max(uploaded + CLOCKS_APART, Date.parse(captured.utc));
  if (bound !== null && instant > bound) return null;
  const { guessed: _, ...date } = captured;
  return {
    ...date,
    offset: lender.offset,
    utc: formatInstant(instant, captured.local.slice(20)),
    zoneFrom: lender.zoneFrom,
    ...doubtsWith(captured, lender.zoneFrom),
  };
}

type Lent = Pick<ZoneLender, "offset"> & { readonly zoneFrom: "partner" | "neighbour" };

function partnerOf({ key, captured }: Borrower, around: readonly ZoneLender[]): Lent | null {
  const moving = fileKindOf(key) === "video";
  const stem = withoutExtension(key).toLowerCase();
  const partner = around.find(
    (lender) =>
      withoutExtension(lender.key).toLowerCase() === stem &&
      extensionOf(lender.key) !== "" &&
      (fileKindOf(lender.key) === "video") !== moving &&
      gapTo(captured, lender) <= MINUTE,
  );
  return partner === undefined ? null : { offset: partner.offset, zoneFrom: "partner" };
}

function neighbourOf(captured: Captured, around: readonly ZoneLender[]): Lent | null {
  const [nearest] = around
    .filter((lender) => gapTo(captured, lender) <= REACH)
    .toSorted(
      (a, b) =>
        gapTo(captured, a) - gapTo(captured, b) ||
        clockOf({ local: a.clock }) - clockOf({ local: b.clock }) ||
        (a.key < b.key ? -1 : 1),
    );
  return nearest === undefined ? null : { offset: nearest.offset, zoneFrom: "neighbour" };
}

/** The still that a film is half of: of its name, and within a minute of it by its clock, or as an instant. */
export function stillOf(
  { key, captured }: Pick<Borrower, "key" | "captured">,
  halves: readonly Pick<ManifestEntry, "key" | "captured">[],
): Captured | null {
  const stem = withoutExtension(key).toLowerCase();
  const half = halves.find(
    (one) =>
      one.captured !== null &&
      fileKindOf(one.key) === "image" &&
      withoutExtension(one.key).toLowerCase() === stem &&
      (isAtOnce(captured, one.captured) || (isByClock(captured) && gapOf(captured, one.captured) <= MINUTE)),
  );
  return half?.captured ?? null;
}

/** A film with the zone of its still, also where that was lent. @returns null where it stays as it is */
export function withZoneOf(still: Captured, film: Captured): Captured | null {
  const offset = parseOffset(still.offset ?? "");
  if (offset === null || still.offset === film.offset) return null;
  const { guessed: _, ...date } = film;
  const lent = { ...date, offset: still.offset, zoneFrom: "partner" } as const;
  const fraction = film.local.slice(20);
  if (isAtOnce(film, still)) {
    return { ...lent, local: formatClock(Date.parse(film.utc) + offset * MINUTE, fraction) };
  }
  return { ...lent, utc: formatInstant(clockOf(film) - offset * MINUTE, fraction) };
}

/** The header of a video knows the instant, unless that is a guess. */
function isByClock({ source, doubts = [] }: Captured): boolean {
  return source !== "video" || doubts.includes("guess");
}

function isAtOnce(film: Captured, still: Captured): boolean {
  return Math.abs(Date.parse(film.utc) - Date.parse(still.utc)) <= MINUTE;
}

function gapOf(a: Captured, b: Captured): number {
  return Math.abs(clockOf(a) - clockOf(b));
}

function gapTo(captured: Pick<Captured, "local">, { clock }: ZoneLender): number {
  return Math.abs(clockOf(captured) - clockOf({ local: clock }));
}

/** To the second: the fraction is the photo's own. */
function clockOf({ local }: Pick<Captured, "local">): number {
  return Date.parse(`${local.slice(0, 19)}Z`);
}

/** What was doubtful before, without what was guessed of an earlier lender, and what is guessed now. */
function doubtsWith(
  { warnings = [], doubts = [] }: Captured,
  zoneFrom: Lent["zoneFrom"],
): Pick<Captured, "warnings" | "doubts"> {
  const all = warnings
    .map((message, at): readonly [string, Doubt] => [message, doubts[at] ?? "guess"])
    .filter(([message]) => message !== GUESS);
  if (zoneFrom === "neighbour") all.unshift([GUESS, "guess"]);
  return { warnings: all.map(([message]) => message), doubts: all.map(([, doubt]) => doubt) };
}
