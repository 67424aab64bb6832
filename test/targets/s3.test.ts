import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FaultName } from "../../fixtures/s3/fault-kinds.ts";
import type { ManifestEntry } from "../../src/model.ts";
import { openTarget } from "../../src/targets/all.ts";
import type { Target } from "../../src/targets/target.ts";
import { type S3TargetRig, s3TargetRig } from "../contract/s3-target-rig.ts";
import { entryFor, keeping, pathsOf, readAll, signal, troubleOf } from "../contract/target-rig.ts";

let rig: S3TargetRig;
let targets: Target[];

beforeEach(async () => {
  rig = await s3TargetRig();
  targets = [];
});
afterEach(async () => {
  for (const target of targets) await target.close();
  await rig.close();
});

async function opened(options: Parameters<S3TargetRig["open"]>[0] = {}): Promise<Target> {
  const target = await rig.open(options);
  targets.push(target);
  return target;
}

describe("a write that goes wrong once is made good, and counts once", () => {
  const FAULTS: readonly FaultName[] = [
    "slow-down",
    "service-unavailable",
    "internal-error",
    "bad-gateway",
    "request-timeout",
    "conflict",
    "reset",
    "lost-answer",
    "wrong-etag",
    "error-in-200",
  ];

  test.each(FAULTS)("%s", async (fault) => {
    const target = await opened();
    const armed = rig.server.faults.arm({ fault, on: { op: "put", key: /2012/ } });
    const keep = await keeping(target, "2012/a.jpg", "photo");
    expect(await target.commit([keep], signal)).toEqual(["stored"]);
    expect(armed.fired).toBe(1);
    expect((await rig.read("2012/a.jpg"))?.toString()).toBe("photo");
    expect(await pathsOf(target)).toEqual(["2012/a.jpg"]);
    expect(await rig.debris()).toEqual([]);
  });

  test.each(FAULTS)("%s, of the manifest", async (fault) => {
    const target = await opened();
    const armed = rig.server.faults.arm({ fault, on: { op: "put", key: /manifest/ } });
    await target.commit([await keeping(target, "a.jpg", "photo")], signal);
    await target.commit([await keeping(target, "b.jpg", "photo")], signal);
    expect(armed.fired).toBe(1);
    expect(await pathsOf(target)).toEqual(["a.jpg", "b.jpg"]);
  });

  test("bytes that the store kept wrongly are not taken for the photo", async () => {
    const target = await opened();
    rig.server.faults.arm({ fault: "wrong-etag", on: { op: "put", key: /2012/ } });
    rig.server.faults.arm({ fault: "etag-changes", on: { op: "head" } });
    const keep = await keeping(target, "2012/a.jpg", "photo");
    expect(await target.commit([keep], signal)).toEqual(["occupied"]);
    rig.server.faults.assertAllFired();
    expect(await pathsOf(target)).toEqual([]);
    await keep.draft.discard();
  });

  test.each(["lost-answer", "reset", "slow-down"] as const)("%s, where the store would overwrite", async (fault) => {
    await rig.close();
    rig = await s3TargetRig({ features: { ignoreIfNoneMatch: true } });
    const target = await opened();
    const armed = rig.server.faults.arm({ fault, on: { op: "put", key: /2012/ } });
    const keep = await keeping(target, "2012/a.jpg", "photo");
    expect(await target.commit([keep], signal)).toEqual(["stored"]);
    expect(armed.fired).toBe(1);
    expect(await pathsOf(target)).toEqual(["2012/a.jpg"]);
  });
});

describe("what the store can do", () => {
  const canOf = async () => JSON.parse((await rig.read(".photohaul/target.json"))?.toString() ?? "{}").can;

  test("is found out once", async () => {
    await (await rig.open()).close();
    expect(await canOf()).toEqual({
      onlyNew: true,
      onlyNewInParts: true,
      copies: true,
      sha256: true,
    });
    rig.server.resetCounts();
    await opened();
    expect(rig.server.counts).toMatchObject({ put: 0, multipart: 0 });
  });

  test("where it would overwrite, that is said, and looked at before each write", async () => {
    await rig.close();
    rig = await s3TargetRig({ features: { ignoreIfNoneMatch: true } });
    const warnings: string[] = [];
    const target = await opened({ warn: (message) => warnings.push(message) });
    expect(await canOf()).toEqual({
      onlyNew: false,
      onlyNewInParts: false,
      copies: true,
      sha256: true,
    });
    expect(warnings.join()).toContain("would overwrite");
    rig.server.resetCounts();
    await target.commit([await keeping(target, "a.jpg", "photo")], signal);
    expect(rig.server.counts.head).toBeGreaterThan(0);
  });

  test("where it honours If-None-Match, a photo costs one request, and a batch three looks", async () => {
    await rig.close();
    rig = await s3TargetRig({ features: { latencyMs: 30 } });
    const target = await opened();
    rig.server.resetCounts();
    const names = Array.from({ length: 20 }, (_, at) => `${at}.jpg`);
    const batch = await Promise.all(names.map((name) => keeping(target, name, name)));
    await target.commit(batch, signal);
    expect(rig.server.counts).toMatchObject({ put: 22, head: 2, get: 0, list: 1 });
    expect(rig.server.mostAtOnce).toBeGreaterThan(4);
  });
});

describe("a store that is down", () => {
  test.each([
    ["access-denied", "read-only"],
    ["no-such-bucket", "no-target"],
    ["expired-token", "no-target"],
  ] as const)("%s ends the part of this target: %s", async (fault, trouble) => {
    const target = await opened();
    rig.server.faults.arm({ fault, on: { op: "put" }, times: 99 });
    const keep = await keeping(target, "a.jpg", "photo");
    expect(await troubleOf(target.commit([keep], signal))).toBe(trouble);
  });

  test("and says so politely is down all the same, after some photos", async () => {
    const target = await opened();
    rig.server.faults.arm({ fault: "not-found", on: { op: "put" }, times: 999 });
    const troubles: string[] = [];
    for (let at = 0; at < 8; at++) {
      const keep = await keeping(target, `${at}.jpg`, "photo");
      troubles.push(await troubleOf(target.commit([keep], signal)));
    }
    expect(troubles).toEqual([...Array.from({ length: 7 }, () => "missing"), "no-target"]);
  });

  test("cannot be opened", async () => {
    const s3 = { endpoint: "http://127.0.0.1:9" };
    expect(await troubleOf(rig.open({ s3 }))).toBe("no-target");
    const { endpoint } = rig.server;
    const { spool } = rig;
    expect(await troubleOf(openTarget("s3://nowhere/x", { spool, s3: { endpoint } }))).toBe("no-target");
    expect(await troubleOf(openTarget("s3:///x", { spool }))).toBe("usage");
    process.env.AWS_SECRET_ACCESS_KEY = "wrong";
    expect(await troubleOf(rig.open())).toBe("no-target");
  });
});

describe("the manifest", () => {
  test("has a part for each batch, numbered on after a reopening", async () => {
    const first = await rig.open();
    await first.commit([await keeping(first, "a.jpg", "1")], signal);
    await first.commit([await keeping(first, "b.jpg", "2")], signal);
    await first.close();
    const target = await opened();
    await target.commit([await keeping(target, "c.jpg", "3")], signal);
    expect(await rig.read(".photohaul/manifest-000003.ndjson")).not.toBeNull();
    const sums = await rig.read(".photohaul/SHA256SUMS-000003");
    expect(sums?.toString()).toBe(`${entryFor("c.jpg", "3").sha256}  c.jpg\n`);
    expect(await pathsOf(target)).toEqual(["a.jpg", "b.jpg", "c.jpg"]);
  });

  test("of two computers at once loses no line and no photo", async () => {
    const one = await opened();
    const other = await opened({ spool: join(rig.spool, "of another computer") });
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
    await rig.plant(".photohaul/manifest-000002.ndjson", `broken\n${line}\ncut`);
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
    await rig.plant(part, `\ufeff${line}\r\n`);
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
    expect((await rig.read(part))?.toString()).toBe(`${line}\n`);
    expect(await read()).toEqual(["a.jpg", "c.jpg"]);
    expect(broken).toHaveLength(2);
    const asides = rig.segments().filter((path) => path.startsWith(".photohaul/before-"));
    expect(asides).toHaveLength(1);
    expect((await rig.read(asides[0] ?? ""))?.toString()).toBe(`\ufeff${line}\r\n`);
  });
});

test.each(["cut-body", "short-body", "reset"] as const)("reading survives %s", async (fault) => {
  const target = await opened();
  const body = Buffer.alloc(300_000, "a photo ");
  await target.commit([await keeping(target, "a.jpg", body)], signal);
  const armed = rig.server.faults.arm({ fault, on: { op: "get" }, times: 2 });
  expect((await readAll(target, "a.jpg")).equals(body)).toBe(true);
  expect(armed.fired).toBe(2);
});

test("what a killed run left to be sent is swept", async () => {
  await (await rig.open()).close();
  const [folder = ""] = await readdir(rig.spool);
  const left = join(rig.spool, folder, "0123456789abcdef.part");
  await writeFile(left, "half a photo");
  await opened();
  expect(await readdir(join(rig.spool, folder))).toEqual(["lock"]);
});

test("keys below a prefix have what is left of 1,024 bytes", async () => {
  const target = await opened();
  expect(target.traits.longestPath).toBe(1024 - "backup/photos/".length);
});

async function* none(): AsyncGenerator<never> {}
