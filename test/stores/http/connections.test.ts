/** The line to a store: how slow it may be, and proxies on the way. */

import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type S3Server, startS3 } from "../../../fixtures/s3/server.ts";
import { HaulError } from "../../../src/errors.ts";
import { Connections } from "../../../src/stores/http/connections.ts";
import type { Exchanged } from "../../../src/stores/http/exchange.ts";
import { readBody } from "../../../src/stores/http/wire.ts";

const { signal } = new AbortController();
const asked = { kind: "object", name: "s3://photos/a.jpg" } as const;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function store(): Promise<S3Server> {
  const server = await startS3({ credentials: "anonymous" });
  server.bucket("photos").put("a.jpg", Buffer.alloc(4000, "a"));
  closers.push(() => server.close());
  return server;
}

function line(stallMs = 10_000, env: Record<string, string> = {}): Connections {
  const made = new Connections({ stallMs, connections: 4 }, env);
  closers.push(() => made.close());
  return made;
}

const get = (on: Connections, origin: string, path = "/photos/a.jpg"): Promise<Exchanged> =>
  on.send({ origin, path, method: "GET" }, asked, signal);

async function troubleOf(work: Promise<unknown>): Promise<HaulError> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (error instanceof HaulError) return error;
  throw new Error(`no HaulError: ${String(error)}`);
}

describe("a line that is slow for ever", () => {
  test("breaks when its bytes come at less than the least rate", async () => {
    const server = await store();
    server.faults.arm({ fault: "drip", on: { op: "get" }, afterBytes: 10, times: 2 });
    const atOnce = { ...asked, atOnce: 4000 };
    for (const how of [asked, atOnce]) {
      const answer = await line(1000).send(
        { origin: server.endpoint, path: "/photos/a.jpg", method: "GET" },
        how,
        signal,
      );
      const error = await troubleOf(readBody(answer, asked, signal));
      expect(error).toMatchObject({ code: "broken", retry: true });
      expect(error.message).toMatch(/the line is too slow \(\d+ bytes came in \d s\)/);
    }
  });

  test("breaks when it promises an answer again and again", async () => {
    const server = await store();
    server.faults.arm({ fault: "promises", on: { op: "get" } });
    const error = await troubleOf(get(line(500), server.endpoint));
    expect(error).toMatchObject({ code: "broken", retry: true });
    expect(error.message).toContain("only promises came (102)");
  });

  test("is not one whose reader takes its time", async () => {
    const server = await store();
    server.bucket("photos").put("b.jpg", Buffer.alloc(2_000_000, "b"));
    const { body } = await get(line(400), server.endpoint, "/photos/b.jpg");
    let came = 0;
    for await (const chunk of body) {
      if (came === 0) await new Promise((resolve) => setTimeout(resolve, 900));
      came += chunk.length;
    }
    expect(came).toBe(2_000_000);
  });
});

describe("through a proxy", () => {
  /** One that notes what it is asked for, and wants a login where one is given. */
  async function proxy(login = ""): Promise<{ url: string; asked: string[] }> {
    const seen: string[] = [];
    const may = (header: string | undefined) =>
      login === "" || header === `Basic ${Buffer.from(login).toString("base64")}`;
    const server: Server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      if (!may(request.headers["proxy-authorization"])) {
        response.writeHead(407).end();
        return;
      }
      const { port, hostname, pathname } = new URL(request.url ?? "");
      const onward = connect(Number(port), hostname, () => {
        onward.end(`GET ${pathname} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      });
      onward.pipe(request.socket);
    });
    server.on("connect", (request, socket) => {
      seen.push(`CONNECT ${request.url}`);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return { url: `http://${login === "" ? "" : `${login}@`}127.0.0.1:${port}`, asked: seen };
  }

  test.each(["", "me:a-password"])("bytes come as they would directly (login %j)", async (login) => {
    const server = await store();
    const between = await proxy(login);
    const answer = await get(line(10_000, { HTTP_PROXY: between.url }), server.endpoint);
    expect(answer.status).toBe(200);
    expect((await readBody(answer, asked, signal)).length).toBe(4000);
    expect(between.asked).toEqual([`GET ${server.endpoint}/photos/a.jpg`]);
  });

  test.each(["50%", "a%zz!", "%ff"])(
    "a password of a proxy may have a percent sign that encodes nothing (%s)",
    async (word) => {
      const server = await store();
      const between = await proxy(`me:${word}`);
      expect((await get(line(10_000, { HTTP_PROXY: between.url }), server.endpoint)).status).toBe(200);
    },
  );

  test("what NO_PROXY names comes directly", async () => {
    const server = await store();
    const between = await proxy();
    const env = { HTTP_PROXY: between.url, NO_PROXY: "127.0.0.0/8" };
    expect((await get(line(10_000, env), server.endpoint)).status).toBe(200);
    expect(between.asked).toEqual([]);
  });

  test("a proxy that wants another login is said to, without the one that it got", async () => {
    const server = await store();
    const between = await proxy("me:a-password");
    const wrong = between.url.replace("a-password", "not-the-password");
    const error = await troubleOf(get(line(10_000, { HTTP_PROXY: wrong }), server.endpoint));
    expect(error).toMatchObject({ code: "unreachable", retry: false });
    expect(error.message).toMatch(/through the proxy 127.0.0.1:\d+: the proxy wants a login/);
    expect(error.message).not.toContain("not-the-password");
  });

  test("a proxy that makes no tunnel is said to, and one that is not there", async () => {
    const between = await proxy();
    const error = await troubleOf(get(line(10_000, { HTTPS_PROXY: between.url }), "https://s3.test"));
    expect(error).toMatchObject({ code: "unreachable" });
    expect(error.message).toContain("the proxy does not let it pass (403)");
    expect(between.asked).toEqual(["CONNECT s3.test:443"]);
    const nobody = line(10_000, { HTTP_PROXY: "http://127.0.0.1:1" });
    const { message } = await troubleOf(get(nobody, "http://s3.test"));
    expect(message).toContain("through the proxy 127.0.0.1:1: nobody answers at this address");
  });
});
