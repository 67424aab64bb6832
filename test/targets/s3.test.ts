import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ManifestEntry } from "../../src/model.ts";
import { openTarget } from "../../src/targets/all.ts";
import { s3TargetRig } from "../contract/s3-target-rig.ts";
import { eachIn, entryFor, keeping, pathsOf, signal, troubleOf } from "../contract/target-rig.ts";

const on = eachIn(() => s3TargetRig());
const opened = on.open;

test("bytes that the store kept wrongly are not taken for the photo", async () => {
  const target = await opened();
  on.rig.server.faults.arm({ fault: "wrong-etag", on: { op: "put", key: /2012/ } });
  on.rig.server.faults.arm({ fault: "etag-changes", on: { op: "head" } });
  const keep = await keeping(target, "2012/a.jpg", "photo");
  expect(await target.commit([keep], signal)).toEqual(["occupied"]);
  on.rig.server.faults.assertAllFired();
  expect(await pathsOf(target)).toEqual([]);
  await keep.draft.discard();
});

test("a batch goes out several at once", async () => {
  await on.instead(s3TargetRig({ features: { latencyMs: 30 } }));
  const target = await opened();
  on.rig.server.resetCounts();
  const names = Array.from({ length: 20 }, (_, at) => `${at}.jpg`);
  await target.commit(await Promise.all(names.map((name) => keeping(target, name, name))), signal);
  expect(on.rig.server.mostAtOnce).toBeGreaterThan(4);
});

describe("a store that is down", () => {
  test("and says so politely is down all the same, after some photos", async () => {
    const target = await opened();
    on.rig.server.faults.arm({ fault: "not-found", on: { op: "put" }, times: 999 });
    const troubles: string[] = [];
    for (let at = 0; at < 8; at++) {
      const keep = await keeping(target, `${at}.jpg`, "photo");
      troubles.push(await troubleOf(target.commit([keep], signal)));
    }
    expect(troubles).toEqual([...Array.from({ length: 7 }, () => "missing"), "no-target"]);
  });

  test("cannot be opened", async () => {
    const s3 = { endpoint: "http://127.0.0.1:9" };
    expect(await troubleOf(on.rig.open({ s3 }))).toBe("no-target");
    const { endpoint } = on.rig.server;
    const { spool } = on.rig;
    expect(await troubleOf(openTarget("s3://nowhere/x", { spool, s3: { endpoint } }))).toBe("no-target");
    expect(await troubleOf(openTarget("s3:///x", { spool }))).toBe("usage");
    process.env.AWS_SECRET_ACCESS_KEY = "wrong";
    expect(await troubleOf(on.rig.open())).toBe("no-target");
  });
});

describe("the manifest", () => {
  test("has a part for each batch, numbered on after a reopening", async () => {
    const first = await on.rig.open();
    await first.commit([await keeping(first, "a.jpg", "1")], signal);
    await first.commit([await keeping(first, "b.jpg", "2")], signal);
    await first.close();
    const target = await opened();
    await target.commit([await keeping(target, "c.jpg", "3")], signal);
    expect(await on.rig.read(".photohaul/manifest-000003.ndjson")).not.toBeNull();
    const sums = await on.rig.read(".photohaul/SHA256SUMS-000003");
    expect(sums?.toString()).toBe(`${entryFor("c.jpg", "3").sha256}  c.jpg\n`);
    expect(await pathsOf(target)).toEqual(["a.jpg", "b.jpg", "c.jpg"]);
  });

  test("of two computers at once loses no line and no photo", async () => {
    const one = await opened();
    const other = await opened({ spool: join(on.rig.spool, "of another computer") });
    expect(other.id).toBe(one.id);
    for (const round of [1, 2, 3]) {
      const kept = await Promise.all([
        one.commit([await keeping(one, `one-${round}`, "1")], signal),
        other.commit([await keeping(other, `other-${round}`, "2")], signal),
        one.commit([await keeping(one, `both-${round}`, "one's")], signal),
        other.commit([await keeping(other, `both-${round}`, "other's")], signal),
      ]);
      expect(kept.flat().sort()).toEqual(["occupied", "stored", "stored", "stored"]);
    }
    const paths = await pathsOf(one);
    expect(paths).toHaveLength(9);
    expect(new Set(paths).size).toBe(9);
    expect(await pathsOf(other)).toEqual(paths);
  });

  test("with lines that cannot be read gives the others, and says so", async () => {
    const target = await opened();
    await target.commit([await keeping(target, "a.jpg", "1")], signal);
    const line = JSON.stringify(entryFor("c.jpg", "3"));
    await on.rig.plant(".photohaul/manifest-000002.ndjson", `broken\n${line}\ncut`);
    const broken: string[] = [];
    const found: ManifestEntry[] = [];
    for await (const entry of target.entries(signal, (how) => broken.push(how))) found.push(entry);
    expect(found.map(({ path }) => path)).toEqual(["a.jpg", "c.jpg"]);
    expect(broken).toEqual(["unreadable", "unreadable"]);
  });

  test("that an editor wrote anew is read, and mended into its own form", async () => {
    const target = await opened();
    await target.commit([await keeping(target, "a.jpg", "1")], signal);
    const line = JSON.stringify(entryFor("c.jpg", "3"));
    const part = ".photohaul/manifest-000002.ndjson";
    await on.rig.plant(part, `\ufeff${line}\r\n`);
    const broken: string[] = [];
    const read = async () => {
      const found: string[] = [];
      for await (const { path } of target.entries(signal, (how) => broken.push(how))) found.push(path);
      return found;
    };
    expect(await read()).toEqual(["a.jpg", "c.jpg"]);
    expect(broken).toEqual(["form", "form"]);
    const untouched = { clean: false, isWrong: () => false, add: none() };
    await target.lists.mend({ manifest: { ...untouched, clean: true, add: none() }, sums: untouched }, signal);
    expect((await on.rig.read(part))?.toString()).toBe(`${line}\n`);
    expect(await read()).toEqual(["a.jpg", "c.jpg"]);
    expect(broken).toHaveLength(2);
    const asides = on.rig.segments().filter((path) => path.startsWith(".photohaul/before-"));
    expect(asides).toHaveLength(1);
    expect((await on.rig.read(asides[0] ?? ""))?.toString()).toBe(`\ufeff${line}\r\n`);
  });
});

test("what a killed run left to be sent is swept", async () => {
  await (await on.rig.open()).close();
  const [folder = ""] = await readdir(on.rig.spool);
  const left = join(on.rig.spool, folder, "0123456789abcdef.part");
  await writeFile(left, "half a photo");
  await opened();
  expect(await readdir(join(on.rig.spool, folder))).toEqual(["lock"]);
});

test("keys below a prefix have what is left of 1,024 bytes", async () => {
  const target = await opened();
  expect(target.traits.longestPath).toBe(1024 - "backup/photos/".length);
});

async function* none(): AsyncGenerator<never> {}
