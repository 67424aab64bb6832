/** Stores that say that they wrote what they did not keep: nothing false is ever written down. */

import { afterEach, describe, expect, test } from "vitest";
import { notThere } from "../../src/targets/store/see-there.ts";
import type { Target } from "../../src/targets/target.ts";
import { s3TargetRig } from "../contract/s3-target-rig.ts";
import type { StoreRig } from "../contract/store-rig.ts";
import { swiftTargetRig } from "../contract/swift-target-rig.ts";
import { entryFor, keeping, pathsOf, signal, troubleOf } from "../contract/target-rig.ts";

interface Lie {
  readonly of: RegExp;
  /** What is kept in the place of what was written; nothing where null. */
  readonly keeps: string | null;
  readonly times?: number;
}

interface Behind {
  delete(key: string): unknown;
  put(key: string, bytes: string): unknown;
}

/** Tells a server to lie, once it is there. */
function liar({ of, keeps, times = Number.POSITIVE_INFINITY }: Lie) {
  let left = times;
  let behind: Behind | null = null;
  return {
    hold: (one: Behind) => {
      behind = one;
    },
    onWritten: (key: string) => {
      if (!of.test(key) || left === 0) return;
      left -= 1;
      if (keeps === null) behind?.delete(key);
      else behind?.put(key, keeps);
    },
  };
}

const STORES = {
  async S3(lie: Lie): Promise<StoreRig> {
    const { hold, onWritten } = liar(lie);
    const rig = await s3TargetRig({ features: { onWritten } });
    hold(rig.server.bucket("second"));
    return rig;
  },
  async Swift(lie: Lie): Promise<StoreRig> {
    const { hold, onWritten } = liar(lie);
    const rig = await swiftTargetRig({ features: { onWritten } });
    hold(rig.server.container("second"));
    return rig;
  },
};

let rig: StoreRig;
let target: Target | null = null;
afterEach(async () => {
  await target?.close();
  await rig.close();
});

async function opened(kind: keyof typeof STORES, lie: Lie): Promise<Target> {
  rig = await STORES[kind](lie);
  target = await rig.open();
  return target;
}

const batchOf = (to: Target, names: readonly string[]) => Promise.all(names.map((name) => keeping(to, name, name)));
async function troublesOf(to: Target, batches: readonly (readonly string[])[]): Promise<string[]> {
  const troubles: string[] = [];
  for (const names of batches) troubles.push(await troubleOf(to.commit(await batchOf(to, names), signal)));
  return troubles;
}

const MANY = Array.from({ length: 20 }, (_, at) => `${at + 10}.jpg`);

describe.each(["S3", "Swift"] as const)("a %s that keeps nothing of what it took", (kind) => {
  test("once, is sent it again, few photos or many", async () => {
    const to = await opened(kind, { of: /1[0-3]\.jpg/, keeps: null, times: 3 });
    for (const names of [["13.jpg"], MANY.slice(0, 3), MANY.slice(4)]) {
      const kept = await to.commit(await batchOf(to, names), signal);
      expect(kept).toEqual(names.map(() => "stored"));
    }
    for (const name of MANY) expect(String(await rig.read(name))).toBe(name);
  });

  test("of one photo, has it refused, and the manifest names no such photo", async () => {
    const to = await opened(kind, { of: /13\.jpg/, keeps: null });
    expect(await troubleOf(to.commit(await batchOf(to, MANY), signal))).toBe("server");
    expect(await pathsOf(to)).toEqual([]);
    await to.commit(
      await batchOf(
        to,
        MANY.filter((name) => name !== "13.jpg"),
      ),
      signal,
    );
    expect(await pathsOf(to)).toHaveLength(MANY.length - 1);
  });

  test("of its lists, once, is sent them again", async () => {
    const to = await opened(kind, { of: /manifest-|SHA256SUMS-/, keeps: null, times: 2 });
    await to.commit(await batchOf(to, MANY), signal);
    expect(await pathsOf(to)).toEqual(MANY);
  });
});

describe("a store that keeps nothing of what it took", () => {
  test("of any photo, ends the part of this target", async () => {
    const to = await opened("S3", { of: /\.jpg/, keeps: null });
    expect(await troublesOf(to, [MANY, MANY.slice(0, 1)])).toEqual(["server", "no-target"]);
    expect(await pathsOf(to)).toEqual([]);
  });

  test("of its lists, keeps no photo", async () => {
    const to = await opened("S3", { of: /manifest-/, keeps: null });
    expect(await troublesOf(to, [["a"], ["b"], ["c"]])).toEqual(["server", "server", "no-target"]);
  });
});

describe.each(["S3", "Swift"] as const)("a %s that keeps other bytes than it took", (kind) => {
  test.each(["13.jpx", "something else"])("has them taken for what they are: occupied, by %j", async (keeps) => {
    const to = await opened(kind, { of: /13\.jpg/, keeps });
    for (const names of [["13.jpg"], MANY]) {
      const kept = await to.commit(await batchOf(to, names), signal);
      expect(kept).toEqual(names.map((name) => (name === "13.jpg" ? "occupied" : "stored")));
    }
    expect(await pathsOf(to)).not.toContain("13.jpg");
  });
});

describe("what was written is seen", () => {
  async function looksFor(names: readonly string[]) {
    const s3 = await s3TargetRig({ features: {} });
    rig = s3;
    target = await rig.open();
    s3.server.resetCounts();
    await target.commit(await batchOf(target, names), signal);
    const { list, head } = s3.server.counts;
    // Two heads are for the lists.
    return { list, head: head - 2 };
  }

  test("by a look at each where they are few", async () => {
    expect(await looksFor(["a.jpg", "b.jpg", "c.jpg"])).toEqual({ list: 0, head: 3 });
  });

  test("by one page of the listing where they lie together", async () => {
    expect(await looksFor(MANY)).toEqual({ list: 1, head: 0 });
  });
});

test("a store that lists nothing is no target without photos", async () => {
  const s3 = await s3TargetRig({ features: { writesPage: (xml) => xml.replace(/<Contents>.*<\/Contents>/s, "") } });
  rig = s3;
  target = await rig.open();
  await target.commit(await batchOf(target, ["a.jpg"]), signal);
  expect(await troubleOf(pathsOf(target))).toBe("no-target");
  await target.close();
  target = null;
  expect(await troubleOf(rig.open())).toBe("no-target");
});

test("where any part of a listing costs all of it, each is looked at by itself", async () => {
  const list = () => {
    throw new Error("listed");
  };
  const head = {
    size: 5,
    etag: "",
    modified: "",
    contentType: "",
    contentDisposition: "",
    metadata: {},
    checksums: {},
  };
  const headOf = async (path: string) => (path === "9.jpg" ? null : head);
  const written = Array.from({ length: 40 }, (_, at) => ({ ...entryFor(`${at}.jpg`, "photo"), said: "" }));
  const missing = await notThere({ list, headOf, listsAll: true }, written, signal);
  expect(missing.map(({ path }) => path)).toEqual(["9.jpg"]);
});
