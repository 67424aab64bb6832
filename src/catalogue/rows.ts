/** What SQLite returns, turned into the words of model.ts; a column of the wrong type is a bug and throws. */

import type { SQLOutputValue } from "node:sqlite";
import type { Captured, CataloguedObject, Kind, Listed, ManifestEntry } from "../model.ts";

export type Row = Record<string, SQLOutputValue>;

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`catalogue: ${column} is not text`);
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function whole(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new TypeError(`catalogue: ${column} is not a number`);
  return value;
}

/** Runs a statement that always answers exactly one row. */
export function one(row: Row | undefined): Row {
  if (row === undefined) throw new TypeError("catalogue: a row was expected");
  return row;
}

export const LISTED_COLUMNS = "key, size, etag, modified, storage_class, version";
export const OBJECT_COLUMNS = `${LISTED_COLUMNS}, kind, family, stem, rank, reason`;

export function listedOf(row: Row): Listed {
  const listed = {
    key: text(row, "key"),
    size: whole(row, "size"),
    etag: text(row, "etag"),
    modified: text(row, "modified"),
    storageClass: text(row, "storage_class"),
  };
  const version = textOrNull(row, "version");
  return version === null ? listed : { ...listed, version };
}

export function objectOf(row: Row): CataloguedObject {
  return {
    ...listedOf(row),
    kind: kindOf(text(row, "kind")),
    family: text(row, "family"),
    stem: textOrNull(row, "stem"),
    rank: whole(row, "rank"),
    reason: text(row, "reason"),
  };
}

export function entryOf(row: Row): ManifestEntry {
  const captured = textOrNull(row, "captured");
  return {
    path: text(row, "path"),
    key: text(row, "key"),
    etag: text(row, "etag"),
    size: whole(row, "size"),
    sha256: text(row, "sha256"),
    md5: text(row, "md5"),
    captured: captured === null ? null : parseCaptured(captured),
    modified: text(row, "modified"),
    storedAt: text(row, "stored_at"),
  };
}

export function kindOf(value: string): Kind {
  switch (value) {
    case "original":
    case "rendition":
    case "sidecar":
    case "other":
      return value;
    default:
      throw new TypeError(`catalogue: no such kind: ${value}`);
  }
}

function parseCaptured(json: string): Captured {
  const value: Captured = JSON.parse(json);
  return value;
}
