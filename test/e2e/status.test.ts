import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Status } from "../../src/events.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { type Rig, rig } from "../scripts/rig.ts";

/** One computer's memory, from nothing over a good run and a bad one to damage on the drive. */
describe("status", () => {
  let on: Rig;
  beforeAll(async () => {
    on = await rig({}, (server) => {
      const bucket = server.bucket("photos");
      for (const name of ["a", "b", "c"]) bucket.put(`${name}.jpg`, datedPhoto(2000, name), {});
    });
  });
  afterAll(() => on[Symbol.asyncDispose]());
  const status = async (...more: string[]) => {
    const { exit, stdout } = await on.run(["status", "--json", ...more]);
    const lines = stdout.trimEnd().split("\n").filter(Boolean);
    return { exit, all: lines.map((line): Status => JSON.parse(line)) };
  };

  test("before the first run there is nothing", async () => {
    expect(await on.run(["status"])).toMatchObject({
      exit: 0,
      stdout: "Nothing was mirrored yet.\n",
    });
    expect((await on.run(["status", "s3://photos"])).exit).toBe(2);
    // Whoever watches this one, watches nothing.
    expect(await on.run(["status", "--check"])).toMatchObject({
      exit: 3,
      stdout: expect.stringMatching(/as the user/),
    });
  });

  test("after a dry run nothing was mirrored, after a good one all is well", async () => {
    await on.mirror("--dry-run");
    expect((await status()).all).toMatchObject([{ source: "s3://photos", last: null }]);
    await on.mirror();
    const { exit, all } = await status();
    expect(exit).toBe(0);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({
      source: "s3://photos",
      last: { command: "mirror", exit: 0, outcomes: { stored: 3 }, error: null },
      targets: [{ target: join(on.folder, "photos"), photos: 3, bytes: 6000, verified: null }],
      mend: [],
    });
    expect(all[0]?.lastGood).toMatch(/^\d{4}-/);
    const page = (await on.run(["status", "s3://photos", ...on.endpoint])).stdout;
    expect(page).toMatch(/last run {3}mirror, .* exit 0: 3 stored/);
    expect(page).toMatch(/kept {7}3 photos, 6.0 kB on /);
    expect(page).toMatch(/verified {3}never/);
  });

  test("a photo that fails is named, with what to do", async () => {
    on.server.bucket("photos").put("d.jpg", datedPhoto(2000, "d"), {});
    on.server.faults.arm({ fault: "access-denied", on: { op: "get", key: "d.jpg" }, times: 100 });
    expect((await on.mirror()).exit).not.toBe(0);
    const { exit, all } = await status();
    expect(exit).toBe(3);
    expect(all[0]?.last?.exit).not.toBe(0);
    expect(all[0]?.mend[0]).toMatch(/run the same line again/);
    on.server.faults.clear();
    expect((await on.mirror()).exit).toBe(0);
    expect((await status()).exit).toBe(0);
  });

  test("lists that disagreed and were mended are what exit 3 was for, and no photo failed", async () => {
    const lists = join(on.folder, "photos/.photohaul");
    appendFileSync(join(lists, "SHA256SUMS"), "no line of sums\n");
    expect((await on.mirror()).exit).toBe(3);
    const { exit, all } = await status();
    expect(exit).toBe(3);
    expect(all[0]?.mend).toEqual([expect.stringMatching(/^The lists of .*photos were not as they were written/)]);
    expect((await on.mirror()).exit).toBe(0);
    expect((await status()).exit).toBe(0);
  });

  test("a photo that failed is told no more once a whole listing shows that it is gone", async () => {
    const failed = async () => {
      const target = (await status()).all[0]?.targets[0];
      return [target?.failed, target?.failures.map(({ key }) => key)];
    };
    const bucket = on.server.bucket("photos");
    bucket.put("x.jpg", datedPhoto(2000, "x"), {});
    on.server.faults.arm({ fault: "access-denied", on: { op: "get", key: "x.jpg" }, times: 100 });
    expect((await on.mirror()).exit).toBe(3);
    expect(await failed()).toEqual([1, ["x.jpg"]]);
    bucket.delete("x.jpg");
    on.server.faults.arm({ fault: "access-denied", on: { op: "list" }, times: 1 });
    expect((await on.mirror()).exit).toBe(4);
    expect(await failed()).toEqual([1, ["x.jpg"]]);
    on.server.faults.clear();
    expect((await on.mirror()).exit).toBe(0);
    expect(await failed()).toEqual([0, []]);
  });

  test("what was verified is told, and what is damaged", async () => {
    await on.run(["verify", join(on.folder, "photos")]);
    expect((await status()).all[0]?.targets[0]?.verified).toMatchObject({ never: 0, damaged: 0 });
    rmSync(join(on.folder, "photos", "a.jpg"));
    await on.run(["verify", join(on.folder, "photos")]);
    const { exit, all } = await status();
    expect(exit).toBe(3);
    expect(all[0]?.targets[0]?.verified).toMatchObject({ damaged: 1 });
    expect(all[0]?.mend).toEqual([expect.stringMatching(/--repair-from/)]);
  });

  test("a run that goes on is not disturbed, and told as one that has not ended", async () => {
    on.server.bucket("photos").put("e.jpg", Buffer.alloc(3_000_000, 1), {});
    let during: Awaited<ReturnType<typeof status>> | undefined;
    let asked: Promise<void> | undefined;
    const ran = await on.run(
      ["mirror", "s3://photos", join(on.folder, "photos"), ...on.endpoint, "--json", "--bwlimit", "500K"],
      {
        onEvent(event) {
          if (event.type !== "plan" || asked !== undefined) return;
          asked = status().then((answer) => {
            during = answer;
          });
        },
      },
    );
    await asked;
    expect(ran.exit).toBe(0);
    expect(during?.all[0]?.last?.exit).toBeNull();
    // Monitoring is told of the run before: this one is not cut.
    expect(during?.all[0]?.mend.join(" ")).not.toMatch(/was cut/);
    expect(during?.all[0]?.targets[0]?.photos).toBeGreaterThanOrEqual(4);
  });
});
