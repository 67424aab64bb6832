/**
 * A drive that fails now and then, at 1 % and at 10 % of what it is asked to do. What is said of one photo fails that
 * photo; what is said of the drive ends the run. In either case the next run mends it.
 */

import { describe, expect, test } from "vitest";
import { generator } from "../../../fixtures/s3/faults.ts";
import { expectNamed, MANY, openFaultBucket, PATIENCE, PHOTOS } from "./fault-bucket.ts";
import { DRIVE_FAULTS, failingNowAndThen } from "./faulty-drive.ts";
import { runMirror } from "./mirror-run.ts";

describe.concurrent.each(MANY ? [0.01, 0.1] : [0.1])("at %d", (rate) => {
  test.each(Object.entries(DRIVE_FAULTS))(
    "%s is survived, or named and mended by the next run",
    PATIENCE,
    async (_, { verb, code, exits }) => {
      await using bucket = await openFaultBucket(PHOTOS, 1000);
      const chance = generator(1);
      let struck = 0;
      let asked = 0;
      // Photos are named by the hundred: the first such call fails for certain, and then one by one by chance.
      const strikes = () => {
        asked += 1;
        return (verb === "commit" && asked === 1) || chance() < rate;
      };
      const first = await runMirror(bucket.at, {
        // These write past what stands between.
        hands: 0,
        around: (target) => failingNowAndThen(target, { verb, code, strikes }, () => (struck += 1)),
      });
      expect(struck).toBeGreaterThan(0);
      expect(exits, first.summary.error).toContain(first.exit);
      expectNamed(first);
      if (first.exit === 0 || first.exit === 3) bucket.expectAllRight(first);
      else expect(first.summary.error).toContain(code);
      bucket.prefixWriter();
      const second = await runMirror(bucket.at);
      expect(second.exit).toBe(0);
      bucket.expectAllRight(second);
    },
  );
});
