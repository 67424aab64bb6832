/** What a target in a store holds besides photos is no photo, wherever somebody looks. */

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

test.each(["s3://backup", "s3://backup/2020"])(
  "the object by which %s was tried is never counted, listed, adopted or restored",
  async (target) => {
    await using on = await rig({}, (server) => {
      for (const name of ["é.jpg", "b.jpg"]) server.bucket("photos").put(name, datedPhoto(2000, name));
      server.bucket("backup");
    });
    const at = ["--target-endpoint", on.server.endpoint];
    const reach = [...on.endpoint, ...at, "--json"];
    const mirror = () => on.run(["mirror", "s3://photos", target, ...reach]);
    expect(await mirror()).toMatchObject({ exit: 0, summary: { outcomes: { stored: 2, already: 0 } } });
    const keys = on.server.bucket("backup").keys();
    expect(keys.filter((key) => key.endsWith(".photohaul/probe-é"))).toHaveLength(1);

    rmSync(join(on.folder, "state"), { recursive: true });
    const adopted = await mirror();
    expect(adopted).toMatchObject({ exit: 0, summary: { outcomes: { stored: 0, already: 2 } } });
    expect(adopted.events).toContainEqual(
      expect.objectContaining({ type: "adopted", photos: 2, missing: 0, foreign: 0 }),
    );
    expect(on.server.bucket("backup").keys()).toEqual(keys);

    const verified = await on.run(["verify", target, ...at, "--json"]);
    expect(verified.exit).toBe(0);
    expect(JSON.stringify(verified.events)).not.toContain("probe-");
    expect((await on.run(["restore", target, join(on.folder, "back"), ...at])).exit).toBe(0);
    expect(filesIn(join(on.folder, "back"))).toEqual(["b.jpg", "é.jpg"]);

    // Where a target is the source of another one.
    const second = await on.run(["mirror", target, join(on.folder, "second"), ...on.endpoint, "--json"]);
    expect(second.photos.map(({ key }) => key).filter((key) => key.includes("probe-"))).toEqual([]);
    expect(second).toMatchObject({ exit: 0, summary: { outcomes: { stored: 2 } } });
  },
);

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}
