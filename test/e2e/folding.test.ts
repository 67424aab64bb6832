/** A bucket that takes two names for one, as target of a whole mirror: every photo is kept under a name of its own. */

import { expect, test } from "vitest";
import { startS3 } from "../../fixtures/s3/server.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { rig } from "../scripts/rig.ts";

const KEYS = Array.from({ length: 20 }, (_, n) => [
  `2012/IMG_${n}.JPG`,
  `2012/img_${n}.jpg`,
  `2013/${n}\u00e9.jpg`,
  `2013/${n}e\u0301.jpg`,
]).flat();

test.each([true, false])(
  "twins by case and by Unicode form are all kept, are well, and stay (writes over: %s)",
  async (ignoreIfNoneMatch) => {
    await using on = await rig({}, (server) => {
      for (const key of KEYS) server.bucket("photos").put(key, datedPhoto(2000, key));
    });
    const store = await startS3({ features: { foldsNames: true, ignoreIfNoneMatch } });
    const copies = store.bucket("copies");
    const reach = ["--target-endpoint", store.endpoint, "--json"];
    const line = ["mirror", "s3://photos", "s3://copies", ...on.endpoint, ...reach];
    const ran = await on.run(line);
    expect(ran.summary).toMatchObject({ exit: 0, outcomes: { stored: 80, failed: 0 } });
    for (const { key, path } of ran.photos) {
      const body = copies.get(path ?? "")?.body;
      const kept = Buffer.from(body?.read(0, body.size) ?? []);
      expect(kept.equals(datedPhoto(2000, key))).toBe(true);
    }
    const checked = await on.run(["verify", "s3://copies", ...reach, "--read"]);
    expect(checked.exit).toBe(0);
    const again = await on.run(line);
    expect(again.summary).toMatchObject({ exit: 0, outcomes: { already: 80, stored: 0 } });
    await store.close();
  },
);
