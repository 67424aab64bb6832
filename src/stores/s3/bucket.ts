/** One bucket, asked over HTTP: signs, sends, follows the bucket into its region once, translates refusals. */

import { unlessAborted } from "../../cancel.ts";
import type { HaulError } from "../../errors.ts";
import { Connections } from "../http/connections.ts";
import type { Exchanged } from "../http/exchange.ts";
import type { Headers } from "../http/header.ts";
import { networkTrouble } from "../http/network-trouble.ts";
import type { Undoing } from "../http/object-body.ts";
import type { RequestBody } from "../http/request-body.ts";
import { type Asked, keyToPath, readBody, readRefused, toQuery, type WireOptions } from "../http/wire.ts";
import type { Hand, PlainGet } from "../source.ts";
import type { FixedCredentials, S3Endpoint, S3Options } from "./address.ts";
import { S3Account } from "./client.ts";
import { type ErrorResponse, isElsewhere, readErrorResponse, toError } from "./s3-error-map.ts";
import { type Credentials, signed } from "./sign.ts";

export interface BucketRequest {
  readonly asked: Asked;
  /** GET where absent. */
  readonly method?: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly body?: RequestBody;
  /** Absent for the bucket itself. */
  readonly key?: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who asks in the place of this thread. */
  readonly hand?: Hand | undefined;
}

export interface Written {
  readonly headers: Headers;
  readonly body: Buffer;
}

interface BucketRoute {
  readonly place: S3Endpoint;
  /** With the port where it is not the usual one. */
  readonly host: string;
  /** Null where nothing is to be signed. */
  readonly credentials: Credentials | null;
}

export class Bucket {
  readonly name: string;
  readonly undoing: Undoing = new Map();
  readonly #options: S3Options;
  readonly #account: S3Account;
  readonly #line: Connections;
  #way: Promise<BucketRoute> | null = null;
  /** The way by which the store did what it was asked; null before. */
  #proven: BucketRoute | null = null;
  #corrected = false;

  constructor(name: string, options: S3Options, wire?: WireOptions) {
    this.name = name;
    this.#options = options;
    this.#account = new S3Account(options);
    this.#line = new Connections(wire);
  }

  /**
   * Asks once. An answer other than 2xx throws, as the table in s3-error-map.ts says.
   * @param leave statuses that the caller wants to see himself
   */
  async ask(request: BucketRequest, signal: AbortSignal, leave: readonly number[] = []): Promise<Exchanged> {
    for (;;) {
      const way = await unlessAborted(this.#ready(), signal);
      const answer = await this.#send(way, request, signal);
      const { status, headers } = answer;
      const good = status >= 200 && status < 300;
      if (good) this.#proven = way;
      if (good || leave.includes(status)) return answer;
      const body = await readRefused(answer, request.asked, signal);
      const refusal = readErrorResponse(status, headers, body);
      if (!(await unlessAborted(this.#follow(refusal, way), signal))) {
        throw this.#named(toError(refusal, request.asked, this.#proven !== null), way);
      }
    }
  }

  /** A GET of a whole object, signed now; null where nothing came yet, and where keys have to be looked up anew. */
  plainGet(key: string, headers: Readonly<Record<string, string>>): PlainGet | null {
    const way = this.#proven;
    if (way === null || typeof way.credentials === "function") return null;
    const { target, headers: all } = this.#signed(way, { key, query: {}, headers }, way.credentials);
    return { form: "s3", origin: way.place.origin, path: target, headers: all };
  }

  /**
   * Asks once for a write. A store may begin a 200 before it knows how the write will end, and say that in the body.
   * @returns null where its condition does not hold (412): something lies there, or the source is another object now
   */
  async write(request: BucketRequest, signal: AbortSignal): Promise<Written | null> {
    const answer = await this.ask(request, signal, [412]);
    const body = await readBody(answer, request.asked, signal);
    if (answer.status === 412) return null;
    const refusal = readErrorResponse(answer.status, answer.headers, body);
    if (refusal.code === "PreconditionFailed") return null;
    if (refusal.code !== "") throw toError(refusal, request.asked);
    return { headers: answer.headers, body };
  }

  /** Where it answers, its port included where one was named. */
  async host(): Promise<string> {
    return (await this.#ready()).host;
  }

  async close(): Promise<void> {
    await this.#account.close();
    await this.#line.close();
  }

  /** Whoever copied the address of a bucket has its name in it twice, and a store that knows no such place. */
  #named(error: HaulError, { place, host }: BucketRoute): HaulError {
    const within = `/${this.name}`;
    const added = host.startsWith(`${this.name}.`) && place.path.endsWith(within);
    const unknown = ["missing", "no-bucket", "listing"].includes(error.code) && this.#proven === null;
    if (!unknown || !(added || place.path.endsWith(within + within))) return error;
    const says = `The endpoint has the name of the bucket in it, which is added to it besides: leave ${this.name} out of --endpoint`;
    return error.with({ hint: `${says}, or check both.` });
  }

  async #send(way: BucketRoute, request: BucketRequest, signal: AbortSignal): Promise<Exchanged> {
    const { asked, body, hand, method = "GET" } = request;
    try {
      const { credentials, place } = way;
      // Keys that expire are looked up anew, by a program that may hang.
      const keys = typeof credentials === "function" ? await unlessAborted(credentials(), signal) : credentials;
      const { target, headers: all } = this.#signed(way, request, keys);
      const get = { form: "s3", origin: place.origin, path: target, headers: all } as const;
      const answer = (await hand?.(get, asked, signal)) ?? null;
      if (answer !== null) return answer;
      const sent = {
        origin: place.origin,
        path: target,
        method,
        headers: body === undefined ? all : { ...all, "content-length": String(body.size) },
        ...(body === undefined ? {} : { body: body.open() }),
      };
      return await this.#line.send(sent, asked, signal);
    } catch (error) {
      throw networkTrouble(error, `${asked.name} at ${way.place.origin}`, signal);
    }
  }

  #signed(
    { place, host }: BucketRoute,
    { key, query, headers: more, method = "GET", body }: Omit<BucketRequest, "asked">,
    keys: FixedCredentials | null,
  ): { readonly target: string; readonly headers: Readonly<Record<string, string>> } {
    const path = `${place.path}${key === undefined ? "/" : `/${keyToPath(key)}`}`;
    const asking = toQuery(query);
    const target = asking === "" ? path : `${path}?${asking}`;
    const headers: Record<string, string> = { "accept-encoding": "identity", ...more };
    if (this.#options.requestPayer) headers["x-amz-request-payer"] = "requester";
    if (keys === null) return { target, headers };
    const unsigned = { method, host, target, headers, ...(body === undefined ? {} : { bodySha256: body.sha256 }) };
    return { target, headers: signed(unsigned, keys, place.region, Date.now()) };
  }

  #ready(): Promise<BucketRoute> {
    this.#way ??= this.#find();
    return this.#way;
  }

  async #find(region?: string): Promise<BucketRoute> {
    const credentials = await this.#account.credentials();
    const place = await this.#account.place(this.name, region);
    return { place, host: new URL(place.origin).host, credentials };
  }

  /** True when the bucket turned out to be in another region and the request should be made there. */
  async #follow(refusal: ErrorResponse, way: BucketRoute): Promise<boolean> {
    // A bucket that has answered is here, whatever one object of it says.
    if (!isElsewhere(refusal) || this.#proven !== null) return false;
    const now = await this.#ready();
    if (now !== way) return true;
    if (this.#corrected) return false;
    this.#corrected = true;
    const region = refusal.region || (await this.#account.bucketRegion(this.name));
    if (region === null || region === way.place.region) return false;
    this.#way = this.#find(region);
    return true;
  }
}
