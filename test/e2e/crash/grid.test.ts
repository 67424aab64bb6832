/** A grid as the target, killed at every event: the next run ends as an undisturbed one does, and nothing lies there twice. */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTahoe, type TahoeServer } from "../../../fixtures/tahoe/server.ts";
import { datedPhoto } from "../../scripts/dated-photo.ts";
import { COMPILED, type Rig, rig } from "../../scripts/rig.ts";

const CHILD = new URL("killed-after.ts", import.meta.url).pathname;
const PHOTOS = ["a/IMG_20120628_140322.jpg", "A.jpg", "a.jpg", "new\nline.mov"];

let on: Rig;
let tahoe: TahoeServer;
beforeAll(async () => {
  tahoe = await startTahoe();
  on = await rig({}, (server) => {
    const bucket = server.bucket("photos");
    for (const key of PHOTOS) bucket.put(key, datedPhoto(2000, key), { modified: "2016-01-01T00:00:00.000Z" });
  });
});
afterAll(async () => {
  await on[Symbol.asyncDispose]();
  await tahoe.close();
});

function place(name: string) {
  const { rw } = tahoe.grid.mkdir();
  const file = join(on.folder, `${name}.cap`);
  writeFileSync(file, rw, { mode: 0o600 });
  const words = ["mirror", "s3://photos", `tahoe:${file}`, ...on.endpoint, "--json", "--durable", "photo"];
  return { rw, target: `tahoe:${file}`, args: [...words, "--catalogue", join(on.folder, name, "c.sqlite")] };
}

function killedAfter(events: number, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, String(events), ...args], {
      env: { ...on.env, TAHOE_NODE_URL: tahoe.url, NODE_COMPILE_CACHE: COMPILED },
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.on("error", reject);
    child.on("close", (_, signal) => resolve(signal === "SIGKILL"));
  });
}

/** Every file by its path: the digest of its bytes. */
function photosIn(cap: string, below = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, { ro, rw }] of tahoe.grid.directory(cap)?.children ?? []) {
    if (name === ".photohaul") continue;
    if (rw !== undefined) Object.assign(found, photosIn(rw, `${below}${name}/`));
    else found[below + name] = createHash("sha256").update(tahoe.grid.bytes(ro)).digest("hex");
  }
  return found;
}

test("killed the instant after any event, the next run ends as an undisturbed one does", {
  timeout: 240_000,
}, async () => {
  const env = { TAHOE_NODE_URL: tahoe.url };
  const undisturbed = place("whole");
  const whole = await on.run(undisturbed.args, { env });
  expect([whole.exit, whole.stderr]).toEqual([0, ""]);
  const expected = photosIn(undisturbed.rw);
  expect(Object.keys(expected)).toHaveLength(PHOTOS.length);
  let kills = 0;
  for (let event = 1; event <= whole.events.length; event += 1) {
    const cut = place(`cut-${event}`);
    if (await killedAfter(event, cut.args)) kills += 1;
    const next = await on.run(cut.args, { env });
    expect(next.exit, `${event}: ${next.stdout}`).toBe(0);
    expect(next.summary.outcomes.stored + next.summary.outcomes.already).toBe(PHOTOS.length);
    expect(photosIn(cut.rw), `killed after event ${event}`).toEqual(expected);
    const verified = await on.run(["verify", cut.target, "--json"], { env });
    expect([verified.exit, verified.stdout], `killed after event ${event}`).toEqual([
      0,
      expect.stringContaining('"extra":0'),
    ]);
  }
  expect(kills).toBeGreaterThanOrEqual(whole.events.length - 2);
});
