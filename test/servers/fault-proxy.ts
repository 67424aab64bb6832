/**
 * Stands before any HTTP server and lets things go wrong on the way to it: faults are data, and each counts how
 * often it really struck. What is not struck passes unchanged, the Host header too, so that signatures hold.
 */

import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import { Agent } from "undici";

/** An answer of the server, and what may still be done to it. */
interface Passing {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

interface Fault {
  /** In place of the server. */
  readonly instead?: (incoming: IncomingMessage, response: ServerResponse) => void;
  /** After the server did what it was asked to. False where it does not apply to this answer. */
  readonly after?: (passing: Passing) => boolean;
}

const refusal = (status: number, code: string, headers: Record<string, string> = {}): Fault => ({
  instead(incoming, response) {
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>on the way</Message></Error>`;
    incoming.resume();
    response.writeHead(status, { "content-type": "application/xml", ...headers });
    response.end(incoming.method === "HEAD" ? "" : body);
  },
});

/** Head and half of the body, and then the end of the connection. */
const cut = (how: "reset" | "close"): Fault => ({
  after({ incoming, response, status, headers, body }) {
    if (body.length < 2 || incoming.method === "HEAD") return false;
    response.writeHead(status, headers);
    response.write(body.subarray(0, body.length >>> 1), () => {
      if (how === "reset") response.socket?.resetAndDestroy();
      else response.destroy();
    });
    return true;
  },
});

const FAULTS = {
  "slow-down": refusal(503, "SlowDown"),
  "retry-after": refusal(429, "TooManyRequests", { "retry-after": "1" }),
  "internal-error": refusal(500, "InternalError"),
  "bad-gateway": refusal(502, "on the way, in other words"),
  /** Reset before the server hears of it. */
  reset: { instead: (_, response) => response.socket?.resetAndDestroy() },
  /** Done as it was asked, and nobody is told. */
  "lost-answer": {
    after({ response }) {
      response.socket?.resetAndDestroy();
      return true;
    },
  },
  "cut-body": cut("reset"),
  "short-body": cut("close"),
  /** One bit of the middle byte is turned over. */
  "wrong-bytes": {
    after({ incoming, response, status, headers, body }) {
      if (body.length === 0 || incoming.method !== "GET") return false;
      const turned = Buffer.from(body);
      const middle = body.length >>> 1;
      turned[middle] = (turned[middle] ?? 0) ^ 1;
      response.writeHead(status, headers).end(turned);
      return true;
    },
  },
} as const satisfies Record<string, Fault>;

export type ProxyFault = keyof typeof FAULTS;
export const PROXY_FAULTS = Object.keys(FAULTS).filter((name): name is ProxyFault => name in FAULTS);

export interface ProxyArming {
  readonly fault: ProxyFault;
  /** Which requests are meant: `METHOD /path?query`; all where absent. */
  readonly on?: RegExp;
  /** Once where absent. */
  readonly times?: number;
  /** Of the requests that are meant, strikes only each so manieth; each where absent. */
  readonly each?: number;
}

export interface Struck extends ProxyArming {
  readonly struck: number;
}

export class FaultProxy {
  readonly endpoint: string;
  /** `METHOD /path?query` of every request that came, with an asterisk where it was a copy. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #upstream: string;
  readonly #agent = new Agent();
  #armed: (ProxyArming & { struck: number; seen: number })[] = [];

  private constructor(server: Server, port: number, upstream: string) {
    this.endpoint = `http://127.0.0.1:${port}`;
    this.#server = server;
    this.#upstream = upstream;
  }

  /** @param upstream `http://host:port` */
  static async before(upstream: string): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const proxy = new FaultProxy(server, port, upstream);
    server.on("request", (incoming, response) => proxy.#pass(incoming, response));
    return proxy;
  }

  arm(arming: ProxyArming): Struck {
    const armed = { ...arming, struck: 0, seen: 0 };
    this.#armed.push(armed);
    return armed;
  }

  clear(): void {
    this.#armed = [];
    this.requests.length = 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#agent.destroy();
  }

  #pass(incoming: IncomingMessage, response: ServerResponse): void {
    const line = `${incoming.method} ${incoming.url}`;
    const copies = incoming.headers["x-amz-copy-source"] !== undefined;
    this.requests.push(copies ? `${line} *` : line);
    const armed = this.#armed.find((one) => {
      if (one.struck >= (one.times ?? 1) || one.on?.test(line) === false) return false;
      one.seen += 1;
      return one.seen % (one.each ?? 1) === 0;
    });
    const fault: Fault = armed === undefined ? {} : FAULTS[armed.fault];
    if (armed !== undefined && fault.instead !== undefined) {
      armed.struck += 1;
      fault.instead(incoming, response);
      return;
    }
    void this.#forward(incoming, response, (passing) => {
      if (armed === undefined || fault.after?.(passing) !== true) return false;
      armed.struck += 1;
      return true;
    });
  }

  async #forward(
    incoming: IncomingMessage,
    response: ServerResponse,
    struck: (passing: Passing) => boolean,
  ): Promise<void> {
    const { method = "GET", url: path = "/" } = incoming;
    const { connection: _hop, expect: _continued, ...headers } = incoming.headers;
    const bodiless = method === "GET" || method === "HEAD";
    try {
      const answer = await this.#agent.request({
        origin: this.#upstream,
        path,
        method,
        headers,
        body: bodiless ? null : incoming,
      });
      const body = Buffer.from(await answer.body.arrayBuffer());
      const { connection: _back, "transfer-encoding": _chunked, ...rest } = answer.headers;
      const passing = {
        incoming,
        response,
        status: answer.statusCode,
        headers: this.#here(rest),
        body,
      };
      if (!struck(passing)) response.writeHead(passing.status, passing.headers).end(body);
    } catch {
      response.destroy();
    }
  }

  /** Swift says itself where its objects are to be asked for: here. */
  #here(headers: IncomingMessage["headers"]): OutgoingHttpHeaders {
    const storage = headers["x-storage-url"];
    if (typeof storage !== "string") return headers;
    return { ...headers, "x-storage-url": storage.replace(/^https?:\/\/[^/]+/, this.endpoint) };
  }
}
