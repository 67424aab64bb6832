import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

/** Whoever opens a pipe waits for its other end: a test that hangs here is one that failed. */
let on: Rig;
const at = (...parts: string[]) => join(on.folder, ...parts);
const fifo = (path: string) => execFileSync("mkfifo", [path]);
beforeAll(async () => {
  on = await rig({}, (server) => server.bucket("photos").put("a.jpg", datedPhoto(2000, "a")));
  fifo(at("pipe"));
  fifo(at("pipe.toml"));
  fifo(at("pipe.sqlite"));
  mkdirSync(at("folder.toml"));
  expect((await on.mirror()).exit).toBe(0);
});
afterAll(() => on[Symbol.asyncDispose]());

describe("an option that wants a file refuses what is none, in words", () => {
  test.each([
    ["--layout", "pipe.toml", /the layout file .*pipe\.toml is a pipe/],
    ["--layout", "folder.toml", /the layout file .*folder\.toml is a folder/],
    ["--layout", "/dev/zero", /the layout file \/dev\/zero is a device/],
    ["--dates", "pipe", /--dates .*pipe is a pipe/],
    ["--dates", "folder.toml", /--dates .* is a folder/],
    ["--dates", "/dev/zero", /--dates \/dev\/zero is a device/],
    ["--catalogue", "pipe", /pipe is a pipe/],
    ["--catalogue", "folder.toml", /the catalogue .*folder\.toml/],
    ["--catalogue", "/dev/null", /\/dev\/null is a device/],
  ])("%s %s", async (option, name, says) => {
    const file = name.startsWith("/") ? name : at(name);
    const ran = await on.mirror(option, file);
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toMatch(says);
  });

  test("layouts, dates, explain and status too", async () => {
    expect((await on.run(["layouts", "--check", at("pipe.toml")])).exit).toBe(2);
    expect((await on.run(["dates", at("photos"), "--dates", at("pipe")])).exit).toBe(2);
    const explain = ["explain", "s3://photos", "a.jpg", ...on.endpoint];
    expect((await on.run([...explain, "--dates", at("pipe")])).exit).toBe(2);
    expect((await on.run(["status", at("pipe.sqlite")])).exit).toBe(2);
  });
});

describe("what lies in .photohaul in the place of a file is named, and not opened", () => {
  test.each(["target.json", "manifest.ndjson", "SHA256SUMS", "README.txt", "lock", "other"])("%s", async (name) => {
    const [file, aside] = [at("photos", ".photohaul", name), at("aside")];
    const real = name !== "other";
    if (real) renameSync(file, aside);
    fifo(file);
    try {
      for (const args of [
        ["verify", at("photos")],
        ["dates", at("photos")],
      ]) {
        const ran = await on.run(args);
        expect([ran.exit, args[0]]).toEqual([5, args[0]]);
        expect(ran.stderr).toContain(`${name} is a pipe`);
      }
      const ran = await on.mirror();
      expect(ran.exit).toBe(5);
      expect(ran.stderr).toContain(`${name} is a pipe`);
    } finally {
      rmSync(file);
      if (real) renameSync(aside, file);
    }
  });
});

describe("what stands in the way on a target is named, with what to do", () => {
  test.each([
    ["a file", (folder: string) => writeFileSync(folder, "mine")],
    ["a link to another drive", (folder: string) => symlinkSync(at("folder.toml"), folder)],
  ])("%s in the place of a folder", async (_, block) => {
    await using far = await rig({}, (server) => {
      for (const key of ["b.jpg", "2013/a.jpg"]) server.bucket("photos").put(key, datedPhoto(2000, key));
    });
    mkdirSync(join(far.folder, "photos"));
    block(join(far.folder, "photos", "2013"));
    const ran = await far.mirror();
    expect(ran.summary).toMatchObject({ exit: 3, outcomes: { stored: 1, failed: 1 } });
    expect(ran.stdout).toMatch(/a file or a link stands where .*photos is to have the folder 2013: move it away/);
    rmSync(join(far.folder, "photos", "2013"));
    expect((await far.mirror()).summary).toMatchObject({ exit: 0, outcomes: { stored: 1, already: 1 } });
  });

  test("a link that leads nowhere in the place of the target", async () => {
    symlinkSync(at("nothing-there"), at("nowhere"));
    const ran = await on.run(["mirror", "s3://photos", at("nowhere"), ...on.endpoint]);
    expect(ran.exit).toBe(5);
    expect(ran.stderr).toContain(`${at("nowhere")} is a link that leads nowhere`);
  });
});

describe("an option that concerns nothing of the line is refused by its name", () => {
  test.each([
    [["verify", "s3://copy", "--endpoint", "http://x"], /--endpoint .*say --target-endpoint/],
    [["verify", "s3://copy", "--profile", "x"], /--profile .*say --target-profile/],
    [["verify", "s3://copy", "--no-sign-request"], /--no-sign-request/],
    [["restore", "s3://copy", "back", "--endpoint", "http://x"], /endpoint/],
    [["mirror", "folder.toml", "s3://copy", "--endpoint", "http://x"], /say --target-endpoint/],
    [["mirror", "folder.toml", "usb", "--as-of", "2020"], /--as-of/],
    [["inventory", "folder.toml", "--request-payer"], /--request-payer/],
    [["explain", "folder.toml", "a", "--region", "x"], /--region/],
    [["mirror", "swift://photos", "usb", "--endpoint", "http://x"], /says how to reach the source in a bucket/],
    [["mirror", "my-photos", "usb", "--endpoint", "http://x"], /is the folder my-photos; .* is s3:\/\/my-photos/],
    [["mirror", "s3://photos", "usb", "--storage-class", "STANDARD_IA"], /--storage-class/],
    [
      ["mirror", "s3://photos", "usb", "s3://a", "--target-region", "x", "--target-region", "y"],
      /--target-region is given 2 times/,
    ],
  ])("%j", async (args, says) => {
    const ran = await on.run(args);
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toMatch(says);
  });
});
