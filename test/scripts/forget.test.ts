import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

const fill = (server: Parameters<NonNullable<Parameters<typeof rig>[1]>>[0]) =>
  server.bucket("photos").put("a.jpg", datedPhoto(2000, "a"), {});

test("forget takes a source out of status, changes nothing on the target, and a mirror knows it again", async () => {
  await using on = await rig({}, fill);
  await on.mirror();
  const usb = join(on.folder, "photos");
  cpSync(usb, join(on.folder, "before"), { recursive: true });
  const forgotten = await on.run(["forget", "s3://photos", ...on.endpoint]);
  expect(forgotten.exit, forgotten.stderr).toBe(0);
  expect(forgotten.stdout).toMatch(/s3:\/\/photos is forgotten[\s\S]*Left as it is: 1 photo on /);
  expect((await on.run(["status"])).stdout).toBe("Nothing was mirrored yet.\n");
  for (const name of readdirSync(usb)) expect(readdirSync(join(on.folder, "before"))).toContain(name);
  const again = await on.mirror();
  expect(again.summary).toMatchObject({ exit: 0, outcomes: { stored: 0, already: 1 } });
});

test("forget finds a source by its name alone, and refuses what is none or not ours", async () => {
  await using on = await rig({}, fill);
  const none = await on.run(["forget", "s3://photos"]);
  expect([none.exit, none.stderr]).toEqual([2, expect.stringMatching(/nothing is remembered of s3:/)]);
  await on.mirror();
  const diary = join(on.folder, "diary.sqlite");
  writeFileSync(diary, "Dear diary");
  expect((await on.run(["forget", diary])).exit).toBe(2);
  const elsewhere = await on.run(["forget", "s3://photos", "--endpoint", "http://elsewhere.example"]);
  expect([elsewhere.exit, elsewhere.stderr]).toEqual([2, expect.stringMatching(/nothing is remembered of s3:/)]);
  expect(await on.run(["status", "s3://photos"])).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining("1 photo,"),
  });
  expect((await on.run(["forget", "s3://photos"])).exit).toBe(0);
});

test("status tells buckets of one name at two services apart", async () => {
  await using one = await rig({}, fill);
  await using two = await rig({}, fill);
  for (const { endpoint } of [one, two])
    expect((await one.run(["mirror", "s3://photos", join(one.folder, "usb"), ...endpoint])).exit).toBe(0);
  const { stdout } = await one.run(["status"]);
  for (const { server } of [one, two]) expect(stdout).toContain(`s3://photos at ${new URL(server.endpoint).host}\n`);
});

test("status tells of a catalogue that cannot be read", async () => {
  await using on = await rig({}, fill);
  const state = join(on.folder, "state", "photohaul");
  mkdirSync(state, { recursive: true });
  writeFileSync(join(state, "x.sqlite"), "rubbish");
  const ran = await on.run(["status"]);
  expect([ran.exit, ran.stderr]).toEqual([3, expect.stringMatching(/x\.sqlite cannot be read/)]);
  rmSync(join(state, "x.sqlite"));
});
