/** What an S3 store says when it refuses, and what breaks on the way there, as HaulErrors: the one table. */

import { type ErrorCode, HaulError } from "../../errors.ts";
import { fromOutside } from "../../secrets.ts";
import { type Headers, retryAfter } from "../http/header.ts";
import type { Asked } from "../http/wire.ts";
import { errorFieldsOf } from "./xml-fields.ts";

/** An answer that is not what was asked for. */
export interface ErrorResponse {
  readonly status: number;
  /** S3's word for it; "" where the answer has no XML. */
  readonly code: string;
  readonly message: string;
  /** The bucket's region where the answer names it; "" elsewhere. */
  readonly region: string;
  /** From Retry-After, in milliseconds. */
  readonly afterMs: number | undefined;
}

interface S3ErrorRow {
  readonly code: ErrorCode;
  /** What it means, in plain words. */
  readonly says: string;
  readonly retry?: boolean;
}

const NO_KEY: S3ErrorRow = { code: "credentials", says: "the store does not know this access key" };
const EXPIRED: S3ErrorRow = { code: "credentials", says: "the session has expired: sign in again" };
const SLOWER: S3ErrorRow = {
  code: "throttled",
  says: "the store asks for fewer requests",
  retry: true,
};
const AILING: S3ErrorRow = { code: "server", says: "the store has trouble", retry: true };
const BUSY: S3ErrorRow = { code: "server", says: "something else writes there", retry: true };
const GARBLED: S3ErrorRow = {
  code: "wrong-bytes",
  says: "other bytes arrived than were sent",
  retry: true,
};
const FULL: S3ErrorRow = { code: "full", says: "the store has no room left for this account" };
/** The same of what is read: nobody's drive is full. */
const CAPPED: S3ErrorRow = { code: "quota", says: "the store gives this account no more for now" };
const NO_PASSAGE: S3ErrorRow = {
  code: "unreachable",
  says: "the proxy (HTTPS_PROXY, HTTP_PROXY) wants a login that it knows",
};
const ELSEWHERE: S3ErrorRow = {
  code: "unreachable",
  says: "the bucket is in another region: give --region, or the --endpoint of its region",
};
const CLOSED: S3ErrorRow = { code: "denied", says: "the store does not let this account in" };

/** By S3's code; what is not here goes by its status. */
const BY_CODE: Readonly<Record<string, S3ErrorRow>> = {
  NoSuchBucket: { code: "no-bucket", says: "there is no such bucket" },
  InvalidBucketName: { code: "no-bucket", says: "no bucket can have this name" },
  NoSuchKey: { code: "missing", says: "the object is gone" },
  NoSuchVersion: { code: "missing", says: "this version of the object is gone" },
  InvalidAccessKeyId: NO_KEY,
  SignatureDoesNotMatch: {
    code: "credentials",
    says: "the secret key does not fit the access key",
  },
  ExpiredToken: EXPIRED,
  TokenRefreshRequired: EXPIRED,
  InvalidToken: { code: "credentials", says: "the session token is not valid" },
  RequestTimeTooSkewed: {
    code: "credentials",
    says: "this computer's clock is wrong by more than the store allows: set it",
  },
  RequestExpired: { code: "credentials", says: "this computer's clock is wrong: set it" },
  AccountProblem: CLOSED,
  AllAccessDisabled: CLOSED,
  NotSignedUp: CLOSED,
  PermanentRedirect: ELSEWHERE,
  TemporaryRedirect: ELSEWHERE,
  AuthorizationHeaderMalformed: ELSEWHERE,
  IllegalLocationConstraintException: ELSEWHERE,
  InvalidObjectState: {
    code: "archived",
    says: "the object is archived: the service must restore it first (aws s3api restore-object, or its console)",
  },
  PreconditionFailed: { code: "changed", says: "the object was changed since it was listed" },
  ConditionalRequestConflict: BUSY,
  OperationAborted: BUSY,
  NoSuchUpload: { code: "server", says: "the store knows no such upload" },
  BadDigest: GARBLED,
  XAmzContentSHA256Mismatch: GARBLED,
  IncompleteBody: GARBLED,
  EntityTooLarge: { code: "too-large", says: "the store takes nothing as large" },
  KeyTooLongError: { code: "name", says: "the store takes no name as long" },
  QuotaExceeded: FULL,
  XMinioStorageFull: FULL,
  InsufficientStorage: FULL,
  RequestTimeout: AILING,
  InternalError: AILING,
  SlowDown: SLOWER,
  ServiceUnavailable: SLOWER,
  Throttling: SLOWER,
  ThrottlingException: SLOWER,
  RequestLimitExceeded: SLOWER,
  TooManyRequests: SLOWER,
  BandwidthLimitExceeded: SLOWER,
};

/** Reads an answer that was refused; the body may be anything. */
export function readErrorResponse(status: number, headers: Headers, body: Buffer): ErrorResponse {
  const fields = errorFieldsOf(body);
  const named = headers["x-amz-bucket-region"];
  return {
    status,
    code: fields.get("Code") ?? "",
    message: fields.get("Message") ?? "",
    region: (typeof named === "string" ? named : undefined) ?? fields.get("Region") ?? "",
    afterMs: retryAfter(headers),
  };
}

/** True when the answer says, in whatever way, that the bucket is elsewhere. */
export function isElsewhere(refusal: ErrorResponse): boolean {
  return BY_CODE[refusal.code] === ELSEWHERE || refusal.status === 301 || refusal.status === 307;
}

/** What a store says of everybody and everything, and may take back when it has answered well before. */
const DOUBTFUL = new Set<ErrorCode>(["credentials", "denied", "no-bucket", "unreachable", "quota"]);

/** A code is one word; what is longer, or none, may be what was sent, written otherwise. */
function wordOf(code: string): string {
  return /^[A-Za-z][A-Za-z0-9.]{0,39}$/.test(code) ? code : "";
}

/**
 * The error that an answer amounts to.
 * @param trusted true where the store has answered well before: then that it knows neither bucket nor account is
 *   asked again, as one answer of many that were wrong must not end a run
 */
export function toError(refusal: ErrorResponse, asked: Asked, trusted = false): HaulError {
  const found = BY_CODE[refusal.code] ?? byStatus(refusal.status, asked);
  const row = found === FULL && asked.kind !== "write" ? CAPPED : found;
  const region = row === ELSEWHERE && refusal.region !== "" ? ` (${fromOutside(refusal.region, 60)})` : "";
  const said = [refusal.status, wordOf(refusal.code), fromOutside(refusal.message)]
    .filter((part) => part !== "")
    .join(" ");
  return new HaulError(row.code, `${asked.name}: ${row.says}${region} (${said})`, {
    place: "s3",
    retry: row.retry ?? (trusted && DOUBTFUL.has(row.code)),
    ...(refusal.afterMs === undefined ? {} : { afterMs: refusal.afterMs }),
  });
}

function byStatus(status: number, asked: Asked): S3ErrorRow {
  const listing = asked.kind === "listing";
  if (status === 301 || status === 307) return ELSEWHERE;
  if (status === 407) return NO_PASSAGE;
  if (status === 401) return { code: "credentials", says: "the store wants other credentials" };
  if (status === 403 && asked.kind === "write") {
    return { code: "read-only", says: "this account may not write here (s3:PutObject)" };
  }
  if (status === 403) {
    return listing
      ? { code: "denied", says: "this account may not list the bucket (s3:ListBucket)" }
      : { code: "forbidden", says: "this account may not read the object (s3:GetObject)" };
  }
  if (status === 404) {
    return listing
      ? { code: "no-bucket", says: "there is no such bucket" }
      : { code: "missing", says: "the object is gone" };
  }
  if (status === 412) return { code: "changed", says: "the object was changed since it was listed" };
  if (status === 507) return FULL;
  if (status === 409) return BUSY;
  // Too Early and Locked pass by themselves as well (RFC 8470, RFC 4918).
  if (status === 408 || status === 423 || status === 425) return AILING;
  if (status === 429 || status === 503) return SLOWER;
  if (status >= 500 && status !== 501) return AILING;
  return { code: listing ? "listing" : "server", says: "the store refuses the request" };
}
