import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MirrorSummary } from "../../src/events.ts";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

/** Whoever is to be told is told, of good runs and of bad ones, by mirror and by verify. */
describe("being told", () => {
  let on: Rig;
  let server: Server;
  let heard: { path: string; body: string }[] = [];
  let url = "";
  beforeAll(async () => {
    on = await rig({}, (s3) => s3.bucket("photos").put("a.jpg", datedPhoto(2000, "photo"), {}));
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += String(chunk);
      });
      request.on("end", () => {
        heard.push({ path: request.url ?? "", body });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await on[Symbol.asyncDispose]();
  });

  test("a good run: /start, then the check itself, the command and the metrics", async () => {
    heard = [];
    const notified = join(on.folder, "notified.json");
    const metrics = join(on.folder, "photohaul.prom");
    const told = ["--ping", url, "--notify-command", `cat > '${notified}'`, "--metrics", metrics];
    const { exit, summary } = await on.mirror(...told);
    expect(exit).toBe(0);
    expect(heard.map(({ path }) => path)).toEqual(["/check/start", "/check"]);
    const sent: MirrorSummary = JSON.parse(heard[1]?.body ?? "");
    expect(sent).toEqual(summary);
    expect(JSON.parse(readFileSync(notified, "utf8"))).toEqual(summary);
    expect(readFileSync(metrics, "utf8")).toMatch(/photohaul_photos\{.*outcome="stored"\} 1\n/);
  });

  test("a run that could not begin: /fail with what ended it", async () => {
    heard = [];
    const { exit } = await on.run(["mirror", "s3://no-such", on.folder, ...on.endpoint, "--ping", url]);
    expect(exit).toBe(4);
    expect(heard.map(({ path }) => path)).toEqual(["/check/start", "/check/fail"]);
    expect(JSON.parse(heard[1]?.body ?? "")).toMatchObject({ exit: 4, command: "mirror" });
  });

  test("verify tells, too", async () => {
    heard = [];
    expect((await on.run(["verify", join(on.folder, "photos"), "--ping", url])).exit).toBe(0);
    expect(heard.map(({ path }) => path)).toEqual(["/check/start", "/check"]);
    expect(JSON.parse(heard[1]?.body ?? "")).toMatchObject({ command: "verify", exit: 0 });
  });

  test("that nobody can be told fails no run, and is said without the secret in the address", async () => {
    const told = ["--ping", "http://127.0.0.1:9/secret", "--notify-command", "exit 9", "--quiet"];
    const { exit, stderr } = await on.mirror("--metrics", join(on.folder, "no", "x.prom"), ...told);
    expect(exit).toBe(0);
    expect(stderr).toMatch(/the ping to 127\.0\.0\.1:9 did not arrive/);
    expect(stderr).toMatch(/--metrics .* could not be written/);
    expect(stderr).toMatch(/--notify-command ended with 9/);
    expect(stderr).not.toContain("secret");
  });
});
