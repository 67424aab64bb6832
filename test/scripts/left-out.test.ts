/** What an option leaves out for good is said. */

import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";
import { namedSizes } from "./three-sizes.ts";

let on: Rig;
beforeAll(async () => {
  on = await rig({}, (server) => {
    const photos = server.bucket("photos");
    photos.put("original/2012/IMG_1.jpg", datedPhoto(3000, "one"));
    photos.put("large/2012/IMG_2.jpg", Buffer.alloc(1200, "two"));
  });
});
afterAll(() => on[Symbol.asyncDispose]());

test.each([
  ["skip", 1, 1],
  ["fallback", 2, 0],
])("--renditions %s: a photo without its original", async (which, stored, warned) => {
  const line = ["mirror", "s3://photos", join(on.folder, which), ...on.endpoint];
  const ran = await on.run([
    ...line,
    ...namedSizes(on.folder),
    "--json",
    "--catalogue",
    join(on.folder, `${which}.sqlite`),
    "--renditions",
    which,
  ]);
  expect(ran.summary.outcomes.stored).toBe(stored);
  const said = ran.events.flatMap((event) =>
    event.type === "warning" && event.code === "left-out" ? [event.message] : [],
  );
  expect(said).toHaveLength(warned);
  for (const message of said) {
    expect(message).toMatch(/^of 1 photo there is a smaller copy and no original;/);
  }
});
