/** What stands in the place of a photo is set aside by a repair, whatever it is, and the photo gets its name back. */

import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { computerIn, runProcess } from "../scripts/rig.ts";

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-way-"));
  mkdirSync(at("camera"));
  for (const n of [1, 2, 3]) writeFileSync(at("camera", `IMG_${n}.jpg`), datedPhoto(4000, `photo ${n}`));
  expect((await run("mirror", at("camera"), at("usb"))).exit).toBe(0);
  cpSync(at("usb"), at("copy"), { recursive: true, preserveTimestamps: true });
  rmSync(photo());
  mkdirSync(at("own"));
  writeFileSync(at("own", "mine.txt"), "mine");
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...path: string[]) => join(folder, ...path);
const photo = () => at("usb", "IMG_2.jpg");
const run = (...args: string[]) => runProcess([...args, "--json"], { env: computerIn(folder) }, folder);

test.each([
  ["a folder with files in it", () => cpSync(at("own"), photo(), { recursive: true })],
  ["an empty folder", () => mkdirSync(photo())],
  ["a link", () => symlinkSync("/etc/hostname", photo())],
  ["a link to nothing", () => symlinkSync("nothing", photo())],
  ["a pipe", () => execFileSync("mkfifo", [photo()])],
])("%s in the place of a photo is set aside, and the photo put back", async (what, put) => {
  put();
  for (const from of ["copy", "camera"]) {
    const ran = await run("verify", at("usb"), "--repair-from", at(from));
    expect(ran.exit, ran.stdout).toBe(0);
  }
  expect(readFileSync(photo())).toEqual(readFileSync(at("camera", "IMG_2.jpg")));
  const [aside = "", ...more] = readdirSync(at("usb")).filter((name) => name.includes("~rotten"));
  expect(more).toEqual([]);
  expect(existsSync(at("usb", aside, "mine.txt"))).toBe(what === "a folder with files in it");
});
