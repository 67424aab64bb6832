import { execFile } from "node:child_process";
import { lstat, mkdir, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DraftFile } from "../../src/targets/folder/draft-file.ts";
import { type FolderRig, folderRig } from "../contract/folder-rig.ts";
import { bytesOf, entryFor, keeping, pathsOf, readAll, signal, troubleOf } from "../contract/target-rig.ts";

const run = promisify(execFile);
let rig: FolderRig;

beforeEach(async () => {
  rig = await folderRig();
});
afterEach(async () => {
  await rig.close();
});

const home = (name = ""): string => join(rig.root, ".photohaul", name);

describe("links planted in the target", () => {
  test("are never followed, neither to write nor to read", async () => {
    const outside = join(rig.root, "..", "outside");
    await mkdir(outside);
    await writeFile(join(outside, "secret"), "secret");
    const target = await rig.open();
    await symlink(outside, join(rig.root, "folder"));
    await symlink(join(outside, "new"), join(rig.root, "dangling"));
    await symlink(join(outside, "secret"), join(rig.root, "file"));
    const batch = [
      await keeping(target, "folder/new", "1"),
      await keeping(target, "folder/deep/new", "1"),
      await keeping(target, "dangling", "1"),
      await keeping(target, "file", "secret"),
    ];
    expect(await target.commit(batch, signal)).toEqual(Array(4).fill("occupied"));
    expect(await readdir(outside)).toEqual(["secret"]);
    for (const path of ["folder/secret", "file", "dangling"]) {
      expect(await troubleOf(readAll(target, path))).toBe("missing");
    }
    await target.close();
  });

  test("are refused where photohaul writes by name", async () => {
    const outside = join(rig.root, "..", "outside");
    for (const name of ["lock", "manifest.ndjson", "target.json.new", "README.txt", "tmp"]) {
      await mkdir(home(), { recursive: true });
      await symlink(outside, home(name));
      expect([name, await troubleOf(rig.open())]).toEqual([name, "no-target"]);
      await expect(lstat(outside)).rejects.toThrow("ENOENT");
      await rm(rig.root, { recursive: true });
    }
  });
});

describe("what a cut run left behind", () => {
  test("is swept when it is ours, and only then", async () => {
    await (await rig.open()).close();
    await writeFile(home("tmp/0123456789abcdef.part"), "");
    await writeFile(home("tmp/holiday.part"), "");
    await mkdir(home("tmp/fedcba9876543210.part"));
    await (await rig.open()).close();
    expect((await readdir(home("tmp"))).toSorted()).toEqual(["fedcba9876543210.part", "holiday.part"]);
  });

  test("a name given before the lists were written is the same photo again, dated again", async () => {
    const target = await rig.open();
    await mkdir(join(rig.root, "a"));
    await writeFile(join(rig.root, "a/b"), "photo");
    expect(await target.commit([await keeping(target, "a/b", "photo")], signal)).toEqual(["same"]);
    expect((await stat(join(rig.root, "a/b"))).mtime.toISOString()).toBe("2012-06-28T14:03:22.000Z");
    await target.close();
  });

  test("a commit that failed half way can be made again with the same drafts", async () => {
    const target = await rig.open();
    const batch = [await keeping(target, "a", "1"), await keeping(target, "b/c", "2")];
    // Nothing can be written below a folder that became something else; then it is put right.
    await rename(home(), home("../away"));
    await writeFile(home(), "");
    expect(await troubleOf(target.commit(batch, signal))).toBe("wrong-drive");
    await rm(home());
    await rename(home("../away"), home());
    expect(await target.commit(batch, signal)).toEqual(["stored", "stored"]);
    expect(await pathsOf(target)).toEqual(["a", "b/c"]);
    await target.close();
  });

  test("a photo that cannot be named spoils its batch, and the others can be kept one by one", async () => {
    const target = await rig.open();
    const names = ["a", "n".repeat(300), "b/c"];
    const batch = await Promise.all(names.map((name) => keeping(target, name, name)));
    expect(await troubleOf(target.commit(batch, signal))).toBe("name");
    expect(await pathsOf(target)).toEqual([]);
    const [first, spoilt, last] = batch.map((keep) => [keep]);
    expect(await target.commit(first ?? [], signal)).toEqual(["stored"]);
    expect(await troubleOf(target.commit(spoilt ?? [], signal))).toBe("name");
    expect(await target.commit(last ?? [], signal)).toEqual(["stored"]);
    expect(await pathsOf(target)).toEqual(["a", "b/c"]);
    await target.close();
    expect(await rig.debris()).toEqual([]);
  });

  test("the lock of a killed process is free", async () => {
    const script = `
      import { openTarget } from ${JSON.stringify(new URL("../../src/targets/all.ts", import.meta.url).href)};
      await openTarget(${JSON.stringify(rig.root)});
      process.kill(process.pid, "SIGKILL");`;
    await expect(run(process.execPath, ["--input-type=module", "-e", script])).rejects.toThrow();
    await (await rig.open()).close();
  });
});

describe("during the run", () => {
  test("a drive that was swapped or unmounted gets nothing more", async () => {
    const target = await rig.open();
    const keep = await keeping(target, "a/b", "1");
    await rename(rig.root, `${rig.root}-unplugged`);
    expect(await troubleOf(target.commit([keep], signal))).toBe("wrong-drive");
    const large = 1024 * 1024;
    expect(await troubleOf(target.stage(bytesOf("1".repeat(large)), large, signal))).toBe("wrong-drive");
    await mkdir(home("tmp"), { recursive: true });
    expect(await troubleOf(target.commit([keep], signal))).toBe("wrong-drive");
    expect(await readdir(rig.root)).toEqual([".photohaul"]);
    await target.close();
  });

  test("times finer than a second and before 1970 are kept, impossible ones are clamped", async () => {
    const target = await rig.open();
    const times = ["2012-06-28T14:03:22.987Z", "1965-05-05T05:05:05.013Z", "1700-01-01T00:00:00Z"];
    for (const [at, time] of times.entries()) {
      const keep = { ...(await keeping(target, `t${at}`, "1")), mtime: new Date(time) };
      await target.commit([keep], signal);
      const held = Math.max(Date.parse(time), Date.parse(target.traits.earliestTime));
      expect((await stat(join(rig.root, `t${at}`))).mtime.getTime()).toBe(held);
    }
    await target.close();
  });

  test.each([
    ["2012-07-04T14:30:15.123456789Z", 1],
    ["1965-05-05T05:05:05.000012345Z", 1],
    ["2012-07-04T14:30:15.999999999Z", 300_000],
  ])("%s is kept to the microsecond, of a photo of %i bytes", async (utc, size) => {
    const target = await rig.open();
    const ready = await keeping(target, "t", "1".repeat(size));
    const captured = {
      local: utc,
      offset: null,
      utc,
      source: "metadata",
      precision: "ms",
    } as const;
    const keep = { ...ready, entry: { ...ready.entry, captured }, mtime: new Date(utc) };
    await target.commit([keep], signal);
    const { mtimeNs } = await stat(join(rig.root, "t"), { bigint: true });
    const wanted = BigInt(Date.parse(`${utc.slice(0, 19)}Z`)) * 1_000_000n + BigInt(utc.slice(20, 29));
    expect(Math.abs(Number(mtimeNs - wanted))).toBeLessThanOrEqual(1000);
    await target.close();
  });

  test("a drive that refused file times, and takes them now, is given all of them", async () => {
    const warnings: string[] = [];
    const target = await rig.open();
    await target.commit([await keeping(target, "a", "1"), await keeping(target, "b", "2")], signal);
    await target.close();
    await rm(join(rig.root, "b"));
    await utimes(join(rig.root, "a"), 1, 1);
    await writeFile(join(rig.root, ".photohaul", "undated"), "");
    const again = await rig.open({ warn: (message) => warnings.push(message) });
    expect((await stat(join(rig.root, "a"))).mtime).toEqual(new Date("2020-01-01T00:00:00.000Z"));
    expect(warnings).toEqual([expect.stringMatching(/takes file times now/)]);
    expect(await rig.debris()).toEqual([]);
    await again.close();
  });

  test("a draft is a plain file that other programs can read", async () => {
    const target = await rig.open({ durable: "none" });
    const keep = await keeping(target, "a", "photo");
    expect(await readFile(keep.draft.file ?? "", "utf8")).toBe("photo");
    expect(await target.commit([keep], signal)).toEqual(["stored"]);
    expect(await readFile(keep.draft.file ?? "", "utf8")).toBe("photo");
    await target.close();
  });

  test("a folder of drafts that is cleared away is made again, and so is one of photos; what waited in it is named", async () => {
    const target = await rig.open();
    const large = "1".repeat(1024 * 1024);
    const batch = [await keeping(target, "2012/a", large), await keeping(target, "2012/b", "2")];
    await rm(home("tmp"), { recursive: true });
    await expect(target.commit(batch, signal)).rejects.toThrow(/2012\/a came whole, and its file was removed/);
    expect(await target.commit(batch.slice(1), signal)).toEqual(["stored"]);
    await rm(home("tmp"), { recursive: true });
    const held = await keeping(target, "2012/c", "3");
    expect(await readFile(held.draft.file ?? "", "utf8")).toBe("3");
    await rm(join(rig.root, "2012"), { recursive: true });
    const more = [held, await keeping(target, "2012/d", large)];
    expect(await target.commit(more, signal)).toEqual(["stored", "stored"]);
    expect(await readdir(join(rig.root, "2012"))).toEqual(["c", "d"]);
    await rm(home("tmp"), { recursive: true });
    const object = { key: "e", etag: "1", size: large.length };
    expect(await target.begun?.find(object)).toBe(null);
    const draft = await target.stage(bytesOf(large), large.length, signal, { object, begun: null });
    expect(await target.commit([{ ...held, entry: entryFor("e", large), draft }], signal)).toEqual(["stored"]);
    const hand = new DraftFile(target.draftsFolder ?? { folder: "", earliestTime: "" });
    hand.drop();
    await rm(home("tmp"), { recursive: true });
    const another = new DraftFile(target.draftsFolder ?? { folder: "", earliestTime: "" });
    expect(another.done(null).failure).toBe(null);
    await target.close();
  });

  test("the draft of another target is a mistake", async () => {
    const target = await rig.open();
    const other = { size: 1, discard: async () => undefined };
    const keep = { draft: other, entry: entryFor("a", "1"), mtime: new Date() };
    await expect(target.commit([keep], signal)).rejects.toThrow("another target");
    await target.close();
  });
});
