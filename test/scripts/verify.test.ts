import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CheckEvent, RepairEvent, VerifySummary } from "../../src/events.ts";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

/** Twenty small photos on a target, which each test then damages in its own way. */
describe("verify", () => {
  let on: Rig;
  beforeEach(async () => {
    on = await rig({}, (server) => {
      const bucket = server.bucket("photos");
      for (let at = 10; at < 30; at += 1) bucket.put(`2012/IMG_${at}.jpg`, datedPhoto(1000 + at, at), {});
    });
    expect((await on.mirror()).exit).toBe(0);
  });
  afterEach(() => on[Symbol.asyncDispose]());

  const lies = (path: string) => join(on.folder, "photos", path);
  const verify = async (...more: string[]) => {
    const ran = await on.run(["verify", join(on.folder, "photos"), "--json", "--concurrency", "1", ...more]);
    const lines = ran.stdout
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    const isCheck = (line: unknown): line is CheckEvent => Object(line).type === "check";
    const isRepair = (line: unknown): line is RepairEvent => Object(line).type === "repair";
    const summary: VerifySummary = Object(lines.at(-1));
    return { ...ran, checks: lines.filter(isCheck), repairs: lines.filter(isRepair), summary };
  };
  const flip = (path: string) => {
    const bytes = readFileSync(lies(path));
    bytes[500] = (bytes[500] ?? 0) ^ 1;
    writeFileSync(lies(path), bytes);
  };

  test("finds everything as it was kept", async () => {
    const { exit, stderr, checks, summary } = await verify();
    expect(stderr).toBe("");
    expect(exit).toBe(0);
    expect(checks).toHaveLength(20);
    expect(summary).toMatchObject({
      type: "summary",
      command: "verify",
      targets: [lies("")?.replace(/\/$/, "")],
      conditions: { whole: 20, rotten: 0, unreadable: 0, missing: 0, archived: 0 },
      checked: { photos: 20 },
      exit: 0,
    });
    expect(summary.each[0]).toMatchObject({ photos: 20, extra: 0, brokenLines: 0, forgotten: 0 });
  });

  test("--report writes the page, with each damaged photo, and restore does so too", async () => {
    flip("2012/IMG_10.jpg");
    const [page, json, brought] = ["verify.md", "verify.json", "restore.html"].map((name) => join(on.folder, name));
    expect((await verify("--report", page ?? "", "--report", json ?? "")).exit).toBe(3);
    expect(readFileSync(page ?? "", "utf8")).toMatch(/- rotten: 1 photo\n[\s\S]*\| 2012\/IMG\\_10\.jpg \| rotten: /);
    expect(JSON.parse(readFileSync(json ?? "", "utf8"))).toMatchObject({
      summary: { command: "verify", exit: 3 },
      failures: [{ key: "2012/IMG_10.jpg" }],
    });
    const restore = ["restore", lies(""), join(on.folder, "back"), "--report", brought ?? ""];
    expect((await on.run(restore)).exit).toBe(3);
    expect(readFileSync(brought ?? "", "utf8")).toMatch(/>19<[\s\S]*2012\/IMG_10\.jpg/);
    expect((await on.run(["verify", lies(""), "--report", join(on.folder, "v.csv")])).exit).toBe(2);
  });

  test("names one turned bit, a cut file, a missing one and strangers; read twice before it says so", async () => {
    flip("2012/IMG_10.jpg");
    writeFileSync(lies("2012/IMG_11.jpg"), readFileSync(lies("2012/IMG_11.jpg")).subarray(0, 7));
    rmSync(lies("2012/IMG_12.jpg"));
    rmSync(lies("2012/IMG_13.jpg"));
    mkdirSync(lies("2012/IMG_13.jpg"));
    writeFileSync(lies("stranger.txt"), "x");
    const { exit, checks, summary } = await verify();
    expect(exit).toBe(3);
    const bad = checks.filter(({ condition }) => condition !== "whole");
    expect(bad.map(({ path, condition }) => [path, condition])).toEqual([
      ["2012/IMG_10.jpg", "rotten"],
      ["2012/IMG_11.jpg", "rotten"],
      ["2012/IMG_12.jpg", "missing"],
      ["2012/IMG_13.jpg", "missing"],
    ]);
    const reasonOf = (name: string) => bad.find(({ path }) => path.includes(name))?.reason;
    expect(reasonOf("10")).toMatch(/SHA-256 is [0-9a-f]{16}….*the same when read again/);
    expect(reasonOf("11")).toMatch(/it has 7 bytes, kept were 1011; the same when read again/);
    expect(summary.conditions).toEqual({
      whole: 16,
      rotten: 2,
      unreadable: 0,
      missing: 2,
      archived: 0,
    });
    expect(summary.each[0]?.extra).toBe(1);
  });

  test("the slices are disjoint and together are everything", async () => {
    const paths: string[] = [];
    for (const slice of ["1/3", "2/3", "3/3"]) {
      const { exit, checks } = await verify("--slice", slice);
      expect(exit).toBe(0);
      paths.push(...checks.map(({ path }) => path));
    }
    expect(paths).toHaveLength(20);
    expect(new Set(paths).size).toBe(20);
  });

  test("--days reads a part each time, what waits longest first, until everything had its turn", async () => {
    const first = await verify("--days", "4");
    expect(first.checks.length).toBeGreaterThanOrEqual(5);
    expect(first.checks.length).toBeLessThanOrEqual(6);
    // The next run comes at once, so that nearly nothing is due; one photo always is, and another one.
    const second = await verify("--days", "4");
    expect(second.checks).toHaveLength(1);
    expect(first.checks.map(({ path }) => path)).not.toContain(second.checks[0]?.path);
    expect(second.summary.each[0]?.oldestCheck).toBeNull();
    await verify();
    const third = await verify("--days", "4");
    expect(third.checks[0]?.path).toBe(first.checks[0]?.path);
    expect(third.summary.each[0]?.oldestCheck).not.toBeNull();
  });

  test("what is damaged is read first the next time", async () => {
    flip("2012/IMG_29.jpg");
    await verify();
    const { checks } = await verify("--days", "1000");
    expect(checks[0]).toMatchObject({ path: "2012/IMG_29.jpg", condition: "rotten" });
    expect(checks).toHaveLength(2);
  });

  test.each(["the source", "another target"])("puts right bytes back from %s, and loses nothing", async (from) => {
    const good = readFileSync(lies("2012/IMG_10.jpg"));
    const other = join(on.folder, "other");
    const again = ["mirror", "s3://photos", other, ...on.endpoint, "--name", "{yyyy}/{etag8}.{ext}"];
    expect((await on.run(again)).exit).toBe(0);
    flip("2012/IMG_10.jpg");
    const rotten = readFileSync(lies("2012/IMG_10.jpg"));
    rmSync(lies("2012/IMG_11.jpg"));
    const address = from === "the source" ? ["s3://photos", ...on.endpoint] : [other];
    const { exit, repairs, summary } = await verify("--repair-from", ...address);
    expect(exit).toBe(0);
    expect(summary).toMatchObject({ repaired: 2, conditions: { rotten: 1, missing: 1 } });
    expect(readFileSync(lies("2012/IMG_10.jpg")).equals(good)).toBe(true);
    const aside = repairs.find(({ path }) => path.includes("10"))?.setAside ?? "";
    expect(aside).toMatch(/^2012\/IMG_10~rotten-\d{4}-\d\d-\d\d\.jpg$/);
    expect(readFileSync(lies(aside)).equals(rotten)).toBe(true);
    expect(existsSync(lies("2012/IMG_11.jpg"))).toBe(true);
    const after = await verify();
    expect(after.exit).toBe(0);
    expect(after.summary.each[0]).toMatchObject({ photos: 20, extra: 1 });
  });

  test("takes nothing but the right bytes to repair with", async () => {
    flip("2012/IMG_10.jpg");
    const rotten = readFileSync(lies("2012/IMG_10.jpg"));
    on.server.bucket("photos").put("2012/IMG_10.jpg", Buffer.alloc(1010, 99), {});
    const { exit, repairs } = await verify("--repair-from", "s3://photos", ...on.endpoint);
    expect(exit).toBe(3);
    expect(repairs).toMatchObject([{ outcome: "failed", path: "2012/IMG_10.jpg" }]);
    expect(repairs[0]?.reason).toMatch(/are not those that were kept/);
    expect(readFileSync(lies("2012/IMG_10.jpg")).equals(rotten)).toBe(true);
    expect(readdirSync(lies("2012"))).toHaveLength(20);
  });

  test("counts lines of the manifest that cannot be read, and photos that it names no more", async () => {
    await verify();
    const manifest = lies(".photohaul/manifest.ndjson");
    const lines = readFileSync(manifest, "utf8").split("\n");
    writeFileSync(manifest, [...lines.slice(0, 5), "{rot", ...lines.slice(6)].join("\n"));
    const { exit, summary } = await verify();
    expect(exit).toBe(3);
    expect(summary.each[0]).toMatchObject({ brokenLines: 1, cutLines: 0, forgotten: 1, extra: 1 });
  });

  test("a last line that was cut is told, and is no damage", async () => {
    appendFileSync(lies(".photohaul/manifest.ndjson"), '{"path":"2012/IM');
    const { exit, summary } = await verify();
    expect(exit).toBe(0);
    expect(summary.each[0]).toMatchObject({ photos: 20, brokenLines: 0, cutLines: 1 });
  });

  test("says nothing with --quiet where all is well, and one page where it is not", async () => {
    const target = join(on.folder, "photos");
    expect(await on.run(["verify", target, "--quiet"])).toMatchObject({
      exit: 0,
      stdout: "",
      stderr: "",
    });
    flip("2012/IMG_10.jpg");
    const { exit, stdout, stderr } = await on.run(["verify", target, "--quiet"]);
    expect(exit).toBe(3);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/rotten {2}2012\/IMG_10\.jpg: .*\n1 damaged\. Put them back .*--repair-from/);
  });

  test("a drive that is not there is no drive whose photos are missing", async () => {
    rmSync(lies(".photohaul"), { recursive: true });
    const { exit, stderr, checks } = await verify();
    expect(exit).toBe(5);
    expect(checks).toEqual([]);
    expect(stderr).toMatch(/holds no photos that photohaul kept there/);
    const shown = await on.run(["verify", join(on.folder, "photos")]);
    expect(`${shown.stdout}${shown.stderr}`.match(/holds no photos/g)).toHaveLength(1);
  });

  test.each([
    [["--slice", "8/7"], /--slice 8\/7/],
    [["--slice", "1/3", "--days", "3"], /either --slice or --days/],
    [["--days", "0"], /--days 0/],
  ])("refuses %j", async (options, message) => {
    const { exit, stderr } = await on.run(["verify", join(on.folder, "photos"), ...options]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(message);
  });
});
