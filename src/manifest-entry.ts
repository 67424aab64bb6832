/**
 * What was written down and is read back: lines of a manifest, their paths and dates, any JSON. It comes from a drive, a
 * store or a catalogue and may have rotted there, so it is checked before it is believed.
 */

import { isPlainPath } from "./key.ts";
import { isTimestamp } from "./measures.ts";
import type { Captured, Digests, ManifestEntry } from "./model.ts";

/** More than any photo or video has, in bytes; sums of so many of them stay exact numbers. */
const LARGEST_PHOTO = 2 ** 46;
const SHA256_HEX = /^[0-9a-f]{64}$/;
const MD5_HEX = /^[0-9a-f]{32}$/;

export interface EntryLine {
  readonly entry: ManifestEntry;
  /** True where a date of the line is none: the entry is good without it. */
  readonly flawed: boolean;
}

/** Null when the line is not an entry. A date that is none costs the date, and not the photo. */
export function parseEntryLine(line: string): EntryLine | null {
  const value = jsonOf(line);
  if (!isEntry(value)) return null;
  const { captured, modified, storedAt } = value;
  const dated = captured === null || isCaptured(captured);
  if (dated && isTimestamp(modified) && isTimestamp(storedAt)) return { entry: value, flawed: false };
  const written = [modified, storedAt].find(isTimestamp) ?? EPOCH;
  const entry = {
    ...value,
    captured: dated ? captured : null,
    modified: written,
    storedAt: isTimestamp(storedAt) ? storedAt : written,
  };
  // A store that gives no date is not the fault of the line.
  return { entry, flawed: !dated || modified !== "" || !isTimestamp(storedAt) };
}

/** Null when the line is not an entry. */
export function parseEntry(line: string): ManifestEntry | null {
  return parseEntryLine(line)?.entry ?? null;
}

/** True for what `JSON.parse` made of a date that was written down: nothing of it can surprise who uses it. */
export function isCaptured(value: unknown): value is Captured {
  if (typeof value !== "object" || value === null) return false;
  const { local, offset, utc, source, precision } = Object.assign(
    { local: null, offset: null, utc: null, source: null, precision: null },
    value,
  );
  return (
    typeof local === "string" &&
    isTimestamp(`${String(local)}Z`) &&
    (offset === null || typeof offset === "string") &&
    isTimestamp(utc) &&
    typeof source === "string" &&
    typeof precision === "string" &&
    TEXT_FIELDS.every((name) => ["undefined", "string"].includes(typeof Reflect.get(value, name))) &&
    LIST_FIELDS.every((name) => isTexts(Reflect.get(value, name)))
  );
}

const EPOCH = "1970-01-01T00:00:00.000Z";
const TEXT_FIELDS = ["tag", "zone", "zoneFrom", "camera"];
const LIST_FIELDS = ["warnings", "doubts"];

function isTexts(value: unknown): boolean {
  if (value === undefined) return true;
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isEntry(value: unknown): value is ManifestEntry {
  if (typeof value !== "object" || value === null || !isDigests(value)) return false;
  const field = (name: string): unknown => Reflect.get(value, name);
  return (
    ["path", "key", "etag", "modified", "storedAt"].every((name) => typeof field(name) === "string") &&
    isPathInside(String(field("path"))) &&
    typeof field("captured") === "object" &&
    ["targetEtag", "cap"].every((name) => ["undefined", "string"].includes(typeof field(name))) &&
    (field("original") === undefined || isDigests(field("original")))
  );
}

/** As `isCaptured`, for what the bytes of a photo are. */
export function isDigests(value: unknown): value is Digests {
  if (typeof value !== "object" || value === null) return false;
  const { size, sha256, md5 } = Object.assign({ size: null, sha256: null, md5: null }, value);
  return (
    typeof size === "number" &&
    Number.isSafeInteger(size) &&
    size >= 0 &&
    size <= LARGEST_PHOTO &&
    isHex(sha256, SHA256_HEX) &&
    isHex(md5, MD5_HEX)
  );
}

function isHex(value: unknown, form: RegExp): boolean {
  return typeof value === "string" && form.test(value);
}

/** The folder of a target's own files; no key and no path may lie in it. */
export const OWN_FOLDER = ".photohaul";

/** The page that may lie beside the photos of a target, and by which it is known as ours: it stands in its first lines. */
export const GALLERY_PAGE = "gallery.html";
export const GALLERY_MARK = '<meta name="generator" content="photohaul gallery">';

/** False for a path that is absolute, empty, leads out of the target or into `.photohaul`. */
export function isPathInside(path: string): boolean {
  const [top = ""] = path.split("/", 1);
  return path.isWellFormed() && isPlainPath(path) && top.normalize("NFC").toLowerCase() !== OWN_FOLDER;
}

/** What a text says that should be JSON; null where it is not, as after a bit of it turned over. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
