import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { Agent } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exchange } from "../../../src/stores/http/exchange.ts";

const PIECE = 256 * 1024;
const LARGE = 256 * PIECE;
let server: Server;
let agent: Agent;
let origin = "";
/** What the server does with a request. */
let reply: (response: ServerResponse) => void;
const { signal } = new AbortController();
const get = (abort = signal) => exchange(agent, { origin, path: "/", method: "GET" }, abort);

beforeEach(async () => {
  agent = new Agent({ connections: 1 });
  server = createServer((_request, response) => reply(response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  origin = typeof address === "object" ? `http://127.0.0.1:${address?.port}` : "";
});
afterEach(async () => {
  await agent.destroy();
  server.closeAllConnections();
  server.close();
});

test("a body comes whole, and a connection waits for its reader", async () => {
  let written = () => 0;
  reply = (response) => {
    written = () => response.socket?.bytesWritten ?? 0;
    response.writeHead(200, { "content-length": LARGE });
    const more = (left: number): void => {
      if (left === 0) response.end();
      else response.write(Buffer.alloc(PIECE, 7), () => more(left - PIECE));
    };
    more(LARGE);
  };
  const { status, headers, body } = await get();
  expect(status).toBe(200);
  expect(headers["content-length"]).toBe(String(LARGE));
  await wait(300);
  expect(written()).toBeLessThan(LARGE / 2);
  let size = 0;
  for await (const chunk of body) size += chunk.length;
  expect(size).toBe(LARGE);
});

test("whoever leaves early closes the connection, and the next request gets another", async () => {
  reply = (response) => response.end(Buffer.alloc(LARGE));
  const { body } = await get();
  for await (const chunk of body) if (chunk.length > 0) break;
  reply = (response) => response.end("next");
  const next = await get();
  for await (const chunk of next.body) expect(Buffer.from(chunk).toString()).toBe("next");
});

test("what came before a break is read, then the break is thrown", async () => {
  reply = (response) => {
    response.writeHead(200, { "content-length": "10" });
    response.write("12345", () => setTimeout(() => response.destroy(), 20));
  };
  const { body } = await get();
  await wait(100);
  let text = "";
  const read = async () => {
    for await (const chunk of body) text += Buffer.from(chunk).toString();
  };
  await expect(read()).rejects.toThrow();
  expect(text).toBe("12345");
});

test("an abort ends what waits for a connection, for a head, and for a body", async () => {
  reply = (response) => response.writeHead(200, { "content-length": "10" }).write("1");
  const first = new AbortController();
  const { body } = await get(first.signal);
  const second = new AbortController();
  const queued = get(second.signal);
  second.abort();
  await expect(queued).rejects.toThrow("aborted");
  first.abort();
  const read = async () => {
    for await (const chunk of body) expect(chunk.length).toBe(1);
  };
  await expect(read()).rejects.toThrow("aborted");
  await expect(get(AbortSignal.abort())).rejects.toThrow("aborted");
});

const gathered = (size: number) => exchange(agent, { origin, path: "/", method: "GET" }, signal, undefined, size);

test("what is to come at once has come when it resolves", async () => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, n) => n * 7 + (n >> 8)));
  reply = (response) => response.writeHead(200, { "content-length": bytes.length }).end(bytes);
  const { status, body } = await gathered(bytes.length);
  expect(status).toBe(200);
  expect(body.whole?.equals(bytes)).toBe(true);
  expect(body.whole?.buffer.byteLength).toBe(bytes.length);
});

test.each<[string, number, Record<string, string | number>, string]>([
  ["of another length", 200, { "content-length": 4 }, "1234"],
  ["that is packed", 200, { "content-length": 5, "content-encoding": "gzip" }, "12345"],
  ["whose length nobody says", 200, {}, "12345"],
  ["that is a part", 206, { "content-length": 5 }, "12345"],
  ["that is a refusal", 404, { "content-length": 5 }, "12345"],
])("an answer %s is read as it comes", async (_, status, headers, says) => {
  reply = (response) => response.writeHead(status, headers).end(says);
  const answer = await gathered(5);
  expect(answer.status).toBe(status);
  expect(answer.body.whole).toBeNull();
  let text = "";
  for await (const chunk of answer.body) text += Buffer.from(chunk).toString();
  expect(text).toBe(says);
  expect(answer.body.whole).toBeNull();
});

test("what was to come at once and broke off is read as far as it came, then the break is thrown", async () => {
  reply = (response) => {
    response.writeHead(200, { "content-length": "10" });
    response.write("12345", () => setTimeout(() => response.destroy(), 20));
  };
  const { body } = await gathered(10);
  expect(body.whole).toBeNull();
  let text = "";
  const read = async () => {
    for await (const chunk of body) text += Buffer.from(chunk).toString();
  };
  await expect(read()).rejects.toThrow();
  expect(text).toBe("12345");
});

test("an abort ends what is to come at once", async () => {
  reply = (response) => response.writeHead(200, { "content-length": "10" }).write("1");
  const stop = new AbortController();
  const waiting = exchange(agent, { origin, path: "/", method: "GET" }, stop.signal, undefined, 10);
  setTimeout(() => stop.abort(), 50);
  await expect(waiting).rejects.toThrow("aborted");
});
