/**
 * The AWS SDK, for what it knows best: where credentials are (profiles, SSO, instance), which region, and at which
 * address a bucket answers. Loaded for what address.ts leaves open. Requests themselves are made by bucket.ts: the SDK
 * costs 0.4 ms a GET where that takes 0.16 (measured).
 */

import type { S3Client } from "@aws-sdk/client-s3";
import { HaulError } from "../../errors.ts";
import {
  ANYWHERE,
  type S3Endpoint,
  type S3Options,
  settledCredentials,
  settledEndpoint,
  settledRegion,
} from "./address.ts";
import { configuredEndpoint, foundKeys, ofProfile, profileOf, SILENT } from "./credentials.ts";
import { KeyPrograms } from "./key-programs.ts";
import type { Credentials } from "./sign.ts";

export class S3Account {
  readonly #options: S3Options;
  #client: Promise<S3Client> | null = null;
  #reaching: Promise<S3Options> | null = null;
  readonly #programs = new KeyPrograms();

  constructor(options: S3Options) {
    this.#options = options;
  }

  /** Looks credentials up; null where nothing is to be signed. @throws HaulError `credentials` */
  async credentials(): Promise<Credentials | null> {
    if (this.#options.noSignRequest) return null;
    const settled = settledCredentials(this.#options, process.env);
    if (settled !== null) return foundKeys(async () => settled, { profile: undefined, again: false });
    const { config } = await this.#sdk();
    const profile = profileOf(this.#options.profile);
    const find = () => this.#programs.during(() => config.credentials());
    const found = async (again: boolean) => {
      try {
        return await foundKeys(find, { profile, again });
      } finally {
        this.#programs.end();
      }
    };
    await found(false);
    return () => found(true);
  }

  /**
   * Where a bucket answers, in its region where that is known already.
   * @throws HaulError `usage` for a name or endpoint that cannot be one
   */
  async place(bucket: string, known?: string): Promise<S3Endpoint> {
    const options = await this.#reached();
    const region = known ?? settledRegion(options, process.env) ?? (await this.#region());
    return settledEndpoint(bucket, options, region, process.env) ?? sdkPlace(bucket, options, region);
  }

  /** The region that the store itself names for a bucket; null when it does not say. */
  async bucketRegion(bucket: string): Promise<string | null> {
    try {
      const { GetBucketLocationCommand } = await import("@aws-sdk/client-s3");
      const client = await this.#sdk();
      const answer = await client.send(new GetBucketLocationCommand({ Bucket: bucket }));
      return answer.LocationConstraint ?? ANYWHERE;
    } catch {
      return null;
    }
  }

  /** The buckets of whoever owns the keys; empty where these may not be listed. */
  async buckets(): Promise<string[]> {
    try {
      const { ListBucketsCommand } = await import("@aws-sdk/client-s3");
      const client = await sdkClient(await this.#reached(), await this.#region());
      try {
        const { Buckets: all = [] } = await this.#programs.during(() => client.send(new ListBucketsCommand({})));
        return all.flatMap(({ Name: name }) => (name === undefined ? [] : [name]));
      } finally {
        client.destroy();
      }
    } catch {
      return [];
    }
  }

  async close(): Promise<void> {
    this.#programs.end();
    (await this.#client)?.destroy();
  }

  #sdk(): Promise<S3Client> {
    this.#client ??= this.#reached().then((options) => sdkClient(options, options.region));
    return this.#client;
  }

  /** The options, with the service that answers where none was typed. */
  #reached(): Promise<S3Options> {
    this.#reaching ??= withEndpoint(this.#options);
    return this.#reaching;
  }

  /** The region set anywhere, or the one that answers for all until a bucket says otherwise. */
  async #region(): Promise<string> {
    const { config } = await this.#sdk();
    try {
      return await config.region();
    } catch {
      return ANYWHERE;
    }
  }
}

async function withEndpoint(options: S3Options): Promise<S3Options> {
  if (options.endpoint !== undefined) return options;
  const endpoint = await configuredEndpoint(options.profile, process.env);
  return endpoint === undefined ? options : { ...options, endpoint };
}

async function sdkClient(options: S3Options, region: string | undefined): Promise<S3Client> {
  const sdk = await import("@aws-sdk/client-s3");
  const profile = options.noSignRequest ? undefined : profileOf(options.profile);
  const keys = profile === undefined ? {} : { credentials: await ofProfile(profile) };
  return new sdk.S3Client({ ...settings(options, region), ...keys });
}

/** Where the SDK would send a request. @throws HaulError `usage` */
export async function sdkPlace(bucket: string, options: S3Options, region: string): Promise<S3Endpoint> {
  const { HeadBucketCommand } = await import("@aws-sdk/client-s3");
  const client = await sdkClient(options, region);
  let url: string | null = null;
  client.middlewareStack.add(
    () => async (args) => {
      url = addressOf(args.request);
      return { response: {}, output: { $metadata: {} } };
    },
    { step: "build", name: "photohaulPlace" },
  );
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    const { origin, pathname } = new URL(url ?? "");
    return { origin, path: pathname.replace(/\/$/, ""), region };
  } catch (cause) {
    if (cause instanceof HaulError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HaulError("usage", `s3://${bucket} has no address: ${why}`, { cause });
  } finally {
    client.destroy();
  }
}

function settings(options: S3Options, region: string | undefined) {
  const nobody = { accessKeyId: "", secretAccessKey: "" };
  return {
    ...(region === undefined ? {} : { region }),
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint, forcePathStyle: true }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.noSignRequest ? { credentials: nobody } : {}),
    // Where the service is was found out before; the SDK would look in another profile than was typed.
    ignoreConfiguredEndpointUrls: true,
    maxAttempts: 2,
    logger: SILENT,
  };
}

/** The address in the SDK's own request, which its middleware passes on untyped. */
function addressOf(request: unknown): string {
  if (typeof request !== "object" || request === null) throw new TypeError("the SDK made no request");
  const part = (name: string): string => {
    const value: unknown = Reflect.get(request, name);
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  const port = part("port");
  return `${part("protocol")}//${part("hostname")}${port === "" ? "" : `:${port}`}${part("path")}`;
}
