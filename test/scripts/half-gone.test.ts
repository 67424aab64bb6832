import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

test("half of the source gone is counted, and takes nothing away", async () => {
  await using on = await rig({}, (server) => {
    for (let n = 0; n < 10; n += 1) server.bucket("photos").put(`${n}.jpg`, datedPhoto(2000, n));
  });
  await on.mirror();
  for (let n = 0; n < 5; n += 1) on.server.bucket("photos").delete(`${n}.jpg`);
  const ran = await on.mirror();
  expect(ran.summary).toMatchObject({ exit: 0, gone: 5, outcomes: { stored: 0, already: 5 } });
  const photos = readdirSync(join(on.folder, "photos")).filter((name) => name.endsWith(".jpg"));
  expect(photos).toHaveLength(10);
});
