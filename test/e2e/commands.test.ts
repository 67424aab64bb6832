import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { S3Server } from "../../fixtures/s3/server.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { rig } from "../scripts/rig.ts";

function fill(server: S3Server): void {
  const bucket = server.bucket("photos");
  for (let n = 0; n < 12; n += 1) bucket.put(`original/IMG_${n}.jpg`, datedPhoto(2000 + n, "o"), {});
}

test("--as-of reads a versioned bucket as it was", async () => {
  await using on = await rig({ buckets: { photos: { versioning: "enabled" } } }, (server) => {
    const bucket = server.bucket("photos");
    bucket.put("a.jpg", datedPhoto(2000, "older"), { modified: "2014-01-01T00:00:00.000Z" });
    bucket.put("a.jpg", datedPhoto(2000, "newer"), { modified: "2016-01-01T00:00:00.000Z" });
    bucket.put("b.jpg", datedPhoto(2000, "later"), { modified: "2016-01-01T00:00:00.000Z" });
  });
  expect((await on.mirror("--as-of", "2015-01-01")).summary).toMatchObject({ exit: 0, keys: 1 });
  expect(readFileSync(join(on.folder, "photos", "a.jpg"))).toEqual(datedPhoto(2000, "older"));
});

test("a public bucket needs no credentials", async () => {
  await using on = await rig({ credentials: "anonymous" }, fill);
  const env = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
  const ran = await on.run(["mirror", "s3://photos", "photos", ...on.endpoint, "--no-sign-request", "--json"], { env });
  expect(ran.summary).toMatchObject({ exit: 0, outcomes: { stored: 12 } });
});

test("a folder is a source too", async () => {
  await using on = await rig({}, fill);
  expect((await on.mirror()).exit).toBe(0);
  const from = join(on.folder, "photos", "original");
  const ran = await on.run(["mirror", from, "copy", "--json"]);
  expect(ran.summary).toMatchObject({ exit: 0, outcomes: { stored: 12 } });
  expect((await on.run(["mirror", from, "copy", "--json"])).summary.outcomes).toMatchObject({
    stored: 0,
    already: 12,
  });
});

test("the demo runs from start to end, and says what to type for one's own bucket", async () => {
  await using on = await rig({}, () => undefined);
  const env = { AWS_ACCESS_KEY_ID: undefined, TMPDIR: on.folder };
  const ran = await on.run(["demo"], { env, spawned: true });
  expect(ran.exit).toBe(0);
  expect(ran.stderr).toBe("");
  expect(ran.stdout).toMatch(/stored +117 photos/);
  expect(ran.stdout).toContain("photohaul mirror s3://your-bucket /media/usb");
});

test("each command ends well as a process of its own, with nothing on standard error", {
  timeout: 240_000,
}, async () => {
  await using on = await rig({}, fill);
  const lines = [
    ["mirror", "s3://photos", "photos", ...on.endpoint],
    ["inventory", "s3://photos", ...on.endpoint],
    ["verify", "photos"],
    ["restore", "photos", "restored"],
    ["dates", "restored"],
    ["status"],
    ["explain", "s3://photos", "original/IMG_1.jpg", ...on.endpoint],
    ["forget", "s3://photos"],
    ["layouts"],
    ["policy", "s3://photos"],
    ["schedule", "s3://photos", "photos", ...on.endpoint],
  ];
  for (const line of lines) {
    const { exit, stdout, stderr } = await on.run(line, { spawned: true });
    // The keys of this rig are in its environment alone, which a schedule has to say.
    const said = line[0] === "schedule" ? stderr.replace(/^note: The keys .*\n/, "") : stderr;
    expect([exit, said], line.join(" ")).toEqual([0, ""]);
    expect(stdout, line.join(" ")).not.toBe("");
  }
});

test("explain says of a key that is gone what was kept of it, and of one that never was that it is none", async () => {
  await using on = await rig({}, fill);
  expect((await on.mirror()).exit).toBe(0);
  on.server.bucket("photos").delete("original/IMG_1.jpg");
  expect((await on.mirror()).exit).toBe(0);
  const explain = (key: string) => on.run(["explain", "s3://photos", key, ...on.endpoint]);
  const gone = await explain("original/IMG_1.jpg");
  const kept = `original/IMG_1.jpg on ${join(on.folder, "photos")}`;
  expect([gone.exit, gone.stdout]).toEqual([2, ""]);
  expect(gone.stderr.split("\n")[0]).toBe(
    `photohaul: s3://photos holds the key original/IMG_1.jpg no more; what it was lies as ${kept}`,
  );
  const never = await explain("original/IMG_99.jpg");
  expect([never.exit, never.stderr.split("\n")[0]]).toEqual([
    2,
    "photohaul: s3://photos holds no object of the key original/IMG_99.jpg",
  ]);
});

test("the exit code and the words of a mistake are those of the process", async () => {
  await using on = await rig({}, fill);
  const ran = await on.run(["mirror", "s3://nope", "to", ...on.endpoint], { spawned: true });
  expect(ran.exit).toBe(4);
  expect(ran.stderr).toMatch(/s3:\/\/nope: there is no such bucket/);
});

test.each(["mirror", "inventory", "explain", "layouts", "policy", "demo"])(
  "%s --help has examples",
  async (command) => {
    await using on = await rig({}, () => undefined);
    const ran = await on.run([command, "--help"]);
    expect(ran.exit).toBe(0);
    expect(ran.stdout).toContain(`Usage: photohaul ${command}`);
    expect(ran.stdout).toMatch(/Examples:\n +photohaul/);
  },
);

test("help, version and single letters are what they are elsewhere", async () => {
  await using on = await rig({}, () => undefined);
  const said = async (...words: string[]) => (await on.run(words)).stdout;
  expect(await said("help")).toBe(await said("--help"));
  expect(await said("help", "verify")).toBe(await said("verify", "-h"));
  expect(await said("verify", "--help")).toMatch(/^ +-q, --quiet /m);
  const version = await said("--version");
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  for (const words of [["-V"], ["version"], ["mirror", "-V"]]) expect(await said(...words)).toBe(version);
  const dry = await on.run(["mirror", join(on.folder, "none"), "to", "-nq"]);
  expect([dry.exit, dry.stdout]).toEqual([4, ""]);
});

test("a shell completes commands, their options and what these take", async () => {
  await using on = await rig({}, () => undefined);
  const next = async (...words: string[]) =>
    (await on.run(["--get-yargs-completions", "photohaul", ...words])).stdout.split("\n");
  expect(await next("")).toEqual(expect.arrayContaining(["mirror", "schedule"]));
  expect(await next("verify", "--")).toEqual(expect.arrayContaining(["--repair-from", "--json"]));
  expect(await next("mirror", "a", "b", "--renditions", "")).toEqual(["skip", "fallback", "keep", ""]);
  for (const [shell, says] of [
    ["bash", "complete -o bashdefault"],
    ["zsh", "#compdef photohaul"],
    ["fish", "complete -c photohaul -a"],
  ] as const) {
    expect((await on.run(["completion", shell])).stdout).toContain(says);
  }
});

test("the manual names every command with all of its options, and is plain man(7)", async () => {
  await using on = await rig({}, () => undefined);
  const { stdout: page } = await on.run(["man"]);
  const requests = new Set([...page.matchAll(/^[.'](\S+)/gm)].map(([, request]) => request));
  expect(requests).toEqual(new Set(["TH", "SH", "B", "TP", "PP", "I", "nf", "fi"]));
  const { stdout: overview } = await on.run(["--help"]);
  const commands = [...overview.matchAll(/^ {2}photohaul ([a-z]+) {2}/gm)].map(([, name]) => name ?? "");
  expect(commands).toContain("mirror");
  for (const name of commands) {
    const section = page.split(`.SH "PHOTOHAUL ${name.toUpperCase()}"`)[1]?.split(".SH ")[0] ?? "";
    const { stdout: help } = await on.run([name, "--help"]);
    const options = [...help.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option ?? "");
    for (const option of options) {
      if (option === "--help" || option === "--version") continue;
      expect(section).toContain(option.replaceAll("-", "\\-"));
    }
  }
});

test("layouts --check says what is wrong with a layout file, and where", async () => {
  await using on = await rig({}, () => undefined);
  const file = new URL("commands.test.ts", import.meta.url).pathname;
  const ran = await on.run(["layouts", "--check", file]);
  expect(ran.exit).toBe(2);
  expect(ran.stderr).toMatch(/commands\.test\.ts:1: /);
});
