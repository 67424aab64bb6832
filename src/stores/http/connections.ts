/** The line to stores: connections, directly or through a proxy, and how slow and how silent one may be. */

import { BlockList, isIP } from "node:net";
import process from "node:process";
import type { Dispatcher } from "undici";
// By its file: the whole of undici, with its fetch and its caches, loads for 30 ms of CPU more (measured).
import Agent from "undici/lib/dispatcher/agent.js";
import { HaulError } from "../../errors.ts";
import { keepSecretsOf } from "../../secrets.ts";
import { type Exchanged, exchange, type Patience } from "./exchange.ts";
import { networkTrouble } from "./network-trouble.ts";
import { oneBuffer } from "./one-buffer.ts";
import { tolerantConnector } from "./tolerant-socket.ts";
import { type Asked, WIRE, type WireOptions } from "./wire.ts";

/**
 * Bytes a second, in each half of the time that a line may be silent: what comes slower than a modem of 1985, with
 * sixteen photos on the line, would be under way for days, and is asked for again.
 */
const LEAST_RATE = 128;
const CONNECTING_MS = 15_000;
/** So many times as long as a line may be silent, one that says again and again that it works may work on a write. */
const WRITES = 10;

export class Connections {
  readonly #wire: WireOptions;
  readonly #env: ProxyVariables;
  readonly #ways = new Map<string, Promise<Route>>();
  #direct: Route | null = null;

  constructor(wire: WireOptions = WIRE, env: ProxyVariables = process.env) {
    this.#wire = wire;
    this.#env = env;
  }

  /**
   * Sends a request; resolves when the head of the answer has come, or all of it (`Asked.atOnce`).
   * @throws HaulError `unreachable`, `broken`, `interrupted`, `usage`
   */
  async send(
    request: Dispatcher.DispatchOptions & { readonly origin: string },
    asked: Asked,
    signal: AbortSignal,
  ): Promise<Exchanged> {
    const way = await this.wayTo(request.origin);
    try {
      return await exchange(way.dispatcher, request, signal, this.patience(asked), asked.atOnce);
    } catch (error) {
      const at = asked.kind === "login" ? asked.name : `${asked.name} at ${request.origin}`;
      throw networkTrouble(error, `${at}${way.through}`, signal);
    }
  }

  async close(): Promise<void> {
    const found = await Promise.allSettled(this.#ways.values());
    const ways = found.flatMap((way) => (way.status === "fulfilled" ? way.value.dispatcher : []));
    await Promise.all([...new Set(ways)].map((dispatcher) => dispatcher.destroy()));
  }

  /** How slow an answer may be. */
  patience({ kind }: Pick<Asked, "kind">): Patience {
    const { stallMs } = this.#wire;
    const write = kind === "write";
    return {
      promisesMs: write ? stallMs * WRITES : stallMs,
      // While it makes one object of many parts a store sends a blank now and then.
      ...(write ? {} : { least: { bytesPerSecond: LEAST_RATE, windowMs: stallMs / 2 } }),
    };
  }

  /** @throws HaulError `usage` for a proxy of another kind than HTTP */
  wayTo(origin: string): Promise<Route> {
    const known = this.#ways.get(origin);
    if (known !== undefined) return known;
    const way = this.#findWay(new URL(origin));
    this.#ways.set(origin, way);
    return way;
  }

  async #findWay(origin: URL): Promise<Route> {
    const proxy = this.#wire.socketPath === undefined ? proxyFor(origin, this.#env) : null;
    if (proxy !== null) return throughProxy(proxy, this.#wire);
    this.#direct ??= direct(this.#wire);
    return this.#direct;
  }
}

function direct(wire: WireOptions): Route {
  const how = settings(wire);
  return { dispatcher: new Agent({ ...how, connect: tolerantConnector(how.connect) }), through: "" };
}

export interface Route {
  readonly dispatcher: Dispatcher;
  /** For messages. */
  readonly through: string;
}

/** Through a tunnel to what speaks TLS, else by the whole address, as RFC 9112 has it. */
async function throughProxy(proxy: URL, wire: WireOptions): Promise<Route> {
  const { Pool, ProxyAgent } = await import("undici");
  const how = settings(wire);
  // A percent sign that a password has as itself, as curl takes it.
  for (const part of ["username", "password"] as const) {
    proxy[part] = sendable(proxy[part]);
  }
  keepSecretsOf(proxy);
  const dispatcher = new ProxyAgent({
    ...how,
    uri: proxy.href,
    requestTls: how.connect,
    proxyTls: how.connect,
    // What it makes by itself for the way by the whole address would have none of these.
    factory: (origin, options) => new Pool(origin, Object.assign({}, how, options)),
  });
  return { dispatcher, through: ` through the proxy ${proxy.host}` };
}

/** Part of an address, so that it can be decoded as UTF-8 whatever was typed. */
function sendable(part: string): string {
  const whole = part.replace(/%(?![0-9a-f]{2})/gi, "%25");
  return isUtf8(whole) ? whole : part.replaceAll("%", "%25");
}

function isUtf8(encoded: string): boolean {
  try {
    return decodeURIComponent(encoded) !== "";
  } catch {
    return encoded === "";
  }
}

function settings({ connections, stallMs, oneBuffer: lean, socketPath }: WireOptions) {
  return {
    connections,
    pipelining: 1,
    connect: {
      timeout: CONNECTING_MS,
      ...(lean ? { onread: oneBuffer() } : {}),
      ...(socketPath === undefined ? {} : { socketPath }),
    },
    headersTimeout: stallMs,
    bodyTimeout: stallMs,
  };
}

export type ProxyVariables = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an address, by the variables that curl, the AWS tools and rclone know: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY
 * where these say nothing, and NO_PROXY, in lower case before upper. As curl does it, a loopback address is one like any
 * other: NO_PROXY must name it.
 * @returns null where the address is reached directly @throws HaulError `usage` for a proxy of another kind than HTTP
 */
export function proxyFor(address: URL, env: ProxyVariables): URL | null {
  const names = [address.protocol === "https:" ? "https_proxy" : "http_proxy", "all_proxy"];
  const all = names.flatMap((one) => [one, one.toUpperCase()]);
  const name = all.find((one) => (env[one] ?? "") !== "") ?? "";
  const written = env[name] ?? "";
  if (written === "" || isExempt(address, env.no_proxy || env.NO_PROXY || "")) return null;
  const text = written.includes("://") ? written : `http://${written}`;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    const says = `${name.toUpperCase()} names no proxy that is reached by http:// or https://, which are those that photohaul knows (no SOCKS). Nothing is sent past it: set another one, or name this host in NO_PROXY`;
    throw new HaulError("usage", says);
  }
  return new URL(text);
}

/** `*`, a host and all below it, with a port or without, an address, or a range of addresses as `10.0.0.0/8`. */
function isExempt(address: URL, list: string): boolean {
  const host = address.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = address.port || (address.protocol === "https:" ? "443" : "80");
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => entry === "*" || matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  const [, range = "", bits = ""] = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (bits !== "") return isInRange(host, range, Number(bits));
  const [, name = entry, only] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const bare = name.replace(/^\[|\]$/g, "").replace(/^\*?\./, "");
  return host === bare || (isIP(host) === 0 && host.endsWith(`.${bare}`));
}

function isInRange(host: string, range: string, bits: number): boolean {
  const kind = isIP(host);
  if (kind === 0 || isIP(range) !== kind || bits > (kind === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const family = kind === 4 ? "ipv4" : "ipv6";
  list.addSubnet(range, bits, family);
  return list.check(host, family);
}
