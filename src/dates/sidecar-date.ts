/**
 * What a file beside a photo says of when it was taken; sidecar-pairs.ts says which files those are.
 *
 *   XMP     what people corrected in a photo manager
 *   JSON    Google Takeout: photoTakenTime, in seconds since 1970; what Google knows, with corrections, but without
 *           the zone, so it ranks as a service and not above EXIF
 *   MOI, XML   what cameras write beside a film (film-notes.ts)
 *   AAE     Apple's edits: when it was edited, which is not when it was taken
 */

import { unicodeText } from "../metadata/unicode.ts";
import type { DateCandidate, ZoneEvidence } from "./date-candidate.ts";
import { datesInFilmXml, datesInMoi } from "./film-notes.ts";
import type { TagFindings } from "./tag-date.ts";
import { unixSeconds } from "./written-time.ts";
import { findingsInXmp } from "./xmp-date.ts";

/** A sidecar is a few kilobytes. Of XMP with painted masks, which may be longer, so much is read; others are none then. */
export const LONGEST_SIDECAR = 1 << 20;

/** True for a sidecar that says something though only its beginning is read. */
export function isReadInPart(name: string): boolean {
  return /\.xmp$/i.test(name);
}

/**
 * What a sidecar says; nothing where it is of another kind, or broken. Never throws.
 * @param name of the sidecar, whose extension tells what it is
 */
export function findingsInSidecar(name: string, bytes: Uint8Array): TagFindings {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (bytes.length > LONGEST_SIDECAR && !isReadInPart(name)) return { candidates: [], evidence: {} };
  const text = unicodeText(bytes.subarray(0, LONGEST_SIDECAR));
  switch (extension) {
    case "xmp":
      return findingsInXmp(text, "sidecar");
    case "json":
      return takeout(text);
    case "moi":
      return { candidates: datesInMoi(bytes), evidence: {} };
    case "xml":
      return { candidates: datesInFilmXml(text), evidence: {} };
    case "aae":
      return { candidates: adjusted(text), evidence: {} };
    default:
      return { candidates: [], evidence: {} };
  }
}

function takeout(text: string): TagFindings {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { candidates: [], evidence: {} };
  }
  const stated = field(field(json, "photoTakenTime"), "timestamp");
  const count = typeof stated === "string" || typeof stated === "number" ? String(stated) : "";
  const written = unixSeconds(count);
  const tag = "photoTakenTime";
  const candidates: DateCandidate[] =
    written === null ? [] : [{ row: "service", source: "sidecar", tag, written, clock: "utc" }];
  return { candidates, evidence: position(json) };
}

/** What the camera wrote above what Google guessed; 0, 0 is Google's word for "unknown". */
function position(json: unknown): ZoneEvidence {
  for (const name of ["geoDataExif", "geoData"]) {
    const data = field(json, name);
    const latitude = field(data, "latitude");
    const longitude = field(data, "longitude");
    if (typeof latitude !== "number" || typeof longitude !== "number") continue;
    if (latitude !== 0 || longitude !== 0) return { position: { latitude, longitude } };
  }
  return {};
}

/** `<key>adjustmentTimestamp</key><date>2021-08-14T16:20:04Z</date>` */
function adjusted(text: string): DateCandidate[] {
  const written = /<key>adjustmentTimestamp<\/key>\s{0,40}<date>([^<]{1,40})<\/date>/.exec(text)?.[1];
  const tag = "adjustmentTimestamp";
  return written === undefined ? [] : [{ row: "modify", source: "sidecar", tag, written, clock: "utc" }];
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
