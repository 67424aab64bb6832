import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mustBeOurs } from "../../src/local/files.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-own-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const refused = (name: string) => () => mustBeOurs("--log", join(folder, name), (head) => head.startsWith("ours"));

test("a new file, an empty one and one of ours may be written", () => {
  writeFileSync(join(folder, "empty"), "");
  writeFileSync(join(folder, "ours"), "ours, and long ago");
  symlinkSync(join(folder, "ours"), join(folder, "link"));
  for (const name of ["new", "empty", "ours", "link"]) expect(refused(name)).not.toThrow();
});

test("another file is left alone, also behind a link", () => {
  writeFileSync(join(folder, "IMG_1.JPG"), Buffer.from([0xff, 0xd8, 0xff]));
  symlinkSync(join(folder, "IMG_1.JPG"), join(folder, "link"));
  for (const name of ["IMG_1.JPG", "link"]) expect(refused(name)).toThrow(/is another file/);
});

test("no folder, no pipe and no device is written to, and none is waited for", () => {
  execFileSync("mkfifo", [join(folder, "pipe")]);
  mkdirSync(join(folder, "folder"));
  symlinkSync("/dev/null", join(folder, "null"));
  expect(refused("pipe")).toThrow(/it is a pipe/);
  expect(refused("folder")).toThrow(/it is a folder/);
  expect(refused("null")).toThrow(/it is a device/);
});

test("nothing goes into the folder of a target's lists", () => {
  mkdirSync(join(folder, ".photohaul"));
  expect(refused(".photohaul/manifest.ndjson")).toThrow(/lists of a target/);
});

test("nothing goes where a database keeps what it has not written yet", () => {
  for (const end of ["-wal", "-shm", "-journal"]) {
    const file = join(folder, `photos.sqlite${end}`);
    expect(() => mustBeOurs("--log", file, () => true)).toThrow(/a database keeps for itself/);
  }
});
