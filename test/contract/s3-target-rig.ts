import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BucketOptions } from "../../fixtures/s3/bucket.ts";
import { type S3Options, type S3Server, startS3 } from "../../fixtures/s3/server.ts";
import { openTarget, type TargetOptions } from "../../src/targets/all.ts";
import { useKeys } from "./aws-keys.ts";
import type { TargetRig } from "./target-rig.ts";

export interface S3TargetRig extends TargetRig {
  readonly server: S3Server;
  /** Where photos wait. */
  readonly spool: string;
}

const PREFIX = "backup/photos/";
const OURS = /^\.photohaul\/(target\.json|README\.txt|probe-é|manifest-\d{6}\.ndjson|SHA256SUMS-\d{6})$/;

/** An empty prefix of a bucket `second` on an embedded server. */
export async function s3TargetRig(options: S3Options = {}, facts: BucketOptions = {}): Promise<S3TargetRig> {
  const server = await startS3(options);
  const bucket = server.bucket("second", facts);
  const spool = await mkdtemp(join(tmpdir(), "photohaul-target-"));
  const giveBack = useKeys(server.credentials);
  const drafts = async () => {
    const files = await readdir(spool, { recursive: true });
    return files.filter((file) => file.endsWith(".part"));
  };
  return {
    server,
    spool,
    open: (more: TargetOptions = {}) =>
      openTarget(`s3://second/${PREFIX}`, { spool, s3: { endpoint: server.endpoint }, ...more }),
    async read(path) {
      const body = bucket.get(PREFIX + path)?.body;
      return body === undefined ? null : Buffer.from(body.read(0, body.size));
    },
    async mtime(path) {
      const seconds = bucket.get(PREFIX + path)?.facts.metadata?.mtime;
      return seconds === undefined ? null : new Date(Number(seconds) * 1000);
    },
    async plant(path, bytes) {
      bucket.put(PREFIX + path, bytes);
    },
    async debris() {
      const home = bucket
        .keys()
        .map((key) => key.slice(PREFIX.length))
        .filter((path) => path.startsWith(".photohaul/") && !OURS.test(path));
      return [...home, ...bucket.uploads.keys(), ...(await drafts())];
    },
    async close() {
      await server.close();
      giveBack();
      await rm(spool, { recursive: true, force: true });
    },
  };
}
