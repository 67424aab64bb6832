/** Which storage classes there are. */

import { unlessAborted } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import type { Bucket } from "./bucket.ts";

/** Of Amazon S3 (API reference, PutObject, x-amz-storage-class); other services have some of them, and some of their own. */
const OF_AMAZON =
  "STANDARD REDUCED_REDUNDANCY STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER_IR GLACIER DEEP_ARCHIVE EXPRESS_ONEZONE SNOW OUTPOSTS FSX_OPENZFS FSX_ONTAP".split(
    " ",
  );

/**
 * Amazon refuses a class that it has not with the first photo: said before anything is begun. What other services have only
 * their answer tells.
 * @throws HaulError `usage`
 */
export async function mustBeClass(bucket: Bucket, storageClass: string, signal: AbortSignal): Promise<void> {
  if (OF_AMAZON.includes(storageClass)) return;
  if (!/\.amazonaws\.com(\.cn)?(:\d+)?$/.test(await unlessAborted(bucket.host(), signal))) return;
  const says = `Amazon S3 has no class ${storageClass}: for cold storage say GLACIER or DEEP_ARCHIVE, and for classes that are read at once STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING or GLACIER_IR`;
  throw new HaulError("usage", `--storage-class ${storageClass}: ${says}`);
}
