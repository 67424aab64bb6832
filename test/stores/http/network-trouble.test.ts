import { createServer } from "node:net";
import { expect, test } from "vitest";
import { Connections } from "../../../src/stores/http/connections.ts";
import { networkTrouble } from "../../../src/stores/http/network-trouble.ts";

const { signal } = new AbortController();

/** What it comes to when a server says this, and nothing else, to whoever connects. */
async function troubleAt(says: string) {
  const server = createServer((socket) => socket.end(Buffer.from(says, "latin1")));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const line = new Connections({ stallMs: 1000, connections: 1 });
  const listing = { kind: "listing", name: "s3://photos" } as const;
  const asked = { origin: `http://127.0.0.1:${port}`, path: "/", method: "GET" } as const;
  try {
    const error: unknown = await line.send(asked, listing, signal).catch((reason: unknown) => reason);
    return networkTrouble(error, "s3://photos", signal);
  } finally {
    await line.close();
    server.close();
  }
}

test.each([
  ["what TLS says to those who do not speak it", "\x15\x03\x01\x00\x02\x02\x46", "is no HTTP"],
  ["a greeting of another protocol", "220 mail.example.org ESMTP\r\n", "is no HTTP"],
  ["half of a head", "HTTP/1.1 200 OK\r\nContent-Le", "the connection broke"],
  ["nothing", "", "the connection broke"],
])("%s is a break, which another attempt may mend", async (_, says, words) => {
  const error = await troubleAt(says);
  expect(error).toMatchObject({ code: "broken", retry: true });
  expect(error.message).toMatch(/^s3:\/\/photos at http:\S+: /);
  expect(error.message).toContain(words);
});

test("what no network does is a bug, and stays one", () => {
  expect(() => networkTrouble(new TypeError("no function"), "s3://photos", signal)).toThrow("no function");
});
