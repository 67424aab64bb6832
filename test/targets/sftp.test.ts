/** What a target behind SFTP does beyond the contract: faults, full disks, what a server was found to do. */

import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SftpArming, SftpFaultName } from "../../fixtures/sftp/faults.ts";
import type { SftpFeatures } from "../../fixtures/sftp/served-files.ts";
import type { SftpServer } from "../../fixtures/sftp/server.ts";
import { HaulError } from "../../src/errors.ts";
import type { Target } from "../../src/targets/target.ts";
import { embeddedTarget, type SftpTargetRig } from "../contract/sftp-rig.ts";
import { keeping, pathsOf, readAll, signal, TAKEN, troubleOf } from "../contract/target-rig.ts";

let rig: SftpTargetRig & { readonly server: SftpServer };
let targets: Target[];

beforeEach(() => {
  targets = [];
});
afterEach(async () => {
  for (const target of targets) await target.close();
  await rig.close();
});

async function opened(
  features: SftpFeatures = {},
  options: Parameters<SftpTargetRig["open"]>[0] = {},
): Promise<Target> {
  rig = await embeddedTarget({ features });
  return again(options);
}

async function again(options: Parameters<SftpTargetRig["open"]>[0] = {}): Promise<Target> {
  const target = await rig.open(options);
  targets.push(target);
  return target;
}

const GATEWAY: SftpFeatures = { renames: "none", extensions: false, clockless: true, inOrder: true };

const ONCE: readonly (Pick<SftpArming, "on" | "path"> & { readonly fault: SftpFaultName })[] = [
  { fault: "reset", on: "open", path: /tmp/ },
  { fault: "lost-answer", on: "open", path: /tmp/ },
  { fault: "reset", on: "write" },
  { fault: "lost-answer", on: "write" },
  { fault: "cut", on: "write" },
  { fault: "nonsense", on: "write" },
  { fault: "reset", on: "fsync" },
  { fault: "failure", on: "close" },
  { fault: "reset", on: "rename" },
  { fault: "lost-answer", on: "rename" },
  { fault: "silence", on: "rename" },
];

describe("a photo whose way is broken once is kept, whole and once", () => {
  test.each(ONCE)("$fault on $on", async ({ fault, on, path }) => {
    const target = await opened({}, { stallMs: 200 });
    const keep = await keeping(target, "2012/a.jpg", "photo");
    const armed = rig.server.faults.arm({ fault, on, ...(path === undefined ? {} : { path }) });
    const kept = await target.commit([keep], signal).catch(async (error: unknown) => {
      // What the server refuses in so many words is that photo's trouble, and the next attempt's success.
      if (!(error instanceof HaulError) || error.endsRun) throw error;
      return target.commit([keep], signal);
    });
    expect(armed.fired).toBe(1);
    expect(kept).toEqual(["stored"]);
    expect(String(await rig.read("2012/a.jpg"))).toBe("photo");
    expect(await rig.mtime("2012/a.jpg")).toEqual(TAKEN);
    expect(await pathsOf(target)).toEqual(["2012/a.jpg"]);
    await target.close();
    await again();
    expect(await rig.debris()).toEqual([]);
  });

  test.each(["reset", "lost-answer", "cut"] as const)("%s in the middle of a batch", async (fault) => {
    const target = await opened();
    const names = Array.from({ length: 40 }, (_, at) => `${at % 3}/${at}.jpg`);
    const batch = await Promise.all(names.map((name) => keeping(target, name, `photo ${name}`)));
    const armed = rig.server.faults.arm({ fault, on: "write", skip: 20 });
    expect(new Set(await target.commit(batch, signal))).toEqual(new Set(["stored"]));
    expect(armed.fired).toBe(1);
    for (const name of names) expect(String(await rig.read(name))).toBe(`photo ${name}`);
    expect(await pathsOf(target)).toEqual(names);
  });

  test.each(["reset", "lost-answer", "cut"] as const)("%s in a list", async (fault) => {
    const target = await opened();
    const armed = rig.server.faults.arm({ fault, on: "write", skip: 1 });
    await target.commit([await keeping(target, "a.jpg", "photo")], signal);
    await target.commit([await keeping(target, "b.jpg", "photo")], signal);
    expect(armed.fired).toBe(1);
    expect(await pathsOf(target)).toEqual(["a.jpg", "b.jpg"]);
  });
});

describe("a gateway that renames nothing", () => {
  test.each(["reset", "cut", "failure"] as const)("%s in a photo leaves nothing that counts", async (fault) => {
    const target = await opened(GATEWAY);
    const armed = rig.server.faults.arm({ fault, on: "write" });
    const keep = await keeping(target, "a.jpg", "the photo");
    expect(await target.commit([keep], signal).catch(() => target.commit([keep], signal))).toEqual(["stored"]);
    expect(armed.fired).toBe(1);
    expect(String(await rig.read("a.jpg"))).toBe("the photo");
  });

  test("what a killed run left under the name of a photo is never taken for it", async () => {
    const target = await opened(GATEWAY);
    await rig.plant("a.jpg", "the ph");
    expect(await target.commit([await keeping(target, "a.jpg", "the photo")], signal)).toEqual(["occupied"]);
    expect(String(await rig.read("a.jpg"))).toBe("the ph");
  });

  test("is told of when it is first used, and remembered", async () => {
    const warnings: string[] = [];
    const target = await opened(GATEWAY, { warn: (message) => warnings.push(message) });
    await target.close();
    expect(warnings.join("\n")).toMatch(/renames no file.*medium.*takes no file times/s);
    await again({ warn: (message) => warnings.push(message) });
    expect(warnings).toHaveLength(3);
    expect(JSON.parse(String(await rig.read(".photohaul/target.json"))).files).toEqual({
      rename: "refused",
      fsync: false,
      times: false,
    });
  });
});

test("a server that would overwrite is found out, and photohaul looks before it writes", async () => {
  const warnings: string[] = [];
  const options = { warn: (message: string) => warnings.push(message) };
  const target = await opened({ renames: "overwrites", ignoresExclusive: true }, options);
  expect(warnings.join("\n")).toMatch(/renames no file without overwriting.*would overwrite/s);
  await rig.plant("a.jpg", "not ours");
  const batch = [await keeping(target, "a.jpg", "photo"), await keeping(target, "b.jpg", "photo")];
  expect(await target.commit(batch, signal)).toEqual(["occupied", "stored"]);
  expect(String(await rig.read("a.jpg"))).toBe("not ours");
});

describe("no room", () => {
  test.each([
    ["a full disk", false, /drive is full/],
    ["a quota that is used up", true, /a quota may be used up/],
  ])("%s ends the run as full, and what was kept before stays", async (_, hidesRoom, says) => {
    const features = { takes: 200_000, hidesRoom };
    const target = await opened(features);
    await target.commit([await keeping(target, "a.jpg", "photo")], signal);
    const large = await keeping(target, "b.jpg", Buffer.alloc(300_000, "photo"));
    const error = await target.commit([large], signal).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "full", endsRun: true });
    expect(String(error)).toMatch(says);
    expect(await pathsOf(target)).toEqual(["a.jpg"]);
    expect(await rig.read("b.jpg")).toBeNull();
    expect(await readdir(join(rig.root, ".photohaul", "tmp"))).toEqual([]);
  });

  test("a photo that alone is refused is that photo's trouble", async () => {
    const target = await opened();
    rig.server.faults.arm({ fault: "failure", on: "rename", path: /b\.jpg/, times: 99 });
    expect(await troubleOf(target.commit([await keeping(target, "b.jpg", "photo")], signal))).toBe("unwritable");
    expect(await target.commit([await keeping(target, "c.jpg", "photo")], signal)).toEqual(["stored"]);
  });
});

describe("a server that hangs", () => {
  test("ends the waiting of a commit, and of an opening", async () => {
    const target = await opened({}, { stallMs: 300 });
    rig.server.faults.arm({ fault: "silence", on: "write", times: 99 });
    expect(await troubleOf(target.commit([await keeping(target, "a.jpg", "photo")], signal))).toBe("broken");
    rig.server.faults.clear();
    expect(await target.commit([await keeping(target, "a.jpg", "photo")], signal)).toEqual(["stored"]);
    expect(String(await readAll(target, "a.jpg"))).toBe("photo");
  });

  test("does not hold up whoever gives up", async () => {
    const target = await opened();
    rig.server.faults.arm({ fault: "silence", on: "write", times: 99 });
    const stop = new AbortController();
    const kept = troubleOf(target.commit([await keeping(target, "a.jpg", "photo")], stop.signal));
    setTimeout(() => stop.abort(), 30);
    expect(await kept).toBe("interrupted");
  });
});

test("what killed runs left is swept: ours at once, that of another computer when it is old", async () => {
  const target = await opened();
  await target.close();
  const tmp = join(rig.root, ".photohaul", "tmp");
  const [, ours = ""] = /"([0-9a-f]{8})-/.exec(JSON.stringify(await leftBehind(tmp))) ?? [];
  const names = [`${ours}-0123456789abcdef.part`, "00000000-0123456789abcdef.part", "00000000-fedcba9876543210.part"];
  for (const name of [...names, "theirs.txt"]) await writeFile(join(tmp, name), "x");
  await utimes(join(tmp, names[2] ?? ""), TAKEN, TAKEN);
  await again();
  expect((await readdir(tmp)).toSorted()).toEqual(["00000000-0123456789abcdef.part", "theirs.txt"]);
});

/** What a run that is cut while it writes leaves. */
async function leftBehind(tmp: string): Promise<string[]> {
  const target = await again({ stallMs: 300 });
  rig.server.faults.arm({ fault: "silence", on: "write", times: 99 });
  await target.commit([await keeping(target, "cut.jpg", "photo")], signal).catch(() => undefined);
  rig.server.faults.clear();
  await target.close();
  return readdir(tmp);
}

test("a link in the place of a folder is never followed out of the target", async () => {
  const target = await opened();
  const { symlink, mkdir } = await import("node:fs/promises");
  const outside = join(rig.root, "..", "outside");
  await mkdir(outside);
  await symlink(outside, join(rig.root, "2012"));
  expect(await target.commit([await keeping(target, "2012/a.jpg", "photo")], signal)).toEqual(["occupied"]);
  expect(await readdir(outside)).toEqual([]);
});

test("another time, and another name, are given to what lies there", async () => {
  const target = await opened();
  const keep = await keeping(target, "a.jpg", "photo");
  await target.commit([keep], signal);
  const mtime = new Date("2013-01-02T03:04:05Z");
  await target.redate([{ entry: keep.entry, mtime }], signal);
  expect(await rig.mtime("a.jpg")).toEqual(mtime);
  await rig.plant("b.jpg", "b");
  expect(await target.setAside?.("a.jpg", "b.jpg", signal)).toBe(false);
  expect(await target.setAside?.("a.jpg", "c.jpg", signal)).toBe(true);
  expect(String(await readFile(join(rig.root, "c.jpg")))).toBe("photo");
});

test("a time before 1970 is in the manifest, and the file has the earliest that SFTP can say", async () => {
  const target = await opened();
  const keep = { ...(await keeping(target, "old.jpg", "photo")), mtime: new Date("1955-05-05T00:00:00Z") };
  expect(await target.commit([keep], signal)).toEqual(["stored"]);
  expect(await rig.mtime("old.jpg")).toEqual(new Date(0));
});
