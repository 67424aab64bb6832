/**
 * A Tahoe node, asked over HTTP. Its answers to what it refuses are for people: only their status counts, and the name of
 * one exception, as a grid with too few servers has no status of its own.
 *
 * | it answers              | of bytes               | of a directory            | to a write                    |
 * |-------------------------|------------------------|---------------------------|-------------------------------|
 * | 404; 400 below a file   | missing                | missing                   | missing                       |
 * | 409                     |                        |                           | left to the caller            |
 * | 410: too few shares     | broken                 | unreachable               | unreachable                   |
 * | 413                     |                        |                           | too-large                     |
 * | 500 of too few servers  |                        |                           | no-target; full where no      |
 * |                         |                        |                           | server has room               |
 * | 401, 403                | forbidden              | denied                    | read-only                     |
 * | any other               | server, to be asked again but for 4xx                                               |
 */

import { z } from "zod";
import { type ErrorCode, HaulError } from "../../errors.ts";
import { jsonOf } from "../../manifest-entry.ts";
import { MINUTE, SECOND } from "../../measures.ts";
import { keepSecretsOf } from "../../secrets.ts";
import { Connections } from "../http/connections.ts";
import type { Exchanged } from "../http/exchange.ts";
import { retryAfter } from "../http/header.ts";
import type { RequestBody } from "../http/request-body.ts";
import { type Asked, readRefused, toQuery, WIRE } from "../http/wire.ts";

export interface NodeRequest {
  readonly asked: Asked;
  /** A directory: what is wrong with it is wrong with all that lies in it. */
  readonly ofDirectory?: boolean;
  /** GET where absent. */
  readonly method?: "GET" | "PUT" | "POST";
  /** Absent for what lies under no name yet. */
  readonly cap?: string;
  /** Below the directory that the cap names. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody | string;
  /** Bytes that the node works on before it says a word: it encodes what it was sent, or reads all shares. */
  readonly bytes?: number;
}

/**
 * A node says nothing while it works for the grid: it looks for servers, makes keys, waits for the slowest. So long at least,
 * in milliseconds, and longer by what it has to encode: no grid is as slow as that.
 */
const SILENT_MS = 2 * MINUTE;
const LEAST_BYTES_PER_SECOND = 20 * 1024;
/** A node is one process: more at once gain nothing. */
const CONNECTIONS = 16;

export class TahoeNode {
  readonly #node: URL;
  readonly #line: Connections;
  readonly #stallMs: number;

  /** @param stallMs how long nothing may come from it, in milliseconds */
  constructor(node: URL, stallMs = SILENT_MS) {
    keepSecretsOf(node);
    this.#node = node;
    // What goes to this computer goes through no proxy, which would see the caps.
    const env = node.protocol === "https:" ? process.env : {};
    this.#line = new Connections({ ...WIRE, stallMs, connections: CONNECTIONS }, env);
    this.#stallMs = stallMs;
  }

  /**
   * Asks once. An answer other than 2xx throws, as the table says.
   * @param leave statuses that the caller wants to see himself
   */
  async ask(request: NodeRequest, signal: AbortSignal, leave: readonly number[] = []): Promise<Exchanged> {
    const answer = await this.#send(request, signal);
    const { status } = answer;
    if ((status >= 200 && status < 300) || leave.includes(status)) return answer;
    const text = (await readRefused(answer, request.asked, signal)).toString("utf8");
    throw await this.#toError(answer, text, request, signal);
  }

  async close(): Promise<void> {
    await this.#line.close();
  }

  #send(request: NodeRequest, signal: AbortSignal): Promise<Exchanged> {
    const { asked, method = "GET", cap, path = "", query = {}, headers = {}, body, bytes = 0 } = request;
    const top = cap === undefined ? "/uri" : `/uri/${encodeURIComponent(cap)}`;
    const below = path === "" ? "" : `/${path.split("/").map(encodeURIComponent).join("/")}`;
    const parameters = toQuery(query);
    const patience = this.#stallMs + (bytes / LEAST_BYTES_PER_SECOND) * SECOND;
    const sent = {
      ...this.#at(`${top}${below}${parameters === "" ? "" : `?${parameters}`}`),
      method,
      // Of an exception it says the name in plain text then, and not a page about it.
      headers: { accept: "application/json", "accept-encoding": "identity", ...headers, ...lengthOf(body) },
      headersTimeout: patience,
      bodyTimeout: patience,
    };
    if (body === undefined) return this.#line.send(sent, asked, signal);
    return this.#line.send({ ...sent, body: typeof body === "string" ? body : body.open() }, asked, signal);
  }

  /** @param place below the address of the node */
  #at(place: string) {
    return { origin: this.#node.origin, path: this.#node.pathname.replace(/\/$/, "") + place };
  }

  async #toError(
    { status, headers }: Pick<Exchanged, "status" | "headers">,
    text: string,
    { asked, ofDirectory = false }: NodeRequest,
    signal: AbortSignal,
  ): Promise<HaulError> {
    const write = asked.kind === "write";
    const made = (code: ErrorCode, says: string, retry = false) => {
      const afterMs = retryAfter(headers);
      const details = { place: "tahoe", retry, ...(afterMs === undefined ? {} : { afterMs }) } as const;
      return new HaulError(code, `${asked.name}: ${says} (${status})`, details);
    };
    if (status === 404 || (status === 400 && !write)) return made("missing", "nothing lies there");
    if (status === 410) {
      const says = "the grid has too few of its shares at hand: servers may be away, or lost";
      return made(ofDirectory || write ? "unreachable" : "broken", says, true);
    }
    if (status === 401 || status === 403) {
      const code = ofDirectory ? "denied" : "forbidden";
      return made(write ? "read-only" : code, "the node does not let this pass");
    }
    if (status === 413) return made("too-large", "the node takes nothing as large");
    if (write && UNHAPPY.test(text)) return this.#unhappy(asked, signal);
    if (status === 429 || status === 503) return made("throttled", "the node asks for fewer requests", true);
    return made("server", status < 500 ? "the node refuses the request" : "the node has trouble", status >= 500);
  }

  /** Why the grid takes no shares: no room, or too few servers. */
  async #unhappy(asked: Asked, signal: AbortSignal): Promise<HaulError> {
    const servers = (await this.#servers(signal)).filter(({ connection_status: said }) => /^connected/i.test(said));
    const full = servers.length > 0 && servers.every(({ available_space: free }) => free !== null && free < LITTLE);
    if (full) {
      const says = `${asked.name}: no server of the grid has room left`;
      return new HaulError("full", says, { place: "tahoe" });
    }
    const says = `${asked.name}: the grid has too few servers for the shares of a file: ${servers.length} are connected, and shares.happy of the node's tahoe.cfg asks for more, or some of them take none`;
    return new HaulError("no-target", says, { place: "tahoe", retry: true });
  }

  async #servers(signal: AbortSignal): Promise<z.infer<typeof Welcome>["servers"]> {
    try {
      const asked = { kind: "object", name: "the Tahoe node" } as const;
      const answer = await this.#line.send({ ...this.#at("/?t=json"), method: "GET" }, asked, signal);
      const read = Welcome.safeParse(jsonOf((await readRefused(answer, asked, signal)).toString("utf8")));
      return read.success ? read.data.servers : [];
    } catch (error) {
      if (error instanceof HaulError && error.code !== "interrupted") return [];
      throw error;
    }
  }
}

/** Of allmydata.interfaces and allmydata.mutable.common. */
const UNHAPPY = /\b(UploadUnhappinessError|NoServersError|NotEnoughServersError|NotEnoughPeersError)\b/;
/** A server that has less room than this takes no shares, whatever it says; in bytes. */
const LITTLE = 1024 * 1024;

const Welcome = z.object({
  servers: z.array(z.object({ connection_status: z.string(), available_space: z.number().nullish().default(null) })),
});

function lengthOf(body: RequestBody | string | undefined): Readonly<Record<string, string>> {
  if (body === undefined) return {};
  return { "content-length": String(typeof body === "string" ? Buffer.byteLength(body) : body.size) };
}
