/** `--prefer service`: whom to believe where a photo and its service disagree. */

import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

const BY_PHOTO = "2012-06-28T14:03:22.000Z";
const BY_SERVICE = "2011-09-03T13:31:48.000Z";

test("mirror believes the photo, and with --prefer service what the bucket says", async () => {
  await using on = await rig({}, (server) => {
    const metadata = { "taken-at": BY_SERVICE };
    server.bucket("photos").put("a.jpg", datedPhoto(2000, "a"), { metadata });
  });
  for (const [prefer, source, time] of [
    ["file", "exif", BY_PHOTO],
    ["service", "service", BY_SERVICE],
  ] as const) {
    const folder = join(on.folder, prefer);
    const args = ["mirror", "s3://photos", folder, ...on.endpoint, "--json"];
    const { exit, photos } = await on.run([...args, "--prefer", prefer]);
    expect(exit).toBe(0);
    expect(photos[0]?.captured).toMatchObject({ source, doubts: ["conflict"] });
    expect(statSync(join(folder, "a.jpg")).mtime.toISOString()).toBe(time);
  }
  const wrong = await on.mirror("--prefer", "me");
  expect(wrong.exit).toBe(2);
  expect(wrong.stderr).toMatch(/prefer.*"file", "service"/);
});

test("dates believes the photo, and with --prefer service what Takeout wrote beside it", async () => {
  await using on = await rig({}, () => undefined);
  const folder = join(on.folder, "Takeout");
  mkdirSync(folder);
  writeFileSync(join(folder, "a.jpg"), datedPhoto(2000, "a"));
  const timestamp = Date.parse(BY_SERVICE) / 1000;
  writeFileSync(join(folder, "a.jpg.json"), `{"photoTakenTime": {"timestamp": "${timestamp}"}}`);
  for (const [prefer, time] of [
    ["file", BY_PHOTO],
    ["service", BY_SERVICE],
  ] as const) {
    expect((await on.run(["dates", folder, "--prefer", prefer])).exit).toBe(0);
    expect(statSync(join(folder, "a.jpg")).mtime.toISOString()).toBe(time);
  }
});
