/** Runs to several targets that are cut, and made again elsewhere. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startS3 } from "../../fixtures/s3/server.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { type Rig, rig } from "../scripts/rig.ts";

const PHOTOS = 40;

async function filled(): Promise<Rig> {
  const on = await rig({}, (server) => {
    server.bucket("second");
    for (let n = 0; n < PHOTOS; n++) {
      server.bucket("photos").put(`2012/IMG_${n}.jpg`, datedPhoto(20_000, `photo ${n} `));
    }
  });
  return on;
}

function line(on: Rig): string[] {
  return [
    "mirror",
    "s3://photos",
    join(on.folder, "photos"),
    "s3://second",
    ...on.endpoint,
    "--target-endpoint",
    on.server.endpoint,
    "--json",
  ];
}

function mustHoldAll(on: Rig): void {
  for (let n = 0; n < PHOTOS; n++) {
    const path = `2012/IMG_${n}.jpg`;
    const body = datedPhoto(20_000, `photo ${n} `);
    expect(readFileSync(join(on.folder, "photos", path)).equals(body), path).toBe(true);
    const kept = on.server.bucket("second").get(path)?.body;
    expect(Buffer.from(kept?.read(0, kept.size) ?? []).equals(body), path).toBe(true);
  }
}

/** Every path once or more in the manifest of the bucket, and nothing else. */
function written(on: Rig): Set<string> {
  const bucket = on.server.bucket("second");
  const parts = bucket.keys().filter((key) => key.startsWith(".photohaul/manifest-"));
  const lines = parts.flatMap((key) => {
    const body = bucket.get(key)?.body;
    return Buffer.from(body?.read(0, body.size) ?? [])
      .toString()
      .trimEnd()
      .split("\n");
  });
  return new Set(lines.map((text) => String(JSON.parse(text).path)));
}

test.each([3, 17])("a run killed after photo %i is made whole by the next", async (after) => {
  await using on = await filled();
  let seen = 0;
  const cut = await on.run([...line(on), "--durable", "photo", "--concurrency", "4"], {
    onEvent(event, kill) {
      if (event.type === "photo" && ++seen === after) kill("SIGKILL");
    },
  });
  expect(cut.exit).toBe(137);
  const next = await on.run(line(on));
  expect([next.exit, next.stderr]).toEqual([0, ""]);
  for (const { outcomes } of next.summary.perTarget) {
    expect(outcomes.stored + outcomes.already).toBe(PHOTOS);
    expect(outcomes.already).toBeGreaterThanOrEqual(after - 1);
  }
  mustHoldAll(on);
  expect(written(on).size).toBe(PHOTOS);
  const uploads = on.server.bucket("second").keys().length;
  expect((await on.run(line(on))).summary.outcomes).toMatchObject({ stored: 0, already: PHOTOS });
  expect(on.server.bucket("second").keys()).toHaveLength(uploads);
});

test("another computer recognises what is there by its bytes, and writes none of it again", async () => {
  await using on = await filled();
  expect((await on.run(line(on))).exit).toBe(0);
  const env = { XDG_STATE_HOME: join(on.folder, "another computer") };
  const other = await on.run(line(on), { env });
  expect([other.exit, other.stderr]).toEqual([0, ""]);
  for (const photo of other.photos) {
    expect(photo.reason).toContain("exactly these bytes lay there already");
  }
  mustHoldAll(on);
  expect(
    on.server
      .bucket("second")
      .keys()
      .filter((key) => key.startsWith("2012/")),
  ).toHaveLength(PHOTOS);
});

test("two clouds have an endpoint each", async () => {
  await using on = await filled();
  await using cloud = await startS3({ buckets: { third: {} } });
  const targets = ["s3://second", "s3://third/backup"];
  const endpoints = [on.server.endpoint, cloud.endpoint];
  const ran = await on.run([
    "mirror",
    "s3://photos",
    ...targets,
    ...on.endpoint,
    ...endpoints.flatMap((url) => ["--target-endpoint", url]),
    "--json",
  ]);
  expect([ran.exit, ran.stderr]).toEqual([0, ""]);
  const keys = (all: string[], prefix: string) =>
    all.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const second = keys(on.server.bucket("second").keys(), "2012/");
  expect(second).toHaveLength(PHOTOS);
  expect(keys(cloud.bucket("third").keys(), "backup/2012/")).toEqual(second);
  expect(ran.summary.requests.get).toBe(PHOTOS);
});
