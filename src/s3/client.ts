/**
 * The AWS SDK, for what it knows best: where credentials are (environment, profiles, SSO, instance), which
 * region, and at which address a bucket answers. Requests themselves are made by bucket.ts: the SDK costs
 * 0.4 ms a GET where that takes 0.16 (measured).
 */

import { GetBucketLocationCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { HaulError } from "../errors.ts";
import type { Credentials } from "./sign.ts";

/** How to reach an S3 store; what is absent is looked up where the AWS tools look. */
export interface S3Options {
  /** Any S3-compatible service; buckets are addressed by path then. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
  /** True for public buckets: nothing is signed, no credentials are looked for. */
  readonly noSignRequest?: boolean;
  /** True where the one who asks pays. */
  readonly requestPayer?: boolean;
}

/** Where a bucket answers. */
export interface Place {
  /** `https://photos.s3.eu-west-1.amazonaws.com` */
  readonly origin: string;
  /** Before every key: "" or `/photos`. */
  readonly path: string;
  readonly region: string;
}

const ANYWHERE = "us-east-1";

export class S3Account {
  readonly #options: S3Options;
  readonly #client: S3Client;

  constructor(options: S3Options) {
    this.#options = options;
    this.#client = new S3Client(settings(options, options.region));
  }

  /** Looks credentials up; null where nothing is to be signed. @throws HaulError `credentials` */
  async credentials(): Promise<Credentials | null> {
    if (this.#options.noSignRequest) return null;
    try {
      await this.#client.config.credentials();
    } catch (cause) {
      const profile = this.#options.profile;
      const where = profile === undefined ? "" : ` in the profile ${profile}`;
      throw new HaulError("credentials", `No credentials were found${where}`, {
        place: "s3",
        cause,
      });
    }
    return this.#client.config.credentials;
  }

  /**
   * Where a bucket answers, in its region where that is known already.
   * @throws HaulError `usage` for a name or endpoint that cannot be one
   */
  async place(bucket: string, known?: string): Promise<Place> {
    const region = known ?? (await this.#region());
    const client = new S3Client(settings(this.#options, region));
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

  /** The region that the store itself names for a bucket; null when it does not say. */
  async bucketRegion(bucket: string): Promise<string | null> {
    try {
      const answer = await this.#client.send(new GetBucketLocationCommand({ Bucket: bucket }));
      return answer.LocationConstraint ?? ANYWHERE;
    } catch {
      return null;
    }
  }

  close(): void {
    this.#client.destroy();
  }

  /** The region set anywhere, or the one that answers for all until a bucket says otherwise. */
  async #region(): Promise<string> {
    try {
      return await this.#client.config.region();
    } catch {
      return ANYWHERE;
    }
  }
}

/** The SDK would write its advice about credentials to the console, into the midst of a report. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };

function settings(options: S3Options, region: string | undefined) {
  const nobody = { accessKeyId: "", secretAccessKey: "" };
  return {
    ...(region === undefined ? {} : { region }),
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint, forcePathStyle: true }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.noSignRequest ? { credentials: nobody } : {}),
    maxAttempts: 2,
    logger: SILENT,
  };
}

/** The address in the SDK's own request, which its middleware passes on untyped. */
function addressOf(request: unknown): string {
  if (typeof request !== "object" || request === null)
    throw new TypeError("the SDK made no request");
  const part = (name: string): string => {
    const value: unknown = Reflect.get(request, name);
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  const port = part("port");
  return `${part("protocol")}//${part("hostname")}${port === "" ? "" : `:${port}`}${part("path")}`;
}
