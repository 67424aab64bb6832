/** Object Lock on a target: until then nobody can delete or replace what photohaul keeps, whoever has its keys. */

import { HaulError } from "../../errors.ts";
import { retrying } from "../../retry.ts";
import type { Bucket } from "../../stores/s3/bucket.ts";
import type { LockMode } from "../../stores/s3/lock-modes.ts";
import { heldUntil, lockingOf, lockObject, type Retention } from "../../stores/s3/retention.ts";

/** For so many days from when an object is written, or until one day. */
export type ObjectLock = { readonly mode: LockMode } & ({ readonly days: number } | { readonly until: Date });

const DAY_MS = 86_400_000;

/** Until when something written now is to be locked. */
export function retentionOf(lock: ObjectLock, now: Date): Retention {
  const until = "until" in lock ? lock.until : new Date(now.getTime() + lock.days * DAY_MS);
  return { mode: lock.mode, until };
}

/**
 * Finds out that objects can be locked before the first of them is written and is not.
 * @throws HaulError `usage` where they cannot, `read-only` where these credentials may not ask
 */
export async function mustLock(bucket: Bucket, signal: AbortSignal = new AbortController().signal): Promise<void> {
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
