/**
 * Files beside a photo that say when it was taken, and by which names they are found.
 *
 *   photo.jpg.xmp, photo.xmp     XMP: what people corrected in a photo manager
 *   photo.jpg.json               Google Takeout: photoTakenTime, in seconds since 1970; what Google knows, with
 *                                corrections, but without the zone, so it ranks as a service and not above EXIF
 *   photo.AAE                    Apple's edits: when it was edited, which is not when it was taken
 *
 * Takeout cuts a name with its extension to 46 characters before `.json` (51 in all), writes
 * `.supplemental-metadata` before it since 2024 (cut likewise), counts twins as `photo.jpg(1).json` for
 * `photo(1).jpg`, and gives edited copies the file of their original.
 */

import type { DateCandidate, ZoneEvidence } from "./date-candidate.ts";
import type { TagFindings } from "./tag-date.ts";
import { unixSeconds } from "./written-time.ts";
import { datesInXmp } from "./xmp-date.ts";

/** A sidecar is a few kilobytes; one of more than this is none. */
export const LONGEST_SIDECAR = 1 << 20;

const TAKEOUT_NAME = 46;
/** What Takeout writes after the name of an edited copy, by language. */
const EDITED =
  /-(?:edited|effects|smile|mix|bearbeitet|modifié|editado|editada|modificato|bewerkt)$/i;

/**
 * The keys under which the sidecars of a photo may lie, the most trusted first. A photo has few of them, if any.
 * @param key of the photo
 */
export function sidecarKeys(key: string): string[] {
  const slash = key.lastIndexOf("/") + 1;
  const folder = key.slice(0, slash);
  const name = key.slice(slash);
  const dot = name.lastIndexOf(".");
  if (name === "") return [];
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const names = [`${name}.xmp`, `${stem}.xmp`, `${name}.XMP`, `${stem}.XMP`];
  names.push(...takeoutNames(stem, dot > 0 ? name.slice(dot) : ""));
  names.push(`${stem}.AAE`, `${stem}.aae`);
  return [...new Set(names)].filter((other) => other !== name).map((other) => folder + other);
}

function takeoutNames(stem: string, extension: string): string[] {
  const counted = /^(.+)(\(\d+\))$/.exec(stem);
  const [bare, count] = counted === null ? [stem, ""] : [counted[1] ?? "", counted[2] ?? ""];
  const stems = EDITED.test(bare) ? [bare, bare.replace(EDITED, "")] : [bare];
  return stems.flatMap((known) =>
    ["", ".supplemental-metadata"].map((middle) => {
      const cut = Array.from(`${known}${extension}${middle}`).slice(0, TAKEOUT_NAME).join("");
      return `${cut}${count}.json`;
    }),
  );
}

/**
 * What a sidecar says; nothing where it is of another kind, or broken. Never throws.
 * @param name of the sidecar, whose extension tells what it is
 */
export function findingsInSidecar(name: string, text: string): TagFindings {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (text.length > LONGEST_SIDECAR) return { candidates: [], evidence: {} };
  switch (extension) {
    case "xmp":
      return { candidates: datesInXmp(text, "sidecar"), evidence: {} };
    case "json":
      return takeout(text);
    case "aae":
      return { candidates: adjusted(text), evidence: {} };
    default:
      return { candidates: [], evidence: {} };
  }
}

function takeout(text: string): TagFindings {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
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
  const written = /<key>adjustmentTimestamp<\/key>\s{0,40}<date>([^<]{1,40})<\/date>/.exec(
    text,
  )?.[1];
  const tag = "adjustmentTimestamp";
  return written === undefined
    ? []
    : [{ row: "modify", source: "sidecar", tag, written, clock: "utc" }];
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
