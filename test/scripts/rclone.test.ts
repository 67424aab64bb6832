/** Places of rclone through the command line, where one that stands in its place goes wrong. Real ones: test/servers. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeRclone, fakeRclone } from "../stores/rclone/fake.ts";
import type { Fault, Faults } from "../stores/rclone/fake-rclone.ts";
import { datedPhoto } from "./dated-photo.ts";
import { computerIn, type RunOptions, runProcess } from "./rig.ts";

let fake: FakeRclone;
let folder: string;

beforeEach(() => {
  fake = fakeRclone();
  folder = mkdtempSync(join(tmpdir(), "photohaul-test-"));
  mkdirSync(join(folder, "source", "2012"), { recursive: true });
  for (const n of [1, 2, 3, 4]) writeFileSync(join(folder, "source", "2012", `${n}.jpg`), photo(n));
});

afterEach(() => {
  fake.close();
  rmSync(folder, { recursive: true, force: true });
});

const photo = (n: number) => datedPhoto(3000 + n, n);

function run(args: readonly string[], more: RunOptions = {}) {
  const env = computerIn(folder);
  return runProcess(args, { ...more, env: { ...env, ...more.env } }, folder);
}

const there = () => run(["mirror", "source", "rclone:fake:photos", "--rclone", fake.program, "--json"]);
const here = () => run(["mirror", "rclone:fake:photos", "kept", "--rclone", fake.program, "--json"]);

function files(at: string): string[] {
  const all = readdirSync(at, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return all.map(({ parentPath, name }) => join(parentPath, name).slice(at.length + 1)).toSorted();
}

/** What lies at the remote under the names of photos. */
function kept(): string[] {
  return files(join(fake.remote, "photos")).filter((path) => !path.startsWith(".photohaul/"));
}

const ALL = ["2012/1.jpg", "2012/2.jpg", "2012/3.jpg", "2012/4.jpg"];

/** All that is ever asked: none of these deletes, moves, or changes what is there. */
const ASKED = new Set([
  "GET",
  "lsjson",
  "operations/fsinfo",
  "operations/stat",
  "operations/list",
  "operations/about",
  "core/stats",
]);

test("no call ever deletes, moves or writes over anything, whatever is done with a place", async () => {
  expect((await there()).exit).toBe(0);
  writeFileSync(join(folder, "source", "2012", "2.jpg"), photo(9));
  mkdirSync(join(folder, "more"));
  writeFileSync(join(folder, "more", "5.jpg"), photo(5));
  expect((await there()).summary.outcomes).toMatchObject({ stored: 1, already: 3 });
  const rclone = ["--rclone", fake.program];
  // Another source is written into the marker, and a part of a list is written anew.
  expect((await run(["mirror", "more", "rclone:fake:photos", ...rclone])).exit).toBe(0);
  const sums = join(fake.remote, "photos", ".photohaul", "SHA256SUMS-000001");
  writeFileSync(sums, readFileSync(sums, "utf8").replace(/^.*\n/, "no line of sums\n"));
  expect((await there()).exit).toBe(3);
  rmSync(join(fake.remote, "photos", "2012", "3.jpg"));
  expect((await run(["verify", "rclone:fake:photos", ...rclone, "--repair-from", "source"])).exit).toBe(0);
  expect((await run(["restore", "rclone:fake:photos", "back", ...rclone])).exit).toBe(0);
  expect((await here()).exit).toBe(0);

  const calls = fake.calls();
  const writes = calls.filter(({ verb }) => !ASKED.has(verb));
  expect(new Set(writes.map(({ verb }) => verb))).toEqual(new Set(["operations/copyfile"]));
  expect(writes.length).toBeGreaterThan(10);
  for (const { input } of writes) expect(input._config, String(input.dstRemote)).toEqual({ IgnoreExisting: true });
  expect(files(join(fake.remote, "photos", ".photohaul"))).toEqual(
    expect.arrayContaining(["target.json", "target~2.json", "SHA256SUMS-000001", "SHA256SUMS-000001~2"]),
  );
  expect(readFileSync(join(fake.remote, "photos", "2012", "2.jpg")).equals(photo(2))).toBe(true);
});

interface Wrong {
  readonly faults?: Faults;
  readonly program?: string;
  readonly place?: string;
  readonly exit: readonly [asTarget: number, asSource: number];
  readonly says: RegExp;
}

const WRONG: Readonly<Record<string, Wrong>> = {
  "no rclone": {
    program: "/nowhere/rclone",
    exit: [2, 2],
    says: /cannot be run: it is not installed[\s\S]*--rclone PATH/,
  },
  "one of a time when the remote control had holes": {
    faults: { version: "1.75.1" },
    exit: [2, 2],
    says: /is rclone 1\.75\.1, and photohaul wants 1\.75\.2 or newer/,
  },
  "a program that is none": { program: "/bin/true", exit: [2, 2], says: /is no rclone/ },
  "an unknown remote": {
    place: "rclone:none:photos",
    exit: [5, 4],
    says: /didn't find section[\s\S]*rclone listremotes/,
  },
  "an encrypted configuration": {
    faults: {
      faults: [
        { verb: "operations/fsinfo", times: 99, how: "panic received: fatal error: unable to decrypt configuration" },
      ],
    },
    exit: [5, 4],
    says: /unable to decrypt configuration[\s\S]*RCLONE_CONFIG_PASS/,
  },
  "a login that has run out": {
    faults: {
      faults: [{ verb: "operations/fsinfo", times: 99, how: "couldn't fetch token: invalid_grant: expired" }],
    },
    exit: [5, 4],
    says: /invalid_grant[\s\S]*rclone config reconnect/,
  },
  "a remote of buckets, and no bucket": {
    faults: { features: { BucketBased: true } },
    place: "rclone:fake:",
    exit: [2, 2],
    says: /name a bucket/,
  },
  "an address without a path's colon": { place: "rclone:fake", exit: [2, 2], says: /rclone:dropbox:Photos/ },
  "options with a password in the address": {
    place: "rclone:fake,pass=secret:photos",
    exit: [2, 2],
    says: /rclone.s own configuration/,
  },
  "one that dies whenever it is asked": {
    faults: { faults: [{ verb: "operations/fsinfo", times: 99, how: "die" }] },
    exit: [5, 4],
    says: /rclone ended in the midst of it: out of memory/,
  },
  "one that does not begin": {
    faults: { faults: [{ verb: "rcd", how: "Failed to start remote control: no room" }] },
    exit: [5, 4],
    says: /Failed to start remote control/,
  },
};

describe.each(Object.entries(WRONG))("%s", (_name, { faults, program, place = "rclone:fake:photos", exit, says }) => {
  test.each(["target", "source"] as const)(
    "as %s has its words and its exit code, and nothing is written",
    async (as) => {
      fake.put("photos/1.jpg", photo(1));
      if (faults !== undefined) fake.set(faults);
      const args = as === "target" ? ["source", place] : [place, "kept"];
      const ran = await run(["mirror", ...args, "--rclone", program ?? fake.program]);
      expect([ran.exit, ran.stderr]).toEqual([exit[as === "target" ? 0 : 1], expect.stringMatching(says)]);
      expect(ran.stderr.trim().split("\n").length).toBeGreaterThan(2);
      expect(kept()).toEqual(["1.jpg"]);
      expect(existsSync(join(folder, "kept"))).toBe(false);
    },
  );
});

describe("while photos are kept", () => {
  const COPY = "operations/copyfile";
  /** The README, the probe, the marker. */
  const OWN = 5;
  const strikes: readonly [string, Fault][] = [
    ["dies", { verb: COPY, skip: OWN, how: "die" }],
    ["loses an answer", { verb: COPY, skip: OWN + 1, how: "lose" }],
    ["asks for time", { verb: COPY, skip: OWN, times: 2, how: "too_many_write_operations/.." }],
    ["breaks off", { verb: COPY, skip: OWN, times: 2, how: "read: connection reset by peer" }],
    [
      "finds other bytes there than it sent",
      { verb: COPY, skip: OWN, how: "corrupted on transfer: md5 hashes differ" },
    ],
    ["loses the answer to a look", { verb: "operations/stat", skip: OWN + 2, how: "lose" }],
    ["dies at a look", { verb: "operations/stat", skip: OWN + 2, how: "die" }],
  ];
  test.each(strikes)(
    "rclone %s: each photo is there once, and the next run has nothing to do",
    async (_name, fault) => {
      fake.set({ faults: [fault] });
      const ran = await there();
      expect([ran.exit, ran.stderr]).toEqual([0, ""]);
      expect(ran.summary.outcomes).toEqual({ stored: 4, already: 0, skipped: 0, failed: 0 });
      expect(kept()).toEqual(ALL);
      fake.set({});
      expect((await there()).summary.outcomes).toMatchObject({ stored: 0, already: 4 });
    },
  );

  test.each([
    "googleapi: Error 403: The user's Drive storage quota has been exceeded., storageQuotaExceeded",
    "upload failed: path/insufficient_space/..",
    "quotaLimitReached: Insufficient Space Available",
  ])("a service that says “%s” is full: exit 6, and what is stored is whole", async (how) => {
    fake.set({ faults: [{ verb: COPY, skip: OWN + 1, times: 999, how }] });
    const ran = await there();
    expect([ran.exit, ran.stderr]).toEqual([6, expect.stringMatching(/rclone about/)]);
    fake.set({});
    const again = await there();
    expect(again.exit === 0 || again.exit === 3, again.stderr).toBe(true);
    expect(kept()).toEqual(ALL);
    expect((await run(["verify", "rclone:fake:photos", "--rclone", fake.program])).exit).toBe(0);
  });

  test("an account that may not write ends the run with 5", async () => {
    fake.set({ faults: [{ verb: COPY, times: 999, how: "insufficient permissions: 403 Forbidden" }] });
    const ran = await there();
    expect([ran.exit, ran.stderr]).toEqual([5, expect.stringMatching(/has to list, read and write there/)]);
  });

  test("another's file of that name stays, and the photo lies beside it", async () => {
    fake.put("photos/2012/1.jpg", "theirs, of another length");
    fake.put("photos/2012/2.jpg", Buffer.alloc(3002, "theirs"));
    expect((await there()).summary.outcomes.stored).toBe(4);
    expect(readFileSync(join(fake.remote, "photos", "2012", "1.jpg"), "utf8")).toBe("theirs, of another length");
    expect(kept()).toHaveLength(6);
  });
});

describe("while photos are brought home", () => {
  beforeEach(() => {
    for (const n of [1, 2, 3, 4]) fake.put(`photos/2012/${n}.jpg`, photo(n));
  });

  test.each<[string, Faults]>([
    ["dies", { faults: [{ verb: "operations/stat", skip: 1, how: "die" }] }],
    ["cuts a photo", { faults: [{ verb: "GET", how: "cut" }] }],
    ["loses an answer", { faults: [{ verb: "operations/stat", skip: 1, times: 2, how: "lose" }] }],
  ])("rclone %s: each comes whole", async (_name, faults) => {
    fake.set(faults);
    const ran = await here();
    expect([ran.exit, ran.stderr]).toEqual([0, ""]);
    for (const n of [1, 2, 3, 4]) {
      expect(readFileSync(join(folder, "kept", "2012", `${n}.jpg`)).equals(photo(n))).toBe(true);
    }
  });

  test.each<[string, Faults["lsjson"]]>([
    ["has no end", { cut: true }],
    ["ends with an error", { exit: 6, says: "Failed to lsjson: couldn't list files in 2013" }],
  ])("a listing that %s is not used", async (_name, lsjson = {}) => {
    expect((await here()).exit).toBe(0);
    fake.set({ lsjson });
    const ran = await here();
    expect([ran.exit, ran.stderr]).toEqual([4, expect.stringMatching(/listing/i)]);
    expect(ran.summary.gone).toBe(0);
  });

  test("what rclone says of a file that it leaves out is a warning", async () => {
    fake.set({ lsjson: { says: "Can't follow symlink without -L/--copy-links" } });
    const ran = await here();
    const said = ran.events.filter(({ type }) => type === "warning");
    expect(said).toMatchObject([{ code: "listing-entry", message: expect.stringContaining("follow symlink") }]);
  });

  test("of several files of one name each is a photo, and each time the same", async () => {
    const line = { Path: "2012/1.jpg", Name: "1.jpg", Size: 3007, ModTime: "2012-01-01T00:00:00Z", IsDir: false };
    const later = { ...line, Size: 3008, ID: "two" };
    fake.set({ twins: [later, { ...line, Path: "2012/7.jpg", ID: "seven" }, { ...line, ID: "one" }] });
    fake.put("photos/2012/7.jpg", photo(7));
    rmSync(join(fake.remote, "photos", "2012", "1.jpg"));
    rmSync(join(fake.remote, "photos", "2012", "7.jpg"));
    fake.putTwin("one", photo(7));
    fake.putTwin("two", photo(8));
    const ran = await here();
    expect(ran.summary.outcomes).toMatchObject({ stored: 5, failed: 1 });
    const names = files(join(folder, "kept")).filter((path) => path.startsWith("2012/1"));
    expect(names).toEqual(["2012/1.jpg", expect.stringMatching(/^2012\/1~[0-9a-f]{8}\.jpg$/)]);
    expect((await here()).summary.outcomes).toMatchObject({ stored: 0, already: 5 });
  });
});

/** A run whose rclone never answers again, while photos are kept. */
function stopped(by: NodeJS.Signals, env: Readonly<Record<string, string>> = {}) {
  fake.set({ faults: [{ verb: "operations/copyfile", skip: 6, times: 99, how: "hang" }] });
  return run(["mirror", "source", "rclone:fake:photos", "--rclone", fake.program, "--json"], {
    env,
    onEvent: ({ type }, kill) => void (type === "plan" && setTimeout(() => kill(by), 1500)),
  });
}

test("the rclone of a run that is killed ends, and leaves no folder", async () => {
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  expect((await stopped("SIGKILL", { TMPDIR: temporary })).exit).toBe(137);
  const left = () => readdirSync(temporary).filter((name) => name.startsWith("photohaul-rclone-"));
  await expect.poll(left, { timeout: 20_000 }).toEqual([]);
});

test("Ctrl-C ends a run whose rclone never answers", async () => {
  expect((await stopped("SIGINT")).exit).toBe(130);
});
