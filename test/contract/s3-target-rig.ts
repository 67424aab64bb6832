import type { BucketOptions } from "../../fixtures/s3/bucket.ts";
import type { FaultName } from "../../fixtures/s3/fault-kinds.ts";
import { type S3Options, type S3Server, startS3 } from "../../fixtures/s3/server.ts";
import { openTarget } from "../../src/targets/all.ts";
import { useKeys } from "./aws-keys.ts";
import type { Armed, FaultyRig } from "./store-faults.contract.ts";
import { PREFIX, storeRig } from "./store-rig.ts";

export interface S3TargetRig extends FaultyRig<FaultName> {
  readonly server: S3Server;
}

/** An empty prefix of a bucket `second` on an embedded server. */
export async function s3TargetRig(options: S3Options = {}, facts: BucketOptions = {}): Promise<S3TargetRig> {
  const server = await startS3(options);
  const bucket = server.bucket("second", facts);
  const giveBack = useKeys(server.credentials);
  const rig = await storeRig({
    keys: () => bucket.keys(),
    get(key) {
      const body = bucket.get(key)?.body;
      return body === undefined ? null : Buffer.from(body.read(0, body.size));
    },
    put: (key, bytes) => void bucket.put(key, bytes),
    metadata: (key, name) => bucket.get(key)?.facts.metadata?.[name],
    uploads: () => [...bucket.uploads.keys()],
    open: (more) => openTarget(`s3://second/${PREFIX}`, { s3: { endpoint: server.endpoint }, ...more }),
    async close() {
      await server.close();
      giveBack();
    },
  });
  return {
    ...rig,
    server,
    arm: (fault, op, { key, times }: Armed = {}) =>
      server.faults.arm({ fault, on: { op, ...(key && { key }) }, ...(times && { times }) }),
    asked(operation) {
      const { put, multipart, get, list, head } = server.counts;
      return { put: put + multipart, read: get + list, head }[operation];
    },
  };
}
