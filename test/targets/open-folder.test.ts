import { chmod, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { openTarget } from "../../src/targets/all.ts";
import { type FolderRig, folderRig } from "../contract/folder-rig.ts";
import { keeping, pathsOf, signal, troubleOf } from "../contract/target-rig.ts";

let rig: FolderRig;

beforeEach(async () => {
  rig = await folderRig();
});
afterEach(async () => {
  await rig.close();
});

const home = (name = ""): string => join(rig.root, ".photohaul", name);

describe("which folder is opened", () => {
  test("the named folder is made, one above it never", async () => {
    await (await rig.open()).close();
    expect((await stat(rig.root)).isDirectory()).toBe(true);
    const deep = join(rig.root, "missing", "photos");
    expect(await troubleOf(openTarget(deep))).toBe("no-target");
    expect(await troubleOf(openTarget(deep, { readOnly: true }))).toBe("no-target");
    expect(await readdir(rig.root)).toEqual([".photohaul"]);
  });

  test("a file is no target, nor is a folder whose .photohaul is something else", async () => {
    await writeFile(rig.root, "");
    expect(await troubleOf(rig.open())).toBe("no-target");
    await rm(rig.root);
    await mkdir(join(rig.root, "elsewhere"), { recursive: true });
    await symlink(join(rig.root, "elsewhere"), home());
    expect(await troubleOf(rig.open())).toBe("no-target");
    expect(await readdir(join(rig.root, "elsewhere"))).toEqual([]);
  });

  test("a link to a folder is that folder", async () => {
    await mkdir(join(rig.root, "drive"), { recursive: true });
    await symlink(join(rig.root, "drive"), join(rig.root, "link"));
    const target = await openTarget(join(rig.root, "link"));
    await target.commit([await keeping(target, "a", "1")], signal);
    await target.close();
    expect(await readFile(join(rig.root, "drive", "a"), "utf8")).toBe("1");
  });

  test("a drive that is not mounted is noticed before anything is written", async () => {
    const target = await rig.open();
    await target.close();
    await rename(rig.root, `${rig.root}-unplugged`);
    expect(await troubleOf(rig.open({ expectedId: target.id }))).toBe("wrong-drive");
    await expect(lstat(rig.root)).rejects.toThrow("ENOENT");
    await mkdir(rig.root);
    expect(await troubleOf(rig.open({ expectedId: target.id }))).toBe("wrong-drive");
    expect(await troubleOf(rig.open({ expectedId: target.id, readOnly: true }))).toBe("wrong-drive");
    expect(await readdir(rig.root)).toEqual([]);
  });

  test("a marker that says nothing usable is never replaced", async () => {
    await (await rig.open()).close();
    await writeFile(home("target.json"), '{"id":');
    expect(await troubleOf(rig.open())).toBe("wrong-drive");
    expect(await readFile(home("target.json"), "utf8")).toBe('{"id":');
  });

  test("a marker from elsewhere has its traits found out again, and keeps its id and sources", async () => {
    const first = await rig.open({ source: "s3://one" });
    await first.close();
    const marker = JSON.parse(await readFile(home("target.json"), "utf8"));
    marker.drive.device += 1;
    marker.traits.forbidden = "x";
    await writeFile(home("target.json"), JSON.stringify(marker));
    const second = await rig.open({ source: "s3://two" });
    expect(second.id).toBe(first.id);
    expect(second.traits).toEqual(first.traits);
    await second.close();
    expect(JSON.parse(await readFile(home("target.json"), "utf8")).sources).toEqual(["s3://one", "s3://two"]);
  });

  test.each<[string, (marker: { drive: { on?: string }; traits: Record<string, unknown> }) => void]>([
    ["names another file system on a device of the same number", ({ drive }) => (drive.on = "fuseblk uuid:other")],
    ["was written by a version that did not say on what it lies", ({ drive }) => delete drive.on],
    ["says that no links are made, where they are", ({ traits }) => (traits.links = false)],
  ])("traits are found out again where the marker %s", async (_, change) => {
    const first = await rig.open();
    await first.close();
    const marker = JSON.parse(await readFile(home("target.json"), "utf8"));
    marker.traits.forbidden = "x";
    change(marker);
    await writeFile(home("target.json"), JSON.stringify(marker));
    const second = await rig.open();
    await second.close();
    expect(second.traits).toEqual(first.traits);
    const { drive, traits } = JSON.parse(await readFile(home("target.json"), "utf8"));
    expect(traits).toEqual(first.traits);
    expect(drive.on).not.toBe("");
  });

  test("a name that is empty is refused", async () => {
    expect(await troubleOf(openTarget(""))).toBe("usage");
  });

  test("a folder that this user may not write to is refused", async ({ skip }) => {
    if (process.getuid?.() === 0) skip("root may write anywhere");
    await mkdir(rig.root);
    await chmod(rig.root, 0o555);
    expect(await troubleOf(rig.open())).toBe("read-only");
    await chmod(rig.root, 0o755);
  });
});

describe("opened to be read", () => {
  test("a folder that does not exist is not made, and has the free space of where it would be", async () => {
    const target = await rig.open({ readOnly: true });
    expect(target.id).toBe("");
    expect(target.freeBytes).toBeGreaterThan(0);
    expect(await pathsOf(target)).toEqual([]);
    await target.close();
    await expect(lstat(rig.root)).rejects.toThrow("ENOENT");
  });

  test("nothing at all is written, not even what would be mended", async () => {
    const target = await rig.open();
    await target.commit([await keeping(target, "a", "1")], signal);
    await target.close();
    await writeFile(home("tmp/0123456789abcdef.part"), "left behind");
    await writeFile(home("manifest.ndjson"), '{"torn', { flag: "a" });
    const before = await snapshot(rig.root);
    const reader = await rig.open({ readOnly: true });
    expect(await pathsOf(reader)).toEqual(["a"]);
    await reader.close();
    expect(await snapshot(rig.root)).toEqual(before);
  });
});

test("where a drive knows no locks, one on this computer stands for it, and that is said", async () => {
  const said: string[] = [];
  await mkdir(home("lock"), { recursive: true });
  vi.stubEnv("TMPDIR", join(rig.root, ".."));
  onTestFinished(() => void vi.unstubAllEnvs());
  const target = await rig.open({ warn: (message) => said.push(message) });
  expect(said).toEqual([expect.stringContaining("cannot be locked")]);
  expect(await troubleOf(rig.open())).toBe("locked");
  await target.close();
  await (await rig.open()).close();
});

/** Every name below a folder with its size and times. */
async function snapshot(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return Promise.all(
    ["", ...names].map(async (name) => {
      const { size, mtimeNs, ctimeNs } = await lstat(join(folder, name), { bigint: true });
      return `${name} ${size} ${mtimeNs} ${ctimeNs}`;
    }),
  );
}
