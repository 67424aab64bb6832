/**
 * Dates in an XMP packet, inside a photo or in a sidecar beside it. Looks for the few properties that date a
 * photo, as attributes or as elements, under whatever prefix their namespace has; no XML parser, so that a
 * packet made to explode is read like any other text, once.
 */

import type { DateCandidate } from "./date-candidate.ts";

/** A packet in a JPEG is at most 64 KB; sidecars of much edited photos reach some hundred. */
const LONGEST = 1 << 20;

/** The better first. `Original` is the same property as `Created` for photoshop:DateCreated (MWG 5.5). */
const PROPERTIES = ["exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate"] as const;
const CHANGED = "xmp:ModifyDate";

const NAMESPACES = new Map([
  ["http://ns.adobe.com/exif/1.0/", "exif"],
  ["http://ns.adobe.com/photoshop/1.0/", "photoshop"],
  ["http://ns.adobe.com/xap/1.0/", "xmp"],
]);

/** Attribute or element: `exif:DateTimeOriginal="…"`, `<exif:DateTimeOriginal>…<`. */
const DATED =
  /([A-Za-z_][\w.-]{0,30}):(DateTimeOriginal|DateCreated|CreateDate|ModifyDate)(?:\s{0,20}=\s{0,20}["']([^"'<]{0,80})["']|\s{0,20}>([^<]{0,80})<)/g;
const DECLARED = /xmlns:([A-Za-z_][\w.-]{0,30})\s{0,20}=\s{0,20}["']([^"'<]{0,200})["']/g;

/**
 * Candidates in the order of trust.
 * @param where `sidecar` for a file of its own, which says what people corrected; `embedded` for a packet
 */
export function datesInXmp(xmp: string, where: "sidecar" | "embedded"): DateCandidate[] {
  const text = xmp.slice(0, LONGEST);
  const prefixes = new Map([...NAMESPACES.values()].map((prefix) => [prefix, prefix]));
  prefixes.set("xap", "xmp");
  for (const [, prefix = "", uri = ""] of text.matchAll(DECLARED)) {
    prefixes.set(prefix, NAMESPACES.get(uri) ?? "?");
  }
  const values = new Map<string, string>();
  for (const [, prefix = "", name = "", attribute, element] of text.matchAll(DATED)) {
    const property = `${prefixes.get(prefix) ?? "?"}:${name}`;
    const value = (attribute ?? element ?? "").trim();
    if (value !== "" && !values.has(property)) values.set(property, value);
  }
  return candidates(values, where);
}

function candidates(
  values: ReadonlyMap<string, string>,
  where: "sidecar" | "embedded",
): DateCandidate[] {
  const source = where === "sidecar" ? "sidecar" : "xmp";
  const found: DateCandidate[] = [];
  for (const tag of PROPERTIES) {
    const written = values.get(tag);
    // A sidecar's CreateDate is often that of the sidecar.
    if (written === undefined || (where === "sidecar" && tag === "xmp:CreateDate")) continue;
    found.push({ row: where, source, tag, written, clock: "local" });
  }
  const changed = values.get(CHANGED);
  if (changed !== undefined && where === "embedded") {
    found.push({ row: "modify", source, tag: CHANGED, written: changed, clock: "local" });
  }
  return found;
}
