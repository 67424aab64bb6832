/**
 * The date that somebody tells of a photo that is kept already, whose bytes are not read again for it: what is known
 * of its zone is what is written down of it.
 *
 *   the words name an offset                that one
 *   the camera notes its zone               the offset that was found then
 *   its position names a zone               that zone's offset at the time that is told
 *   none of these                           the zone of `--timezone`; the offset stays unknown
 */

import type { Captured, ManifestEntry } from "../model.ts";
import { decideCaptureDate } from "./capture-date.ts";
import { formatOffset, offsetAt } from "./zone.ts";

/**
 * @param written in a form that written-time.ts reads
 * @param defaultZone IANA zone
 * @returns null where it stays as it is: that is known already, or the words are no date
 */
export function dateOverride(
  { captured: before, modified }: Pick<ManifestEntry, "captured" | "modified">,
  written: string,
  defaultZone: string,
): Captured | null {
  const zones = before?.zoneFrom === "camera" ? [{ tag: "", written: before.offset ?? "" }] : undefined;
  const said = { row: "user", source: "user", tag: "--dates", clock: "local", written } as const;
  const { captured } = decideCaptureDate([said], {
    modified,
    defaultZone: before?.zone ?? defaultZone,
    ...(zones === undefined ? {} : { evidence: { zones } }),
  });
  if (captured === null || captured.source !== "user") return null;
  const told = {
    ...located(captured, before?.zone),
    ...(before?.camera === undefined ? {} : { camera: before.camera }),
  };
  return before !== null && isSame(told, before) ? null : told;
}

function located(captured: Captured, zone: string | undefined): Captured {
  if (zone === undefined || captured.offset !== null) return captured;
  const offset = formatOffset(offsetAt(zone, Date.parse(captured.utc)));
  return { ...captured, offset, zone, zoneFrom: "position" };
}

function isSame(a: Captured, b: Captured): boolean {
  const { local, offset, utc, source, precision } = a;
  return local === b.local && offset === b.offset && utc === b.utc && source === b.source && precision === b.precision;
}
