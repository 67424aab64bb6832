/** What every target promises of photos that get another date. Part of the contract in target.contract.ts. */

import { beforeEach, describe, expect, test } from "vitest";
import type { Captured, ManifestEntry } from "../../src/model.ts";
import type { Target } from "../../src/targets/target.ts";
import { asKept, eachIn, keeping, readAll, signal, TAKEN, type TargetRig } from "./target-rig.ts";

const utc = "2012-06-28T12:03:22.000Z";
const LENT: Captured = {
  local: "2012-06-28T14:03:22",
  offset: "+02:00",
  utc,
  source: "exif",
  precision: "s",
};

export function targetRedateContract(name: string, makeRig: () => Promise<TargetRig>): void {
  describe(`another date on the target ${name}`, () => {
    const place = eachIn(makeRig);
    let target: Target;

    beforeEach(async () => {
      target = await place.open();
    });

    const lines = async (from: Target) => {
      const found: ManifestEntry[] = [];
      for await (const entry of from.entries(signal)) found.push(entry);
      return found;
    };

    test("is in the manifest, and the bytes and their sums stay as they were", async () => {
      const [a, b] = [await keeping(target, "a.jpg", "1"), await keeping(target, "b.jpg", "2")];
      await target.commit([a, b], signal);
      const before = await target.manifestMark(signal);
      const { etag, ...gone } = { ...a.entry, path: "gone.jpg", key: "gone.jpg" };
      const dated = [
        { ...a.entry, captured: LENT, targetEtag: "e-2" },
        { ...gone, etag, captured: LENT },
      ];
      await target.redate(
        dated.map((entry) => ({ entry, mtime: new Date(utc) })),
        signal,
      );
      await target.redate([], signal);
      expect(await target.manifestMark(signal)).not.toBe(before);
      expect((await readAll(target, "a.jpg")).toString()).toBe("1");
      const mtime = await place.rig.mtime("a.jpg");
      // A folder's file follows; an object keeps what was written with it.
      if (mtime !== null) expect([new Date(utc), TAKEN]).toContainEqual(mtime);
      expect(await place.rig.read("gone.jpg")).toBeNull();
      await target.close();
      target = await place.open();
      expect(asKept(await lines(target))).toEqual(asKept([a.entry, b.entry, ...dated]));
      expect((await lines(target)).slice(2)).toEqual(dated);
      // What comes next goes after it.
      const c = await keeping(target, "c.jpg", "3");
      expect(await target.commit([c], signal)).toEqual(["stored"]);
      expect(asKept(await lines(target))).toEqual(asKept([a.entry, b.entry, ...dated, c.entry]));
      expect(await place.rig.debris()).toEqual([]);
    });
  });
}
