/** What every target promises of the listing of what lies there. Part of the contract in target.contract.ts. */

import { beforeEach, describe, expect, test } from "vitest";
import { compareKeys } from "../../src/key.ts";
import type { KeyRange } from "../../src/stores/source.ts";
import type { Target } from "../../src/targets/target.ts";
import { eachIn, keeping, signal, type TargetRig, troubleOf } from "./target-rig.ts";

export function targetListContract(name: string, makeRig: () => Promise<TargetRig>): void {
  describe(`the listing of the target ${name}`, () => {
    const place = eachIn(makeRig);
    let target: Target;

    beforeEach(async () => {
      target = await place.open();
    });

    test("has what lies there, whoever put it there, and nothing of its own", async () => {
      // What every drive takes: FAT may know ASCII only.
      const paths = ["2011.jpg", "2011/a.jpg", "2012/b c+%41.jpg", "2012/d#e.jpg", "z"];
      await target.commit(await Promise.all(paths.map((path) => keeping(target, path, `photo ${path}`))), signal);
      await place.rig.plant("2012/theirs.txt", "not ours");
      const all = [...paths, "2012/theirs.txt"].sort(compareKeys);
      expect(await listed(target)).toEqual(all);
      expect(await listed(target, { after: "2011/a.jpg", upto: "2012/theirs.txt" })).toEqual(all.slice(2, 5));
      const sizes = new Map<string, number>();
      for await (const { objects } of target.list({}, signal))
        for (const { key, size } of objects) sizes.set(key, size);
      expect(sizes.get("2012/theirs.txt")).toBe(8);
      await target.close();
      target = await place.open({ readOnly: true });
      expect(await listed(target)).toEqual(all);
      expect(await troubleOf(listed(target, {}, AbortSignal.abort()))).toBe("interrupted");
    });
  });
}

async function listed(target: Target, range: KeyRange = {}, until = signal): Promise<string[]> {
  const keys: string[] = [];
  for await (const { objects } of target.list(range, until)) keys.push(...objects.map(({ key }) => key));
  return keys;
}
