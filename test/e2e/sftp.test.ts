/** Whole mirrors over SFTP by the command line: to a server and from one, verified, restored, adopted on another computer, killed. */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SftpFeatures } from "../../fixtures/sftp/served-files.ts";
import { type SftpServer, startSftp } from "../../fixtures/sftp/server.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { COMPILED, type Rig, rig } from "../scripts/rig.ts";

const CHILD = new URL("crash/killed-after.ts", import.meta.url).pathname;
const PHOTOS = ["a/IMG_20120628_140322.jpg", "A.jpg", "a.jpg", "new\nline.mov"];
const GATEWAY: SftpFeatures = { renames: "none", extensions: false, clockless: true, inOrder: true };

let on: Rig;
beforeAll(async () => {
  on = await rig({}, (server) => {
    const bucket = server.bucket("photos");
    for (const key of PHOTOS) bucket.put(key, datedPhoto(2000, key), { modified: "2016-01-01T00:00:00.000Z" });
  });
});
afterAll(() => on[Symbol.asyncDispose]());

/** A server whose key and user's key are those of the home that the command lines see. */
async function serving(features: SftpFeatures = {}): Promise<SftpServer & AsyncDisposable> {
  const server = await startSftp({ features });
  cpSync(server.sshFolder, join(on.folder, ".ssh"), { recursive: true });
  return { ...server, [Symbol.asyncDispose]: () => server.close() };
}

/** Every photo by its path: its digest, and its time in milliseconds where those count. */
function photosIn(folder: string, times: boolean): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = join(folder, name);
    if (name.startsWith(".photohaul") || !statSync(file).isFile()) continue;
    const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
    found[name] = times ? `${digest} ${statSync(file).mtimeMs}` : digest;
  }
  return found;
}

test("to a server: mirrored, known again, verified, restored, and adopted with nothing but the key", {
  timeout: 120_000,
}, async () => {
  await using server = await serving();
  const folder = join(on.folder, "kept");
  const target = `${server.url}${folder}`;
  const line = ["mirror", "s3://photos", target, ...on.endpoint, "--json"];
  const first = await on.run(line);
  expect([first.exit, first.stderr]).toEqual([0, ""]);
  expect(first.summary.outcomes.stored).toBe(PHOTOS.length);
  const kept = photosIn(folder, true);
  expect(Object.keys(kept)).toHaveLength(PHOTOS.length);
  expect((await on.run(line)).summary.outcomes).toMatchObject({ stored: 0, already: PHOTOS.length });
  const verified = await on.run(["verify", target, "--json"]);
  expect([verified.exit, verified.stderr]).toEqual([0, ""]);
  const restored = await on.run(["restore", target, join(on.folder, "back"), "--json"]);
  expect(restored.exit).toBe(0);
  expect(photosIn(join(on.folder, "back"), true)).toEqual(kept);
  const elsewhere = { ...on.env, XDG_STATE_HOME: join(on.folder, "another-computer") };
  const adopted = await on.run([...line, "--adopt"], { env: elsewhere });
  expect([adopted.exit, adopted.summary.outcomes.stored, adopted.summary.outcomes.already]).toEqual([
    0,
    0,
    PHOTOS.length,
  ]);
  expect((await on.run(["status"])).stdout).toContain(target);
  expect(photosIn(folder, true)).toEqual(kept);
});

test("from a server: the time of a file dates what nothing else does, and a folder and a server are filled at once", {
  timeout: 120_000,
}, async () => {
  await using server = await serving();
  const source = join(on.folder, "camera");
  mkdirSync(join(source, "a"), { recursive: true });
  await on.run(["mirror", "s3://photos", source, ...on.endpoint, "--json", "--catalogue", "fill.sqlite"]);
  const [folder, there] = [join(on.folder, "home"), join(on.folder, "there")];
  const ran = await on.run(["mirror", `${server.url}${source}`, folder, `${server.url}${there}`, "--json"]);
  expect([ran.exit, ran.summary.outcomes.stored]).toEqual([0, PHOTOS.length]);
  expect(photosIn(folder, false)).toEqual(photosIn(there, false));
  expect(Object.values(photosIn(folder, false)).toSorted()).toEqual(Object.values(photosIn(source, false)).toSorted());
});

test("a server inside the source, or the source itself, is refused by its name", async () => {
  await using server = await serving();
  const at = (path: string) => `${server.url}${join(on.folder, path)}`;
  for (const [source, target] of [
    ["x", "x"],
    ["x", "x/y"],
    ["x/y", "x"],
  ] as const) {
    const ran = await on.run(["mirror", at(source), at(target), "--json"]);
    expect(ran.exit, `${source} → ${target}`).toBe(2);
  }
});

test("a password in an address is refused, and shown nowhere", async () => {
  const ran = await on.run(["mirror", "sftp://me:correct-horse@nas/photos", "out", "--json", "--log", "log.txt"]);
  expect(ran.exit).toBe(2);
  const log = join(on.folder, "log.txt");
  const written = existsSync(log) ? readFileSync(log, "utf8") : "";
  expect(ran.stdout + ran.stderr + written).not.toContain("correct-horse");
});

/** Resolves to true when the signal ended it. */
function killedAfter(events: number, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, String(events), ...args], {
      env: { ...on.env, NODE_COMPILE_CACHE: COMPILED },
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.on("error", reject);
    child.on("close", (_, signal) => resolve(signal === "SIGKILL"));
  });
}

describe.each([
  ["a server that renames", {}],
  ["a gateway that renames nothing", GATEWAY],
] as const)("%s, killed the instant after any event", (kind, features) => {
  test("the next run brings the rest, and all is well", { timeout: 240_000 }, async () => {
    await using server = await serving(features);
    const times = !("clockless" in features);
    const place = (name: string) => {
      const folder = join(on.folder, `${kind.length}-${name}`);
      const catalogue = `${folder}.sqlite`;
      const words = ["mirror", "s3://photos", server.url + folder, ...on.endpoint, "--json", "--durable", "photo"];
      return { folder, target: server.url + folder, args: [...words, "--catalogue", catalogue] };
    };
    const undisturbed = place("whole");
    const whole = await on.run(undisturbed.args);
    expect(whole.exit).toBe(0);
    const expected = photosIn(undisturbed.folder, times);
    let kills = 0;
    for (let event = 1; event <= whole.events.length; event += 2) {
      const cut = place(`cut-${event}`);
      if (await killedAfter(event, cut.args)) kills += 1;
      const next = await on.run(cut.args);
      expect(next.exit, `${event}: ${next.stderr}`).toBe(0);
      expect(next.summary.outcomes.stored + next.summary.outcomes.already).toBe(PHOTOS.length);
      expect(photosIn(cut.folder, times), `killed after event ${event}`).toEqual(expected);
      const verified = await on.run(["verify", cut.target, "--json"]);
      expect([verified.exit, verified.stderr], `killed after event ${event}`).toEqual([0, ""]);
    }
    expect(kills).toBeGreaterThanOrEqual(Math.floor(whole.events.length / 2) - 2);
  });
});
