/** A target in a bucket of any S3-compatible store. */

import { HaulError } from "../errors.ts";
import type { S3Options } from "../stores/s3/address.ts";
import { Bucket } from "../stores/s3/bucket.ts";
import { mustLock, type ObjectLock } from "./s3/object-lock.ts";
import { S3Store } from "./s3/store.ts";
import type { StoreTargetOptions } from "./store/open-store.ts";
import type { Parts } from "./store/store.ts";
import { openStoreTarget } from "./store/store-medium.ts";
import { targetTrouble } from "./store/target-trouble.ts";
import type { Target } from "./target.ts";

export interface S3TargetOptions extends StoreTargetOptions {
  /** How to reach the store. */
  readonly s3?: S3Options;
  /** Of photos; the lists stay in the store's usual class. */
  readonly storageClass?: string;
  /** How long photos and lists cannot be deleted; the bucket must have Object Lock. */
  readonly objectLock?: ObjectLock;
  /** The source's bucket, where it lies in the same store and the same credentials open it. */
  readonly copiesFrom?: string;
  /** Larger photos go in parts of so many bytes; 64 MiB and 16 MiB where absent. For tests. */
  readonly parts?: Parts;
}

/**
 * Opens `s3://bucket/prefix`. The bucket must exist.
 * @param address without `s3://`
 * @throws HaulError `no-target`, `wrong-drive`, `read-only`, `locked`, `usage`
 */
export async function openS3(address: string, options: S3TargetOptions): Promise<Target> {
  const [, name = "", path = ""] = /^([^/]*)\/*(.*?)\/*$/s.exec(address) ?? [];
  if (name === "") throw new HaulError("usage", `s3://${address}: name a bucket, as in s3://photos`);
  const { s3 = {}, signal, ...how } = options;
  const bucket = new Bucket(name, s3);
  try {
    if (how.objectLock !== undefined) await mustLock(bucket, signal);
  } catch (error) {
    await bucket.close();
    throw targetTrouble(error, `s3://${name}`);
  }
  return openStoreTarget(new S3Store(bucket, { ...how, endpoint: s3.endpoint }), path, options);
}
