import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, type RunOptions, rig } from "./rig.ts";

const BIN = new URL("../../bin/photohaul", import.meta.url).pathname;

let on: Rig;
beforeAll(async () => {
  on = await rig({}, (server) => server.bucket("photos").put("a.jpg", datedPhoto(2000, "a"), {}));
});
afterAll(() => on[Symbol.asyncDispose]());

const anonymous = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
/** What is typed, the exit code, and what the first line of the error says. */
const MISTAKES: [string, string[], number, RegExp, RunOptions?][] = [
  ["no such bucket", ["mirror", "s3://nope", "T", "E"], 4, /s3:\/\/nope: there is no such bucket/],
  ["no credentials", ["mirror", "s3://photos", "T", "E"], 4, /[Nn]o credentials/, { env: anonymous }],
  ["wrong key", ["mirror", "s3://photos", "T", "E"], 4, /InvalidAccessKeyId/, { env: { AWS_ACCESS_KEY_ID: "NOBODY" } }],
  [
    "wrong secret",
    ["mirror", "s3://photos", "T", "E"],
    4,
    /SignatureDoesNotMatch/,
    { env: { AWS_SECRET_ACCESS_KEY: "wrong" } },
  ],
  ["nothing under the prefix", ["mirror", "s3://photos/2012/", "T", "E"], 4, /holds nothing/],
  ["a target below a folder that is not there", ["mirror", "s3://photos", "none/photos", "E"], 5, /none/],
  ["a target that is a file", ["mirror", "s3://photos", "file", "E"], 5, /file/],
  ["slashes before an alias", ["mirror", "s3://photos", "tahoe://alias/x", "E"], 2, /tahoe:alias\/x/],
  ["a grid as source", ["mirror", "tahoe:alias/x", "T"], 2, /no source/],
  ["a folder as source that is not there", ["mirror", "none", "T"], 4, /none/],
  [
    "a template with an unknown field",
    ["mirror", "s3://photos", "T", "E", "--name", "{year}/{key}"],
    2,
    /\{year\}.*\{yyyy\}/,
  ],
  ["an unknown option", ["mirror", "s3://photos", "T", "--nmae", "x"], 2, /nmae/],
  [
    "no tier of an archive",
    ["mirror", "s3://photos", "T", "--restore-tier", "fast"],
    2,
    /--restore-tier "fast": one of/,
  ],
  ["a missing target", ["mirror", "s3://photos"], 2, /<target> is missing/],
  ["a word too many", ["inventory", "s3://photos", "U"], 2, /one word too many: U/],
  ["a bad size", ["mirror", "s3://photos", "T", "--max-transfer", "much"], 2, /--max-transfer much: a size such as 5M/],
  ["a bad time", ["mirror", "s3://photos", "T", "--max-duration", "6"], 2, /--max-duration 6: a time such as/],
  [
    "a bad date",
    ["mirror", "s3://photos", "T", "--since", "2014-02-31"],
    2,
    /--since 2014-02-31: there is no such date/,
  ],
  [
    "a word for a date",
    ["mirror", "s3://photos", "T", "--since", "yesterday"],
    2,
    /--since yesterday: a day such as 2014-07-31, a month such as 2014-07, a year, or /,
  ],
  ["a bad zone", ["mirror", "s3://photos", "T", "--timezone", "Mars/Base"], 2, /--timezone Mars\/Base: a zone such as/],
  ["a bad number", ["mirror", "s3://photos", "T", "--limit", "0"], 2, /--limit 0: a whole number/],
  ["a bad concurrency", ["mirror", "s3://photos", "T", "--concurrency", "1000"], 2, /--concurrency 1000: auto/],
  [
    "a bad choice",
    ["mirror", "s3://photos", "T", "--renditions", "some"],
    2,
    /--renditions "some": one of "skip", "fallback"/,
  ],
  ["a bad endpoint", ["mirror", "s3://photos", "T", "--endpoint", "localhost"], 2, /--endpoint localhost: a URL/],
  ["an option without its value", ["mirror", "s3://photos", "T", "--name"], 2, /name/],
  ["an unknown layout", ["mirror", "s3://photos", "T", "E", "--layout", "flikcr"], 2, /--layout flikcr/],
  ["a layout file that is not there", ["mirror", "s3://photos", "T", "E", "--layout", "./mine.toml"], 2, /mine\.toml/],
  ["a report of an unknown kind", ["mirror", "s3://photos", "T", "E", "--report", "x.doc"], 2, /x\.doc.*\.html/],
  [
    "a report in a folder that is not there",
    ["mirror", "s3://photos", "T", "E", "--report", "none/x.csv"],
    2,
    /none\/x\.csv/,
  ],
  ["a log that cannot be written", ["mirror", "s3://photos", "T", "E", "--log", "none/log"], 2, /--log none\/log/],
  ["a catalogue that is none", ["mirror", "s3://photos", "T", "E", "--catalogue", "rubbish"], 3, /rubbish is damaged/],
  [
    "no place for a catalogue",
    ["mirror", "s3://photos", "T", "E"],
    2,
    /file\/photohaul\/.* cannot be written/,
    { env: { XDG_STATE_HOME: "/dev/null/file" } },
  ],
  [
    "a catalogue in the place of a folder",
    ["mirror", "s3://photos", "T", "E", "--catalogue", "/"],
    2,
    /the catalogue \/ cannot be written/,
  ],
  ["an unknown command", ["mirorr", "s3://photos", "T"], 2, /no command mirorr\. Did you mean mirror\?/],
  ["a command like none", ["xyzzy"], 2, /no command xyzzy$/],
  [
    "a misspelt option",
    ["inventory", "s3://photos", "--reprt", "a.csv"],
    2,
    /there is no option --reprt\. Did you mean --report\?/,
  ],
  ["an option like none", ["inventory", "s3://photos", "--zz"], 2, /there is no option --zz$/],
  ["two options like none", ["inventory", "s3://photos", "--zz", "--yy"], 2, /no option --zz and no --yy$/],
  ["a letter that is no option", ["inventory", "s3://photos", "-z"], 2, /there is no option -z$/],
  ["a time turned round", ["restore", "usb", "back", "--since", "2014-07", "--until", "2013"], 2, /later than --until/],
  ["explain without such a key", ["explain", "s3://photos", "b.jpg", "E"], 2, /no object of the key b\.jpg/],
  ["policy for a folder", ["policy", "/photos"], 2, /no bucket/],
];

test.each(MISTAKES)("%s", { timeout: 60_000 }, async (_, words, exit, message, more) => {
  writeFileSync(join(on.folder, "file"), "");
  writeFileSync(join(on.folder, "rubbish"), "no catalogue".repeat(1000));
  const target = join(on.folder, "T");
  const args = words.flatMap((word) => (word === "E" ? on.endpoint : word === "T" ? [target] : [word]));
  const ran = await on.run(args, more);
  const [first = "", meaning = "", hint = ""] = ran.stderr.split("\n");
  expect(ran.exit, ran.stderr).toBe(exit);
  expect(first).toMatch(message);
  expect(meaning.length, "what it means").toBeGreaterThan(10);
  expect(hint.length, "what to do").toBeGreaterThan(10);
  expect(ran.stderr + ran.stdout).not.toMatch(/demo-secret|at .*\.ts:\d+/);
  expect(photosIn(target)).toEqual([]);
});

function photosIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name !== ".photohaul") : [];
}

test("an endpoint that is down is said after a few tries", { timeout: 60_000 }, async () => {
  const ran = await on.run(["mirror", "s3://photos", "U", "--endpoint", "http://127.0.0.1:9", "--json"]);
  expect(ran.exit).toBe(4);
  expect(ran.stderr).toMatch(/127\.0\.0\.1:9/);
  expect(ran.summary).toMatchObject({ complete: false, exit: 4, keys: 0 });
});

test("an empty folder has no prefix and no credentials to look at", async () => {
  mkdirSync(join(on.folder, "hollow"));
  const { exit, stderr } = await on.run(["mirror", "hollow", join(on.folder, "T")]);
  expect(exit).toBe(4);
  expect(stderr).toContain("Check how the folder is spelled");
  expect(stderr).not.toContain("credentials");
});

test.each([[["verify", "bare"]], [["restore", "bare", "back"]]])(
  "%j of a folder speaks of no bucket",
  async (words) => {
    mkdirSync(join(on.folder, "bare"), { recursive: true });
    const { exit, stderr } = await on.run(words);
    expect(exit).toBe(5);
    expect(stderr).toContain("Plug the drive in");
    expect(stderr).not.toContain("bucket");
  },
);

test("a bucket in another region is found all the same", async () => {
  await using far = await rig({ region: "eu-west-3" }, (server) =>
    server.bucket("photos").put("a.jpg", datedPhoto(2000, "a"), {}),
  );
  const ran = await far.mirror("--region", "us-east-1");
  expect(ran.stderr).toBe("");
  expect(ran.summary).toMatchObject({ exit: 0, outcomes: { stored: 1 } });
});

test("a source that is empty where it was not is an error, not the truth", async () => {
  await using there = await rig({}, (server) => server.bucket("photos").put("a.jpg", datedPhoto(2000, "a"), {}));
  expect((await there.mirror()).exit).toBe(0);
  there.server.bucket("photos").delete("a.jpg");
  for (const _ of [1, 2]) {
    const ran = await there.mirror();
    expect(ran.exit).toBe(4);
    expect(ran.stderr).toMatch(/holds nothing, and held 1 key before/);
  }
});

test("a drive that is not mounted is missed, however its folder is spelled", async () => {
  await using there = await rig({}, (server) => server.bucket("photos").put("a.jpg", datedPhoto(2000, "a"), {}));
  const usb = join(there.folder, "usb");
  const mirror = (source: string, target: string) => there.run(["mirror", source, target, ...there.endpoint, "--json"]);
  expect((await mirror("s3://photos", usb)).exit).toBe(0);
  const again = await mirror("s3://photos/", "usb/");
  expect(again.summary.outcomes).toMatchObject({ stored: 0, already: 1 });
  symlinkSync(usb, join(there.folder, "link"));
  rmSync(usb, { recursive: true });
  mkdirSync(usb);
  for (const spelling of [usb, `${usb}/`, "usb", "./usb/", "link"]) {
    const ran = await mirror("s3://photos", spelling);
    expect(ran.exit, spelling).toBe(5);
    expect(ran.stderr).toMatch(/not mounted/);
  }
  expect(readdirSync(usb)).toEqual([]);
});

test("a catalogue whose disk is full ends the run with its cause and a summary", async () => {
  await using there = await rig();
  const target = join(there.folder, "photos");
  const words = ["mirror", "s3://photos", target, ...there.endpoint, "--json"];
  // No file may grow beyond 100 KB: the catalogue is the only one that would.
  const bash = spawn("bash", ["-c", 'ulimit -f 100; exec "$0" "$@"', BIN, ...words], {
    env: there.env,
  });
  const [stdout, stderr] = await Promise.all([text(bash.stdout), text(bash.stderr)]);
  expect(stderr).toMatch(/the catalogue .* cannot be written \(disk I\/O error\)[\s\S]*--catalogue FILE/);
  expect(stderr).not.toMatch(/rollback/);
  const last: unknown = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  expect(last).toMatchObject({ type: "summary", exit: 2 });
});

test("one folder twice is said to be that", async () => {
  const usb = join(on.folder, "twice");
  const ran = await on.run(["mirror", "s3://photos", usb, `${usb}/`, ...on.endpoint]);
  expect(ran.exit).toBe(2);
  expect(ran.stderr).toMatch(/a target is named twice/);
});

test("nothing is written where the target's parent is missing", async () => {
  mkdirSync(join(on.folder, "mnt"));
  const ran = await on.run(["mirror", "s3://photos", "mnt/usb/photos", ...on.endpoint]);
  expect(ran.exit).toBe(5);
  expect(readdirSync(join(on.folder, "mnt"))).toEqual([]);
});

test("a target of a kind that nobody knows is no folder that is missing", async () => {
  const ran = await on.run(["mirror", "s3://photos", "ftp://kept", ...on.endpoint]);
  expect([ran.exit, ran.stderr]).toEqual([2, expect.stringMatching(/does not know ftp:\/\/\. It keeps photos in s3:/)]);
});

test("nothing is remembered of an address that is none, which may hold a signature", async () => {
  await using other = await rig({}, () => {});
  const url = "https://b.s3.amazonaws.com/?X-Amz-Signature=abcdef0123456789abcdef";
  const ran = await other.run(["mirror", url, "T"]);
  expect(ran.exit).toBe(2);
  expect(ran.stdout + ran.stderr).toContain("did you mean s3://b?");
  const files = readdirSync(other.folder, { recursive: true, encoding: "utf8" });
  expect([...files, ran.stdout, ran.stderr].join()).not.toContain("abcdef0123456789");
});

test("a secret of the environment that was typed in another place is not shown", async () => {
  const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  const env = { AWS_SECRET_ACCESS_KEY: secret };
  const ran = await on.run(["mirror", "s3://photos", join(on.folder, "typed"), ...on.endpoint, "--profile", secret], {
    env,
  });
  expect(ran.exit).toBe(4);
  expect(ran.stderr).toContain("in the profile [redacted]");
  expect(ran.stdout + ran.stderr).not.toContain("K7MDENG");
});

test.runIf(existsSync("/proc/self"))("a home that cannot be made is no reason to wait for ever", async () => {
  const env = { ...process.env, HOME: "/proc/nobody", XDG_STATE_HOME: on.folder, XDG_CACHE_HOME: "/proc/nobody/cache" };
  const ran = spawn(process.execPath, [BIN, "status"], { env: { ...env, NODE_COMPILE_CACHE: undefined } });
  await text(ran.stdout);
  expect(ran.exitCode ?? (await new Promise((resolve) => ran.on("exit", resolve)))).toBe(0);
});

test("a folder that is gone is no place to start in, which is said", async () => {
  const line = `mkdir gone; cd gone; rmdir ../gone; exec "${process.execPath}" "${BIN}" mirror s3://photos /nowhere/t`;
  const ran = spawn("sh", ["-c", line], { cwd: on.folder, env: { ...process.env, XDG_STATE_HOME: on.folder } });
  const [said, exit] = await Promise.all([text(ran.stderr), new Promise((resolve) => ran.on("exit", resolve))]);
  expect(said).toContain("the folder in which photohaul was started is gone");
  expect(exit).toBe(2);
});

test.each(["40", "60", "100"])("help fits a terminal of %s columns", async (columns) => {
  const env = { COLUMNS: columns };
  for (const about of [["--help"], ["help", "mirror"], ["dates", "--help"]]) {
    const { exit, stdout } = await on.run(about, { env });
    expect(exit).toBe(0);
    // No word is cut.
    const wide = stdout.split("\n").filter((line) => line.length > Number(columns) && line.trim().includes(" "));
    expect(wide, about.join(" ")).toEqual([]);
  }
});
