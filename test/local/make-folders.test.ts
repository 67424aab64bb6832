import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeFolders } from "../../src/local/files.ts";

const at = mkdtempSync(join(tmpdir(), "folders-"));
afterEach(() => rmSync(at, { recursive: true, force: true }));

test("folders are made with all above them, and may be there", () => {
  makeFolders(join(at, "a/b/c"), 0o700);
  makeFolders(join(at, "a/b/c"), 0o700);
  expect(statSync(join(at, "a/b")).mode & 0o777).toBe(0o700);
});

test("a file in the way is an error", () => {
  makeFolders(at);
  writeFileSync(join(at, "file"), "");
  expect(() => makeFolders(join(at, "file"))).toThrow(/EEXIST/);
  expect(() => makeFolders(join(at, "file/b"))).toThrow(/ENOTDIR/);
});

test.runIf(existsSync("/proc/self"))("where a file system makes none it is an error, and comes to an end", () => {
  expect(() => makeFolders("/proc/nobody/home/state")).toThrow(/ENOENT/);
});
