import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { openFaultBucket, PATIENCE } from "../faults/fault-bucket.ts";
import { runMirror } from "../faults/mirror-run.ts";

/** Ends the first thread of a run so many milliseconds after it has begun. */
function endThreadAfter(ms: number): void {
  process.once("worker", (worker: Worker) => void sleep(ms).then(() => worker.terminate()));
}

afterEach(() => process.removeAllListeners("worker"));

test.each([0, 100, 200, 300, 400, 600])(
  "a hand that dies after %i ms is a bug: the run says so, nothing of it counts as kept, and the next run brings all",
  PATIENCE,
  async (ms) => {
    await using bucket = await openFaultBucket(600, 1000);
    endThreadAfter(ms);
    const first = await runMirror(bucket.at, { hands: 1 });
    expect([0, 1]).toContain(first.exit);
    if (ms < 200) expect(first.exit).toBe(1);
    if (first.exit === 1) expect(first.summary.error).toContain("a thread that takes photos has ended");
    // What it had written and not told of lies among the drafts, which the next start sweeps.
    const second = await runMirror(bucket.at, { hands: 1 });
    expect(second.exit).toBe(0);
    bucket.expectAllRight(second);
    bucket.prefixWriter();
  },
);
