import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

let on: Rig;
let drives: [string, string];
beforeEach(async () => {
  on = await rig({}, (server) => {
    for (let n = 0; n < 3; n += 1) server.bucket("photos").put(`2012/IMG_${n}.jpg`, datedPhoto(2000, `photo ${n}`));
  });
  drives = [join(on.folder, "one"), join(on.folder, "two")];
});
afterEach(() => on[Symbol.asyncDispose]());

const mirror = (...more: string[]) => on.run(["mirror", "s3://photos", ...drives, ...on.endpoint, "-q", ...more]);
const optional = () => ["--optional", drives[1]];
const status = (...more: string[]) => on.run(["status", ...more]);
const away = () => renameSync(drives[1], `${drives[1]}-elsewhere`);
const back = () => renameSync(`${drives[1]}-elsewhere`, drives[1]);
const add = (name: string) => on.server.bucket("photos").put(`2013/${name}.jpg`, datedPhoto(2000, name));

describe("a drive that may be elsewhere", () => {
  beforeEach(async () => {
    mkdirSync(drives[1]);
    expect((await mirror(...optional())).exit).toBe(0);
    away();
    add("new");
  });

  test("is no failure, unless it is not named so", async () => {
    const ran = await mirror(...optional());
    expect([ran.exit, ran.stderr]).toEqual([0, ""]);
    expect(existsSync(join(drives[0], "2013/new.jpg"))).toBe(true);
    expect(existsSync(drives[1])).toBe(false);
    expect((await mirror()).exit).toBe(5);
  });

  test("is told of, and gets what it lacks when it is back", async () => {
    const ran = await on.run(["mirror", "s3://photos", ...drives, ...on.endpoint, ...optional()]);
    expect(ran.stdout.replaceAll(/\s+/g, " ")).toContain(
      "two takes no part in this run and catches up when it is back",
    );
    expect((await status()).stdout.replaceAll(/\s+/g, " ")).toMatch(
      /one took .* lacks nothing.*two took .* lacks 1 photo/,
    );
    back();
    expect((await mirror(...optional())).exit).toBe(0);
    expect(existsSync(join(drives[1], "2013/new.jpg"))).toBe(true);
    expect((await status()).stdout).not.toMatch(/lacks \d/);
  });

  test("whose mount point is empty is away too", async () => {
    mkdirSync(drives[1]);
    expect((await mirror(...optional())).exit).toBe(0);
    expect(readdirSync(drives[1])).toEqual([]);
  });

  test("in whose place another one lies is not away", async () => {
    const other = join(on.folder, "other");
    expect((await on.run(["mirror", "s3://photos", other, ...on.endpoint, "-q"])).exit).toBe(0);
    renameSync(other, drives[1]);
    const ran = await mirror(...optional());
    expect(ran.exit).toBe(5);
    expect(ran.stderr).toMatch(/holds another photohaul target/);
  });

  test("is missed after the time of --stale, and where too few copies made it", async () => {
    const late = await mirror(...optional(), "--stale", "1ms");
    expect(late.exit).toBe(5);
    expect(late.stderr).toMatch(/two is away, and took part .* ago last: --stale allows/);
    expect((await mirror(...optional(), "--stale", "14d")).exit).toBe(0);
    const few = await mirror(...optional(), "--at-least", "2");
    expect(few.exit).toBe(5);
    expect(few.stderr).toMatch(/1 copy made it in this run, and --at-least asks for 2/);
    expect((await mirror(...optional(), "--at-least", "1")).exit).toBe(0);
    // What came, came all the same.
    expect(existsSync(join(drives[0], "2013/new.jpg"))).toBe(true);
  });

  test("is told by status --check where it is away for too long, with what it lacks", async () => {
    await mirror(...optional());
    const well = await status("--check", "--stale", "1d");
    expect([well.exit, well.stdout]).toEqual([0, expect.stringMatching(/: well, mirrored .* UTC, 2 copies\n$/)]);
    const late = await status("--check", "--stale", "1ms");
    expect(late.exit).toBe(3);
    expect(late.stdout.replaceAll(/\s+/g, " ")).toMatch(/two took part .* ago and lacks 1 photo: bring it back/);
  });
});

/** What stands in the way of a drive's place is at its place. */
const inTheWay: Record<string, (drive: string) => void> = {
  "a file": (drive) => {
    rmSync(drive, { recursive: true });
    writeFileSync(drive, "");
  },
  "a folder as its list": (drive) => {
    rmSync(join(drive, ".photohaul/manifest.ndjson"));
    mkdirSync(join(drive, ".photohaul/manifest.ndjson"));
  },
  "a link as its own folder": (drive) => {
    renameSync(join(drive, ".photohaul"), `${drive}-lists`);
    symlinkSync(`${drive}-lists`, join(drive, ".photohaul"));
  },
};

test.each(Object.keys(inTheWay))("a drive that may be elsewhere, and is here with %s, is not away", async (what) => {
  mkdirSync(drives[1]);
  expect((await mirror(...optional())).exit).toBe(0);
  inTheWay[what]?.(drives[1]);
  add("new");
  expect((await mirror(...optional())).exit).toBe(5);
  expect(existsSync(join(drives[0], "2013/new.jpg"))).toBe(true);
});

test("a bucket that may be out of reach is no failure, and one whose keys are wrong is", async () => {
  const bucket = "s3://second/photos";
  const to = (url: string) =>
    on.run([
      "mirror",
      "s3://photos",
      drives[0],
      bucket,
      ...on.endpoint,
      "--target-endpoint",
      url,
      "-q",
      "--optional",
      bucket,
    ]);
  expect((await to("http://127.0.0.1:1")).exit).toBe(0);
  expect((await to(on.server.endpoint)).exit).toBe(5);
});

test("a run that was cut, or has a limit, leaves copies that lack what it did not bring", async () => {
  const lacks = async () => (await status()).stdout.match(/lacks .*/g);
  await mirror("--limit", "1");
  expect(await lacks()).toEqual(["lacks 2 photos", "lacks 2 photos"]);
  const line = ["mirror", "s3://photos", ...drives, ...on.endpoint, "--json", "--bwlimit", "1"];
  const cut = await on.run(line, { onEvent: (event, kill) => event.type === "plan" && kill("SIGINT") });
  expect([cut.exit, cut.summary.outcomes.stored]).toEqual([130, 0]);
  expect(await lacks()).toEqual(["lacks 2 photos", "lacks 2 photos"]);
  expect((await mirror("--include", "2012/IMG_0.jpg")).exit).toBe(0);
  expect((await mirror()).exit).toBe(0);
  expect(await lacks()).toEqual(["lacks nothing", "lacks nothing"]);
});

test("a drive that may be elsewhere, and never was here, has no folder made at its mount point", async () => {
  expect((await mirror(...optional())).exit).toBe(0);
  expect(existsSync(drives[1])).toBe(false);
  expect((await mirror(...optional(), "--stale", "14d")).stderr).toMatch(/two is away, and never took part yet/);
});

test("where all of them are away nothing was kept, which is a failure", async () => {
  const all = drives.flatMap((drive) => ["--optional", drive]);
  expect((await mirror(...all)).exit).toBe(5);
});

test.each([
  [["--optional", "/elsewhere"], /--optional \/elsewhere: no target of this line is called that/],
  [["--at-least", "3"], /--at-least 3: the line names 2 only/],
  [["--at-least", "0"], /a whole number from 1 on/],
  [["--stale", "14d"], /--stale is for targets that may be away/],
])("%j is refused in words", async (more, says) => {
  const ran = await mirror(...more);
  expect(ran.exit).toBe(2);
  expect(ran.stderr).toMatch(says);
});
