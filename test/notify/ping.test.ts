import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PingMoment, ping, pingUrl } from "../../src/notify/notify.ts";

test.each<[string, PingMoment, string]>([
  ["https://hc.example/uuid", "start", "https://hc.example/uuid/start"],
  ["https://hc.example/uuid/", "fail", "https://hc.example/uuid/fail"],
  ["https://hc.example/uuid", "success", "https://hc.example/uuid"],
  ["https://hc.example/push?id=1", "fail", "https://hc.example/push/fail?id=1"],
  ["https://hc.example", "success", "https://hc.example/"],
])("%s at %s is %s", (url, moment, expected) => {
  expect(pingUrl(url, moment)).toBe(expected);
});

describe("a ping", () => {
  let answers: number[];
  let heard: string[];
  let url: string;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      heard.push(`${request.method} ${request.url} ${body}`);
      const status = answers.shift() ?? 200;
      const location = `http://127.0.0.1:${(server.address() as AddressInfo).port}/elsewhere`;
      if (status > 0) response.writeHead(status, { location }).end("ok");
    });
  });
  beforeEach(async () => {
    answers = [];
    heard = [];
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    url = `http://127.0.0.1:${port}/secret-uuid`;
  });
  afterEach(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  test("arrives with its body", async () => {
    expect(await ping(url, "fail", '{"exit":3}')).toBeNull();
    expect(heard).toEqual(['POST /secret-uuid/fail {"exit":3}']);
  });

  test("is sent again where the service stumbles", async () => {
    answers = [503, 429];
    expect(await ping(url, "success", "")).toBeNull();
    expect(heard).toHaveLength(3);
  });

  test("that is refused is told, without the address, which is a secret", async () => {
    answers = [404];
    const said = await ping(url, "start", "");
    expect(said).toMatch(/^the ping to 127\.0\.0\.1:\d+ did not arrive: the answer was 404$/);
    expect(said).not.toContain("secret-uuid");
    expect(heard).toHaveLength(1);
  });

  test.each([301, 302, 303, 307, 308])("goes nowhere else, whatever the answer (%s)", async (way) => {
    answers = [way];
    const said = await ping(url, "fail", '{"exit":3}');
    expect(said).toMatch(new RegExp(`the answer was ${way}, a way to another address`));
    expect(heard).toEqual(['POST /secret-uuid/fail {"exit":3}']);
  });

  test("that nobody answers is given up", async () => {
    answers = [0];
    expect(await ping(url, "start", "", 300)).toMatch(/did not arrive/);
  });
});
