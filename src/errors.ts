/**
 * The one error that photohaul throws on purpose. Adapters translate what a store, a drive or a parser
 * says into it, once, where it enters; everything above decides by its properties and never by its text.
 */

import { redacted } from "./secrets.ts";

const RUN_CODES = [
  "usage",
  "credentials",
  "denied",
  "no-bucket",
  "unreachable",
  "quota",
  "listing",
  "looks-empty",
  "no-target",
  "wrong-drive",
  "read-only",
  "full",
  "locked",
  "sealed",
  "catalogue",
  "catalogue-full",
  "catalogue-unwritable",
  "interrupted",
] as const;

/** Why a whole run cannot go on; exit codes and hints stand in the table of error-messages.ts. */
export type RunErrorCode = (typeof RUN_CODES)[number];

/** Why one photo was not kept; the run goes on. */
export type PhotoErrorCode =
  | "missing"
  | "changed"
  | "archived"
  | "forbidden"
  | "throttled"
  | "server"
  | "broken"
  | "wrong-bytes"
  | "occupied"
  | "name"
  | "too-large"
  | "unwritable";

export type ErrorCode = RunErrorCode | PhotoErrorCode;

const ENDS_RUN: ReadonlySet<ErrorCode> = new Set(RUN_CODES);

/** The kind of place that an error speaks of: what to look at differs. */
export type PlaceKind = "folder" | "s3" | "swift" | "sftp" | "rclone" | "tahoe";

interface Details {
  /** True when the same request may well succeed if it is made again. */
  readonly retry?: boolean;
  /** The least time to wait first, in milliseconds (Retry-After). */
  readonly afterMs?: number;
  readonly place?: PlaceKind | undefined;
  /** True where what would be everybody's trouble is, as far as is known, that of one object. */
  readonly ofOne?: boolean;
  /** True where nothing that could be a target is at its place: a drive that is not plugged in, or a store out of reach. */
  readonly away?: boolean;
  readonly cause?: unknown;
  /** What to do next, where what all of this code say would mislead. */
  readonly hint?: string | undefined;
}

export class HaulError extends Error {
  readonly code: ErrorCode;
  readonly retry: boolean;
  readonly afterMs: number | undefined;
  /** Undefined where it is not known, or makes no difference. */
  readonly place: PlaceKind | undefined;
  readonly ofOne: boolean;
  readonly away: boolean;
  readonly hint: string | undefined;

  /** `message` says what happened, with the key, path or URL; a secret in it is taken out (secrets.ts). */
  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(redacted(message), { cause: details.cause });
    this.name = "HaulError";
    this.code = code;
    this.retry = details.retry ?? false;
    this.afterMs = details.afterMs;
    this.place = details.place;
    this.ofOne = details.ofOne ?? false;
    this.away = details.away ?? false;
    this.hint = details.hint;
  }

  /** The same error, with some of its details otherwise; it is the cause of the new one. */
  with(details: Details): HaulError {
    const { retry, place, ofOne, away, afterMs, hint } = this;
    const kept = { retry, place, ofOne, away, hint, ...(afterMs === undefined ? {} : { afterMs }) };
    return new HaulError(this.code, this.message, { ...kept, cause: this, ...details });
  }

  /** True when nothing more can be done in this run; false when only this photo is concerned. */
  get endsRun(): boolean {
    return ENDS_RUN.has(this.code) && !this.ofOne;
  }
}

/** `ENOSPC` and the like; "" for anything that is not an error of the operating system. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
