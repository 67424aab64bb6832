import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Directories } from "../../../src/targets/folder/directories.ts";
import { forceDirectory } from "../../../src/targets/folder/fsync.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "photohaul-directories-"));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

test("makes what is missing and finds what is there", async () => {
  await mkdir(join(root, "a"));
  const directories = new Directories(root, join(root, ".photohaul"));
  await mkdir(join(root, ".photohaul"));
  for (const path of ["", "a", "a/b/c", "a/b/c", "x/y"]) {
    expect(await directories.ensure(path)).toBe(true);
    expect((await stat(join(root, path))).isDirectory()).toBe(true);
  }
  await directories.force();
});

test("refuses files, links and the reserved folder, whatever name leads there", async () => {
  await mkdir(join(root, "PHOTOH~1"));
  await mkdir(join(root, "real/deep"), { recursive: true });
  await writeFile(join(root, "file"), "");
  await symlink(join(root, "real"), join(root, "link"));
  // The same folder under its short name, as FAT would have it.
  const directories = new Directories(root, join(root, "PHOTOH~1"));
  for (const path of ["file", "file/x", "link", "link/deep", "link/new", "PHOTOH~1", "PHOTOH~1/x"]) {
    expect([path, await directories.ensure(path)]).toEqual([path, false]);
  }
});

test("a folder that is gone cannot be forced", async () => {
  await expect(forceDirectory(join(root, "gone"))).rejects.toThrow("ENOENT");
});
