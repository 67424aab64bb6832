/** Stores that are slow for ever: `--max-duration` ends the run all the same, and the next one goes on. */

import { join } from "node:path";
import { expect, test } from "vitest";
import type { FaultName } from "../../fixtures/s3/faults.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { rig } from "../scripts/rig.ts";

test.each<[FaultName, "get" | "list"]>([
  ["drip", "get"],
  ["promises", "get"],
  ["silence", "get"],
  ["drip", "list"],
  ["promises", "list"],
  ["silence", "list"],
])("--max-duration ends a run whose store gives %s at a %s", async (fault, op) => {
  await using on = await rig({}, (server) => {
    for (const name of ["a", "b", "c"]) server.bucket("photos").put(`${name}.jpg`, datedPhoto(20_000, name), {});
  });
  const key = op === "get" ? { key: "b.jpg" } : {};
  on.server.faults.arm({ fault, on: { op, ...key }, times: 99, afterBytes: 100 });
  const ran = await on.mirror("--max-duration", "1500ms");
  on.server.faults.assertAllFired();
  expect(ran.exit).toBe(8);
  expect(ran.summary.seconds).toBeLessThan(20);
  const photos = op === "get" ? { stored: 2, skipped: 1 } : { stored: 0, skipped: 0 };
  expect(ran.summary.outcomes).toMatchObject({ ...photos, failed: 0 });
  expect(ran.stdout).toContain("--max-duration is over");
  on.server.faults.clear();
  const again = await on.mirror();
  expect(again.summary).toMatchObject({ exit: 0, outcomes: { failed: 0, skipped: 0 } });
});

test("a target that is slow for ever is given up as well, and of two each counts its own", async () => {
  await using on = await rig({}, (server) => {
    for (const name of ["a", "b", "c"]) server.bucket("photos").put(`${name}.jpg`, datedPhoto(2000, name), {});
    server.bucket("copies");
  });
  const silent = { bucket: "copies", key: /[abc]\.jpg/ };
  on.server.faults.arm({ fault: "silence", on: { op: ["put", "copy"], ...silent }, times: 99 });
  const targets = [join(on.folder, "drive"), "s3://copies"];
  const more = [...on.endpoint, "--target-endpoint", on.server.endpoint, "--json"];
  const line = ["mirror", "s3://photos", ...targets, ...more, "--max-duration", "1500ms"];
  const ran = await on.run(line);
  expect(ran.exit).toBe(8);
  expect(ran.summary.perTarget).toMatchObject([
    { outcomes: { stored: 3, skipped: 0 } },
    { outcomes: { stored: 0, skipped: 3 } },
  ]);
});
