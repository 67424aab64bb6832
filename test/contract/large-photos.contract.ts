/** What a target in any store promises of photos that are too large for one request: it sends them in parts. */

import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { TargetOptions } from "../../src/targets/all.ts";
import type { Keeping, Target } from "../../src/targets/target.ts";
import { PREFIX, type StoreRig } from "./store-rig.ts";
import { eachIn, entryFor, inReusedBuffer, readAll, signal, TAKEN, troubleOf } from "./target-rig.ts";

/** A kind of store in which a photo of 130,003 bytes goes in parts. */
export interface LargeRig extends StoreRig {
  /** How it has to be opened for that. */
  readonly options: TargetOptions;
  /** A fault of the requests that a large photo takes. */
  arm(fault: string, how: { readonly skip: number; readonly times?: number }): { readonly fired: number };
  clear(): void;
  /** What the store keeps of uploads besides objects and what they are made of. */
  leftOver(): readonly string[];
}

export interface LargeKind {
  readonly faults: readonly string[];
  /** A store that asks for time. */
  readonly busy: string;
  /** @param plantsAtLast true to put another object there when the last part is sent */
  rig(how?: { readonly overwrites?: boolean; readonly plantsAtLast?: boolean }): Promise<LargeRig>;
}

export function largePhotosContract(name: string, kind: LargeKind): void {
  describe(`a large photo in ${name}`, () => {
    const body = Buffer.alloc(130_003, "large ");
    const place = eachIn(() => kind.rig());
    const opened = () => place.open(place.rig.options);
    const largeOne = async (target: Target, path = "large.mp4"): Promise<Keeping> => {
      const draft = await target.stage(inReusedBuffer(body, 100_000), body.length, signal);
      return { draft, entry: entryFor(path, body), mtime: TAKEN };
    };
    const journal = async () =>
      (await readdir(place.rig.spool, { recursive: true })).filter((file) => file.endsWith(".upload"));

    test("is one object, with its time, and is known again", async () => {
      const target = await opened();
      expect(await target.commit([await largeOne(target)], signal)).toEqual(["stored"]);
      expect(await place.rig.mtime("large.mp4")).toEqual(TAKEN);
      expect((await readAll(target, "large.mp4")).equals(body)).toBe(true);
      expect(await target.commit([await largeOne(target)], signal)).toEqual(["same"]);
      expect([await journal(), place.rig.leftOver()]).toEqual([[], []]);
    });

    test.each(kind.faults)("survives %s at each of its requests", async (fault) => {
      const target = await opened();
      let struck = 0;
      for (const skip of [0, 1, 2, 3]) {
        const armed = place.rig.arm(fault, { skip });
        const path = `large-${skip}.mp4`;
        expect([path, await target.commit([await largeOne(target, path)], signal)]).toEqual([path, ["stored"]]);
        place.rig.clear();
        struck += armed.fired;
        expect((await readAll(target, path)).equals(body)).toBe(true);
      }
      expect(struck).toBeGreaterThan(1);
      expect([await journal(), place.rig.leftOver()]).toEqual([[], []]);
    });

    test("that comes to nothing leaves nothing to pay for", async () => {
      const target = await opened();
      place.rig.arm(kind.busy, { skip: 2, times: 5 });
      const large = await largeOne(target);
      expect(await troubleOf(target.commit([large], signal))).toBe("throttled");
      expect([await journal(), place.rig.leftOver()]).toEqual([[], []]);
      place.rig.clear();
      expect(await target.commit([large], signal)).toEqual(["stored"]);
    });

    test("is never put over another that came first", async () => {
      const target = await opened();
      await place.rig.plant("large.mp4", "theirs");
      const large = await largeOne(target);
      expect(await target.commit([large], signal)).toEqual(["occupied"]);
      expect((await place.rig.read("large.mp4"))?.toString()).toBe("theirs");
      expect(place.rig.leftOver()).toEqual([]);
      await large.draft.discard();
    });

    test.each([false, true])(
      "is not put over another that came while it was sent (a store that would overwrite: %s)",
      async (overwrites) => {
        await place.instead(kind.rig({ overwrites, plantsAtLast: true }));
        const target = await opened();
        const large = await largeOne(target);
        expect(await target.commit([large], signal)).toEqual(["occupied"]);
        expect((await place.rig.read("large.mp4"))?.toString()).toBe("theirs");
        expect(place.rig.leftOver()).toEqual([]);
        await large.draft.discard();
      },
    );
  });
}

/** The key of the large photo. */
export const LARGE = `${PREFIX}large.mp4`;
