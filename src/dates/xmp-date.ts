/** Dates and the place in an XMP packet, inside a photo or in a sidecar beside it. */

import type { DateCandidate, DateFindings, DateRow, ZoneEvidence } from "./date-candidate.ts";
import { propertiesIn } from "./xmp-properties.ts";

const EXIF_NAMESPACE = "http://ns.adobe.com/exif/1.0/";
const XMP_NAMESPACE = "http://ns.adobe.com/xap/1.0/";

interface DatedProperty {
  readonly tag: string;
  readonly name: string;
  /** What stands in fields of their own, where a program copied them from EXIF one by one. */
  readonly offset?: string;
  readonly subSeconds?: string;
  /** A sidecar's CreateDate is often that of the sidecar. */
  readonly embeddedOnly?: true;
}

/** The better first. `Original` is the same property as `Created` for photoshop:DateCreated (MWG 5.5). */
const DATE_PROPERTIES: readonly DatedProperty[] = [
  {
    tag: "exif:DateTimeOriginal",
    name: `${EXIF_NAMESPACE}DateTimeOriginal`,
    offset: `${EXIF_NAMESPACE}OffsetTimeOriginal`,
    subSeconds: `${EXIF_NAMESPACE}SubSecTimeOriginal`,
  },
  { tag: "photoshop:DateCreated", name: "http://ns.adobe.com/photoshop/1.0/DateCreated" },
  { tag: "acdsee:datetime", name: "http://ns.acdsee.com/iptc/1.0/datetime" },
  { tag: "xmpDM:shotDate", name: "http://ns.adobe.com/xmp/1.0/DynamicMedia/shotDate" },
  { tag: "xmp:CreateDate", name: `${XMP_NAMESPACE}CreateDate`, embeddedOnly: true },
  { tag: "exif:DateTimeDigitized", name: `${EXIF_NAMESPACE}DateTimeDigitized`, embeddedOnly: true },
];
const CHANGED = `${XMP_NAMESPACE}ModifyDate`;
const FIX = `${EXIF_NAMESPACE}GPSTimeStamp`;
const LATITUDE = `${EXIF_NAMESPACE}GPSLatitude`;
const LONGITUDE = `${EXIF_NAMESPACE}GPSLongitude`;

const WANTED_PROPERTIES: ReadonlySet<string> = new Set([
  ...DATE_PROPERTIES.flatMap(({ name, offset, subSeconds }) => [name, offset ?? name, subSeconds ?? name]),
  CHANGED,
  FIX,
  LATITUDE,
  LONGITUDE,
]);
/** What a packet must have in it somewhere to be worth parsing; most in pictures have none of it. */
const WORTH = /DateTime|DateCreated|CreateDate|ModifyDate|datetime|shotDate|GPS/;

type Where = "sidecar" | "embedded";

/**
 * Candidates in the order of trust, and what tells of the place.
 * @param where `sidecar` for a file of its own, which says what people corrected; `embedded` for a packet
 */
export function findingsInXmp(xmp: string, where: Where): DateFindings {
  if (!WORTH.test(xmp)) return { candidates: [], evidence: {} };
  const values = propertiesIn(xmp, WANTED_PROPERTIES);
  const candidates = [
    ...DATE_PROPERTIES.flatMap((dated) => candidateByProperty(dated, values, where)),
    ...fixOf(values, where),
    ...changeOf(values, where),
  ];
  return { candidates, evidence: positionIn(values) };
}

type Values = ReadonlyMap<string, string>;

function sourceAt(where: Where): DateCandidate["source"] {
  return where === "sidecar" ? "sidecar" : "xmp";
}

function candidateByProperty(dated: DatedProperty, values: Values, where: Where): DateCandidate[] {
  const written = values.get(dated.name);
  if (written === undefined || (where === "sidecar" && dated.embeddedOnly === true)) return [];
  const offset = dated.offset === undefined ? undefined : values.get(dated.offset);
  const subSeconds = dated.subSeconds === undefined ? undefined : values.get(dated.subSeconds);
  return [
    {
      row: where satisfies DateRow,
      source: sourceAt(where),
      tag: dated.tag,
      written,
      clock: "local",
      ...(offset === undefined ? {} : { offset: { tag: "exif:OffsetTimeOriginal", written: offset } }),
      ...(subSeconds === undefined ? {} : { subSeconds }),
    },
  ];
}

/** A packet that was read to its end, and is continued in no other segment. */
const WHOLE_PACKET = /<\/(?:\w+:)?RDF\s*>/;

/**
 * FileTags without those of an XMP packet that was read here, whole: ExifTool takes a property of another resource that the
 * packet describes for one of the picture.
 */
export function withoutXmp<T>(tags: Readonly<Record<string, T>>, xmp: string): Readonly<Record<string, T>> {
  if (!WHOLE_PACKET.test(xmp) || xmp.includes("HasExtendedXMP")) return tags;
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !name.startsWith("XMP")));
}

/** A date and time in UTC (XMP specification part 2, 2.2); a time without its day is none. */
function fixOf(values: Values, where: Where): DateCandidate[] {
  const written = values.get(FIX);
  if (written === undefined || !/^\d{4}/.test(written)) return [];
  const said = { row: "vendor-utc", tag: "exif:GPSTimeStamp", clock: "utc" } as const;
  return [{ ...said, source: sourceAt(where), written }];
}

function changeOf(values: Values, where: Where): DateCandidate[] {
  const written = values.get(CHANGED);
  if (written === undefined || where === "sidecar") return [];
  return [{ row: "modify", source: "xmp", tag: "xmp:ModifyDate", written, clock: "local" }];
}

function positionIn(values: Values): ZoneEvidence {
  const latitude = degrees(values.get(LATITUDE), 90);
  const longitude = degrees(values.get(LONGITUDE), 180);
  if (latitude === null || longitude === null) return {};
  return latitude === 0 && longitude === 0 ? {} : { position: { latitude, longitude } };
}

/** `47,22.1234N` or `47,22,12N` (XMP specification part 2, 1.2.7.4), or plain degrees as sloppy programs write them. */
function degrees(written: string | undefined, most: number): number | null {
  const match = /^([+-]?\d{1,3}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?(?:,(\d{1,2}(?:\.\d+)?))?\s*([NSEW])?$/i.exec(
    written ?? "",
  );
  if (match === null) return null;
  const [, whole = "", minutes = "0", seconds = "0", side = ""] = match;
  const size = Math.abs(Number(whole)) + Number(minutes) / 60 + Number(seconds) / 3600;
  if (size > most) return null;
  return whole.startsWith("-") !== /[SW]/i.test(side) ? -size : size;
}
