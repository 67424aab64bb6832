/** Lines of a target's manifest about one object, held against what lies there and what is listed. */

import { type KeptRow, keptRowOf, type Row, whole } from "./rows.ts";

/** What a manifest says of a photo, held against what lies on the target and what is listed. */
export interface Claim extends KeptRow {
  /** Bytes of the file that lies there; null where none does. */
  readonly found: number | null;
  /** True when a later line gives the path to other bytes. */
  readonly superseded: boolean;
  /** The object of this key in this run's listing; null where there is none. */
  readonly listed: ReturnType<ListedAs>;
}

/** The object of a key in this run's listing; null where there is none. */
export type ListedAs = (key: string) => { readonly etag: string; readonly size: number } | null;

/** Before every object. */
export const NOWHERE = { key: "", etag: "" };

/** Lines about one object, each group of them by itself; they follow one another. */
export function grouped(claims: readonly Claim[]): Claim[][] {
  const groups: Claim[][] = [];
  for (const claim of claims) {
    const last = groups.at(-1);
    const entry = last?.[0]?.entry;
    const same = entry?.key === claim.entry.key && entry.etag === claim.entry.etag;
    if (last !== undefined && same) last.push(claim);
    else groups.push([claim]);
  }
  return groups;
}

/** @param listedAs asked for its key */
export function claimOf(row: Row, listedAs: ListedAs): Claim {
  const photo = keptRowOf(row);
  return {
    ...photo,
    found: row.found === null ? null : whole(row, "found"),
    superseded: whole(row, "superseded") === 1,
    listed: listedAs(photo.entry.key),
  };
}
