/** Object Lock: whether a bucket has it, until when an object is locked, and the request that locks one that lies there. */

import { createHash } from "node:crypto";
import { one } from "../http/header.ts";
import { type Asked, readBody } from "../http/wire.ts";
import type { Bucket } from "./bucket.ts";
import type { LockMode } from "./lock-modes.ts";
import { readErrorResponse, toError } from "./s3-error-map.ts";

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
 * @throws HaulError as the table in refusal.ts says, for what no bucket answers to this question
 */
export async function lockingOf(bucket: Bucket, signal: AbortSignal): Promise<"on" | "off" | "unknown" | "denied"> {
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

/** One attempt. @throws HaulError as the table in refusal.ts says */
export async function heldUntil(bucket: Bucket, key: string, signal: AbortSignal): Promise<Held> {
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

/** Locks a version of an object that lies there. One attempt. @throws HaulError as the table in refusal.ts says */
export async function lockObject(
  bucket: Bucket,
  object: { readonly key: string; readonly version: string },
  { mode, until }: Retention,
  signal: AbortSignal,
): Promise<void> {
  const { key, version } = object;
  const asked: Asked = { kind: "write", name: `s3://${bucket.name}/${key}` };
  const xml = Buffer.from(
    `<Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Mode>${mode}</Mode><RetainUntilDate>${until.toISOString()}</RetainUntilDate></Retention>`,
  );
  const digest = (name: string) => createHash(name).update(xml);
  const answer = await bucket.ask(
    {
      asked,
      method: "PUT",
      key,
      query: { retention: "", ...(version === "" ? {} : { versionId: version }) },
      body: { size: xml.length, sha256: digest("sha256").digest("hex"), open: () => xml },
      headers: {
        "content-type": "application/xml",
        "content-md5": digest("md5").digest("base64"),
      },
    },
    signal,
  );
  const body = await readBody(answer, asked, signal);
  const refusal = readErrorResponse(answer.status, answer.headers, body);
  if (refusal.code !== "") throw toError(refusal, asked);
}
