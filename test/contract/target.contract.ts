/** What every target promises, whatever it is made of. A new kind of target is one line in target.test.ts. */

import { beforeEach, describe, expect, test } from "vitest";
import type { ManifestEntry } from "../../src/model.ts";
import { folded, safePath } from "../../src/naming/name.ts";
import type { Draft, Target } from "../../src/targets/target.ts";
import { targetListContract } from "./target-list.contract.ts";
import { targetMemoryContract } from "./target-memory.contract.ts";
import { targetRedateContract } from "./target-redate.contract.ts";
import {
  asKept,
  bytesOf,
  eachIn,
  entryFor,
  hostileKeys,
  inReusedBuffer,
  keeping,
  keysOf,
  pathsOf,
  readAll,
  signal,
  TAKEN,
  type TargetRig,
  troubleOf,
} from "./target-rig.ts";

export function targetContract(name: string, makeRig: () => Promise<TargetRig>): void {
  targetMemoryContract(name, makeRig);
  targetRedateContract(name, makeRig);
  targetListContract(name, makeRig);
  describe(`the target ${name}`, () => {
    const place = eachIn(makeRig);
    let target: Target;

    beforeEach(async () => {
      target = await place.open();
    });

    test("keeps bytes under their name, with their time, and writes them down", async () => {
      const keep = await keeping(target, "2012/IMG 1.JPG", "photo");
      expect(keep.draft.size).toBe(5);
      expect(await place.rig.read("2012/IMG 1.JPG")).toBeNull();
      expect(await pathsOf(target)).toEqual([]);
      expect(await target.commit([keep], signal)).toEqual(["stored"]);
      expect(await place.rig.read("2012/IMG 1.JPG")).toEqual(Buffer.from("photo"));
      expect(await readAll(target, "2012/IMG 1.JPG")).toEqual(Buffer.from("photo"));
      const mtime = await place.rig.mtime("2012/IMG 1.JPG");
      if (mtime !== null) expect(mtime).toEqual(TAKEN);
      const entries: ManifestEntry[] = [];
      for await (const entry of target.entries(signal)) entries.push(entry);
      expect(asKept(entries)).toEqual([keep.entry]);
      expect(await place.rig.debris()).toEqual([]);
    });

    test.each([0, 1, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 5 * 1024 * 1024 + 3])(
      "holds %i bytes, whatever pieces they come in and whatever was expected",
      async (size) => {
        const body = Buffer.alloc(size, "photohaul ");
        for (const [at, piece] of [1000, 70_001, 3_000_000].entries()) {
          const draft = await target.stage(inReusedBuffer(body, piece), at * size, signal);
          expect(draft.size).toBe(size);
          const entry = entryFor(`body-${piece}`, body);
          expect(await target.commit([{ draft, entry, mtime: TAKEN }], signal)).toEqual(["stored"]);
          expect((await readAll(target, `body-${piece}`)).equals(body)).toBe(true);
        }
      },
    );

    test("never overwrites: the name stays with what has it, and the draft stays good", async () => {
      await place.rig.plant("theirs.jpg", "not ours");
      const first = await keeping(target, "theirs.jpg", "photo");
      expect(await target.commit([first], signal)).toEqual(["occupied"]);
      expect(await place.rig.read("theirs.jpg")).toEqual(Buffer.from("not ours"));
      expect(await pathsOf(target)).toEqual([]);
      const beside = { ...first, entry: entryFor("theirs~12345678.jpg", "photo", "theirs.jpg") };
      expect(await target.commit([beside], signal)).toEqual(["stored"]);
      expect(await place.rig.read("theirs~12345678.jpg")).toEqual(Buffer.from("photo"));
      expect(await place.rig.debris()).toEqual([]);
    });

    test("never overwrites what has the same size", async () => {
      await place.rig.plant("theirs.jpg", "phot0");
      expect(await target.commit([await keeping(target, "theirs.jpg", "photo")], signal)).toEqual(["occupied"]);
      expect(await place.rig.read("theirs.jpg")).toEqual(Buffer.from("phot0"));
    });

    test("the same bytes again change nothing and are written down", async () => {
      await place.rig.plant("a/b.jpg", "photo");
      expect(await target.commit([await keeping(target, "a/b.jpg", "photo")], signal)).toEqual(["same"]);
      expect(await target.commit([await keeping(target, "a/b.jpg", "photo")], signal)).toEqual(["same"]);
      expect(new Set(await pathsOf(target))).toEqual(new Set(["a/b.jpg"]));
      const mtime = await place.rig.mtime("a/b.jpg");
      if (mtime !== null) expect(mtime).toEqual(TAKEN);
      expect(await place.rig.debris()).toEqual([]);
    });

    test("answers a batch in its order, in which the first of two has the name", async () => {
      const batch = [
        await keeping(target, "b", "2"),
        await keeping(target, "a", "1"),
        await keeping(target, "b", "3"),
        await keeping(target, "a", "1"),
        await keeping(target, "c", "4"),
      ];
      const kept = await target.commit(batch, signal);
      expect(kept).toEqual(["stored", "stored", "occupied", "same", "stored"]);
      expect(await place.rig.read("b")).toEqual(Buffer.from("2"));
      expect(await pathsOf(target)).toEqual(["b", "a", "a", "c"]);
      await batch[2]?.draft.discard();
      expect(await place.rig.debris()).toEqual([]);
    });

    test("an empty batch is nothing", async () => {
      expect(await target.commit([], signal)).toEqual([]);
    });

    test("names that the target takes for one are one", async () => {
      const pairs: [string, string][] = [
        ["IMG.jpg", "img.jpg"],
        ["\u00e9", "e\u0301"],
      ];
      for (const [one, other] of pairs) {
        const [first, second] = [safePath(one, target.traits), safePath(other, target.traits)];
        const same = folded(first, target.traits) === folded(second, target.traits);
        await target.commit([await keeping(target, first, "1")], signal);
        const batch = [await keeping(target, second, "2")];
        const [kept] = await target.commit(batch, signal);
        if (!same) expect(kept).toBe("stored");
        expect(await place.rig.read(first)).toEqual(Buffer.from("1"));
        await batch[0]?.draft.discard();
      }
    });

    test("a stream that fails leaves nothing, and its error comes through unchanged", async () => {
      const failure = new Error("reset");
      for (const size of [3, 3_000_000]) {
        const failing = async function* (): AsyncGenerator<Uint8Array> {
          yield Buffer.alloc(size);
          throw failure;
        };
        await expect(target.stage(failing(), size, signal)).rejects.toBe(failure);
      }
      expect(await place.rig.debris()).toEqual([]);
    });

    test("an abort ends a stream that says nothing more, and leaves nothing", async () => {
      const abort = new AbortController();
      let closed = false;
      const hanging = async function* (): AsyncGenerator<Uint8Array> {
        try {
          yield Buffer.from("begun");
          setTimeout(() => abort.abort(), 10);
          yield await Promise.race([new Promise<Uint8Array>(() => undefined), aborted(abort)]);
        } finally {
          closed = true;
        }
      };
      expect(await troubleOf(target.stage(hanging(), 10, abort.signal))).toBe("interrupted");
      expect(await place.rig.debris()).toEqual([]);
      await expect.poll(() => closed).toBe(true);
    });

    test("after an abort nothing is staged, kept or read", async () => {
      const keep = await keeping(target, "a", "1");
      const stopped = AbortSignal.abort();
      expect(await troubleOf(target.stage(bytesOf("1"), 1, stopped))).toBe("interrupted");
      expect(await troubleOf(target.commit([keep], stopped))).toBe("interrupted");
      expect(await place.rig.read("a")).toBeNull();
      expect(await target.commit([keep], signal)).toEqual(["stored"]);
      expect(await troubleOf(readAll(target, "a", stopped))).toBe("interrupted");
    });

    test.each([
      "",
      "/etc/passwd",
      "../x",
      "a/../../x",
      "a/..",
      "./a",
      "a//b",
      "a/",
      "a\0b",
      ".photohaul/target.json",
      ".PhotoHaul/x",
      ".photohaul",
    ])("refuses %j, which is no path inside a target", async (path) => {
      const good = await keeping(target, "good", "1");
      const keep = await keeping(target, path, "1");
      expect(await troubleOf(target.commit([good, keep], signal))).toBe("name");
      expect(await place.rig.read("good")).toBeNull();
      expect(await troubleOf(readAll(target, path))).toBe("name");
    });

    test("holds every key under the path that decide/name gives it", async () => {
      const keys = hostileKeys();
      const owners = new Map<string, string>();
      for (const key of keys) {
        const path = safePath(key, target.traits);
        const owner = folded(path, target.traits);
        if (owners.has(owner)) continue;
        owners.set(owner, key);
        const kept = await target.commit([await keeping(target, path, key, key)], signal);
        expect([key, kept]).toEqual([key, ["stored"]]);
        expect(await readAll(target, path)).toEqual(Buffer.from(key));
      }
      expect(owners.size).toBeGreaterThan(keys.length - 4);
      expect(new Set(await keysOf(target))).toEqual(new Set(owners.values()));
    });

    test("knows after a reopening what it held before, and is the same target", async () => {
      await target.commit([await keeping(target, "a/1", "1")], signal);
      await target.commit([await keeping(target, "b/2", "2")], signal);
      const { id, traits } = target;
      await target.close();
      target = await place.open({ expectedId: id });
      expect(target.id).toBe(id);
      expect(target.traits).toEqual(traits);
      expect(await pathsOf(target)).toEqual(["a/1", "b/2"]);
      expect(await readAll(target, "b/2")).toEqual(Buffer.from("2"));
      expect(await target.commit([await keeping(target, "a/1", "1")], signal)).toEqual(["same"]);
    });

    test("is refused where another target was expected", async () => {
      await target.close();
      expect(await troubleOf(place.open({ expectedId: "another" }))).toBe("wrong-drive");
      target = await place.open();
    });

    test("one at a time writes to it", async () => {
      expect(await troubleOf(place.open())).toBe("locked");
      await target.close();
      target = await place.open();
      expect(await target.commit([await keeping(target, "a", "1")], signal)).toEqual(["stored"]);
    });

    test("read-only, it answers while another writes, and takes nothing", async () => {
      await target.commit([await keeping(target, "a", "1")], signal);
      const reader = await place.open({ readOnly: true, expectedId: target.id });
      expect(await readAll(reader, "a")).toEqual(Buffer.from("1"));
      expect(await pathsOf(reader)).toEqual(["a"]);
      expect(reader.traits).toEqual(target.traits);
      expect(await troubleOf(reader.stage(bytesOf("1"), 1, signal))).toBe("read-only");
      expect(await troubleOf(reader.commit([], signal))).toBe("read-only");
      await reader.close();
    });

    test("drafts take no space once they are discarded or the target is closed", async () => {
      const drafts: Draft[] = [];
      for (const body of ["1", "2"]) drafts.push(await target.stage(bytesOf(body), 1, signal));
      await drafts[0]?.discard();
      await drafts[0]?.discard();
      await target.close();
      expect(await place.rig.debris()).toEqual([]);
      target = await place.open();
    });

    test("many streams and batches at once stay apart", async () => {
      const names = Array.from({ length: 40 }, (_, at) => `many/${at % 5}/${at}`);
      const batches = await Promise.all(names.map((path) => keeping(target, path, path)));
      const kept = await Promise.all(
        [0, 1, 2, 3].map((at) => target.commit(batches.slice(at * 10, at * 10 + 10), signal)),
      );
      expect(new Set(kept.flat())).toEqual(new Set(["stored"]));
      for (const path of names) expect((await place.rig.read(path))?.toString()).toBe(path);
      expect((await pathsOf(target)).toSorted()).toEqual(names.toSorted());
      expect(await place.rig.debris()).toEqual([]);
    });

    test("says that nothing lies where nothing lies", async () => {
      await target.commit([await keeping(target, "a/b", "1")], signal);
      for (const path of ["nothing", "a", "a/b/c", "a/c"]) {
        expect(await troubleOf(readAll(target, path))).toBe("missing");
      }
    });

    test("knows its free space, or that it cannot be told", () => {
      if (target.freeBytes !== null) expect(target.freeBytes).toBeGreaterThan(1_000_000);
    });
  });
}

function aborted(abort: AbortController): Promise<never> {
  return new Promise((_, reject) => {
    abort.signal.addEventListener("abort", () => reject(new Error("aborted")));
  });
}
