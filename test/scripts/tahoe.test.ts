/** The command line with a grid as its target: photos go there, are verified, come back, and no cap is seen anywhere. */

import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTahoe, type TahoeServer } from "../../fixtures/tahoe/server.ts";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

const photo = (n: number) => datedPhoto(2000, `photo ${n}`);
const PHOTOS = 5;
const TAKEN = "2012-06-28T14:03:22.000Z";
let tahoe: TahoeServer;
let place: Rig;
/** Opens all that is kept. */
let cap: string;
let env: Record<string, string>;

beforeEach(async () => {
  tahoe = await startTahoe();
  place = await rig({}, (server) => {
    for (let n = 1; n <= PHOTOS; n++) server.bucket("photos").put(`2012/IMG_${n}.JPG`, photo(n));
  });
  cap = tahoe.grid.mkdir().rw;
  env = { TAHOE_NODE_URL: tahoe.url };
  mkdirSync(join(place.folder, ".tahoe", "private"), { recursive: true, mode: 0o700 });
  writeFileSync(
    join(place.folder, ".tahoe", "private", "aliases"),
    `tahoe: ${tahoe.grid.mkdir().rw}\nphotos: ${cap}\n`,
  );
});
afterEach(async () => {
  await place[Symbol.asyncDispose]();
  await tahoe.close();
});

const run = (...args: readonly string[]) => place.run(args, { env });
const mirror = (target: string, ...more: readonly string[]) =>
  run("mirror", "s3://photos", target, ...place.endpoint, "--json", ...more);

function capFile(name: string, text: string, mode = 0o600): string {
  const file = join(place.folder, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

test("photos go to a grid and a drive, are verified, repaired from the source, and come back", async () => {
  const drive = join(place.folder, "drive");
  const report = join(place.folder, "report.json");
  const log = join(place.folder, "log.ndjson");
  const first = await mirror("tahoe:photos/copy", drive, "--log", log, "--report", report);
  expect(first.stdout).toContain("write the cap of tahoe:photos down on paper");
  expect(first.stderr).toBe("");
  expect(first).toMatchObject({ exit: 0, summary: { targets: ["tahoe:photos/copy", drive] } });
  expect(first.summary.outcomes).toMatchObject({ stored: PHOTOS, failed: 0 });
  expect(tahoe.requests.filter((line) => /^POST set_children copy\/2012$/.test(line))).toEqual([]);

  const again = await mirror("tahoe:photos/copy", drive);
  expect(again.summary.outcomes).toMatchObject({ stored: 0, already: PHOTOS });

  const checked = await run("verify", "tahoe:photos/copy", "--json");
  expect(checked.exit).toBe(0);
  expect(checked.stdout).toContain(`"vouched":{"photos":${PHOTOS}`);
  const read = await run("verify", "tahoe:photos/copy", "--read", "--json");
  expect(read.exit).toBe(0);
  expect(read.stdout).toContain(`"vouched":{"photos":0`);

  const back = join(place.folder, "back");
  expect((await run("restore", "tahoe:photos/copy", back)).exit).toBe(0);
  for (let n = 1; n <= PHOTOS; n++) {
    expect(readFileSync(join(back, "2012", `IMG_${n}.JPG`)).equals(photo(n))).toBe(true);
    expect(statSync(join(back, "2012", `IMG_${n}.JPG`)).mtime.toISOString()).toBe(TAKEN);
  }
  const status = await run("status", "--json");
  expect(status.stdout).toContain("tahoe:photos/copy");
  for (const { stdout, stderr } of [first, again, checked, read, status])
    expect(stdout + stderr).not.toMatch(/URI[:%]/);
  for (const file of filesBelow(place.folder)) {
    if (!file.includes("/.tahoe/")) expect(readFileSync(file).includes("URI:"), file).toBe(false);
  }
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
}

test("on a new computer with the cap alone all is known again", async () => {
  await mirror("tahoe:photos");
  const file = capFile("paper.cap", `# from paper\n${cap}\n`);
  const home = join(place.folder, "elsewhere");
  mkdirSync(home);
  const there = { env: { ...env, HOME: home, XDG_STATE_HOME: join(home, "state") } };
  const before = tahoe.requests.length;
  const args = ["mirror", "s3://photos", `tahoe:${file}`, ...place.endpoint, "--json", "--adopt"];
  const adopted = await place.run(args, there);
  expect(adopted.exit).toBe(0);
  expect(adopted.summary.outcomes).toMatchObject({ stored: 0, already: PHOTOS });
  expect(tahoe.requests.slice(before).filter((line) => line === "PUT file")).toEqual([]);
  expect(place.server.counts.get).toBe(PHOTOS);
});

test("the cap that reads is enough to verify and to restore, and is told where it would have to write", async () => {
  await mirror("tahoe:photos");
  const ro = tahoe.grid.directory(cap)?.ro ?? "";
  const file = capFile("read.cap", ro);
  expect((await run("verify", `tahoe:${file}`)).exit).toBe(0);
  expect((await run("restore", `tahoe:${file}`, join(place.folder, "back"))).exit).toBe(0);
  const refused = await run("mirror", "s3://photos", `tahoe:${file}/other`, ...place.endpoint);
  expect(refused.exit).toBe(5);
  expect(refused.stderr).toMatch(/can only be read by this cap/);
});

test.each([
  [
    "a cap file that others can read",
    () => capFile("open.cap", `${cap}\n`, 0o644),
    5,
    /can be read or written by others/,
  ],
  ["a file without a cap", () => capFile("empty.cap", "nothing\n"), 5, /holds no cap of a directory/],
  ["a file that is not there", () => join(place.folder, "no.cap"), 5, /there is no file .*no\.cap/],
  ["an alias that nobody made", () => "holiday/2012", 5, /knows no alias "holiday" \(there are tahoe, photos\)/],
  ["a cap that is typed", () => cap, 2, /a cap of Tahoe-LAFS was typed/],
  ["a cap of a file", () => capFile("file.cap", tahoe.grid.put(Buffer.alloc(100))), 5, /holds no cap of a directory/],
  ["a path that leads out", () => "photos/../x", 2, /none that is \. or \.\./],
])("%s is refused in words, and nothing is asked of the grid", async (_, target, exit, says) => {
  const typed = `tahoe:${target()}`;
  const lines = [
    ["mirror", "s3://photos", typed, ...place.endpoint],
    ["verify", typed],
    ["restore", typed, join(place.folder, "back")],
  ];
  for (const line of lines) {
    const ran = await run(...line);
    expect([line[0], ran.exit, ran.stderr]).toEqual([line[0], exit, expect.stringMatching(says)]);
    expect(ran.stdout + ran.stderr).not.toMatch(/URI(:|%3a)DIR2(:|%3a)\w/i);
  }
  expect(tahoe.requests).toEqual([]);
});

test("a folder of aliases that others can read is refused", async () => {
  chmodSync(join(place.folder, ".tahoe", "private"), 0o755);
  const ran = await mirror("tahoe:photos");
  expect(ran.exit).toBe(5);
  expect(ran.stdout).toMatch(/private can be read or written by others \(mode 755\)/);
});

test("a grid with too few servers takes nothing, says so, and the next run goes on", async () => {
  const armed = tahoe.arm({ fault: "unhappy", on: /^PUT file/, after: 4, times: 100 });
  const few = await mirror("tahoe:photos");
  expect(armed.struck).toBeGreaterThan(0);
  expect(few.exit).toBe(5);
  expect(few.stdout).toMatch(/too few servers for the shares of a file: 2 are connected/);
  expect(few.summary.outcomes).toMatchObject({ stored: 0 });
  armed.struck = 100;
  expect((await mirror("tahoe:photos")).summary.outcomes).toMatchObject({ stored: PHOTOS });
});

test("servers without room are a target that is full", async () => {
  tahoe.arm({ fault: "full", on: /^PUT file/, after: 4, times: 100 });
  expect((await mirror("tahoe:photos")).exit).toBe(6);
});

test("a node that does not run, a page of something else, a refusal that quotes the cap: each its words", async () => {
  tahoe.arm({ fault: "html-page", on: /^GET json/ });
  const page = await mirror("tahoe:photos");
  expect([page.exit, page.stdout]).toEqual([5, expect.stringMatching(/speaks as no Tahoe node does/)]);
  tahoe.arm({ fault: "echoed-cap", on: /^GET json/ });
  const echo = await mirror("tahoe:photos");
  expect([echo.exit, echo.stdout]).toEqual([5, expect.not.stringMatching(/URI[:%]/)]);
  await tahoe.close();
  const down = await mirror("tahoe:photos");
  expect([down.exit, down.stdout]).toEqual([5, expect.stringMatching(/nobody answers at this address/)]);
});

test("a grid is no source, and its rights and its job are told", async () => {
  const source = await run("mirror", "tahoe:photos", join(place.folder, "drive"));
  expect([source.exit, source.stderr]).toEqual([2, expect.stringMatching(/is a target, and no source/)]);
  expect((await run("explain", "tahoe:photos", "a.jpg")).exit).toBe(2);
  expect(
    readdirSync(place.folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.sqlite/.test(name)),
  ).toEqual([]);
  expect((await run("policy", "tahoe:photos")).stdout).toContain("--readonly-uri");
  capFile("photos.cap", cap);
  const job = await run("schedule", "s3://photos", "tahoe:./photos.cap/2012", ...place.endpoint, "--for", "cron");
  expect(job.stdout).toContain(`tahoe:${join(place.folder, "photos.cap")}/2012`);
  expect(job.stdout).toContain("TAHOE_NODE_URL");
  expect(job.stdout).not.toMatch(/URI:/);
});

test("a photo that somebody replaced is named, set aside and put back; what lost its directory comes back by its cap", async () => {
  await mirror("tahoe:photos");
  const at = `${tahoe.url}/uri/${encodeURIComponent(cap)}/2012`;
  await fetch(`${at}/IMG_2.JPG`, { method: "PUT", body: photo(99) });
  const rotten = await run("verify", "tahoe:photos", "--json");
  expect([rotten.exit, rotten.stdout]).toEqual([3, expect.stringContaining('"rotten":1')]);
  const mended = await run("verify", "tahoe:photos", "--repair-from", "s3://photos", ...place.endpoint, "--json");
  expect([mended.exit, mended.stdout]).toEqual([0, expect.stringMatching(/"setAside":"2012\/IMG_2~rotten-/)]);
  const again = await fetch(`${at}/IMG_2.JPG`);
  expect(Buffer.from(await again.arrayBuffer()).equals(photo(2))).toBe(true);

  tahoe.grid.shares.set(tahoe.grid.at(cap, ["2012"]).rw ?? "", 0);
  const back = join(place.folder, "back");
  const restored = await run("restore", "tahoe:photos", back, "--json");
  expect([restored.exit, restored.summary.outcomes]).toEqual([
    0,
    expect.objectContaining({ stored: PHOTOS, failed: 0 }),
  ]);
  expect(readFileSync(join(back, "2012", "IMG_2.JPG")).equals(photo(2))).toBe(true);
});

test("a sealed tree and an open one on a grid: two lines, two prefixes, and what is sealed takes its key", async () => {
  expect((await run("keys", "new", join(place.folder, "ours.key"))).exit).toBe(0);
  const recipient = /age1[a-z0-9]+/.exec(readFileSync(join(place.folder, "ours.key"), "utf8"))?.[0] ?? "";
  expect((await mirror("tahoe:photos/open", "--include", "2012/IMG_1*")).exit).toBe(0);
  const sealed = ["--exclude", "2012/IMG_1*", "--encrypt-to", recipient];
  expect((await mirror("tahoe:photos/sealed", ...sealed)).exit).toBe(0);
  expect(tahoe.grid.at(cap, ["sealed", "2012", "IMG_2.JPG.age"]).ro).toMatch(/^URI:CHK:/);
  expect((await mirror("tahoe:photos/sealed", ...sealed)).summary.outcomes).toMatchObject({ already: PHOTOS - 1 });
  expect((await run("verify", "tahoe:photos/open", "tahoe:photos/sealed", "--json")).exit).toBe(0);
  const back = join(place.folder, "back");
  const key = ["--identity", join(place.folder, "ours.key")];
  expect((await run("restore", "tahoe:photos/sealed", back, ...key)).exit).toBe(0);
  expect(readFileSync(join(back, "2012", "IMG_3.JPG")).equals(photo(3))).toBe(true);
});

test("what goes to a node on this computer goes past every proxy", async () => {
  const s3 = new URL(place.server.endpoint).host;
  const proxied = { env: { ...env, HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: s3 } };
  const ran = await place.run(["mirror", "s3://photos", "tahoe:photos", ...place.endpoint, "--json"], proxied);
  expect([ran.exit, ran.summary.outcomes.stored]).toEqual([0, PHOTOS]);
});

test("a node that ends in the middle: the run ends, and the same line goes on once it runs again", async () => {
  const port = new URL(tahoe.url).port;
  let count = 0;
  const { requests } = tahoe;
  const push = requests.push.bind(requests);
  requests.push = (...lines: string[]) => {
    count += lines.filter((line) => line === "PUT file").length;
    if (count === 6) void tahoe.close();
    return push(...lines);
  };
  const cut = await mirror("tahoe:photos");
  expect([cut.exit, cut.stdout]).toEqual([5, expect.stringMatching(/nobody answers at this address/)]);
  const { grid } = tahoe;
  tahoe = await startTahoe({ port: Number(port), grid });
  expect((await mirror("tahoe:photos")).summary).toMatchObject({ exit: 0, outcomes: { failed: 0 } });
  const verified = await run("verify", "tahoe:photos", "--json");
  expect([verified.exit, verified.stdout]).toEqual([0, expect.stringContaining(`"photos":${PHOTOS}`)]);
});
