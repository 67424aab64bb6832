/** What every target promises to remember. Part of the contract in target.contract.ts. */

import { beforeEach, describe, expect, test } from "vitest";
import type { Target } from "../../src/targets/target.ts";
import { eachIn, keeping, signal, type TargetRig } from "./target-rig.ts";

export function targetMemoryContract(name: string, makeRig: () => Promise<TargetRig>): void {
  describe(`the memory of the target ${name}`, () => {
    const place = eachIn(makeRig);
    let target: Target;

    beforeEach(async () => {
      target = await place.open();
    });

    test("its manifest has another mark with every entry, whoever added it, and the same mark without", async () => {
      const empty = await target.manifestMark(signal);
      await target.commit([await keeping(target, "a", "1")], signal);
      const one = await target.manifestMark(signal);
      await target.close();
      const reader = await place.open({ readOnly: true });
      expect(await reader.manifestMark(signal)).toBe(one);
      await reader.close();
      target = await place.open();
      expect(await target.manifestMark(signal)).toBe(one);
      await target.commit([await keeping(target, "b", "2")], signal);
      const two = await target.manifestMark(signal);
      expect(new Set([empty, one, two]).size).toBe(3);
      await target.commit([], signal);
      expect(await target.manifestMark(signal)).toBe(two);
    });

    test("remembers its sources, and the zone of each: one that was chosen, else the first", async () => {
      const here = { name: "UTC", chosen: false };
      const reopened = async (source: string, zone: typeof here) => {
        await target.close();
        target = await place.open({ source, zone });
        await target.close();
        target = await place.open();
        return target.memory;
      };
      expect(target.memory).toMatchObject({ sources: [], zones: {} });
      const berlin = { name: "Europe/Berlin", chosen: false };
      const one = { sources: ["s3://one"], zones: { "s3://one": "Europe/Berlin" } };
      expect(await reopened("s3://one", berlin)).toMatchObject(one);
      expect(await reopened("s3://one", here)).toMatchObject(one);
      const two = { sources: ["s3://one", "s3://two"] };
      expect(await reopened("s3://two", here)).toMatchObject({
        ...two,
        zones: { "s3://one": "Europe/Berlin", "s3://two": "UTC" },
      });
      expect(await reopened("s3://one", { name: "Asia/Tokyo", chosen: true })).toMatchObject({
        ...two,
        zones: { "s3://one": "Asia/Tokyo", "s3://two": "UTC" },
      });
    });
  });
}
