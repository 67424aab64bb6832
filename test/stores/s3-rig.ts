/** The embedded S3 server as the place that a source reads. */

import { type S3Options, type S3Server, startS3 } from "../../fixtures/s3/server.ts";
import { openStore } from "../../src/stores/all.ts";
import type { Source } from "../../src/stores/source.ts";
import type { StoreOptions } from "../../src/stores/store.ts";
import type { SourceRig } from "../contract/source-rig.ts";

/** How the bucket is opened, and which of its keys are listed. */
export type OpenOptions = StoreOptions & { readonly bucket?: string; readonly prefix?: string };

export interface S3Rig extends SourceRig {
  readonly server: S3Server;
  open(options?: OpenOptions): Promise<Source>;
}

/** Names that the SDK looks at; what they hold must not reach a test. */
const VARIABLES = /^AWS_/;

/** Starts a server with a bucket `photos`, and lets the AWS chain find its key in the environment. */
export async function s3Rig(options: S3Options = {}): Promise<S3Rig> {
  const server = await startS3(options);
  const before = Object.entries(process.env).filter(([name]) => VARIABLES.test(name));
  for (const [name] of before) delete process.env[name];
  process.env.AWS_ACCESS_KEY_ID = server.credentials?.accessKeyId ?? "";
  process.env.AWS_SECRET_ACCESS_KEY = server.credentials?.secretAccessKey ?? "";
  process.env.AWS_EC2_METADATA_DISABLED = "true";
  process.env.AWS_CONFIG_FILE = "/dev/null";
  process.env.AWS_SHARED_CREDENTIALS_FILE = "/dev/null";
  const photos = server.bucket("photos");
  return {
    server,
    put: async (key, bytes) => {
      photos.put(key, bytes);
    },
    remove: async (key) => {
      photos.delete(key);
    },
    open: async ({ bucket = "photos", prefix = "", ...more } = {}) => {
      const store = await openStore(`s3://${bucket}/${prefix}`, { endpoint: server.endpoint, pageKeys: 7, ...more });
      if (store === null) throw new TypeError("no store");
      return store;
    },
    takes: () => true,
    close: async () => {
      await server.close();
      for (const name of Object.keys(process.env)) if (VARIABLES.test(name)) delete process.env[name];
      for (const [name, value] of before) process.env[name] = value;
    },
  };
}
