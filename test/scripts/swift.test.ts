/** The command line with a Swift at either end. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SwiftServer, startSwift } from "../../fixtures/swift/server.ts";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

const KEY = "a-key-that-nobody-may-see";
const photo = (n: number) => datedPhoto(2000, `photo ${n}`);
let swift: SwiftServer;
let place: Rig;
let env: Record<string, string>;

beforeAll(async () => {
  swift = await startSwift({ key: KEY });
  place = await rig({}, () => undefined);
  env = { ST_AUTH: swift.auth, ST_USER: swift.user, ST_KEY: KEY };
  const photos = swift.container("photos");
  for (let n = 1; n <= 5; n++) photos.put(`2012/IMG_${n}.JPG`, photo(n));
  swift.container("second");
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await swift.close();
});

test("photos come from a Swift, go to a drive and to a Swift, are verified and come back", async () => {
  const drive = join(place.folder, "drive");
  const log = join(place.folder, "log.ndjson");
  const report = join(place.folder, "report.json");
  const mirror = ["mirror", "swift://photos", drive, "swift://second/copy", "--json"];
  const first = await place.run([...mirror, "--log", log, "--report", report], { env });
  expect(first).toMatchObject({ exit: 0, summary: { source: "swift://photos" } });
  expect(first.summary.outcomes).toMatchObject({ stored: 5, failed: 0 });
  const kept = swift.container("second").get("copy/2012/IMG_3.JPG");
  expect(kept?.body.size).toBe(photo(3).length);

  const checked = await place.run(["verify", "swift://second/copy", "--json"], { env });
  expect(checked.exit).toBe(0);
  expect(checked.stdout).toContain('"vouched":{"photos":5');

  swift.container("second").delete("copy/2012/IMG_3.JPG");
  const repair = ["verify", "swift://second/copy", "--repair-from", "swift://photos", "--json"];
  expect(await place.run(repair, { env })).toMatchObject({ exit: 0 });
  expect(swift.container("second").get("copy/2012/IMG_3.JPG")).toBeDefined();

  const back = join(place.folder, "back");
  expect((await place.run(["restore", "swift://second/copy", back], { env })).exit).toBe(0);
  expect(readFileSync(join(back, "2012", "IMG_3.JPG"))).toEqual(photo(3));

  for (const file of filesBelow(place.folder)) {
    expect(readFileSync(file).includes(KEY), file).toBe(false);
  }
  expect(first.stdout + first.stderr + checked.stdout).not.toContain(KEY);
});

test("a Swift that lets nobody in ends the run as its place in it says, and names no key", async () => {
  const wrong = { ...env, ST_KEY: "wrong-key" };
  const source = await place.run(["inventory", "swift://photos"], { env: wrong });
  expect(source.exit).toBe(4);
  expect(source.stderr).toContain("user and key are not known there");
  expect(source.stderr).toContain("ST_AUTH, ST_USER and ST_KEY");
  const target = await place.run(["mirror", place.folder, "swift://second/x"], { env: wrong });
  expect(target.exit).toBe(5);
  expect(source.stderr + target.stderr).not.toContain("wrong-key");
});

test.each([
  ["swift://photos", "swift://photos"],
  ["swift://photos", "swift://photos/backup"],
  ["swift://photos/2012", "swift://photos"],
])("%s is not mirrored to %s", async (source, target) => {
  const before = swift.container("photos").names();
  const ran = await place.run(["mirror", source, target], { env });
  expect(ran.exit).toBe(2);
  expect(ran.stderr).toMatch(/the (source|target) swift:/);
  expect(swift.container("photos").names()).toEqual(before);
});

test("policy says what Swift has in its place", async () => {
  const { exit, stdout } = await place.run(["policy", "swift://photos"]);
  expect(exit).toBe(0);
  expect(stdout).toContain("swift post --read-acl 'PROJECT:USER' 'photos'");
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}
