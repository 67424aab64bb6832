/** A target on a grid: how many requests it takes, what becomes of it where node, grid or line fail, and who may see a cap. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GridFault } from "../../fixtures/tahoe/faults.ts";
import type { ManifestEntry } from "../../src/model.ts";
import type { Keeping, Target } from "../../src/targets/target.ts";
import { type FakeGridRig, fakeGridRig } from "../contract/fake-grid-rig.ts";
import { entryFor, keeping, pathsOf, readAll, signal, TAKEN, troubleOf } from "../contract/target-rig.ts";

/** Not so small that it lies in its cap. */
const body = (name: string) => Buffer.from(name.repeat(20).padEnd(100, "."));
let rig: FakeGridRig;
let target: Target;
let warnings: string[];

const open = (more = {}) => rig.open({ warn: (message) => warnings.push(message), ...more });
const photo = (path: string) => keeping(target, path, body(path));
const asked = (pattern: RegExp) => rig.server.requests.filter((line) => pattern.test(line));
const entriesOf = async (from: Target) => {
  const entries: ManifestEntry[] = [];
  for await (const entry of from.entries(signal)) entries.push(entry);
  return entries;
};
const capOf = async (path: string) => (await entriesOf(target)).findLast((entry) => entry.path === path)?.cap ?? "";

beforeEach(async () => {
  rig = await fakeGridRig();
  warnings = [];
  target = await open();
  expect(warnings).toEqual([expect.stringMatching(/write the cap of .* down on paper/)]);
  warnings.length = 0;
  rig.server.requests.length = 0;
});
afterEach(async () => {
  await target.close();
  await rig.close();
});

test("a batch is linked to with one request for each directory, and all of it is seen there", async () => {
  const paths = Array.from({ length: 60 }, (_, n) => `201${n % 3}/${n}.jpg`);
  await target.commit(
    [await photo("2010/first.jpg"), await photo("2011/first.jpg"), await photo("2012/first.jpg")],
    signal,
  );
  rig.server.requests.length = 0;
  const kept = await target.commit(await Promise.all(paths.map(photo)), signal);
  expect(new Set(kept)).toEqual(new Set(["stored"]));
  // One for each of the three, and one for each of the two lists.
  expect(asked(/^POST set_children/)).toHaveLength(3 + 2);
  expect(asked(/^PUT file$/)).toHaveLength(60 + 2);
  expect(asked(/^POST mkdir/)).toEqual([]);
  expect(asked(/^GET json backup\/photos\/201\d$/)).toHaveLength(2 * 3);
});

test("the manifest has the cap of each photo, by which it comes back whatever becomes of its name", async () => {
  await target.commit([await photo("a/b.jpg")], signal);
  const cap = await capOf("a/b.jpg");
  const answer = await fetch(`${rig.server.url}/uri/${encodeURIComponent(cap)}`);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(body("a/b.jpg"));
});

test("what another target's manifest says of its caps is not taken over", async () => {
  const keep = await photo("a.jpg");
  const foreign = { ...keep, entry: { ...keep.entry, cap: "URI:CHK:other:other:1:1:9", targetEtag: "x" } };
  await target.commit([foreign], signal);
  expect(await capOf("a.jpg")).toMatch(/^URI:CHK:(?!other)/);
});

describe("a name that is taken between the look and the link", () => {
  test("stays with what has it, and the rest of the batch is linked to", async () => {
    await target.commit([await photo("x/0.jpg")], signal);
    const batch = [await photo("x/1.jpg"), await photo("x/2.jpg"), await photo("x/3.jpg")];
    const struck = plantOn(/^PUT file$/, () =>
      rig.plant("x/2.jpg", "not ours, and longer than any literal file on the grid is"),
    );
    expect(await target.commit(batch, signal)).toEqual(["stored", "occupied", "stored"]);
    expect(struck()).toBe(true);
    expect((await rig.read("x/2.jpg"))?.toString()).toContain("not ours");
    expect(await pathsOf(target)).toEqual(["x/0.jpg", "x/1.jpg", "x/3.jpg"]);
    await batch[1]?.draft.discard();
  });
});

/** Does something at the first request of a kind, before it is answered. */
function plantOn(pattern: RegExp, work: () => Promise<void>): () => boolean {
  let done = false;
  const { requests } = rig.server;
  const push = requests.push.bind(requests);
  requests.push = (...lines: string[]) => {
    if (!done && lines.some((line) => pattern.test(line))) {
      done = true;
      void work();
    }
    return push(...lines);
  };
  return () => done;
}

describe.each<[GridFault, RegExp]>([
  ["reset", /^PUT file$/],
  ["lost-answer", /^PUT file$/],
  ["internal-error", /^PUT file$/],
  ["other-bytes", /^PUT file$/],
  ["unavailable", /^PUT file$/],
  ["reset", /^POST set_children/],
  ["lost-answer", /^POST set_children/],
  ["internal-error", /^POST set_children/],
  ["gone", /^POST set_children/],
  ["reset", /^GET json backup\/photos\/d$/],
  ["cut-body", /^GET json backup\/photos\/d$/],
  ["gone", /^GET json backup\/photos\/d$/],
  ["no-http", /^GET json backup\/photos\/d$/],
  ["lost-answer", /^POST mkdir$/],
  ["internal-error", /^POST mkdir$/],
])("%s at %s", (fault, on) => {
  test("is asked again, and each photo lies there once", async () => {
    const armed = rig.server.arm({ fault, on });
    const kept = await target.commit([await photo("d/1.jpg"), await photo("d/2.jpg")], signal);
    expect(armed.struck).toBe(1);
    expect(kept).toEqual(["stored", "stored"]);
    expect(await readAll(target, "d/2.jpg")).toEqual(body("d/2.jpg"));
    expect(await pathsOf(target)).toEqual(["d/1.jpg", "d/2.jpg"]);
    expect(await rig.debris()).toEqual([]);
  });
});

test("a node that says that it linked, and did not: nothing counts, and the next try keeps it", async () => {
  await target.commit([await photo("d/0.jpg")], signal);
  const armed = rig.server.arm({ fault: "nothing-done", on: /^POST set_children/ });
  const batch = [await photo("d/1.jpg")];
  expect(await troubleOf(target.commit(batch, signal))).toBe("server");
  expect(armed.struck).toBe(1);
  expect(await pathsOf(target)).toEqual(["d/0.jpg"]);
  expect(await target.commit(batch, signal)).toEqual(["stored"]);
});

test("bytes whose line breaks go on where they broke", async () => {
  const large = Buffer.alloc(3_000_000, "photo ");
  const draft = await target.stage(large, large.length, signal);
  await target.commit([{ draft, entry: entryFor("large.mp4", large), mtime: TAKEN }], signal);
  const armed = rig.server.arm({ fault: "cut-body", on: /^GET file$/ });
  expect((await readAll(target, "large.mp4")).equals(large)).toBe(true);
  expect(armed.struck).toBe(1);
});

test("a node that never answers is given up, each time after a while", async () => {
  await target.close();
  target = await open({ stallMs: 100 });
  rig.server.arm({ fault: "silence", on: /^PUT file$/, times: 99 });
  expect(await troubleOf(target.commit([await photo("a.jpg")], signal))).toBe("broken");
  expect(asked(/^PUT file$/)).toHaveLength(5);
});

test("an abort ends an upload that nobody answers", async () => {
  const abort = new AbortController();
  rig.server.arm({ fault: "silence", on: /^PUT file$/ });
  const commit = target.commit([await photo("a.jpg")], abort.signal);
  setTimeout(() => abort.abort(), 50);
  expect(await troubleOf(commit)).toBe("interrupted");
});

describe("another node, whose caps of the same bytes are others", () => {
  test("the same photo counts as the same, and nothing is written over it", async () => {
    await target.commit([await photo("a.jpg")], signal);
    const first = await capOf("a.jpg");
    rig.server.grid.convergence = "two";
    expect(await target.commit([await photo("a.jpg")], signal)).toEqual(["same"]);
    expect(await capOf("a.jpg")).toBe(first);
  });

  test("what somebody else put there is read, and so is known", async () => {
    await rig.plant("theirs.jpg", body("theirs.jpg").toString());
    rig.server.grid.convergence = "two";
    expect(await target.commit([await photo("theirs.jpg")], signal)).toEqual(["same"]);
    expect(await target.commit([await keeping(target, "theirs.jpg", body("theirs.jpG"))], signal)).toEqual([
      "occupied",
    ]);
  });

  test("of which the shares are lost there, the photo is not taken for kept", async () => {
    await target.commit([await photo("a.jpg")], signal);
    rig.server.grid.shares.set(await capOf("a.jpg"), 0);
    rig.server.grid.convergence = "two";
    expect(await target.commit([await photo("a.jpg")], signal)).toEqual(["occupied"]);
  });
});

describe("verify's question", () => {
  const vouched = async (path: string) => {
    const entry = (await entriesOf(target)).findLast((one) => one.path === path);
    if (entry === undefined) throw new Error(path);
    const { size, sha256, targetEtag = "" } = entry;
    return (await target.vouchesFor?.({ path, size, sha256, etag: targetEtag }, signal)) ?? false;
  };

  test("has all shares read, and renews the leases of the photo, its directories and the lists, once each", async () => {
    await target.commit([await photo("2012/06/a.jpg"), await photo("2012/06/b.jpg")], signal);
    const { leases } = rig.server.grid;
    leases.clear();
    expect(await vouched("2012/06/a.jpg")).toBe(true);
    expect(await vouched("2012/06/b.jpg")).toBe(true);

    expect(leases.get(await capOf("2012/06/a.jpg"))).toBe(1);
    const renewed = [...leases.keys()];
    // The top, backup, photos, 2012, 06 and .photohaul.
    expect(renewed.filter((cap) => cap.startsWith("URI:DIR2"))).toHaveLength(6);
    // Two photos, target.json, README.txt, the probe and the two lists.
    expect(renewed.filter((cap) => !cap.startsWith("URI:DIR2"))).toHaveLength(2 + 5);
    expect([...leases].filter(([, times]) => times !== 1)).toEqual([]);
  });

  test("a lease that could not be renewed is renewed with the next photo, and told of once", async () => {
    await target.commit([await photo("a.jpg")], signal);
    const own = rig.server.grid.at(rig.cap, ["backup", "photos", ".photohaul"]);
    rig.server.grid.shares.set(own.rw ?? "", 1);
    const armed = rig.server.arm({ fault: "echoed-cap", on: /^POST check/, after: 6 });
    expect(await troubleOf(vouched("a.jpg"))).toBe("read-only");
    expect(armed.struck).toBe(1);
    expect(await vouched("a.jpg")).toBe(true);
    await target.close();
    expect(warnings).toEqual([expect.stringMatching(/1 file lies on fewer servers/)]);
    target = await open();
  });

  test("is answered with no where another file has the name, or too few shares are left", async () => {
    await target.commit([await photo("a.jpg"), await photo("b.jpg")], signal);
    await rig.plant("a.jpg", body("b.jpg").toString());
    rig.server.grid.shares.set(await capOf("b.jpg"), 0);
    expect([await vouched("a.jpg"), await vouched("b.jpg")]).toEqual([false, false]);
    expect(await troubleOf(readAll(target, "b.jpg"))).toBe("broken");
  });

  test("says which files lie on fewer servers than they should, and has the node mend them where it may", async () => {
    await target.commit([await photo("a.jpg")], signal);
    rig.server.grid.shares.set(await capOf("a.jpg"), 1);
    expect(await vouched("a.jpg")).toBe(true);
    await target.close();
    expect(warnings).toEqual([expect.stringMatching(/1 file lies on fewer servers .*a\.jpg.* 1 of 2 shares/)]);
    warnings = [];
    target = await open({ readOnly: true, mends: true });
    expect(await vouched("a.jpg")).toBe(true);
    expect(rig.server.grid.shares.get(await capOf("a.jpg"))).toBe(2);
    await target.close();
    expect(warnings).toEqual([]);
    target = await open();
  });

  test("shares that were lost come back with the photo", async () => {
    await target.commit([await photo("a.jpg")], signal);
    rig.server.grid.shares.set(await capOf("a.jpg"), 0);
    expect(await target.commit([await photo("a.jpg")], signal)).toEqual(["same"]);
    expect(await readAll(target, "a.jpg")).toEqual(body("a.jpg"));
  });
});

test("a directory that grows too large is told once", async () => {
  const many = Array.from({ length: 2001 }, (_, n) => [`${n}.jpg`, { ro: "URI:LIT:ge", metadata: {} }] as const);
  await target.commit([await photo("all/first.jpg")], signal);
  const here = rig.server.grid.at(rig.cap, ["backup", "photos", "all"]);
  rig.server.grid.link(here.rw ?? "", new Map(many.slice(0, 1999)), "false");
  const batches: Keeping[][] = [[await photo("all/x.jpg")], [await photo("all/y.jpg")]];
  for (const batch of batches) await target.commit(batch, signal);
  expect(warnings).toEqual([expect.stringMatching(/all has more than 2,000 photos.*\{yyyy\}\/\{mm\}/)]);
});

test("names that are no paths are passed over and told; nothing is asked by them", async () => {
  const here = rig.server.grid.at(rig.cap, ["backup", "photos"]);
  const link = { ro: "URI:LIT:ge", metadata: {} };
  rig.server.grid.link(
    here.rw ?? "",
    new Map([
      ["..", link],
      ["a/b", link],
      ["c.jpg", link],
    ]),
    "false",
  );
  const keys: string[] = [];
  for await (const { objects } of target.list({}, signal)) keys.push(...objects.map(({ key }) => key));
  expect(keys).toEqual(["c.jpg"]);
  expect(warnings).toHaveLength(2);
});
