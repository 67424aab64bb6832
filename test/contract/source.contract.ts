/** What every source promises, whatever it is made of. A new kind of source is one line in source.test.ts. */

import { existsSync, readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cancel } from "../../src/cancel.ts";
import { type ErrorCode, HaulError } from "../../src/errors.ts";
import { compareKeys } from "../../src/key.ts";
import { createLimiter } from "../../src/limiter.ts";
import type { Listed } from "../../src/model.ts";
import { listInto } from "../../src/steps/list.ts";
import type { Source } from "../../src/stores/source.ts";
import { bytesOf, HOSTILE_KEYS, inOrder, keysOf, listAll, read, type SourceRig, signal } from "./source-rig.ts";

export function sourceContract(name: string, makeRig: () => Promise<SourceRig>): void {
  describe(`the source ${name}`, () => {
    let rig: SourceRig;
    let source: Source;

    beforeEach(async () => {
      rig = await makeRig();
      source = await rig.open();
    });

    afterEach(async () => {
      await source.close();
      await rig.close();
    });

    const put = async (keys: readonly string[]) => {
      for (const key of keys) await rig.put(key, `bytes of ${key}`);
    };
    const only = async (key: string): Promise<Listed> => {
      const found = (await listAll(source)).find((object) => object.key === key);
      if (found === undefined) throw new Error(`${key} is not listed`);
      return found;
    };

    test("an empty place holds nothing, and says so without an error", async () => {
      expect(await listAll(source)).toEqual([]);
    });

    test("lists and reads keys of every kind, in the order of their bytes", async () => {
      const keys = HOSTILE_KEYS.filter(rig.takes);
      expect(keys.length).toBeGreaterThan(15);
      await put(keys);
      const listed = await listAll(source);
      expect(listed.map(({ key }) => key)).toEqual(inOrder(keys));
      for (const object of listed) {
        const bytes = Buffer.from(`bytes of ${object.key}`);
        expect(object).toMatchObject({ size: bytes.length, storageClass: "STANDARD" });
        expect(object.etag).toMatch(/^[^"]+$/);
        expect(Math.abs(Date.parse(object.modified) - Date.now())).toBeLessThan(60_000);
        expect((await read(source, object)).equals(bytes)).toBe(true);
      }
    });

    test("ranges tile: every key is in exactly one of them, wherever they are cut", async () => {
      const keys = inOrder(HOSTILE_KEYS.filter(rig.takes));
      await put(keys);
      const cuts = [...keys, "dir", "dir/", "m", "\u{1f600}", "\ud7ff", "!", "\u{10fffe}"];
      for (const cut of cuts) {
        const below = await keysOf(source, { upto: cut });
        const above = await keysOf(source, { after: cut });
        expect(below).toEqual(keys.filter((key) => compareKeys(key, cut) <= 0));
        expect(above).toEqual(keys.filter((key) => compareKeys(key, cut) > 0));
      }
      const [low = "", high = ""] = [keys[5], keys[15]];
      expect(await keysOf(source, { after: low, upto: high })).toEqual(keys.slice(6, 16));
      expect(await keysOf(source, { after: low, upto: low })).toEqual([]);
      expect(await keysOf(source, { after: high, upto: low })).toEqual([]);
    });

    test("is listed in parallel as it is serially", async () => {
      const keys = Array.from({ length: 90 }, (_, n) => `${n % 7}/${(n * 37) % 90}/é${n}.jpg`);
      await put(keys);
      const got: string[] = [];
      const catalogue = {
        pages: async () => [],
        goOn: async () => undefined,
        add: async (objects: readonly Listed[]) => {
          for (const { key } of objects) got.push(key);
        },
        finish: async () => ({ keys: got.length, bytes: 0 }),
      };
      const limiter = createLimiter({ concurrency: 4, listConcurrency: 8 });
      await listInto(source, catalogue, { limiter, emit: () => {}, signal, splitAfter: 10 });
      expect(inOrder(got)).toEqual(await keysOf(source));
      expect(got.length).toBe(90);
    });

    test("reads from any offset to the end", async () => {
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n * 7 + (n >> 8)));
      await rig.put("big.jpg", bytes);
      const object = await only("big.jpg");
      for (const offset of [0, 1, 65_536, 150_000, 299_999]) {
        const opened = await source.open(object, offset, signal);
        expect(opened.head.size).toBe(300_000);
        expect((await bytesOf(opened.bytes)).equals(bytes.subarray(offset))).toBe(true);
      }
      expect(await read(source, object, 300_000)).toEqual(Buffer.alloc(0));
    });

    test.each([1, 45_000, 300_000])(
      "gives all %i bytes at once where it can, and the same as they come",
      async (size) => {
        const bytes = Buffer.from(Array.from({ length: size }, (_, n) => n * 7 + (n >> 8)));
        await rig.put("small.jpg", bytes);
        const object = await only("small.jpg");
        const { head, whole, bytes: coming } = await source.open(object, 0, signal, { atOnce: true });
        expect(head.size).toBe(size);
        expect(whole === undefined || whole.equals(bytes)).toBe(true);
        // The memory is the reader's, who may give it away.
        expect(whole?.buffer.byteLength ?? size).toBe(size);
        expect((await bytesOf(coming)).equals(bytes)).toBe(true);
        const rest = await source.open(object, size - 1, signal, { atOnce: true });
        expect((await bytesOf(rest.bytes)).equals(bytes.subarray(size - 1))).toBe(true);
      },
    );

    test("an object without bytes has none", async () => {
      await rig.put("empty.jpg", "");
      const object = await only("empty.jpg");
      expect(object.size).toBe(0);
      const opened = await source.open(object, 0, signal);
      expect(opened.head.size).toBe(0);
      expect(await bytesOf(opened.bytes)).toEqual(Buffer.alloc(0));
    });

    test("says what an object is besides its bytes", async () => {
      await rig.put("a.jpg", "photo");
      const object = await only("a.jpg");
      const { head, bytes } = await source.open(object, 0, signal);
      await bytesOf(bytes);
      expect(head.etag).toBe(object.etag);
      expect(head.size).toBe(5);
      const seconds = (iso: string) => Math.floor(Date.parse(iso) / 1000);
      expect(Math.abs(seconds(head.modified) - seconds(object.modified))).toBeLessThanOrEqual(1);
    });

    test("never mixes an object with the one that was put over it", async () => {
      await rig.put("a.jpg", "the first photo");
      const object = await only("a.jpg");
      await rig.put("a.jpg", "another photo!!");
      for (const offset of [0, 4]) {
        await refused(source.open(object, offset, signal), "changed", false);
      }
      expect(String(await read(source, { ...object, etag: "" }))).toBe("another photo!!");
      expect((await only("a.jpg")).etag).not.toBe(object.etag);
    });

    test("says when an object is gone", async () => {
      await put(["a.jpg", "b.jpg"]);
      const object = await only("a.jpg");
      await rig.remove("a.jpg");
      await refused(source.open(object, 0, signal), "missing", false);
      await refused(source.open({ ...object, key: "none/such" }, 0, signal), "missing", false);
      expect(await keysOf(source)).toEqual(["b.jpg"]);
    });

    test("stops at once when it is interrupted", async () => {
      await put(Array.from({ length: 30 }, (_, n) => `${n}.jpg`));
      await rig.put("big.jpg", Buffer.alloc(20_000_000, "photo"));
      const object = await only("big.jpg");
      const stopped = AbortSignal.abort();
      await refused(listAll(source, {}, stopped), "interrupted", false);
      await refused(source.open(object, 0, stopped), "interrupted", false);
      const stop = new AbortController();
      const opened = await source.open(object, 0, stop.signal);
      const reading = (async () => {
        for await (const _ of opened.bytes) stop.abort();
      })();
      await refused(reading, "interrupted", false);
      expect(await keysOf(source)).toHaveLength(31);
    });

    test("is none the worse for a reader who leaves early, or for many at once", async () => {
      const bytes = Buffer.alloc(2_000_000, "photo");
      await rig.put("big.jpg", bytes);
      const object = await only("big.jpg");
      for (let n = 0; n < 3; n += 1) {
        for await (const _ of (await source.open(object, 0, signal)).bytes) break;
        for await (const _ of source.list({}, signal)) break;
      }
      const all = await Promise.all(Array.from({ length: 20 }, (_, n) => read(source, object, n * 1000)));
      expect(all.map(({ length }) => length)).toEqual(Array.from({ length: 20 }, (_, n) => 2_000_000 - n * 1000));
    });

    test("gives back what it holds for a reader who leaves before the first byte", async () => {
      const bytes = Buffer.alloc(2_000_000, "photo");
      await rig.put("big.jpg", bytes);
      const object = await only("big.jpg");
      const open = openFiles();
      // More than the connections that a source may have at once.
      for (let n = 0; n < 300; n += 1) await cancel((await source.open(object, 0, signal)).bytes);
      expect(openFiles() - open).toBeLessThan(100);
      expect((await read(source, object)).equals(bytes)).toBe(true);
    });

    test("counts what it asks for", async () => {
      await put(["a.jpg"]);
      const object = await only("a.jpg");
      await read(source, object);
      await read(source, object, 3);
      expect(source.requests).toMatchObject({ get: 2, head: 0, retried: 0 });
      expect(source.requests.list).toBeGreaterThan(0);
    });
  });
}

/** Expects a promise to be refused with a HaulError of that kind. */
export async function refused(work: Promise<unknown>, code: ErrorCode, retry: boolean) {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HaulError)) throw new Error(`not refused as ${code}: ${String(error)}`);
  expect({ code: error.code, retry: error.retry }).toEqual({ code, retry });
  return error;
}

/** Files and connections of this process; 0 where the system does not tell. */
function openFiles(): number {
  return existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0;
}
