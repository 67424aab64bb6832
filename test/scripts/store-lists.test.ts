import { join } from "node:path";
import { expect, test } from "vitest";
import type { WarningEvent } from "../../src/events.ts";
import { datedPhoto } from "./dated-photo.ts";
import { type Ran, type Rig, rig } from "./rig.ts";

const PART = /manifest-\d+\.ndjson$/;
const SUMS_PART = /SHA256SUMS-\d+$/;

interface InBucket extends Rig {
  home(to?: string, state?: string): Promise<Ran>;
  shoot(n: number): void;
}

/** Photos of a bucket in another one, in two parts of the lists. */
async function inBucket(): Promise<InBucket> {
  const on = await rig({}, () => undefined);
  const shoot = (n: number) =>
    void on.server
      .bucket("photos")
      .put(`IMG_${n}.jpg`, datedPhoto(2000, `${n}`), { modified: "2016-01-01T00:00:00.000Z" });
  on.server.bucket("second");
  on.server.bucket("third");
  const home = (to = "second", state = "state") =>
    on.run(["mirror", "s3://photos", `s3://${to}`, "--json", ...on.endpoint, ...reach(on)], {
      env: { XDG_STATE_HOME: join(on.folder, state) },
    });
  for (const n of [1, 2, 3]) shoot(n);
  expect((await home()).exit).toBe(0);
  for (const n of [4, 5]) shoot(n);
  expect((await home()).exit).toBe(0);
  return { ...on, home, shoot, [Symbol.asyncDispose]: () => on[Symbol.asyncDispose]() };
}

const reach = (on: Rig) => ["--target-endpoint", on.server.endpoint];
const warned = ({ events }: Ran, code: string) =>
  events.filter((event): event is WarningEvent => event.type === "warning" && event.code === code);
const partOf = (on: Rig, form: RegExp) =>
  on.server
    .bucket("second")
    .keys()
    .find((key) => form.test(key)) ?? "";
const put = (on: Rig, key: string, text: string) => on.server.bucket("second").put(key, text, {});
const textOf = (on: Rig, key: string) => {
  const body = on.server.bucket("second").get(key)?.body;
  return body === undefined ? "" : Buffer.from(body.read(0, body.size)).toString();
};

test.each<[string, (on: Rig) => void]>([
  ["a part of the manifest is gone", (on) => on.server.bucket("second").delete(partOf(on, PART))],
  ["a part of the manifest is empty", (on) => void put(on, partOf(on, PART), "")],
  ["a part of the manifest is cut", (on) => void put(on, partOf(on, PART), textOf(on, partOf(on, PART)).slice(0, -30))],
  ["a part of the sums is gone", (on) => on.server.bucket("second").delete(partOf(on, SUMS_PART))],
])("in a bucket, where %s, it is told once with exit 3 and mended", async (_, harm) => {
  await using on = await inBucket();
  harm(on);
  on.shoot(6);
  const ran = await on.home();
  expect(ran.exit, ran.stderr).toBe(3);
  expect(warned(ran, "lists")).toHaveLength(1);
  expect(ran.summary.outcomes).toMatchObject({ stored: 1, already: 5, failed: 0 });
  expect((await on.home()).exit).toBe(0);
  const verified = await on.run(["verify", "s3://second", ...reach(on), "--json"]);
  expect(verified.exit, verified.stderr).toBe(0);
  const back = await on.run(["restore", "s3://second", join(on.folder, "back"), ...reach(on), "--json"]);
  expect(back.exit, back.stderr).toBe(0);
  expect(back.photos).toHaveLength(6);
});

test("a store in which no list is what was written ends the run, and is not written to for ever", async () => {
  let puts = 0;
  await using on: Rig = await rig(
    {
      onRequest: (operation, bucket, key) => {
        if (operation !== "put" || !PART.test(key)) return;
        puts += 1;
        on.server.bucket(bucket).put(key, "what somebody else wrote");
      },
    },
    (server) => void server.bucket("photos").put("IMG_1.jpg", datedPhoto(2000, "1")),
  );
  on.server.bucket("second");
  const ran = await on.run(["mirror", "s3://photos", "s3://second", "--json", ...on.endpoint, ...reach(on)]);
  expect([ran.exit, puts < 100]).toEqual([3, true]);
  expect(ran.photos).toMatchObject([
    { outcome: "failed", reason: expect.stringMatching(/is not what was written there/) },
  ]);
});

test("photos that SHA256SUMS alone names, and twice, come back once", async () => {
  await using on = await inBucket();
  const bucket = on.server.bucket("second");
  put(on, ".photohaul/SHA256SUMS-000009", textOf(on, partOf(on, SUMS_PART)));
  for (const key of bucket.keys().filter((one) => PART.test(one))) bucket.delete(key);
  const back = await on.run(["restore", "s3://second", join(on.folder, "back"), ...reach(on), "--json"]);
  expect(back.photos.filter(({ outcome }) => outcome === "stored")).toHaveLength(5);
  expect(back.photos).toHaveLength(5);
});

test("a bucket that was copied is another copy, and what it lacks comes", async () => {
  await using on = await inBucket();
  const { server } = on;
  for (const key of server.bucket("second").keys()) {
    const version = server.bucket("second").get(key);
    if (version !== undefined) server.bucket("third").put(key, version.body, version.facts);
  }
  on.shoot(6);
  expect((await on.home()).summary.outcomes).toMatchObject({ stored: 1, already: 5 });
  const third = await on.home("third");
  expect(third.exit, third.stderr).toBe(0);
  expect(third.summary.outcomes).toMatchObject({ stored: 1, already: 5 });
  const { stdout } = await on.run(["status", "--json"]);
  const { targets } = JSON.parse(stdout);
  expect(targets.map(({ photos }: { photos: number }) => photos)).toEqual([6, 6]);
});

test.each([["gone"], ["empty"], ["zeros"]])(
  "a bucket whose marker was lost (%s) is known by its lists, told and mended",
  async (how) => {
    await using on = await inBucket();
    const bucket = on.server.bucket("second");
    const key = ".photohaul/target.json";
    const { id } = JSON.parse(textOf(on, key));
    if (how === "gone") bucket.delete(key);
    else put(on, key, how === "empty" ? "" : "\0".repeat(200));
    expect((await on.run(["verify", "s3://second", ...reach(on)])).exit).toBe(0);
    const back = join(on.folder, "back");
    expect((await on.run(["restore", "s3://second", back, ...reach(on)])).exit).toBe(0);
    on.shoot(6);
    const ran = await on.home();
    expect(ran).toMatchObject({ exit: 0, summary: { outcomes: { stored: 1, already: 5 } } });
    expect(warned(ran, "target")[0]?.message).toMatch(/target\.json was lost/);
    expect(JSON.parse(textOf(on, key))).toMatchObject({ id });
    expect((await on.home()).events.filter(({ type }) => type === "warning")).toEqual([]);
  },
);
