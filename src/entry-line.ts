/** A line of a manifest, which comes from a drive or a store and may have rotted there: checked before it is believed. */

import { jsonOf } from "./json-text.ts";
import type { Captured, Digests, ManifestEntry } from "./model.ts";
import { isPathInside } from "./path-inside.ts";
import { isMoment } from "./time.ts";

/** More than any photo or video has, in bytes; sums of so many of them stay exact numbers. */
const LARGEST = 2 ** 46;
const SHA256 = /^[0-9a-f]{64}$/;
const MD5 = /^[0-9a-f]{32}$/;

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
  if (dated && isMoment(modified) && isMoment(storedAt)) return { entry: value, flawed: false };
  const written = [modified, storedAt].find(isMoment) ?? EPOCH;
  const entry = {
    ...value,
    captured: dated ? captured : null,
    modified: written,
    storedAt: isMoment(storedAt) ? storedAt : written,
  };
  // A store that gives no date is not the fault of the line.
  return { entry, flawed: !dated || modified !== "" || !isMoment(storedAt) };
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
    isMoment(`${String(local)}Z`) &&
    (offset === null || typeof offset === "string") &&
    isMoment(utc) &&
    typeof source === "string" &&
    typeof precision === "string" &&
    TEXTS.every((name) => ["undefined", "string"].includes(typeof Reflect.get(value, name))) &&
    LISTS.every((name) => isTexts(Reflect.get(value, name)))
  );
}

const EPOCH = "1970-01-01T00:00:00.000Z";
const TEXTS = ["tag", "zone", "zoneFrom", "camera"];
const LISTS = ["warnings", "doubts"];

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
    ["undefined", "string"].includes(typeof field("targetEtag")) &&
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
    size <= LARGEST &&
    isHex(sha256, SHA256) &&
    isHex(md5, MD5)
  );
}

function isHex(value: unknown, form: RegExp): boolean {
  return typeof value === "string" && form.test(value);
}
