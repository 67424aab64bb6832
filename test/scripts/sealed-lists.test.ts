import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { KEYS, SEALING } from "../contract/sealed-rig.ts";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

const PHOTOS = ["a/1.jpg", "b/2.jpg", "c.jpg"];

/** A sealed folder of a computer without the key, mirrored once. */
async function mirrored(): Promise<
  Rig & { readonly own: (name: string) => string; again(...more: string[]): ReturnType<Rig["mirror"]> }
> {
  const on = await rig({}, (server) => {
    for (const key of PHOTOS) server.bucket("photos").put(key, datedPhoto(3000, key));
  });
  const again = (...more: string[]) => on.mirror(...SEALING, ...more);
  expect((await again()).exit).toBe(0);
  writeFileSync(join(on.folder, "key.txt"), `${KEYS[1]}\n`, { mode: 0o600 });
  return Object.assign(on, { own: (name: string) => join(on.folder, "photos/.photohaul", name), again });
}

const target = (on: Rig) => join(on.folder, "photos");
const parts = (on: Rig) => readdirSync(join(target(on), ".photohaul")).filter((name) => name.endsWith(".age"));

async function comesBack(on: Rig, folder: string): Promise<void> {
  const ran = await on.run([
    "restore",
    target(on),
    join(on.folder, folder),
    "--identity",
    join(on.folder, "key.txt"),
    "--json",
  ]);
  expect([ran.exit, ran.stderr, ran.summary.outcomes]).toMatchObject([0, "", { stored: PHOTOS.length }]);
  for (const key of PHOTOS) expect(readFileSync(join(on.folder, folder, key)).equals(datedPhoto(3000, key))).toBe(true);
  expect(ran.photos.every(({ captured }) => captured?.source === "exif")).toBe(true);
}

test.each([
  ["SHA256SUMS", (own: (name: string) => string) => rmSync(own("SHA256SUMS"))],
  ["the list of sealed files", (own: (name: string) => string) => rmSync(own("manifest.ndjson"))],
  [
    "both",
    (own: (name: string) => string) => {
      for (const name of ["SHA256SUMS", "manifest.ndjson"]) rmSync(own(name));
    },
  ],
  ["target.json", (own: (name: string) => string) => rmSync(own("target.json"))],
])("%s of a sealed target that was lost is made again without the key, and nothing is sent twice", async (_, lose) => {
  await using on = await mirrored();
  lose(on.own);
  const next = await on.again();
  expect([0, 3]).toContain(next.exit);
  expect(next.summary.outcomes).toMatchObject({ stored: 0, already: PHOTOS.length });
  expect((await on.again()).exit).toBe(0);
  expect((await on.run(["verify", target(on)])).exit).toBe(0);
  await comesBack(on, "back");
});

test.each([
  ["lost", (file: string) => rmSync(file)],
  ["damaged", (file: string) => writeFileSync(file, readFileSync(file).fill(0, 300, 301))],
])("a sealed list that was %s is written anew without the key", async (how, spoil) => {
  await using on = await mirrored();
  const [part = ""] = parts(on);
  spoil(on.own(part));
  const verified = await on.run(["verify", target(on)]);
  if (how === "damaged")
    expect([verified.exit, verified.stdout + verified.stderr]).toEqual([3, expect.stringContaining(part)]);
  const next = await on.again();
  expect([next.exit, next.summary.outcomes]).toMatchObject([3, { stored: 0, already: PHOTOS.length }]);
  expect((await on.again()).exit).toBe(0);
  const whole = await on.run(["verify", target(on)]);
  expect([whole.exit, whole.stderr]).toEqual([0, ""]);
  await comesBack(on, "back");
});

test("an older image of a sealed drive gets what it lacks, and what it has is not sent again", async () => {
  await using on = await mirrored();
  cpSync(target(on), join(on.folder, "image"), { recursive: true, preserveTimestamps: true });
  on.server.bucket("photos").put("new.jpg", datedPhoto(3000, "new"));
  expect((await on.again()).summary.outcomes.stored).toBe(1);
  for (const name of readdirSync(target(on))) rmSync(join(target(on), name), { recursive: true });
  cpSync(join(on.folder, "image"), target(on), { recursive: true, preserveTimestamps: true });
  const next = await on.again();
  expect([next.exit, next.summary.outcomes]).toMatchObject([0, { stored: 1, already: PHOTOS.length }]);
  const whole = await on.run(["verify", target(on), "--decrypt", "--identity", join(on.folder, "key.txt")]);
  expect([whole.exit, whole.stderr]).toEqual([0, ""]);
});

test("a sealed bucket is known again on a new computer with the key, and goes on there without it", async () => {
  await using on = await mirrored();
  on.server.bucket("copy");
  const there = ["--target-endpoint", on.server.endpoint];
  const line = ["mirror", "s3://photos", "s3://copy/p", ...on.endpoint, ...there, ...SEALING, "--json"];
  expect((await on.run(line)).exit).toBe(0);
  const env = { XDG_STATE_HOME: join(on.folder, "new") };
  const keys = [...on.server.bucket("copy").keys()];
  const refused = await on.run([...line, "--adopt"], { env });
  expect([refused.exit, refused.stderr]).toEqual([5, expect.stringMatching(/--identity FILE/)]);
  const adopted = await on.run([...line, "--adopt", "--identity", join(on.folder, "key.txt")], { env });
  expect([adopted.exit, adopted.stderr, adopted.summary.outcomes]).toMatchObject([0, "", { stored: 0, already: 3 }]);
  expect([...on.server.bucket("copy").keys()]).toEqual(keys);
  on.server.bucket("photos").put("new.jpg", datedPhoto(3000, "new"));
  const nightly = await on.run(line, { env });
  expect([nightly.exit, nightly.summary.outcomes]).toMatchObject([0, { stored: 1, already: 3 }]);
});
