import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

let on: Rig;
let at = "";
let made = 0;
beforeAll(async () => {
  on = await rig({}, (server) => {
    for (let n = 0; n < 3; n += 1) server.bucket("photos").put(`2012/IMG_${n}.jpg`, datedPhoto(2000, `photo ${n}`));
  });
});
afterAll(() => on[Symbol.asyncDispose]());
beforeEach(() => {
  made += 1;
  at = join(on.folder, `places-${made}`);
  mkdirSync(join(at, "src", "2012"), { recursive: true });
  mkdirSync(join(at, "usb"));
  writeFileSync(join(at, "src", "2012", "a.jpg"), datedPhoto(2000, "a"));
  symlinkSync(join(at, "src"), join(at, "link"));
});

const everything = () => readdirSync(at, { recursive: true }).map(String).sort();

describe("a target that is its source, or lies in it or around it, is refused before anything is written", () => {
  test.each([
    ["the same folder", "src", "src", /is the source/],
    ["by a link", "src", "link", /is the source/],
    ["inside", "src", "src/2012", /inside the source/],
    ["inside, not there yet", "src", "src/backup", /inside the source/],
    ["inside, by a link", "src", "link/backup", /inside the source/],
    ["inside what the link leads to", "link", "src/backup", /inside the source/],
    ["around", "src/2012", "src", /inside the target/],
  ])("%s", async (_, source, target, says) => {
    const before = everything();
    for (const more of [[], ["--dry-run"]]) {
      const ran = await on.run(["mirror", join(at, source), join(at, target), ...more]);
      expect(ran.exit).toBe(2);
      expect(ran.stderr).toMatch(says);
    }
    expect(everything()).toEqual(before);
  });

  test.each([
    ["the same bucket", "s3://photos", "s3://photos"],
    ["a slash at the end", "s3://photos", "s3://photos/"],
    ["a prefix", "s3://photos", "s3://photos/backup"],
    ["a prefix in a prefix", "s3://photos/2012", "s3://photos/2012/backup"],
    ["a folder whose name begins like the prefix", "s3://photos/2012", "s3://photos/2012-backup"],
    ["the bucket around a prefix", "s3://photos/2012", "s3://photos"],
  ])("in a store: %s", async (_, source, target) => {
    const { endpoint } = on.server;
    const elsewhere = endpoint.replace("127.0.0.1", "localhost");
    const before = on.server.bucket("photos").keys();
    for (const [one, other] of [
      [endpoint, endpoint],
      [endpoint, `${endpoint}/`],
      [elsewhere, endpoint],
    ] as const) {
      const reach = ["--endpoint", one, "--target-endpoint", other];
      const ran = await on.run(["mirror", source, target, ...reach]);
      expect(ran.stderr).toMatch(/source/);
      expect(ran.exit).toBe(2);
    }
    expect(on.server.bucket("photos").keys()).toEqual(before);
  });
});

test.each([
  ["s3://photos", "s3://alias"],
  ["s3://photos", "s3://alias/backup"],
  ["s3://photos/2012", "s3://alias/2012/backup"],
  ["s3://photos/2012", "s3://alias"],
])("in a store: %s and, by another name of the bucket, %s", async (source, target) => {
  on.server.bucket("alias", { aliasOf: "photos" });
  const { endpoint } = on.server;
  const before = on.server.bucket("photos").keys();
  const elsewhere = endpoint.replace("127.0.0.1", "localhost");
  for (const other of [endpoint, elsewhere]) {
    const ran = await on.run(["mirror", source, target, "--endpoint", endpoint, "--target-endpoint", other]);
    expect(ran.stderr).toMatch(/is the source .* behind another name/);
    expect(ran.exit).toBe(2);
  }
  expect(on.server.bucket("photos").keys()).toEqual(before);
});

test("a bucket of another name that may be written to and not read is another place", async () => {
  await using own = await rig({}, (server) => server.bucket("photos").put("2012/a.jpg", datedPhoto(2000, "a")));
  own.server.bucket("other");
  own.server.faults.arm({ fault: "access-denied", on: { op: "head", key: "2012/a.jpg" } });
  const reach = [...own.endpoint, "--target-endpoint", own.server.endpoint];
  expect((await own.run(["mirror", "s3://photos", "s3://other", ...reach])).exit).toBe(0);
  own.server.faults.assertAllFired();
});

test("a bucket that the service replicates the source into is another place", async () => {
  await using own = await rig({}, () => undefined);
  const modified = "2016-01-01T00:00:00.000Z";
  const put = (bucket: string, replication: string) =>
    own.server.bucket(bucket).put("2012/a.jpg", datedPhoto(2000, "a"), { modified, replication });
  put("photos", "COMPLETED");
  put("replica", "REPLICA");
  const reach = [...own.endpoint, "--target-endpoint", own.server.endpoint];
  const ran = await own.run(["mirror", "s3://photos", "s3://replica", ...reach]);
  expect(ran.exit, ran.stderr).toBe(0);
  put("same", "COMPLETED");
  expect((await own.run(["mirror", "s3://photos", "s3://same", ...reach])).exit).toBe(2);
});

test("a prefix beside that of the source is another place", async () => {
  await using own = await rig({}, (server) => server.bucket("photos").put("2012/a.jpg", datedPhoto(2000, "a")));
  const reach = [...own.endpoint, "--target-endpoint", own.server.endpoint];
  const ran = await own.run(["mirror", "s3://photos/2012", "s3://photos/backup", ...reach]);
  expect(ran.stderr).toBe("");
  expect(ran.exit).toBe(0);
});

test("a bucket of the same name at another service is another place", async () => {
  await using other = await rig({}, (server) => server.bucket("photos"));
  const reach = [...on.endpoint, "--target-endpoint", other.server.endpoint];
  for (let run = 0; run < 2; run += 1) {
    expect((await on.run(["mirror", "s3://photos", "s3://photos", ...reach])).exit).toBe(0);
  }
  expect(other.server.bucket("photos").keys()).toContain("2012/IMG_0.jpg");
});

test("a source whose listing shows the marker of the target is refused", async () => {
  await using own = await rig({}, (server) => server.bucket("photos").put("a.jpg", datedPhoto(2000, "a")));
  expect((await own.mirror()).exit).toBe(0);
  const marker = join(own.folder, "photos", ".photohaul", "target.json");
  own.server.bucket("photos").put("disk/.photohaul/target.json", readFileSync(marker));
  const { exit, stderr } = await own.mirror();
  expect(exit).toBe(2);
  expect(stderr).toMatch(/holds the target itself.*disk\/\.photohaul\/target\.json/);
});

test("the marker of another target in the source hinders nothing", async () => {
  await using own = await rig({}, (server) => {
    server.bucket("photos").put("a.jpg", datedPhoto(2000, "a"));
    server.bucket("photos").put("old/.photohaul/target.json", Buffer.from('{"id":"another"}'));
    server.bucket("photos").put("odd/.photohaul/target.json", Buffer.from("no marker"));
  });
  for (const _ of [1, 2]) {
    const ran = await own.mirror();
    expect(ran.exit).toBe(0);
    expect(ran.stdout).toMatch(/2 keys .* left out: odd\/\.photohaul\/target\.json, old\/\.photohaul\/target\.json\./);
  }
});

test("two targets that are one place are one named twice, by a link and by another name of the service", async () => {
  symlinkSync(join(at, "usb"), join(at, "same"));
  const folders = await on.run(["mirror", join(at, "src"), join(at, "usb"), join(at, "same")]);
  expect(folders.exit).toBe(2);
  expect(folders.stderr).toMatch(/named twice/);
  expect(existsSync(join(at, "usb", ".photohaul"))).toBe(false);
});

test("two buckets of which one is a copy of the other are two targets, and one bucket by two names is one", async () => {
  await using own = await rig({}, (server) => server.bucket("photos").put("2012/a.jpg", datedPhoto(2000, "a")));
  const reach = [...own.endpoint, "--target-endpoint", own.server.endpoint, "--json"];
  const [one, two] = [own.server.bucket("one"), own.server.bucket("two")];
  own.server.bucket("alias", { aliasOf: "one" });
  expect((await own.run(["mirror", "s3://photos", "s3://one", ...reach])).exit).toBe(0);
  expect((await own.run(["mirror", "s3://photos", "s3://one", "s3://alias", ...reach])).exit).toBe(2);
  for (const key of one.keys()) {
    const version = one.get(key);
    if (version !== undefined) two.put(key, version.body, { ...version.facts, modified: "2031-01-01T00:00:00.000Z" });
  }
  own.server.bucket("photos").put("2012/b.jpg", datedPhoto(2000, "b"));
  for (const _ of [1, 2]) {
    const ran = await own.run(["mirror", "s3://photos", "s3://one", "s3://two", ...reach]);
    expect(ran.exit, ran.stderr).toBe(0);
  }
  for (const bucket of [one, two]) expect(bucket.keys().filter((key) => key.endsWith(".jpg"))).toHaveLength(2);
});

test("restore brings nothing to where it lies, and verify mends no target from itself", async () => {
  const usb = join(at, "usb");
  expect((await on.run(["mirror", join(at, "src"), usb])).exit).toBe(0);
  const before = everything();
  for (const folder of [usb, join(usb, "back"), at]) {
    const ran = await on.run(["restore", usb, folder]);
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toMatch(/the target .* itself/);
  }
  expect((await on.run(["restore", usb, "s3://photos"])).exit).toBe(2);
  expect((await on.run(["verify", usb, "--repair-from", `${usb}/`])).exit).toBe(2);
  expect(everything()).toEqual(before);
});
