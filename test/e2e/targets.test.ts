import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { S3Options, S3Server } from "../../fixtures/s3/server.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { type Ran, type Rig, rig } from "../scripts/rig.ts";

const PHOTOS = 12;

interface TwoPlaces extends Rig {
  /** `mirror s3://photos FOLDER/photos s3://second/backup`, both on the same server. */
  both(...more: string[]): Promise<Ran>;
  /** Paths on the second target, its own lists left out. */
  second(): string[];
}

async function places(options: S3Options = {}, fill: (server: S3Server) => void = fillPlain): Promise<TwoPlaces> {
  const on = await rig(options, fill);
  on.server.bucket("second");
  const keys = () => on.server.bucket("second").keys();
  const line = ["mirror", "s3://photos", join(on.folder, "photos"), "s3://second/backup"];
  const reached = [...on.endpoint, "--target-endpoint", on.server.endpoint];
  return {
    ...on,
    both: (...more) => on.run([...line, ...reached, "--json", ...more]),
    second: () =>
      keys()
        .filter((key) => !key.includes(".photohaul/"))
        .map((key) => key.slice("backup/".length)),
    [Symbol.asyncDispose]: () => on[Symbol.asyncDispose](),
  };
}

const photoOf = (n: number) => datedPhoto(2000, `photo ${n}`);

function fillPlain(server: S3Server): void {
  for (let n = 0; n < PHOTOS; n++) server.bucket("photos").put(`2012/IMG_${n}.jpg`, photoOf(n));
}

const outcomes = (stored: number, already = 0, skipped = 0, failed = 0) => ({
  stored,
  already,
  skipped,
  failed,
});

test("two targets get the same photos, and each photo is fetched once", async () => {
  await using on = await places();
  const { exit, summary, photos, stderr } = await on.both();
  expect(stderr).toBe("");
  expect(exit).toBe(0);
  const folder = join(on.folder, "photos");
  expect(summary.targets).toEqual([folder, "s3://second/backup"]);
  expect(summary.outcomes).toEqual(outcomes(PHOTOS));
  expect(summary.plan.photos).toBe(PHOTOS);
  const bytes = photos.reduce((sum, photo) => sum + photo.bytes, 0);
  expect(summary.storedBytes).toBe(bytes);
  expect(summary.perTarget).toMatchObject([
    { target: folder, outcomes: outcomes(PHOTOS), storedBytes: bytes },
    { target: "s3://second/backup", outcomes: outcomes(PHOTOS), storedBytes: bytes },
  ]);
  expect(photos).toHaveLength(PHOTOS);
  expect(photos[0]?.copies?.map(({ outcome }) => outcome)).toEqual(["stored", "stored"]);
  expect(on.second()).toHaveLength(PHOTOS);
  for (let n = 0; n < PHOTOS; n++) {
    const path = `2012/IMG_${n}.jpg`;
    expect(readFileSync(join(folder, path))).toEqual(photoOf(n));
    const body = on.server.bucket("second").get(`backup/${path}`)?.body;
    expect(Buffer.from(body?.read(0, body.size) ?? [])).toEqual(photoOf(n));
  }
  on.server.resetCounts();
  const again = await on.both();
  expect(again.exit).toBe(0);
  expect(again.summary.outcomes).toEqual(outcomes(0, PHOTOS));
  expect(on.server.counts.put).toBe(0);
});

test("the gets of a first run are one a photo", async () => {
  await using on = await places();
  const { summary } = await on.both();
  expect(summary.requests.get).toBe(PHOTOS);
});

test("a target that joins later catches up, and the other is left alone", async () => {
  await using on = await places();
  expect((await on.mirror("--exclude", "IMG_1*.jpg")).exit).toBe(0);
  const { exit, summary } = await on.both();
  expect(exit).toBe(0);
  const [folder, bucket] = summary.perTarget;
  expect(folder?.outcomes).toEqual(outcomes(3, 9));
  expect(bucket?.outcomes).toEqual(outcomes(PHOTOS));
  expect(summary.outcomes).toEqual(outcomes(PHOTOS));
});

test("a target that is not there delays only itself, and is named", async () => {
  await using on = await places();
  const { exit, summary, stderr } = await on.run([
    "mirror",
    "s3://photos",
    join(on.folder, "no", "such"),
    "s3://second/backup",
    ...on.endpoint,
    "--target-endpoint",
    on.server.endpoint,
    "--json",
  ]);
  expect(exit).toBe(5);
  expect(stderr).toContain(join("no", "such"));
  expect(summary.outcomes).toEqual(outcomes(PHOTOS));
  expect(summary.perTarget[0]?.error).toContain(join("no", "such"));
  expect(summary.perTarget[0]?.outcomes).toEqual(outcomes(0));
  expect(summary.perTarget[1]?.outcomes).toEqual(outcomes(PHOTOS));
  mkdirSync(join(on.folder, "no"));
  const next = await on.both();
  expect(next.exit).toBe(0);
  expect(next.summary.perTarget[1]?.outcomes).toEqual(outcomes(0, PHOTOS));
});

test("a bucket that refuses writes midway delays only itself, and catches up", async () => {
  await using on = await places();
  // Five of the README, by which the store is tried when it is opened, and four photos.
  on.server.faults.arm({
    fault: "access-denied",
    on: { op: ["put", "copy"], bucket: "second", key: /IMG_|README/ },
    times: 100,
    skip: 5 + 4,
  });
  const cut = await on.both("--durable", "photo", "--concurrency", "1");
  expect(cut.exit).toBe(5);
  expect(cut.stderr).toContain("s3://second");
  expect(cut.summary.perTarget[0]?.outcomes).toEqual(outcomes(PHOTOS));
  expect(cut.summary.perTarget[1]?.outcomes).toEqual(outcomes(4));
  expect(cut.summary.perTarget[1]?.error).toContain("s3://second");
  expect(cut.events.some((event) => event.type === "warning" && event.code === "target-lost")).toBe(true);
  on.server.faults.clear();
  const next = await on.both();
  expect(next.exit).toBe(0);
  expect(next.summary.perTarget.map((one) => one.outcomes)).toEqual([outcomes(0, PHOTOS), outcomes(PHOTOS - 4, 4)]);
  expect(on.second()).toHaveLength(PHOTOS);
});

test("a bucket that is alone and refuses everything ends the run", async () => {
  await using on = await places();
  on.server.faults.arm({ fault: "access-denied", on: { op: "put", bucket: "second" }, times: 99 });
  const ran = await on.run([
    "mirror",
    "s3://photos",
    "s3://second",
    ...on.endpoint,
    "--target-endpoint",
    on.server.endpoint,
    "--json",
  ]);
  expect(ran.exit).toBe(5);
  expect(ran.stderr).toContain("s3://second");
});

test("one photo that one target cannot keep fails there alone", async () => {
  await using on = await places();
  on.server.faults.arm({
    fault: "not-found",
    on: { op: ["put", "copy"], bucket: "second", key: /IMG_3\.jpg$/ },
    times: 99,
  });
  const { exit, summary, photos } = await on.both();
  expect(exit).toBe(3);
  expect(summary.outcomes).toEqual(outcomes(PHOTOS - 1, 0, 0, 1));
  expect(summary.perTarget.map((one) => one.outcomes)).toEqual([outcomes(PHOTOS), outcomes(PHOTOS - 1, 0, 0, 1)]);
  const failed = photos.find(({ outcome }) => outcome === "failed");
  expect(failed?.reason).toContain("s3://second/backup: ");
  expect(failed?.path).toBe("2012/IMG_3.jpg");
});

test("limits and rules count photos, for each target too", async () => {
  await using on = await places();
  expect((await on.mirror("--limit", "2")).exit).toBe(8);
  const ran = await on.both("--exclude", "IMG_11.jpg", "--max-transfer", "5000");
  expect(ran.exit).toBe(8);
  const [folder, bucket] = ran.summary.perTarget;
  const sum = (one: typeof folder) => Object.values(one?.outcomes ?? {}).reduce((a, b) => a + b, 0);
  expect(sum(folder)).toBe(PHOTOS);
  expect(sum(bucket)).toBe(PHOTOS);
  expect(bucket?.outcomes.stored).toBe(2);
  const all = Object.values(ran.summary.outcomes).reduce((a, b) => a + b, 0);
  expect(all).toBe(PHOTOS);
});

test("a dry run asks both and writes to none", async () => {
  await using on = await places();
  const { exit, summary } = await on.both("--dry-run");
  expect(exit).toBe(0);
  expect(summary.perTarget.map(({ plan }) => plan.photos)).toEqual([PHOTOS, PHOTOS]);
  expect(on.server.bucket("second").keys()).toEqual([]);
  expect(existsSync(join(on.folder, "photos"))).toBe(false);
});

test("the same target twice is wrong use", async () => {
  await using on = await places();
  const folder = join(on.folder, "photos");
  const { exit } = await on.run(["mirror", "s3://photos", folder, folder, ...on.endpoint]);
  expect(exit).toBe(2);
});

test("photos in a bucket have their facts, and the class that was asked for", async () => {
  await using on = await places({}, (server) => {
    server.bucket("photos").put("2012/IMG_20120628_140322.jpg", "photo", {
      contentType: "image/jpeg",
      contentDisposition: 'attachment; filename="Übung (1).jpg"',
    });
  });
  const ran = await on.both("--storage-class", "STANDARD_IA", "--timezone", "Europe/Berlin");
  expect(ran.exit).toBe(0);
  const bucket = on.server.bucket("second");
  const photo = bucket.get("backup/2012/IMG_20120628_140322.jpg");
  expect(photo?.storageClass).toBe("STANDARD_IA");
  expect(photo?.facts).toMatchObject({
    contentType: "image/jpeg",
    contentDisposition: "attachment; filename*=UTF-8''%C3%9Cbung%20%281%29.jpg",
    metadata: {
      mtime: `${Date.parse("2012-06-28T12:03:22Z") / 1000}.000`,
      captured: "2012-06-28T14:03:22",
      sha256: createHash("sha256").update("photo").digest("hex"),
    },
  });
  for (const key of bucket.keys().filter((one) => one.includes(".photohaul/"))) {
    expect(bucket.get(key)?.storageClass, key).toBe("STANDARD");
  }
  const sums = bucket.get("backup/.photohaul/SHA256SUMS-000001")?.body;
  writeFileSync(join(on.folder, "sums"), sums?.read(0, sums.size) ?? "");
  expect(readFileSync(join(on.folder, "sums"), "utf8")).toContain("  2012/IMG_20120628_140322.jpg");
});

describe("what was kept in a bucket", () => {
  const reach = (on: Rig) => ["--target-endpoint", on.server.endpoint, "--json"];

  test("is read again by verify, which names what is damaged or missing there", async () => {
    await using on = await places();
    await on.both();
    const verify = ["verify", "s3://second/backup", ...reach(on)];
    const whole = await on.run(verify);
    expect([whole.exit, whole.stderr]).toEqual([0, ""]);
    expect(whole.events.at(-1)).toMatchObject({
      conditions: { whole: PHOTOS, rotten: 0, unreadable: 0, missing: 0, archived: 0 },
      each: [{ extra: 0, brokenLines: 0, vouched: { photos: PHOTOS } }],
    });
    const bucket = on.server.bucket("second");
    bucket.put("backup/2012/IMG_1.jpg", "photo x");
    bucket.delete("backup/2012/IMG_2.jpg");
    bucket.put("backup/theirs.jpg", "a stranger");
    const hurt = await on.run([...verify, "--read"]);
    expect(hurt.exit).toBe(3);
    expect(hurt.events.at(-1)).toMatchObject({
      conditions: { whole: PHOTOS - 2, rotten: 1, unreadable: 0, missing: 1, archived: 0 },
      each: [{ extra: 1, vouched: { photos: 0 } }],
    });
  });

  test("is repaired from the drive where a photo is missing, and repairs the drive", async () => {
    await using on = await places();
    await on.both();
    const folder = join(on.folder, "photos");
    on.server.bucket("second").delete("backup/2012/IMG_2.jpg");
    const bucket = ["verify", "s3://second/backup", ...reach(on), "--repair-from", folder];
    expect((await on.run(bucket)).events.at(-1)).toMatchObject({ repaired: 1, exit: 0 });
    expect(on.second()).toContain("2012/IMG_2.jpg");
    writeFileSync(join(folder, "2012/IMG_3.jpg"), "photo x");
    const from = ["--repair-from", "s3://second/backup", ...on.endpoint];
    const drive = await on.run(["verify", folder, "--json", ...from]);
    expect(drive.events.at(-1)).toMatchObject({ repaired: 1, exit: 0 });
    expect(readFileSync(join(folder, "2012/IMG_3.jpg"))).toEqual(photoOf(3));
  });

  test("comes back by restore, on a computer that knows nothing but the address", async () => {
    await using on = await places();
    await on.both();
    const folder = join(on.folder, "restored");
    const back = await on.run(["restore", "s3://second/backup", folder, ...reach(on)]);
    expect([back.exit, back.stderr]).toEqual([0, ""]);
    for (let n = 0; n < PHOTOS; n++) {
      expect(readFileSync(join(folder, `2012/IMG_${n}.jpg`))).toEqual(photoOf(n));
    }
  });
});
