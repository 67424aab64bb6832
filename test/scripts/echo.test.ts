/** A store that quotes in its refusals what it was sent: no token, key or signature of it is said, written or sent on. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEMO_CREDENTIALS } from "../../fixtures/s3/server.ts";
import { startSwift } from "../../fixtures/swift/server.ts";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

const TOKEN = `FwoGZXIvYXdzEJr${"CANARY0123456789".repeat(20)}+/=`;
/** Any beginning of the token, any signature, and both for URLs. */
const SECRET = /FwoGZXIvYXdz|CANARY012|signature(=|%3d)[0-9a-f]{20}/i;

function textOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, "latin1"))
    .join("\n");
}

async function healthCheck() {
  let heard = "";
  const server = createServer((request, response) => {
    request.on("data", (chunk) => {
      heard += String(chunk);
    });
    request.on("end", () => response.end("ok"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/check`, heard: () => heard, close };
}

test.each(["get", "list"] as const)("a bucket that quotes every %s", async (op) => {
  const credentials = [{ ...DEMO_CREDENTIALS, sessionToken: TOKEN }];
  await using on = await rig({ credentials }, (server) => {
    for (const name of ["a", "b", "c"]) server.bucket("photos").put(`${name}.jpg`, datedPhoto(2000, name));
  });
  const check = await healthCheck();
  on.server.faults.arm({ fault: "echoed-request", on: { op }, times: 999 });
  const files = ["--log", "log", "--report", "r.csv", "--report", "r.html", "--report", "r.json"];
  const words = ["mirror", "s3://photos", join(on.folder, "photos"), ...on.endpoint, ...files];
  const env = { AWS_SESSION_TOKEN: TOKEN };
  const ran = await on.run([...words, "--json", "--ping", check.url], { env });
  const again = await on.run([...words, "--verbose"], { env });
  check.close();
  on.server.faults.assertAllFired();
  expect(ran.exit).toBe(op === "get" ? 3 : 4);
  expect(check.heard()).toContain('"summary"');
  const said = [ran, again].map(({ stdout, stderr }) => stdout + stderr).join("\n");
  expect(said).toContain("[redacted]");
  expect(said + check.heard() + textOf(on.folder)).not.toMatch(SECRET);
});

test("a container that quotes its token", async () => {
  await using on = await rig({}, () => undefined);
  const swift = await startSwift({ key: "a-key-of-some-length" });
  swift.container("photos").put("a.jpg", datedPhoto(2000, "a"));
  swift.faults.arm({ fault: "echoed-token", method: "GET", path: /a\.jpg/, times: 99 });
  const env = { ST_AUTH: swift.auth, ST_USER: swift.user, ST_KEY: "a-key-of-some-length" };
  const ran = await on.run(["mirror", "swift://photos", join(on.folder, "photos"), "--json", "--log", "log"], { env });
  const token = swift.signIn.lastToken;
  await swift.close();
  expect(token.length).toBeGreaterThan(8);
  expect(ran.exit).toBe(3);
  expect(ran.stdout).toContain("[redacted] may not");
  expect(ran.stdout + ran.stderr + textOf(on.folder)).not.toContain(token);
});
