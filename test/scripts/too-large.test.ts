import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Rig, rig } from "./rig.ts";

/** A drive that takes no file of more than 1,000 bytes, as FAT32 takes none of 4 GiB. */
describe("photos that no file on the drive can hold", () => {
  let on: Rig;
  let drive: string;
  beforeAll(async () => {
    on = await rig({}, (server) => {
      const put = (name: string, size: number, day: number) =>
        server.bucket("photos").put(name, Buffer.alloc(size, name), {
          modified: `2014-01-0${day}T00:00:00.000Z`,
        });
      put("first-video.mov", 5000, 1);
      put("small.jpg", 300, 2);
      put("second-video.mov", 6000, 3);
      put("later.jpg", 400, 4);
      put("exact.mov", 1000, 5);
    });
    drive = join(on.folder, "photos");
    await on.mirror("--include", "nothing-at-all");
    const marker = join(drive, ".photohaul", "target.json");
    const json: { traits: object } = JSON.parse(readFileSync(marker, "utf8"));
    writeFileSync(marker, JSON.stringify({ ...json, traits: { ...json.traits, largestFile: 1000 } }));
  });
  afterAll(() => on[Symbol.asyncDispose]());
  const mirror = (...more: string[]) => on.run(["mirror", "s3://photos", drive, ...on.endpoint, ...more]);
  const reason = /no file on \S+photos can have more than 1\.0 kB\. To be named as failed, and not fetched; add/;

  test("are told by the plan, before the transfer", async () => {
    const report = join(on.folder, "plan.html");
    const { exit, stdout } = await mirror("--dry-run", "--report", report);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/too large +2 photos, 11 kB: no file on/);
    expect(stdout).toMatch(/to fetch +3 photos, 1\.7 kB/);
    expect(stdout).toMatch(reason);
    expect(stdout).toMatch(/too large +2 +11 kB .*\(first-video\.mov, second-video\.mov\)/);
    expect(readFileSync(report, "utf8")).toMatch(reason);
  });

  test("count for no limit, so that a run with one goes on behind them", async () => {
    on.server.resetCounts();
    const ran = await on.mirror("--limit", "1", "--max-transfer", "500");
    expect(ran.exit).toBe(3);
    const fates = ran.photos.map(({ key, outcome }) => `${key} ${outcome}`).toSorted();
    expect(fates).toEqual(["first-video.mov failed", "second-video.mov failed", "small.jpg stored"]);
    expect(ran.summary.outcomes).toEqual({ stored: 1, already: 0, skipped: 2, failed: 2 });
    expect(on.server.counts.get).toBe(1);
  });

  test("are named as failed with what to do, each time, and not one byte of them is fetched", async () => {
    on.server.resetCounts();
    const told = await mirror("--quiet");
    expect(told.exit).toBe(3);
    expect(told.stderr).toMatch(
      /first-video\.mov: it has 5\.0 kB, and no file on \S+ can have more than 1\.0 kB: add another target, or use a drive with exFAT/,
    );
    expect(on.server.counts.get).toBe(2);
    const again = await on.mirror();
    expect(again.exit).toBe(3);
    expect(again.summary).toMatchObject({
      plan: { photos: 0, tooLarge: { photos: 2, bytes: 11_000, most: 1000 } },
      outcomes: { stored: 0, already: 3, skipped: 0, failed: 2 },
    });
    expect(on.server.counts.get).toBe(2);
    const status = await on.run(["status", "s3://photos", ...on.endpoint]);
    expect(status.exit).toBe(3);
    expect(status.stdout).toMatch(/second-video\.mov: it has 6\.0 kB, and no file on/);
  });

  test("are kept by another target of the same run", async () => {
    const other = join(on.folder, "other");
    const ran = await on.run(["mirror", "s3://photos", drive, other, ...on.endpoint, "--json"]);
    expect(ran.exit).toBe(3);
    expect(ran.summary.plan).toMatchObject({ photos: 5 });
    expect(ran.summary.perTarget).toMatchObject([
      { target: drive, outcomes: { already: 3, failed: 2 }, plan: { tooLarge: { photos: 2 } } },
      { target: other, outcomes: { stored: 5, failed: 0 } },
    ]);
    expect(readFileSync(join(other, "second-video.mov"))).toHaveLength(6000);
  });
});
