/** Originals in an archive: a rendition stands in until they can be read. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";
import { namedSizes } from "./three-sizes.ts";

/** Eight photos, whose originals lie where `storageClass` says. */
function fill(server: Rig["server"], storageClass: string): void {
  const bucket = server.bucket("photos");
  for (let nth = 0; nth < 8; nth += 1) {
    const name = `IMG_${1000 + nth}.jpg`;
    bucket.put(`original/${name}`, Buffer.alloc(40_000 + 700 * nth, nth + 1), { storageClass });
    bucket.put(`large/${name}`, Buffer.alloc(9000 + 90 * nth, nth + 1));
    bucket.put(`tile/${name}`, Buffer.alloc(1200 + 7 * nth, nth + 1));
  }
}

test("the best rendition is taken, counted as such, and the original too once it is restored", async () => {
  await using at = await rig({}, (server) => fill(server, "DEEP_ARCHIVE"));
  const first = await at.mirror(...namedSizes(at.folder));
  expect(first.summary).toMatchObject({
    exit: 8,
    fallbacks: 8,
    outcomes: { stored: 8, already: 0, skipped: 8, failed: 0 },
  });
  const of = (outcome: string) =>
    first.photos.filter((photo) => photo.outcome === outcome).map(({ key }) => key.split("/")[0]);
  expect(new Set(of("stored"))).toEqual(new Set(["large"]));
  expect(new Set(of("skipped"))).toEqual(new Set(["original"]));
  expect(first.photos.find(({ outcome }) => outcome === "skipped")?.reason).toMatch(/archived/);

  // The stand-ins are there already; the originals are asked for again.
  const second = await at.mirror(...namedSizes(at.folder));
  expect(second.summary).toMatchObject({ exit: 8, outcomes: { stored: 0, already: 8, skipped: 8 } });

  fill(at.server, "STANDARD");
  const third = await at.mirror(...namedSizes(at.folder));
  expect(third.summary).toMatchObject({
    exit: 0,
    fallbacks: 0,
    outcomes: { stored: 8, already: 0, failed: 0 },
  });
  expect(third.photos.every(({ key }) => key.startsWith("original/"))).toBe(true);
}, 60_000);

test("a target in an archive class: restore says who must bring it back, and verify calls nothing damaged", async () => {
  await using at = await rig({}, (server) => {
    server.bucket("second");
    for (const n of [1, 2, 3]) server.bucket("photos").put(`${n}.jpg`, datedPhoto(2000, n));
  });
  const reach = ["--target-endpoint", at.server.endpoint];
  const target = "s3://second/copy";
  const mirror = ["mirror", "s3://photos", target, ...at.endpoint, ...reach];
  expect((await at.run([...mirror, "--storage-class", "DEEP_ARCHIVE", "--cold-above", "1"])).exit).toBe(0);

  const back = join(at.folder, "back");
  const restored = await at.run(["restore", target, back, ...reach]);
  expect(restored.exit).toBe(3);
  expect(restored.stdout).toMatch(/failed +3 photos, 3 of them archived/);
  expect(restored.stdout).toMatch(/must be restored by the service first/);
  expect(restored.stdout).not.toMatch(/damaged/);
  expect(restored.stderr).toMatch(/1\.jpg: .*the service must restore it first/);

  const verified = await at.run(["verify", target, ...reach]);
  expect(verified).toMatchObject({ exit: 0 });
  expect(verified.stdout).toMatch(/by digest +3 photos/);
  const read = await at.run(["verify", target, "--read", ...reach]);
  expect(read.exit).toBe(3);
  expect(read.stdout).toMatch(/archived +3 photos that nothing can read/);
  expect(read.stdout).toMatch(/Nothing is known against what is archived/);
  expect(read.stdout).not.toMatch(/damaged|unreadable|every photo was checked/);

  // One of them is restored, one is lost: only that one is to be put back.
  const bucket = at.server.bucket("second");
  bucket.put("copy/1.jpg", datedPhoto(2000, 1));
  bucket.delete("copy/2.jpg");
  const mixed = await at.run(["verify", target, "--read", ...reach, "--json"]);
  expect(mixed.stdout).toContain('"conditions":{"whole":1,"rotten":0,"unreadable":0,"missing":1,"archived":1}');
  const repair = ["verify", target, "--read", ...reach, ...at.endpoint];
  const repaired = await at.run([...repair, "--repair-from", "s3://photos", "--json"]);
  expect(repaired.stdout.match(/"type":"repair"[^}]*"path":"([^"]*)","outcome":"([a-z]+)"/g)).toHaveLength(1);
  expect(bucket.get("copy/2.jpg")).toBeDefined();
}, 60_000);
