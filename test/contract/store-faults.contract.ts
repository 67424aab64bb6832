/** What a target in a store promises where the store fails, and of what it finds out about the store. */

import { describe, expect, test } from "vitest";
import type { StoreRig } from "./store-rig.ts";
import { eachIn, keeping, pathsOf, readAll, signal, troubleOf } from "./target-rig.ts";

/** A store that can be told to fail, and that counts what it was asked. */
export interface FaultyRig<F extends string> extends StoreRig {
  /** For `times` requests, one unless said otherwise, whose key has that form. */
  arm(fault: F, operation: "put" | "get", more?: Armed): { readonly fired: number };
  /** How many requests there were; a listing is a read. */
  asked(operation: "put" | "head" | "read"): number;
}

export interface Armed {
  readonly key?: RegExp;
  readonly times?: number;
}

/** A store and what it may fail in. */
export interface FaultyStore<F extends string> {
  makeRig(features?: { readonly ignoreIfNoneMatch: true }): Promise<FaultyRig<F>>;
  /** Of a write, each of which is made good by the next one. */
  readonly once: readonly F[];
  /** Of a write to a store that would overwrite. */
  readonly unsafe: readonly F[];
  /** Of a read. */
  readonly reading: readonly F[];
  /** Faults that do not pass, and what the target ends with. */
  readonly down: readonly (readonly [fault: F, code: string])[];
  /** What the store was found to be able to do, and what one that would overwrite. */
  readonly can: object;
  readonly canLess: object;
}

export function storeFaultsContract<F extends string>(name: string, store: FaultyStore<F>): void {
  describe(`a store that fails: ${name}`, () => {
    const place = eachIn(() => store.makeRig());
    const canOf = async () => JSON.parse((await place.rig.read(".photohaul/target.json"))?.toString() ?? "{}").can;

    test.each(store.once)("a write that fails once is made good, and counts once: %s", async (fault) => {
      const target = await place.open();
      const armed = place.rig.arm(fault, "put", { key: /2012/ });
      const keep = await keeping(target, "2012/a.jpg", "photo");
      expect(await target.commit([keep], signal)).toEqual(["stored"]);
      expect(armed.fired).toBe(1);
      expect((await place.rig.read("2012/a.jpg"))?.toString()).toBe("photo");
      expect(await pathsOf(target)).toEqual(["2012/a.jpg"]);
      expect(await place.rig.debris()).toEqual([]);
    });

    test.each(store.once)("%s, of the manifest", async (fault) => {
      const target = await place.open();
      const armed = place.rig.arm(fault, "put", { key: /manifest/ });
      await target.commit([await keeping(target, "a.jpg", "photo")], signal);
      await target.commit([await keeping(target, "b.jpg", "photo")], signal);
      expect(armed.fired).toBe(1);
      expect(await pathsOf(target)).toEqual(["a.jpg", "b.jpg"]);
    });

    test.each(store.unsafe)("%s, where the store would overwrite", async (fault) => {
      await place.instead(store.makeRig({ ignoreIfNoneMatch: true }));
      const target = await place.open();
      const armed = place.rig.arm(fault, "put", { key: /2012/ });
      const keep = await keeping(target, "2012/a.jpg", "photo");
      expect(await target.commit([keep], signal)).toEqual(["stored"]);
      expect(armed.fired).toBe(1);
      expect(await pathsOf(target)).toEqual(["2012/a.jpg"]);
    });

    test.each(store.reading)("reading survives %s", async (fault) => {
      const target = await place.open();
      const body = Buffer.alloc(300_000, "a photo ");
      await target.commit([await keeping(target, "a.jpg", body)], signal);
      const armed = place.rig.arm(fault, "get", { times: 2 });
      expect((await readAll(target, "a.jpg")).equals(body)).toBe(true);
      expect(armed.fired).toBe(2);
    });

    test.each(store.down)("%s ends the part of this target: %s", async (fault, code) => {
      const target = await place.open();
      place.rig.arm(fault, "put", { times: 99 });
      const keep = await keeping(target, "a.jpg", "photo");
      expect(await troubleOf(target.commit([keep], signal))).toBe(code);
    });

    test("what it can do is found out once, and nothing of that stays", async () => {
      await (await place.rig.open()).close();
      expect(await canOf()).toEqual(store.can);
      expect(place.rig.segments()).toEqual([]);
      const puts = place.rig.asked("put");
      await place.open();
      expect(place.rig.asked("put")).toBe(puts);
    });

    test("where it would overwrite, that is said, and looked at before each write", async () => {
      await place.instead(store.makeRig({ ignoreIfNoneMatch: true }));
      const warnings: string[] = [];
      const target = await place.open({ warn: (message) => warnings.push(message) });
      expect(await canOf()).toEqual(store.canLess);
      expect(warnings.join()).toContain("would overwrite");
      const heads = place.rig.asked("head");
      await target.commit([await keeping(target, "a.jpg", "photo")], signal);
      expect(place.rig.asked("head")).toBeGreaterThan(heads);
    });

    test("where it spares what is there, a photo costs one request, and a batch three looks", async () => {
      const target = await place.open();
      const names = Array.from({ length: 20 }, (_, nth) => `${nth}.jpg`);
      const batch = await Promise.all(names.map((one) => keeping(target, one, one)));
      const asked = () => (["put", "head", "read"] as const).map((operation) => place.rig.asked(operation));
      const [puts = 0, heads = 0, reads = 0] = asked();
      await target.commit(batch, signal);
      expect(asked()).toEqual([puts + 22, heads + 2, reads + 1]);
    });
  });
}
