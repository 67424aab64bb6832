import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { Connections } from "../../../src/stores/http/connections.ts";
import { takeOutContinues } from "../../../src/stores/http/tolerant-socket.ts";
import { readBody } from "../../../src/stores/http/wire.ts";

const GO_ON = "HTTP/1.1 100 Continue\r\n\r\n";
const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n";
/** What a photo may hold as well. */
const BODY = `${GO_ON}ab`;

/** All that is read of a connection on which these pieces come. */
function readOf(pieces: readonly string[]): string {
  const coming = pieces.map((piece) => Buffer.from(piece));
  const socket = { read: (): Buffer | null => coming.shift() ?? null, write: () => true };
  takeOutContinues(socket);
  socket.write();
  const read: string[] = [];
  for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) read.push(String(chunk));
  return read.join("");
}

describe("100 Continue before an answer is taken out", () => {
  test.each<[string, string, string]>([
    ["one", GO_ON + ANSWER, ANSWER],
    ["several, of HTTP/1.0 and with headers", `HTTP/1.0 100 OK\r\nA: b\r\n\r\n${GO_ON}${ANSWER}`, ANSWER],
    ["none", ANSWER, ANSWER],
    ["another promise stays", `HTTP/1.1 103 Early Hints\r\n\r\n${ANSWER}`, `HTTP/1.1 103 Early Hints\r\n\r\n${ANSWER}`],
    ["what is no answer stays", "SSH-2.0", "SSH-2.0"],
    ["one that does not end stays", `HTTP/1.1 100 ${"x".repeat(9000)}`, `HTTP/1.1 100 ${"x".repeat(9000)}`],
  ])("%s, wherever it is cut", (_, comes, left) => {
    expect(readOf([comes])).toBe(left);
    for (let cut = 1; cut < Math.min(comes.length, 200); cut += 1) {
      expect(readOf([comes.slice(0, cut), comes.slice(cut)])).toBe(left);
      expect(readOf([comes.slice(0, 1), comes.slice(1, cut), comes.slice(cut)].filter((one) => one !== ""))).toBe(left);
    }
  });

  test("and nothing of a body", () => {
    expect(readOf([GO_ON + ANSWER, BODY])).toBe(ANSWER + BODY);
    expect(readOf([ANSWER, GO_ON, "ab"])).toBe(ANSWER + BODY);
  });

  test.each([false, true])(
    "on a connection, for one request after the other (into one buffer: %s)",
    async (oneBuffer) => {
      const server = createServer((socket) => {
        socket.on("error", () => undefined);
        socket.on("data", () => void socket.write(GO_ON + ANSWER, () => socket.write(BODY)));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      const line = new Connections({ stallMs: 5000, connections: 1, oneBuffer }, {});
      const asked = { kind: "object", name: "a.jpg" } as const;
      const { signal } = new AbortController();
      for (let n = 0; n < 3; n += 1) {
        const answer = await line.send({ origin: `http://127.0.0.1:${port}`, path: "/", method: "GET" }, asked, signal);
        expect(String(await readBody(answer, asked, signal))).toBe(BODY);
      }
      await line.close();
      server.close();
    },
  );
});
