import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FaultName } from "../../fixtures/s3/faults.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { rig } from "../scripts/rig.ts";

test("a photo that is overwritten while it comes is taken as it is now", async () => {
  await using on = await rig({}, (server) => server.bucket("photos").put("a.jpg", datedPhoto(300_000, "a"), {}));
  on.server.faults.arm({ fault: "cut-body", on: { op: "get" } });
  on.server.faults.arm({ fault: "etag-changes", on: { op: "get" } });
  const ran = await on.mirror();
  on.server.faults.assertAllFired();
  expect(ran.summary).toMatchObject({ exit: 0, outcomes: { stored: 1, failed: 0 } });
  const body = on.server.bucket("photos").get("a.jpg")?.body;
  const kept = readFileSync(join(on.folder, "photos", "a.jpg"));
  expect(kept.equals(body?.read(0, body.size) ?? Buffer.alloc(0))).toBe(true);
});

test("what ends the run is not kept waiting by photos that are under way", async () => {
  await using on = await rig({}, (server) => {
    for (let name = 10; name < 50; name += 1)
      server.bucket("photos").put(`${name}.jpg`, datedPhoto(2000, `${name}`), {});
  });
  on.server.faults.arm({ fault: "stall", on: { op: "get" }, times: 2 });
  // Said of one photo it is that photo's; a session that has expired is so for all.
  on.server.faults.arm({ fault: "expired-token", on: { op: "get" }, times: 999 });
  const ran = await on.mirror();
  on.server.faults.assertAllFired();
  expect(ran.stderr).toMatch(/the session has expired/);
  expect(ran.summary.exit).toBe(4);
  expect(ran.summary.seconds).toBeLessThan(20);
});

test.each<FaultName>([
  "expired-token",
  "no-such-bucket",
  "redirect",
  "quota-exceeded",
  "no-room",
  "access-disabled",
  "moved",
  "endless-refusal",
])("one photo that is refused for good by %s costs that photo", async (fault) => {
  await using on = await rig({}, (server) => {
    for (let name = 10; name < 40; name += 1)
      server.bucket("photos").put(`${name}.jpg`, datedPhoto(2000, `${name}`), {});
  });
  on.server.faults.arm({ fault, on: { op: "get", key: "12.jpg" }, times: 99 });
  const ran = await on.mirror();
  on.server.faults.assertAllFired();
  expect(ran.summary).toMatchObject({ exit: 3, outcomes: { stored: 29, failed: 1 } });
  const failed = ran.photos.filter(({ outcome }) => outcome === "failed");
  expect(failed).toMatchObject([{ key: "12.jpg" }]);
  expect(failed[0]?.reason?.length).toBeLessThan(600);
});

test.each<FaultName>(["access-denied", "no-room"])(
  "many photos that are refused (%s) and come first leave the others their turn, and tomorrow's run says what this one said",
  async (fault) => {
    await using on = await rig({}, (server) => {
      for (let name = 10; name < 60; name += 1)
        server
          .bucket("photos")
          .put(`${name}.jpg`, datedPhoto(2000, `${name}`), { modified: `2020-01-01T00:00:${name}Z` });
    });
    for (let name = 10; name < 35; name += 1)
      on.server.faults.arm({ fault, on: { op: "get", key: `${name}.jpg` }, times: 999 });
    const ran = await on.mirror();
    expect(ran.summary).toMatchObject({ exit: 3, outcomes: { stored: 25, failed: 25 } });
    const bucket = on.server.bucket("photos");
    bucket.put("new.jpg", datedPhoto(2000, "new"), { modified: "2020-01-02" });
    const limited = await on.mirror("--limit", "1");
    expect(limited.photos.filter(({ outcome }) => outcome === "stored")).toMatchObject([{ key: "new.jpg" }]);
    const next = await on.mirror();
    expect(next.summary).toMatchObject({ exit: 3, outcomes: { stored: 0, already: 26, failed: 25 } });
  },
);

test("photos that fail again and again take no time from the others", async () => {
  await using on = await rig({}, (server) => {
    for (let name = 10; name < 70; name += 1)
      server.bucket("photos").put(`${name}.jpg`, datedPhoto(2000, `${name}`), {
        modified: `2020-01-01T00:00:${String(name - 10).padStart(2, "0")}Z`,
      });
  });
  for (let name = 10; name < 40; name += 1) {
    // Some ask for minutes.
    const fault = name % 3 === 0 ? "slow-down-retry-after" : "internal-error";
    on.server.faults.arm({ fault, retryAfter: 100, on: { op: "get", key: `${name}.jpg` }, times: 999 });
  }
  const ran = await on.mirror("--max-duration", "6s");
  const { outcomes, exit } = ran.summary;
  // What was asked for again when the time was over is left for the next run.
  expect({ exit, stored: outcomes.stored, not: outcomes.failed + outcomes.skipped }).toEqual({
    exit: 3,
    stored: 30,
    not: 30,
  });
});

test("one photo that a store refuses to take, as if it took none, costs that photo there", async () => {
  await using on = await rig({}, (server) => {
    for (let name = 10; name < 40; name += 1) server.bucket("photos").put(`${name}.jpg`, datedPhoto(2000, `${name}`));
    server.bucket("copies");
  });
  const on12 = { bucket: "copies", key: "12.jpg" };
  on.server.faults.arm({ fault: "access-denied", on: { op: ["put", "copy"], ...on12 }, times: 99 });
  const reach = [...on.endpoint, "--target-endpoint", on.server.endpoint, "--json"];
  const ran = await on.run(["mirror", "s3://photos", "s3://copies", ...reach]);
  on.server.faults.assertAllFired();
  expect(ran.summary).toMatchObject({ exit: 3, outcomes: { stored: 29, failed: 1 } });
});

test.each([{}, { PHOTOHAUL_HANDS: "0" }])(
  "a folder of drafts that is cleared away in mid-run costs the photos that waited in it, and no other (%o)",
  async (env) => {
    await using on = await rig({}, (server) => {
      for (let name = 100; name < 400; name += 1)
        server.bucket("photos").put(`${name}.jpg`, datedPhoto(300_000, `${name}`), {});
    });
    const target = join(on.folder, "photos");
    let removed = 0;
    const args = ["mirror", "s3://photos", target, ...on.endpoint, "--json", "--durable", "photo"];
    const ran = await on.run(args, {
      env,
      onEvent: ({ type }) => {
        if (type === "photo" && removed++ === 5)
          rmSync(join(target, ".photohaul", "tmp"), { recursive: true, force: true });
      },
    });
    const { stored, failed } = ran.summary.outcomes;
    expect(stored + failed).toBe(300);
    expect(failed).toBeLessThan(150);
    for (const { reason } of ran.photos.filter(({ outcome }) => outcome === "failed"))
      expect(reason).toMatch(/its file was removed/);
    const next = await on.mirror();
    expect(next.summary).toMatchObject({ exit: 0, outcomes: { stored: failed, failed: 0 } });
  },
);
