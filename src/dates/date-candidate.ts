/**
 * The words in which dates are argued about: what a file, its name or its store says of when the photo was
 * taken, before anything of it is believed.
 */

import type { DateSource } from "../model.ts";

/**
 * The order of trust, the most trusted first; capture-date.ts says what each row means. Within a row the
 * order in which candidates are given decides.
 */
export const ROWS = [
  "user",
  "sidecar",
  "exif-original",
  "exif-digitized",
  "embedded",
  "video-keys",
  "video-content",
  "video-header",
  "vendor-utc",
  "service",
  "name-time",
  "company",
  "object-mtime",
  "name-day",
  "modify",
  "key",
  "modified",
] as const;
export type Row = (typeof ROWS)[number];

/** One thing that may say when the photo was taken. */
export interface DateCandidate {
  readonly row: Row;
  readonly source: DateSource;
  /** The field it stands in: "DateTimeOriginal", "x-amz-meta-mtime", "file name". */
  readonly tag: string;
  /** The value as it stands there, right or wrong. */
  readonly written: string;
  /** What a value that names no offset means: the wall clock where the photo was taken, or UTC. */
  readonly clock: "local" | "utc";
  /** The tag that holds this value's offset from UTC, where the format has one. */
  readonly offset?: WrittenOffset;
  /** Why it can be read in two ways, one clause for people: it is shown, and never believed. */
  readonly unsure?: string;
  /** Digits after the second, where they stand in a tag of their own. */
  readonly subSeconds?: string;
}

export interface WrittenOffset {
  readonly tag: string;
  /** `+02:00`, `Z`, `-0330`; or rubbish. */
  readonly written: string;
}

/** Everything besides the candidates that tells where the photo was taken, and so which clock it goes by. */
export interface ZoneEvidence {
  /** Zones that the camera notes for the whole file (maker notes, QuickTime, Android), the better first. */
  readonly zones?: readonly WrittenOffset[];
  /** Degrees, south and west negative. */
  readonly position?: { readonly latitude: number; readonly longitude: number };
  readonly make?: string;
  readonly model?: string;
  /** Length of a video in seconds. */
  readonly duration?: number;
}
