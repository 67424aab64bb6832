import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { type Ran, type Rig, rig } from "./rig.ts";

let on: Rig;
const at = (...parts: string[]) => join(on.folder, ...parts);
/** Every file of the target but the lock, with its bytes. */
const kept = () =>
  readdirSync(at("usb"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "lock")
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file, readFileSync(file, "base64")]);
beforeAll(async () => {
  on = await rig({}, (server) => {
    for (const name of ["a.jpg", "b.html", "c.md", "d.csv", "e.json"])
      server.bucket("photos").put(name, datedPhoto(2000, name));
  });
  expect((await mirror()).exit).toBe(0);
  symlinkSync(at("usb", "a.jpg"), at("link"));
  writeFileSync(at("notes.md"), "# Notes\n\nmine");
  execFileSync("mkfifo", [at("pipe"), at("pipe.html")]);
});
afterAll(() => on[Symbol.asyncDispose]());
/** Of where `verify` remembers what it read of the only target. */
function lockOfChecks(): string {
  const checks = at("state", "photohaul", "checks");
  const [lock = ""] = readdirSync(checks).filter((name) => name.endsWith(".lock"));
  return join(checks, lock);
}
const mirror = (...more: string[]) => on.run(["mirror", "s3://photos", at("usb"), "--quiet", ...on.endpoint, ...more]);

describe("what a run writes beside the photos never goes onto another file", () => {
  test.each([
    ["--metrics", "usb/a.jpg"],
    ["--metrics", "link"],
    ["--metrics", "usb/.photohaul/manifest.ndjson"],
    ["--metrics", "usb/.photohaul/new"],
    ["--metrics", "pipe"],
    ["--metrics", "usb"],
    ["--metrics", "/dev/null"],
    ["--log", "usb/a.jpg"],
    ["--log", "link"],
    ["--log", "usb/.photohaul/SHA256SUMS"],
    ["--log", "pipe"],
    ["--log", "usb"],
    ["--log", "/dev/full"],
    ["--report", "usb/b.html"],
    ["--report", "usb/c.md"],
    ["--report", "usb/d.csv"],
    ["--report", "usb/e.json"],
    ["--report", "notes.md"],
    ["--report", "pipe.html"],
    ["--catalogue", "usb/a.jpg"],
    ["--catalogue", "link"],
    ["--catalogue", "usb/.photohaul/manifest.ndjson"],
    ["--catalogue", "usb/.photohaul/new.sqlite"],
    ["--catalogue", "usb/a.jpg", "--adopt"],
  ])("%s %s", async (option, file, ...more) => {
    const before = kept();
    const ran = await mirror(option, file.startsWith("/") ? file : at(file), ...more);
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toContain(`${option} `);
    expect(ran.stderr).toMatch(/Name (another file|a file elsewhere)/);
    expect(kept()).toEqual(before);
  });

  test.each([
    ["mirror", "--log", "src/x.log"],
    ["mirror", "--metrics", "src/deep/x.prom"],
    ["mirror", "--report", "src/x.html"],
    ["mirror", "--catalogue", "src/x.sqlite"],
    ["mirror", "--log", "other-name/x.log"],
    ["mirror", "--report", "into-source.csv"],
    ["inventory", "--report", "src/x.csv"],
  ])("%s %s %s lies inside the source, and is refused before anything is written", async (verb, option, file) => {
    mkdirSync(at("src"), { recursive: true });
    writeFileSync(at("src", "a.jpg"), datedPhoto(2000, "a"));
    for (const [link, to] of [
      ["other-name", "src"],
      ["into-source.csv", "src/x.csv"],
    ] as const) {
      if (lstatSync(at(link), { throwIfNoEntry: false }) === undefined) symlinkSync(at(to), at(link));
    }
    const args = verb === "mirror" ? [at("src"), at("fresh")] : [at("src")];
    const ran = await on.run([verb, ...args, option, at(file)]);
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toContain(
      `${option} ${at(file)} lies inside the source ${at("src")}, which photohaul only reads`,
    );
    expect(readdirSync(at("src"))).toEqual(["a.jpg"]);
    expect(readdirSync(on.folder)).not.toContain("fresh");
    const dry = verb === "mirror" ? ["--dry-run"] : [];
    expect((await on.run([verb, ...args, option, at("src-beside.csv"), ...dry])).exit).toBe(0);
    rmSync(at("src-beside.csv"), { force: true });
  });

  test("a lock in which something stands is named, and left as it is", async () => {
    expect((await on.run(["verify", at("usb")])).exit).toBe(0);
    const lines: (readonly [lock: string, ran: () => Promise<Ran>])[] = [
      [at("c.sqlite.lock"), () => mirror("--catalogue", at("c.sqlite"))],
      [lockOfChecks(), () => on.run(["verify", at("usb")])],
    ];
    for (const [lock, run] of lines) {
      writeFileSync(lock, "mine ".repeat(1000));
      const ran = await run();
      expect(ran.exit).toBe(2);
      expect(ran.stderr).toContain(`${lock} only ever locks `);
      expect(ran.stderr).toContain("Move it away");
      expect(readFileSync(lock, "utf8")).toMatch(/^mine /);
      rmSync(lock);
      expect((await run()).exit).toBe(0);
    }
  });

  test("a target that is not begun yet keeps the place of its lists as well", async () => {
    const lists = at("fresh/.photohaul/manifest.ndjson");
    const line = ["s3://photos", at("fresh"), "--catalogue", lists, ...on.endpoint];
    for (const verb of ["mirror", "inventory"]) {
      const ran = await on.run([verb, ...(verb === "mirror" ? line : [line[0] ?? "", ...line.slice(2)])]);
      expect([ran.exit, ran.stderr]).toEqual([2, expect.stringContaining("would lie among the lists of a target")]);
    }
    expect(existsSync(at("fresh"))).toBe(false);
  });

  test("a report of another form than a verb writes is named so, and not counted", async () => {
    const ran = await on.run(["verify", at("usb"), "--report", at("x.csv")]);
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toMatch(/--report .*x.csv: the name must end in .html, .md or .json/);
  });

  test("the catalogue of a folder serves no other source: its files are known by size and time alone", async () => {
    for (const [name, body] of [
      ["card1", "one"],
      ["card2", "two"],
    ] as const) {
      mkdirSync(at(name), { recursive: true });
      writeFileSync(at(name, "DSC_1.jpg"), datedPhoto(2000, body));
      utimesSync(at(name, "DSC_1.jpg"), 1e9, 1e9);
    }
    const line = (source: string) => on.run(["mirror", source, at("cards"), "--catalogue", at("cards.sqlite")]);
    symlinkSync(at("card1"), at("card1-by-another-name"));
    for (const name of ["card1", "card1-by-another-name"]) expect((await line(at(name))).exit).toBe(0);
    const refused = await line(at("card2"));
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toMatch(/is the catalogue of .*card1-by-another-name; another source has another/);
    const own = await on.run(["mirror", at("card2"), at("cards"), "--json"]);
    expect(own.summary.outcomes).toMatchObject({ stored: 1 });
    expect(readdirSync(at("cards")).filter((name) => name.endsWith(".jpg"))).toHaveLength(2);
  });

  test("two folders on one target: what is alike in name, size and time is told apart when the catalogues are lost", async () => {
    for (const name of ["twin1", "twin2"]) {
      mkdirSync(at(name), { recursive: true });
      writeFileSync(at(name, "DSC_1.jpg"), datedPhoto(2000, name));
      utimesSync(at(name, "DSC_1.jpg"), 1e9, 1e9);
      // The same name, and another time.
      writeFileSync(at(name, "DSC_3.jpg"), datedPhoto(2000, `3 of ${name}`));
      utimesSync(at(name, "DSC_3.jpg"), name === "twin1" ? 1e9 : 2e9, 1e9 + (name === "twin1" ? 0 : 5));
    }
    const line = (source: string, state: string) =>
      on.run(["mirror", at(source), at("twins"), "--json"], { env: { XDG_STATE_HOME: at(state) } });
    const photos = () => readdirSync(at("twins")).filter((name) => name.endsWith(".jpg")).length;
    for (const name of ["twin1", "twin2"]) expect((await line(name, "state-1")).exit).toBe(0);
    expect(photos()).toBe(4);
    for (const [state, name] of [
      ["state-2", "twin2"],
      ["state-2", "twin1"],
      ["state-1", "twin1"],
      ["state-3", "twin1"],
      ["state-3", "twin2"],
    ] as const) {
      expect((await line(name, state)).exit).toBe(0);
      expect(photos()).toBe(4);
    }
    for (const name of ["twin1", "twin2"]) {
      writeFileSync(at(name, "DSC_2.jpg"), datedPhoto(2000, name));
      utimesSync(at(name, "DSC_2.jpg"), 1e9, 1e9);
      expect((await line(name, "state-1")).summary.outcomes).toMatchObject({ stored: 1 });
    }
    expect(photos()).toBe(6);
  });

  test("the catalogue of a bucket serves none of that name behind another endpoint", async () => {
    await using other = await rig({}, () => undefined);
    await using first = await rig({}, () => undefined);
    for (const { server } of [first, other]) server.bucket("photos").put("a.jpg", datedPhoto(2000, server.endpoint));
    const line = (endpoint: readonly string[], source = "s3://photos") =>
      first.run(["mirror", source, join(first.folder, "usb"), ...endpoint, "--catalogue", at("buckets.sqlite")]);
    expect((await line(first.endpoint)).exit).toBe(0);
    const refused = await line(other.endpoint);
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain(`is the catalogue of s3://photos at ${new URL(first.server.endpoint).host}`);
    expect((await line(first.endpoint, "s3://photos/a")).exit).toBe(0);
  });

  test("one file for two things is refused", async () => {
    const ran = await mirror("--log", at("both"), "--metrics", at("both"));
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toMatch(/--log and --metrics name one file/);
  });

  test("verify, restore and dates keep to it too", async () => {
    const before = kept();
    for (const args of [
      ["verify", at("usb")],
      ["restore", at("usb"), at("back")],
      ["dates", at("usb")],
    ]) {
      for (const option of ["--log", "--metrics"])
        expect((await on.run([...args, option, at("usb", "a.jpg")])).exit).toBe(2);
    }
    expect((await on.run(["dates", at("usb"), "--report", at("usb", "d.csv")])).exit).toBe(2);
    expect(kept()).toEqual(before);
  });

  test("its own files are written again, run after run", async () => {
    const files = ["r.html", "r.json", "r.csv", "r.md"].flatMap((name) => ["--report", at(name)]);
    for (let run = 0; run < 3; run += 1) {
      const ran = await mirror(...files, "--log", at("log"), "--metrics", at("m.prom"));
      expect([ran.exit, ran.stderr]).toEqual([0, ""]);
    }
    for (let run = 0; run < 2; run += 1)
      expect((await on.run(["dates", at("usb"), "--report", at("dates.csv")])).exit).toBe(0);
  });
});
