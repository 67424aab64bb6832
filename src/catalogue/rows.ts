/**
 * What SQLite returns, turned into the words of model.ts. Read strictly: a bit that turned over inside a value is
 * nothing that SQLite itself could notice. What is none of our values throws HaulError `catalogue`.
 */

import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import { HaulError } from "../errors.ts";
import { isCaptured, isDigests, jsonOf } from "../manifest-entry.ts";
import type { Captured, CataloguedObject, Digests, Kind, Listed, ManifestEntry } from "../model.ts";

export type Row = Record<string | number, SQLOutputValue>;

/** Columns are named, or numbered where the rows come as arrays. */
type Column = string | number;

export function text(row: Row, column: Column): string {
  const value = row[column];
  if (typeof value !== "string") throw rotten(`${column} is not text`);
  return value;
}

export function textOrNull(row: Row, column: Column): string | null {
  return row[column] === null ? null : text(row, column);
}

/** Of bytes, or of things that are counted. */
export function whole(row: Row, column: Column): number {
  const value = row[column];
  if (typeof value !== "number") throw rotten(`${column} is not a number`);
  return value;
}

function atLeastNone(row: Row, column: Column): number {
  const number = whole(row, column);
  if (number < 0) throw rotten(`${column} is ${number}`);
  return number;
}

/** Runs a statement that always answers exactly one row. */
export function one(row: Row | undefined): Row {
  if (row === undefined) throw new TypeError("catalogue: a row was expected");
  return row;
}

export const LISTED_COLUMNS = "key, size, etag, modified, storage_class, version";
export const OBJECT_COLUMNS = `${LISTED_COLUMNS}, kind, family, stem, rank, reason`;
/** The number of the first column after those of OBJECT_COLUMNS. */
export const AFTER_OBJECT = 11;

/** From an array that begins with LISTED_COLUMNS. */
export function listedOf(row: Row): Listed {
  const listed = {
    key: text(row, 0),
    size: atLeastNone(row, 1),
    etag: text(row, 2),
    modified: text(row, 3),
    storageClass: text(row, 4),
  };
  const version = textOrNull(row, 5);
  return version === null ? listed : { ...listed, version };
}

/** From an array that begins with OBJECT_COLUMNS. */
export function objectOf(row: Row): CataloguedObject {
  const object = {
    key: text(row, 0),
    size: atLeastNone(row, 1),
    etag: text(row, 2),
    modified: text(row, 3),
    storageClass: text(row, 4),
    kind: kindOf(text(row, 6)),
    family: text(row, 7),
    stem: textOrNull(row, 8),
    rank: whole(row, 9),
    reason: text(row, 10),
  };
  const version = textOrNull(row, 5);
  return version === null ? object : { ...object, version };
}

/** A photo that is kept, and its path as the target compares names. */
export interface KeptRow {
  readonly entry: ManifestEntry;
  readonly folded: string;
  /** True where it lay there already, perhaps known by another key. */
  readonly lay?: boolean;
}

/** All that a line of a manifest has, as columns in the order of `entryValues`. */
export const ENTRY_SCHEMA = `
  path TEXT NOT NULL,
  folded TEXT NOT NULL,
  key TEXT NOT NULL,
  etag TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  md5 TEXT NOT NULL,
  captured TEXT,
  modified TEXT NOT NULL,
  stored_at TEXT NOT NULL,
  target_etag TEXT,
  original TEXT`;
export const ENTRY_COLUMNS = Array.from(ENTRY_SCHEMA.matchAll(/^ +(\w+)/gm), ([, name]) => name).join(", ");

export function entryValues({ entry: e, folded }: KeptRow): SQLInputValue[] {
  const captured = e.captured === null ? null : JSON.stringify(e.captured);
  const original = e.original === undefined ? null : JSON.stringify(e.original);
  const bytes = [e.path, folded, e.key, e.etag, e.size, e.sha256, e.md5];
  return [...bytes, captured, e.modified, e.storedAt, e.targetEtag ?? null, original];
}

export function entryOf(row: Row): ManifestEntry {
  const captured = textOrNull(row, "captured");
  const targetEtag = textOrNull(row, "target_etag");
  const original = textOrNull(row, "original");
  return {
    path: text(row, "path"),
    key: text(row, "key"),
    etag: text(row, "etag"),
    size: atLeastNone(row, "size"),
    sha256: text(row, "sha256"),
    md5: text(row, "md5"),
    captured: captured === null ? null : parseCaptured(captured),
    modified: text(row, "modified"),
    storedAt: text(row, "stored_at"),
    ...(targetEtag === null ? {} : { targetEtag }),
    ...(original === null ? {} : { original: parseDigests(original) }),
  };
}

export function keptRowOf(row: Row): KeptRow {
  return { entry: entryOf(row), folded: text(row, "folded") };
}

export function kindOf(value: string): Kind {
  switch (value) {
    case "original":
    case "rendition":
    case "sidecar":
    case "other":
      return value;
    default:
      throw rotten(`there is no kind ${JSON.stringify(value)}`);
  }
}

/** What `JSON.stringify` made of it. */
export function parseCaptured(json: string): Captured {
  const value = jsonOf(json);
  if (isCaptured(value)) return value;
  throw rotten("a date is none");
}

function parseDigests(json: string): Digests {
  const value = jsonOf(json);
  if (isDigests(value)) return value;
  throw rotten("the digests of an original are none");
}

export function rotten(what: string): HaulError {
  const says = `the catalogue, which is the index of what is kept, is damaged: ${what}`;
  return new HaulError("catalogue", says);
}
