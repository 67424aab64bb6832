/** The place of a target in a bucket of a real store, looked at with the AWS SDK. */

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { openTarget, type TargetOptions } from "../../src/targets/all.ts";
import type { TargetRig } from "../contract/target-rig.ts";
import { REGION } from "./fill.ts";

const OURS = /^\.photohaul\/(target\.json|README\.txt|probe-é|manifest-\d{6}\.ndjson|SHA256SUMS-\d{6})$/;

export interface BucketRig extends TargetRig {
  /** What the AWS SDK calls the object at a path. */
  place(path: string): { readonly Bucket: string; readonly Key: string };
}

/** A prefix of its own for each rig: nothing is ever deleted from a target. */
let rigs = 0;

/** @param endpoint where the target is reached: that of the store, or of what stands before it */
export async function bucketRig(client: S3Client, bucket: string, endpoint: string): Promise<BucketRig> {
  rigs += 1;
  const prefix = `rig-${rigs}/`;
  const spool = await mkdtemp(join(tmpdir(), "photohaul-target-"));
  const place = (path: string) => ({ Bucket: bucket, Key: prefix + path });
  return {
    place,
    open: (more: TargetOptions = {}) =>
      openTarget(`s3://${bucket}/${prefix}`, { spool, s3: { endpoint, region: REGION }, ...more }),
    async read(path) {
      const found = await client.send(new GetObjectCommand(place(path))).catch(() => null);
      return found === null ? null : Buffer.from((await found.Body?.transformToByteArray()) ?? []);
    },
    async mtime(path) {
      const found = await client.send(new HeadObjectCommand(place(path))).catch(() => null);
      const seconds = found?.Metadata?.mtime;
      return seconds === undefined ? null : new Date(Number(seconds) * 1000);
    },
    async plant(path, bytes) {
      await client.send(new PutObjectCommand({ ...place(path), Body: bytes }));
    },
    async debris() {
      const listed = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}.photohaul/` }));
      const home = (listed.Contents ?? [])
        .map(({ Key = "" }) => Key.slice(prefix.length))
        .filter((path) => !OURS.test(path));
      const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }));
      const begun = (uploads.Uploads ?? []).map(({ Key = "" }) => `an upload of ${Key}`);
      const files = await readdir(spool, { recursive: true });
      return [...home, ...begun, ...files.filter((file) => file.endsWith(".part"))];
    },
    close: () => rm(spool, { recursive: true, force: true }),
  };
}
