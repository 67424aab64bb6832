import { describe, expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import type { PhotoEvent } from "../../src/events.ts";
import { BATCH, Committer, type Pending } from "../../src/photo/commit.ts";
import type { Keeping, Kept } from "../../src/targets/target.ts";
import { bytesOf, entryFor, TAKEN } from "../contract/target-rig.ts";
import { Memory } from "../steps/memory-target.ts";

/** A target with room for so many photos, that may also answer only when it is told to stop. */
class Narrow extends Memory {
  room = Number.POSITIVE_INFINITY;
  hangs = false;
  /** Nothing is committed before. */
  gate: Promise<unknown> = Promise.resolve();
  commits = 0;

  override async commit(batch: readonly Keeping[], signal?: AbortSignal): Promise<readonly Kept[]> {
    this.commits += 1;
    await this.gate;
    if (signal?.aborted === true) throw new HaulError("interrupted", "interrupted");
    if (this.hangs) {
      await new Promise((resolve) => signal?.addEventListener("abort", resolve));
      throw new HaulError("interrupted", "interrupted");
    }
    if (this.kept.length + batch.length > this.room) throw new HaulError("full", "no space left");
    return super.commit(batch);
  }
}

function keeperOn(target: Narrow, signal = new AbortController().signal, lastMs = BATCH.lastMs) {
  const events: PhotoEvent[] = [];
  const rows: string[] = [];
  const committer = new Committer({
    target,
    catalogue: {
      kept: () => ({
        add: async (photos) => void rows.push(...photos.map(({ entry }) => entry.path)),
        fail: () => Promise.resolve(),
      }),
    },
    emit: (event) => events.push(event),
    signal,
    limits: { ...BATCH, lastMs },
    now: () => 0,
  });
  const add = async (count: number) => {
    for (let n = 0; n < count; n += 1) await committer.add(await ready(target, `${n}.jpg`));
  };
  return { committer, events, rows, add };
}

async function ready(target: Narrow, path: string): Promise<Pending> {
  const draft = await target.stage(bytesOf(path));
  return { draft, entry: entryFor(path, path), mtime: TAKEN, replaces: false };
}

describe("photos that came and wait for their batch when a run ends early", () => {
  test("are kept, once, also when it was interrupted", async () => {
    const target = new Narrow("drive");
    const stop = new AbortController();
    const { committer, events, rows, add } = keeperOn(target, stop.signal);
    await add(100);
    expect(target.commits).toBe(0);
    stop.abort();
    await committer.end();
    await committer.end();
    expect([target.commits, rows.length, events.length]).toEqual([1, 100, 100]);
    expect(target.discarded).toBe(0);
  });

  test("are given up when the target does not answer in time", async () => {
    const target = new Narrow("drive");
    const { committer, events, rows, add } = keeperOn(target, undefined, 20);
    await add(3);
    target.hangs = true;
    await committer.end();
    expect([target.commits, rows, events, target.discarded]).toEqual([1, [], [], 3]);
  });

  test("a batch under way is not given up for an interruption, unless it takes too long", async () => {
    const target = new Narrow("drive");
    const stop = new AbortController();
    const { committer, rows, add } = keeperOn(target, stop.signal, 20);
    await add(2);
    stop.abort();
    await committer.flush();
    expect(rows).toHaveLength(2);
    await add(2);
    target.hangs = true;
    await expect(committer.flush()).rejects.toMatchObject({ code: "interrupted" });
    expect(rows).toHaveLength(2);
  });

  test.each([
    [100, 0, 0],
    [100, 1, 1],
    [100, 60, 50],
    [100, 99, 50],
    [7, 3, 3],
    [1, 0, 0],
  ])("of %i on a target with room for %i, %i are kept, and the full target is told", async (photos, room, kept) => {
    const target = new Narrow("drive");
    const { committer, rows, add } = keeperOn(target);
    target.room = room;
    await add(photos);
    await expect(committer.flush()).rejects.toMatchObject({ code: "full" });
    expect(rows).toHaveLength(kept);
    expect(target.discarded).toBe(photos - kept);
  });

  test("a photo that waited for two batches that found no room is not lost with them", async () => {
    const target = new Narrow("drive");
    const { committer, events, rows, add } = keeperOn(target);
    target.room = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    target.gate = promise;
    await add(1);
    const first = committer.flush().catch((error: unknown) => error);
    await add(1);
    const second = committer.flush().catch((error: unknown) => error);
    const third = add(1);
    setImmediate(resolve);
    expect([await first, await second]).toMatchObject([{ code: "full" }, { code: "full" }]);
    await third;
    target.room = 1;
    await committer.end();
    expect(rows).toHaveLength(1);
    expect(events).toHaveLength(1);
    expect(target.discarded).toBe(2);
  });
});

describe("while a batch is on its way to a slow drive", () => {
  test("photos gather, and go all at once behind it", async () => {
    const target = new Narrow("drive");
    const { committer, rows, add } = keeperOn(target);
    const { promise, resolve } = Promise.withResolvers<void>();
    target.gate = promise;
    const first = add(BATCH.photos);
    await settled();
    const others = Array.from({ length: 3 * BATCH.photos }, () => add(1));
    await settled();
    expect([target.commits, rows.length]).toEqual([1, 0]);
    resolve();
    await Promise.all([first, ...others]);
    expect([target.commits, rows.length]).toEqual([2, 4 * BATCH.photos]);
    await committer.flush();
    expect(target.commits).toBe(2);
  });

  test("no more of them than may be lost with it, and whoever brings one more waits", async () => {
    const target = new Narrow("drive");
    const { rows, add } = keeperOn(target);
    const { promise, resolve } = Promise.withResolvers<void>();
    target.gate = promise;
    const first = add(BATCH.photos);
    await settled();
    let taken = 0;
    const others = Array.from({ length: BATCH.most + 9 }, () => add(1).then(() => (taken += 1)));
    await settled();
    // One of them waits to flush what gathers.
    expect(taken).toBe(BATCH.most - 2);
    resolve();
    await Promise.all([first, ...others]);
    expect(rows).toHaveLength(BATCH.photos + BATCH.most + 9);
  });
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 50));
