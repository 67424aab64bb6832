/** A few requests to a real Swift by its own API, without photohaul's code: paths go out byte for byte. */

import { createHash } from "node:crypto";
import { Pool, request } from "undici";
import type { Running } from "./start.ts";

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export class SwiftClient {
  readonly #storage: URL;
  readonly #pool: Pool;
  readonly #token: string;

  private constructor(storage: URL, token: string) {
    this.#storage = storage;
    this.#pool = new Pool(storage.origin);
    this.#token = token;
  }

  static async signIn({ auth = "", accessKey, secretKey }: Running): Promise<SwiftClient> {
    const headers = { "x-auth-user": accessKey, "x-auth-key": secretKey };
    const answer = await request(auth, { headers });
    await answer.body.dump();
    const of = (name: string) => String(answer.headers[name]);
    return new SwiftClient(new URL(of("x-storage-url")), of("x-auth-token"));
  }

  /** @param path `container/name` */
  async ask(
    method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE",
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: string | Buffer,
    query = "",
  ): Promise<Answered> {
    const encoded = path.split("/").map(encoded3986).join("/");
    const answer = await this.#pool.request({
      path: `${this.#storage.pathname}/${encoded}${query}`,
      method,
      headers: { "x-auth-token": this.#token, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const found = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(found),
      body: Buffer.from(await answer.body.arrayBuffer()),
    };
  }

  async makeContainer(name: string): Promise<void> {
    await this.ask("PUT", name);
  }

  async put(path: string, body: string | Buffer, headers: Record<string, string> = {}) {
    const answer = await this.ask("PUT", path, headers, body);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${String(answer.body)}`);
  }

  /** A static large object of pieces that lie in `segments`. */
  async putStatic(container: string, name: string, pieces: readonly Buffer[]): Promise<void> {
    const list = [];
    for (const [at, piece] of pieces.entries()) {
      const path = `segments/${name}/${at}`;
      await this.put(path, piece);
      const etag = createHash("md5").update(piece).digest("hex");
      list.push({ path: `/${path}`, etag, size_bytes: piece.length });
    }
    const query = "?multipart-manifest=put";
    const body = JSON.stringify(list);
    const answer = await this.ask("PUT", `${container}/${name}`, {}, body, query);
    if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${String(answer.body)}`);
  }

  /** A dynamic one, as rclone makes them. */
  async putDynamic(container: string, name: string, pieces: readonly Buffer[]): Promise<void> {
    for (const [at, piece] of pieces.entries()) await this.put(`segments/${name}/${at}`, piece);
    await this.put(`${container}/${name}`, "", { "x-object-manifest": `segments/${name}/` });
  }

  async names(container: string, prefix: string): Promise<string[]> {
    const query = `?prefix=${encodeURIComponent(prefix)}`;
    const { body } = await this.ask("GET", container, {}, undefined, query);
    return body.toString("utf8").split("\n").slice(0, -1);
  }
}

function encoded3986(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
