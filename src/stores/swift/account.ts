/** One account of a Swift, asked over HTTP: signs in when it must, once more when a token has run out. */

import { unlessAborted } from "../../cancel.ts";
import { retrying } from "../../retry.ts";
import { Connections } from "../http/connections.ts";
import type { Exchanged } from "../http/exchange.ts";
import type { Undoing } from "../http/object-body.ts";
import type { RequestBody } from "../http/request-body.ts";
import { type Asked, keyToPath, readBody, readRefused, toQuery, type WireOptions } from "../http/wire.ts";
import { addressOf, type Login } from "./login.ts";
import { type Session, signIn } from "./session.ts";
import { toError } from "./swift-error-map.ts";

export interface SwiftRequest {
  readonly asked: Asked;
  /** GET where absent. */
  readonly method?: "GET" | "HEAD" | "PUT" | "DELETE";
  readonly body?: RequestBody;
  readonly container: string;
  /** Absent for the container itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export class SwiftAccount {
  /** Where it signs in; no secret. */
  readonly address: string;
  readonly #login: Login;
  readonly #line: Connections;
  readonly #closing = new AbortController();
  #session: Promise<Session> | null = null;

  constructor(login: Login, wire?: WireOptions) {
    this.address = addressOf(login);
    this.#login = login;
    this.#line = new Connections(wire);
  }

  /**
   * Asks once; where the token has run out, once more with a new one. An answer other than 2xx throws, as the
   * table in swift-error-map.ts says.
   * @param leave statuses that the caller wants to see himself
   */
  async ask(request: SwiftRequest, signal: AbortSignal, leave: readonly number[] = []): Promise<Exchanged> {
    for (let renewed = false; ; renewed = true) {
      const current = this.#signedIn();
      const session = await unlessAborted(current, signal);
      const answer = await this.#send(session, request, signal);
      const { status } = answer;
      if ((status >= 200 && status < 300) || leave.includes(status)) return answer;
      const text = (await readRefused(answer, request.asked, signal)).toString("utf8");
      if (status !== 401 || renewed || this.#login.kind === "token") {
        throw toError(answer, text, request.asked);
      }
      // Of many requests that are refused at once, the first signs in for all.
      if (this.#session === current) this.#session = null;
    }
  }

  /** What `/info` of the store says; null where it says nothing. */
  async info(signal: AbortSignal): Promise<unknown> {
    const asked: Asked = { kind: "object", name: `${this.address}/info` };
    const { storage } = await unlessAborted(this.#signedIn(), signal);
    try {
      const place = { origin: storage.origin, path: "/info", method: "GET" } as const;
      const answer = await this.#line.send(place, asked, signal);
      const body = await readBody(answer, asked, signal);
      return answer.status === 200 ? JSON.parse(body.toString("utf8")) : null;
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#line.close();
  }

  /**
   * One sign-in serves all who wait for it, and is not given up where one of them is.
   * @throws HaulError as `signIn`, after as many attempts as retry.ts allows
   */
  #signedIn(): Promise<Session> {
    if (this.#session !== null) return this.#session;
    const { signal } = this.#closing;
    const session = retrying(() => signIn(this.#line, this.#login, signal), { signal });
    this.#session = session;
    session.catch(() => {
      if (this.#session === session) this.#session = null;
    });
    return session;
  }

  async #send(session: Session, request: SwiftRequest, signal: AbortSignal): Promise<Exchanged> {
    const { asked, container, key, body, method = "GET" } = request;
    const { origin, pathname } = session.storage;
    const place = `${pathname}/${keyToPath(container)}${key === undefined ? "" : `/${keyToPath(key)}`}`;
    const query = toQuery(request.query ?? {});
    const headers = { "accept-encoding": "identity", "x-auth-token": session.token };
    const sent = {
      origin,
      path: query === "" ? place : `${place}?${query}`,
      method,
      headers: {
        ...headers,
        ...request.headers,
        ...(body === undefined ? {} : { "content-length": String(body.size) }),
      },
      ...(body === undefined ? {} : { body: body.open() }),
    };
    return this.#line.send(sent, asked, signal);
  }
}

/** One container of an account: what every request to it has in common. */
export class Container {
  readonly name: string;
  readonly undoing: Undoing = new Map();
  readonly account: SwiftAccount;

  constructor(name: string, account: SwiftAccount) {
    this.name = name;
    this.account = account;
  }

  /** As `SwiftAccount.ask`. */
  ask(
    request: Omit<SwiftRequest, "container">,
    signal: AbortSignal,
    leave: readonly number[] = [],
  ): Promise<Exchanged> {
    return this.account.ask({ ...request, container: this.name }, signal, leave);
  }

  /** One attempt. @throws HaulError `no-bucket` where there is no such container, `denied`, … */
  async mustExist(signal: AbortSignal): Promise<void> {
    const asked = this.asked("listing", "");
    const answer = await this.ask({ asked, method: "HEAD" }, signal);
    answer.body.destroy();
  }

  /** For messages. */
  asked(kind: Asked["kind"], key: string): Asked {
    return { kind, name: `swift://${this.name}${key === "" ? "" : `/${key}`}` };
  }
}
