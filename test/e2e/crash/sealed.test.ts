/** A sealed target, killed at every event: the next run has no key either, and ends as an undisturbed one does. */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Decrypter } from "age-encryption";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEYS, SEALING } from "../../contract/sealed-rig.ts";
import { datedPhoto } from "../../scripts/dated-photo.ts";
import { COMPILED, type Rig, rig } from "../../scripts/rig.ts";

const CHILD = new URL("killed-after.ts", import.meta.url).pathname;
const PHOTOS = ["a/IMG_20120628_140322.jpg", "A.jpg", "a.jpg", "new\nline.mov"];

let on: Rig;
beforeAll(async () => {
  on = await rig({}, (server) => {
    const bucket = server.bucket("photos");
    for (const key of PHOTOS) bucket.put(key, datedPhoto(2000, key), { modified: "2016-01-01T00:00:00.000Z" });
    server.bucket("copies");
  });
  writeFileSync(join(on.folder, "key.txt"), `${KEYS[1]}\n`, { mode: 0o600 });
});
afterAll(() => on[Symbol.asyncDispose]());

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

async function opened(bytes: Uint8Array): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(KEYS[0] ?? "");
  return createHash("sha256")
    .update(await decrypter.decrypt(bytes))
    .digest("hex");
}

/** Every sealed file, by its path: the digest of the photo in it. */
async function photosIn(target: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  if (target.startsWith("s3://")) {
    const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]*)\/(.*)$/.exec(target) ?? [];
    for (const key of on.server.bucket(bucket).keys()) {
      if (!key.startsWith(`${prefix}/`) || key.includes("/.photohaul/")) continue;
      const body = on.server.bucket(bucket).get(key)?.body;
      found[key.slice(prefix.length + 1)] = await opened(Buffer.from(body?.read(0, body.size) ?? []));
    }
    return found;
  }
  for (const name of readdirSync(target, { recursive: true, encoding: "utf8" })) {
    const file = join(target, name);
    if (name.startsWith(".photohaul") || !statSync(file).isFile()) continue;
    found[name] = await opened(readFileSync(file));
  }
  return found;
}

describe.each(["folder", "bucket"])("a sealed %s, killed the instant after any event", (kind) => {
  const place = (name: string) => {
    const target = kind === "folder" ? join(on.folder, name) : `s3://copies/${name}`;
    const there = kind === "folder" ? [] : ["--target-endpoint", on.server.endpoint];
    const catalogue = join(on.folder, `${kind}-${name}`, "c.sqlite");
    const words = ["mirror", "s3://photos", target, ...on.endpoint, ...there, ...SEALING];
    return { target, there, args: [...words, "--json", "--durable", "photo", "--catalogue", catalogue] };
  };

  test("the next run takes its own files over, without the key", { timeout: 240_000 }, async () => {
    const undisturbed = place("whole");
    const whole = await on.run(undisturbed.args);
    expect([whole.exit, whole.stderr]).toEqual([0, ""]);
    const expected = await photosIn(undisturbed.target);
    expect(Object.keys(expected)).toHaveLength(PHOTOS.length);
    let kills = 0;
    for (let event = 1; event <= whole.events.length; event += 1) {
      const cut = place(`cut-${event}`);
      if (await killedAfter(event, cut.args)) kills += 1;
      const next = await on.run(cut.args);
      expect(next.exit, `${event}: ${next.stderr}`).toBe(0);
      expect(next.summary.outcomes.stored + next.summary.outcomes.already).toBe(PHOTOS.length);
      expect(await photosIn(cut.target), `killed after event ${event}`).toEqual(expected);
      const verified = await on.run(["verify", cut.target, ...cut.there, "--json"]);
      expect([verified.exit, verified.stderr], `killed after event ${event}`).toEqual([0, ""]);
    }
    expect(kills).toBeGreaterThanOrEqual(whole.events.length - 2);
  });
});
