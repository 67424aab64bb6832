/** Originals in an archive: a rendition stands in until they can be read. */

import { expect, test } from "vitest";
import { type Rig, rig } from "./rig.ts";

/** Eight photos, whose originals lie where `storageClass` says. */
function fill(server: Rig["server"], storageClass: string): void {
  const bucket = server.bucket("photos");
  for (let nth = 0; nth < 8; nth += 1) {
    const name = `IMG_${1000 + nth}.jpg`;
    bucket.put(`original/${name}`, Buffer.alloc(40_000 + 700 * nth, nth + 1), { storageClass });
    bucket.put(`large/${name}`, Buffer.alloc(9000 + 90 * nth, nth + 1));
    bucket.put(`tile/${name}`, Buffer.alloc(1200 + 7 * nth, nth + 1));
  }
}

test("the best rendition is taken, counted as such, and the original too once it is restored", async () => {
  await using at = await rig({}, (server) => fill(server, "DEEP_ARCHIVE"));
  const first = await at.mirror();
  expect(first.summary).toMatchObject({
    exit: 3,
    fallbacks: 8,
    outcomes: { stored: 8, already: 0, skipped: 0, failed: 8 },
  });
  const of = (outcome: string) =>
    first.photos.filter((photo) => photo.outcome === outcome).map(({ key }) => key.split("/")[0]);
  expect(new Set(of("stored"))).toEqual(new Set(["large"]));
  expect(new Set(of("failed"))).toEqual(new Set(["original"]));
  expect(first.photos.find(({ outcome }) => outcome === "failed")?.reason).toMatch(/archived/);

  // The stand-ins are there already; the originals are asked for again.
  const second = await at.mirror();
  expect(second.summary).toMatchObject({ exit: 3, outcomes: { stored: 0, already: 8, failed: 8 } });

  fill(at.server, "STANDARD");
  const third = await at.mirror();
  expect(third.summary).toMatchObject({
    exit: 0,
    fallbacks: 0,
    outcomes: { stored: 8, already: 0, failed: 0 },
  });
  expect(third.photos.every(({ key }) => key.startsWith("original/"))).toBe(true);
}, 60_000);
