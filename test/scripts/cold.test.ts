import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

const KEYS = ["2012/a b,c+d%.jpg", "2013/ü.jpg", "2014/plain.jpg"];

const filled = () =>
  rig({}, (server) => {
    const bucket = server.bucket("photos");
    KEYS.forEach((key, at) => {
      bucket.put(key, datedPhoto(3000 + at, key), { storageClass: at === 2 ? "GLACIER" : "DEEP_ARCHIVE" });
    });
    bucket.put("2015/warm.jpg", datedPhoto(4000, "w"));
    bucket.put("2015/perhaps.jpg", datedPhoto(4000, "p"), { storageClass: "INTELLIGENT_TIERING" });
  });

const cold = (on: Rig, ...more: string[]) => on.run(["cold", "s3://photos", ...on.endpoint, ...more]);

test("a manifest has every archived original, its key such that S3 reads it back, and no line of titles", async () => {
  await using on = await filled();
  const file = join(on.folder, "back.csv");
  const ran = await cold(on, "--batch-manifest", file);
  expect([ran.exit, ran.stderr]).toEqual([0, ""]);
  expect(readFileSync(file, "utf8")).toBe(
    "photos,2012/a%20b%2Cc%2Bd%25.jpg\nphotos,2013/%C3%BC.jpg\nphotos,2014/plain.jpg\n",
  );
  expect(ran.stdout).toMatch(/DEEP_ARCHIVE +2 photos/);
  expect(ran.stdout).toMatch(/GLACIER +1 photo,/);
  expect(ran.stdout).toContain("1 photo in INTELLIGENT_TIERING may be archived");
  expect(ran.stdout.replaceAll(/\s+/g, " ")).toContain("this service may ask otherwise, --prices FILE tells");
  // Its own is written anew; nobody else's is.
  expect((await cold(on, "--batch-manifest", file)).exit).toBe(0);
  const foreign = join(on.folder, "mine.csv");
  for (const text of ["name,age\nphotos,12\n", "photos,my own notes\n", "other,2014/plain.jpg\n"]) {
    writeFileSync(foreign, text);
    const refused = await cold(on, "--batch-manifest", foreign);
    expect([refused.exit, readFileSync(foreign, "utf8")]).toEqual([2, text]);
  }
});

test("what a target has is left out, and a target that nobody mirrored to is wrong use", async () => {
  await using on = await filled();
  const file = join(on.folder, "back.csv");
  on.server.bucket("photos").put("2014/plain.jpg", datedPhoto(3002, "2014/plain.jpg"));
  await on.mirror();
  on.server.bucket("photos").put("2014/plain.jpg", datedPhoto(3002, "2014/plain.jpg"), { storageClass: "GLACIER" });
  expect((await cold(on, join(on.folder, "photos"), "--batch-manifest", file)).exit).toBe(0);
  expect(readFileSync(file, "utf8")).not.toContain("plain");
  expect(readFileSync(file, "utf8").split("\n").length).toBe(3);
  const other = await cold(on, join(on.folder, "elsewhere"));
  expect([other.exit, other.stderr]).toEqual([2, expect.stringContaining("is no target of this source's catalogue")]);
});

test("by a table of one's own it says what bringing them back costs, as JSON too", async () => {
  await using on = await filled();
  const file = join(on.folder, "prices.json");
  writeFileSync(
    file,
    JSON.stringify({ name: "mine", currency: "USD", source: "my bill", lines: { "GLACIER.bulk.ask": 1000 } }),
  );
  const ran = await cold(on, "--prices", file, "--json");
  const { data = JSON.parse(ran.stdout) } = {};
  expect(data.forecasts.map(({ tier }: { tier: string }) => tier)).toEqual(["bulk", "standard"]);
  expect(data.forecasts[0]).toMatchObject({
    currency: "USD",
    hoursFrom: 0,
    hoursTo: 48,
    priced: expect.stringContaining("my bill"),
  });
  expect(data.forecasts[0].amount).toBeGreaterThan(1);
  const bad = await cold(on, "--prices", join(on.folder, "none.json"));
  expect([bad.exit, bad.stderr]).toEqual([2, expect.stringContaining("price table")]);
});

test("what was asked for, from here or elsewhere, and what is back is left out", async () => {
  await using on = await filled();
  const file = join(on.folder, "back.csv");
  // From here; the service's listing says nothing of it.
  expect((await on.mirror("--restore-tier", "bulk", "--limit", "1")).summary).toMatchObject({ archive: { asked: 1 } });
  const bucket = on.server.bucket("photos");
  const asked = KEYS.filter((key) => bucket.get(key)?.restoring !== undefined);
  expect(asked).toHaveLength(1);
  const [elsewhere = "", third = ""] = KEYS.filter((key) => !asked.includes(key));
  const version = bucket.get(elsewhere);
  if (version) version.restoring = { tier: "Bulk", readyAt: 0, goesAt: Date.now() + 86_400_000 };
  const ran = await cold(on, "--batch-manifest", file);
  expect(readFileSync(file, "utf8").split("\n")).toHaveLength(2);
  expect(decodeURIComponent(readFileSync(file, "utf8"))).toContain(third);
  expect(ran.stdout).toMatch(/waiting +1 photo on the way back/);
  expect(ran.stdout).toMatch(/ready +1 photo to be fetched/);
});

test("versions of a bucket as it was are named", async () => {
  await using on = await rig({}, (server) => {
    server.bucket("photos", { versioning: "enabled" }).put("a.jpg", datedPhoto(3000, "a"), { storageClass: "GLACIER" });
  });
  const file = join(on.folder, "back.csv");
  const ran = await cold(on, "--as-of", "2100", "--batch-manifest", file);
  expect([ran.exit, ran.stderr]).toEqual([0, ""]);
  expect(readFileSync(file, "utf8")).toMatch(/^photos,a\.jpg,[^,\n]+\n$/);
});

test("nothing archived is nothing written, and what is no bucket has no classes", async () => {
  await using on = await rig({}, (server) => {
    server.bucket("photos").put("a.jpg", datedPhoto(3000, "a"));
  });
  const file = join(on.folder, "back.csv");
  const ran = await cold(on, "--batch-manifest", file);
  expect([ran.exit, existsSync(file)]).toEqual([0, false]);
  expect((await on.run(["cold", on.folder])).exit).toBe(2);
});
