/** Photos whose names a drive cannot hold, there and back: nothing is lost, and the next day knows them all. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { datedPhoto } from "../../scripts/dated-photo.ts";
import { type Rig, rig } from "../../scripts/rig.ts";
import { KINDS, lacks, type MountedDrive, mountDrive } from "./drive.ts";

/** Forbidden characters, ends that are cut off, names that differ in case or in the form of an accent alone. */
const KEYS = [
  '2012/who?/"a": <b>|*.jpg',
  "2012/ends with a dot./and a space /photo.jpg",
  "2012/IMG_1.JPG",
  "2012/img_1.jpg",
  "2012/Caf\u00e9.jpg",
  "2012/Cafe\u0301.jpg",
  "2012/\u5bb6\u65cf/\u{1f4f7}.jpg",
  "2012/percent%3A.jpg",
];
/** On the computer, where all of these have names. A name that looks escaped is escaped, so that none is ambiguous. */
const restored = (key: string) => key.replace("%3A", "%253A");

for (const kind of KINDS) {
  const missing = lacks(kind);
  describe.skipIf(missing !== "")(`names on ${kind}${missing && ` (no ${missing})`}`, () => {
    let drive: MountedDrive;
    let on: Rig;
    beforeAll(async () => {
      drive = await mountDrive(kind, 64);
      on = await rig({}, (server) => {
        const bucket = server.bucket("photos");
        for (const [n, key] of KEYS.entries()) bucket.put(key, datedPhoto(2000, n));
      });
    });
    afterAll(async () => {
      await on[Symbol.asyncDispose]();
      await drive.remove();
    });

    test("every name comes there and back, each with its own bytes, and all are known the next day", async () => {
      const home = join(drive.folder, "photos");
      const mirror = () => on.run(["mirror", "s3://photos", home, ...on.endpoint, "--json"]);
      const first = await mirror();
      expect(first.stderr).toBe("");
      expect(first.exit).toBe(0);
      expect(first.summary.outcomes.stored).toBe(KEYS.length);
      await drive.unmount();
      await drive.mount("rw");
      const second = await mirror();
      expect(second.exit).toBe(0);
      expect(second.summary.outcomes).toMatchObject({ stored: 0, already: KEYS.length });
      expect((await on.run(["verify", home])).exit).toBe(0);
      const back = join(on.folder, "back");
      expect((await on.run(["restore", home, back])).exit).toBe(0);
      for (const [n, key] of KEYS.entries()) {
        expect(readFileSync(join(back, restored(key))).equals(datedPhoto(2000, n)), key).toBe(true);
      }
    });
  });
}
