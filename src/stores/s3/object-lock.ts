/** Object Lock: until then nobody can delete or replace what photohaul keeps, whoever has its keys. */

import { HaulError } from "../../errors.ts";
import { DAY } from "../../measures.ts";
import { retrying } from "../../retry.ts";
import { one } from "../http/header.ts";
import { type Asked, readBody } from "../http/wire.ts";
import type { LockMode } from "./address.ts";
import type { Bucket } from "./bucket.ts";
import { readErrorResponse, toError } from "./s3-error-map.ts";
import { xmlBody } from "./xml-body.ts";

/** For so many days from when an object is written, or until one day. */
export type ObjectLock = { readonly mode: LockMode } & ({ readonly days: number } | { readonly until: Date });

/** Until when something written now is to be locked. */
export function retentionOf(lock: ObjectLock, now: Date): Retention {
  const until = "until" in lock ? lock.until : new Date(now.getTime() + lock.days * DAY);
  return { mode: lock.mode, until };
}

/**
 * Finds out that objects can be locked before the first of them is written and is not.
 * @throws HaulError `usage` where they cannot, `read-only` where these credentials may not ask
 */
export async function mustLock(bucket: Bucket, signal: AbortSignal): Promise<void> {
  const name = `s3://${bucket.name}`;
  const locking = await retrying(() => lockingOf(bucket, signal), { signal });
  if (locking === "on") return;
  if (locking === "denied") {
    const says = `${name}: these credentials may not ask whether the bucket has Object Lock (s3:GetBucketObjectLockConfiguration)`;
    throw new HaulError("read-only", says);
  }
  const why =
    locking === "off"
      ? "the bucket has no Object Lock, which is switched on when a bucket is made"
      : "the service knows no Object Lock";
  const says = `${name}: ${why}. Nothing can be locked there: name another bucket, or leave out --object-lock-mode`;
  throw new HaulError("usage", says);
}

/**
 * Sees to it that an object that was written in parts is locked. Amazon locks it as the upload asked; Ceph (16.2) and
 * others take the same headers and lock nothing, so that it is asked for once more.
 * @throws HaulError `read-only` where it is not locked even then
 */
export async function seeLocked(bucket: Bucket, key: string, retention: Retention, signal: AbortSignal): Promise<void> {
  const isLocked = ({ until }: { readonly until: Date | null }) =>
    until !== null && Math.abs(until.getTime() - retention.until.getTime()) < 1000;
  const look = () => retrying(() => heldUntil(bucket, key, signal), { signal });
  const { version, ...held } = await look();
  if (isLocked(held)) return;
  await retrying(() => lockObject(bucket, { key, version }, retention, signal), { signal });
  if (isLocked(await look())) return;
  const says = `s3://${bucket.name}/${key} was written and is not locked, whatever the store answered`;
  throw new HaulError("read-only", says);
}

export interface Retention {
  readonly mode: LockMode;
  readonly until: Date;
}

/** The headers of a write whose object is to be locked. */
export function lockHeaders({ mode, until }: Retention): Record<string, string> {
  return {
    "x-amz-object-lock-mode": mode,
    "x-amz-object-lock-retain-until-date": until.toISOString(),
  };
}

/**
 * Whether objects of a bucket can be locked. `denied`: these credentials may not ask. One attempt.
 * @throws HaulError as the table in s3-error-map.ts says, for what no bucket answers to this question
 */
async function lockingOf(bucket: Bucket, signal: AbortSignal): Promise<"on" | "off" | "unknown" | "denied"> {
  const asked: Asked = { kind: "object", name: `s3://${bucket.name}` };
  const leave = [400, 403, 404, 405, 501];
  const answer = await bucket.ask({ asked, query: { "object-lock": "" } }, signal, leave);
  const body = await readBody(answer, asked, signal);
  if (answer.status >= 300) {
    const error = toError(readErrorResponse(answer.status, answer.headers, body), asked);
    if (error.endsRun || error.retry) throw error;
    return answer.status === 403 ? "denied" : answer.status === 404 ? "off" : "unknown";
  }
  return /<ObjectLockEnabled>\s*Enabled\s*</.test(body.toString("latin1")) ? "on" : "off";
}

/** A version of an object, and until when it is locked. */
interface Held {
  /** "" where the store names none. */
  readonly version: string;
  /** Null where it is not locked. */
  readonly until: Date | null;
}

/** One attempt. @throws HaulError as the table in s3-error-map.ts says */
async function heldUntil(bucket: Bucket, key: string, signal: AbortSignal): Promise<Held> {
  const asked: Asked = { kind: "object", name: `s3://${bucket.name}/${key}` };
  const answer = await bucket.ask({ asked, method: "HEAD", key, query: {} }, signal);
  await readBody(answer, asked, signal);
  const { headers } = answer;
  const until = Date.parse(one(headers, "x-amz-object-lock-retain-until-date"));
  const isLocked = !Number.isNaN(until) && one(headers, "x-amz-object-lock-mode") !== "";
  return {
    version: one(headers, "x-amz-version-id"),
    until: isLocked ? new Date(until) : null,
  };
}

/** Locks a version of an object that lies there. One attempt. @throws HaulError as the table in s3-error-map.ts says */
async function lockObject(
  bucket: Bucket,
  object: { readonly key: string; readonly version: string },
  { mode, until }: Retention,
  signal: AbortSignal,
): Promise<void> {
  const { key, version } = object;
  const asked: Asked = { kind: "write", name: `s3://${bucket.name}/${key}` };
  const says = `<Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Mode>${mode}</Mode><RetainUntilDate>${until.toISOString()}</RetainUntilDate></Retention>`;
  await bucket.write(
    {
      asked,
      method: "PUT",
      key,
      query: { retention: "", ...(version === "" ? {} : { versionId: version }) },
      ...xmlBody(says),
    },
    signal,
  );
}
