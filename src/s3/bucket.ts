/** One bucket, asked over HTTP: signs, sends, follows the bucket into its region once, translates refusals. */

import type { Readable } from "node:stream";
import { Agent } from "undici";
import { HaulError } from "../errors.ts";
import { type Exchanged, exchange } from "../http/exchange.ts";
import { networkTrouble } from "../http/network-trouble.ts";
import { type Place, S3Account, type S3Options } from "./client.ts";
import { keyToPath, toQuery } from "./encoding.ts";
import { type Asked, isElsewhere, type Refusal, readRefusal, toError } from "./refusal.ts";
import { Signer } from "./sign.ts";

export interface WireOptions {
  /** How long nothing may come before a connection counts as broken, in milliseconds. */
  readonly stallMs: number;
  /** Connections kept at most; what is asked for beyond waits. */
  readonly connections: number;
}

/** No byte for a minute: broken (design section 6). */
export const WIRE: WireOptions = { stallMs: 60_000, connections: 256 };

/** The largest page that a listing may take: 1,000 keys of 1,024 bytes, each byte written as `%XX`, thrice. */
const MOST_BYTES = 16 * 1024 * 1024;

/** What is sent; the store refuses anything whose SHA-256 is another one. */
export interface RequestBody {
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** The same bytes each time: a request may be sent more than once. */
  open(): Uint8Array | Readable;
}

export interface BucketRequest {
  readonly asked: Asked;
  /** GET where absent. */
  readonly method?: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly body?: RequestBody;
  /** Absent for the bucket itself. */
  readonly key?: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Answer = Exchanged;

interface Way {
  readonly place: Place;
  readonly url: URL;
  readonly signer: Signer | null;
}

export class Bucket {
  readonly name: string;
  readonly #options: S3Options;
  readonly #account: S3Account;
  readonly #agent: Agent;
  #way: Promise<Way> | null = null;
  #corrected = false;

  constructor(name: string, options: S3Options, wire: WireOptions = WIRE) {
    this.name = name;
    this.#options = options;
    this.#account = new S3Account(options);
    this.#agent = new Agent({
      connections: wire.connections,
      pipelining: 1,
      connect: { timeout: 15_000 },
      headersTimeout: wire.stallMs,
      bodyTimeout: wire.stallMs,
    });
  }

  /**
   * Asks once. An answer other than 2xx throws, as the table in refusal.ts says.
   * @param leave statuses that the caller wants to see himself
   */
  async ask(
    request: BucketRequest,
    signal: AbortSignal,
    leave: readonly number[] = [],
  ): Promise<Answer> {
    for (;;) {
      const way = await this.#ready();
      const answer = await this.#send(way, request, signal);
      const { status, headers } = answer;
      if ((status >= 200 && status < 300) || leave.includes(status)) return answer;
      const body = await readBody(answer, request.asked, signal);
      const refusal = readRefusal(status, headers, body);
      if (!(await this.#follow(refusal, way))) throw toError(refusal, request.asked);
    }
  }

  async close(): Promise<void> {
    this.#account.close();
    await this.#agent.destroy();
  }

  async #send(way: Way, request: BucketRequest, signal: AbortSignal): Promise<Answer> {
    const { asked, key, body, method = "GET" } = request;
    const path = `${way.place.path}${key === undefined ? "/" : `/${keyToPath(key)}`}`;
    const query = toQuery(request.query);
    const target = query === "" ? path : `${path}?${query}`;
    const headers: Record<string, string> = { "accept-encoding": "identity", ...request.headers };
    if (this.#options.requestPayer) headers["x-amz-request-payer"] = "requester";
    try {
      const protocol = way.url.protocol === "http:" ? "http:" : "https:";
      const signed =
        way.signer === null
          ? headers
          : await way.signer.sign({
              method,
              protocol,
              host: way.url.host,
              target,
              headers,
              ...(body === undefined ? {} : { bodySha256: body.sha256 }),
            });
      const sent = {
        origin: way.place.origin,
        path: target,
        method,
        headers: body === undefined ? signed : { ...signed, "content-length": String(body.size) },
        ...(body === undefined ? {} : { body: body.open() }),
      };
      return await exchange(this.#agent, sent, signal);
    } catch (error) {
      throw networkTrouble(error, `${asked.name} at ${way.place.origin}`, signal);
    }
  }

  #ready(): Promise<Way> {
    this.#way ??= this.#find();
    return this.#way;
  }

  async #find(region?: string): Promise<Way> {
    const credentials = await this.#account.credentials();
    const place = await this.#account.place(this.name, region);
    const signer = credentials === null ? null : new Signer(credentials, place.region);
    return { place, url: new URL(place.origin), signer };
  }

  /** True when the bucket turned out to be in another region and the request should be made there. */
  async #follow(refusal: Refusal, way: Way): Promise<boolean> {
    if (!isElsewhere(refusal)) return false;
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

/** The whole body of a small answer. @throws HaulError `broken` where it breaks off or does not end */
export async function readBody(answer: Answer, asked: Asked, signal: AbortSignal): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of answer.body) {
      size += part.length;
      if (size > MOST_BYTES) throw new HaulError("listing", `${asked.name}: an endless answer`);
      parts.push(part);
    }
  } catch (error) {
    throw networkTrouble(error, asked.name, signal);
  }
  return Buffer.concat(parts, size);
}
