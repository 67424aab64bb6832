/** Photos that lie packed in a store, which may unpack them on the way. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

const PHOTO = datedPhoto(20_000, "a");
const PACKED = gzipSync(PHOTO);

test.each([false, true])(
  "a photo that lies packed is kept as it lies, told, and dated (unpacked on the way: %s)",
  async (unpacks) => {
    await using on = await rig({ features: { unpacks } }, (server) => {
      server.bucket("photos").put("a.jpg", PACKED, { contentEncoding: "gzip" });
      server.bucket("photos").put("b.jpg", datedPhoto(2000, "b"));
    });
    on.server.faults.arm({
      fault: "cut-body",
      on: { op: "get", key: "a.jpg" },
      skip: unpacks ? 1 : 0,
    });
    const ran = await on.mirror();
    on.server.faults.assertAllFired();
    expect(ran.summary).toMatchObject({ exit: 0, outcomes: { stored: 2, failed: 0 } });
    expect(readFileSync(join(on.folder, "photos", "a.jpg")).equals(PACKED)).toBe(true);
    const told = ran.events.filter((event) => event.type === "warning" && event.code === "packed");
    expect(told).toMatchObject([{ key: "a.jpg" }]);
    const kept = ran.photos.find(({ key }) => key === "a.jpg");
    expect(kept?.captured?.source).toBe("exif");
  },
);

test("a store that packs all it sends, photos and pages, though nobody asked, gives up every photo as it lies there", async () => {
  await using on = await rig({}, (server) => {
    server.bucket("photos").put("a.jpg", PHOTO);
    server.bucket("photos").put("b.jpg", PACKED, { contentEncoding: "gzip" });
  });
  on.server.faults.arm({ fault: "gzipped", times: 99 });
  const ran = await on.mirror();
  on.server.faults.assertAllFired();
  expect(ran.summary).toMatchObject({ exit: 0, outcomes: { stored: 2, failed: 0 } });
  expect(readFileSync(join(on.folder, "photos", "a.jpg")).equals(PHOTO)).toBe(true);
  expect(readFileSync(join(on.folder, "photos", "b.jpg")).equals(PACKED)).toBe(true);
});
