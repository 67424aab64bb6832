/** A drive that is not mounted, before its first run (nothing says yet which drive belongs there) and after it. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { rig } from "../../scripts/rig.ts";

const MNT = "/mnt";
const mayTry = process.getuid?.() === 0 && existsSync(MNT) && statSync(MNT).dev === statSync("/").dev;

describe.skipIf(!mayTry)("an empty folder below /mnt (to be made by root)", () => {
  const place = mayTry ? mkdtempSync(join(MNT, "photohaul-test-")) : "";
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  test("is not filled, nor is one made there; who means it makes .photohaul", async () => {
    await using at = await rig();
    const mirror = (folder: string, ...more: string[]) =>
      at.run(["mirror", "s3://photos", folder, ...at.endpoint, ...more]);
    for (const folder of [place, join(place, "photos")]) {
      for (const more of [[], ["--dry-run"]]) {
        const refused = await mirror(folder, ...more);
        expect(refused.exit).toBe(5);
        expect(refused.stderr).toContain(`no drive is mounted at ${folder}`);
        expect(refused.stderr).toContain(join(folder, ".photohaul"));
      }
      expect(readdirSync(place)).toEqual([]);
    }
    mkdirSync(join(place, ".photohaul"));
    const meant = await mirror(place);
    expect(meant.stderr).toBe("");
    expect(meant.exit).toBe(0);
    expect((await mirror(place)).exit).toBe(0);
  });

  test("that belongs to a drive which was used before is missed as that drive", async () => {
    await using at = await rig();
    const folder = join(place, "known");
    mkdirSync(join(folder, ".photohaul"), { recursive: true });
    const mirror = () => at.run(["mirror", "s3://photos", folder, ...at.endpoint]);
    expect((await mirror()).exit).toBe(0);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const missed = await mirror();
    expect(missed.exit).toBe(5);
    expect(missed.stderr).toContain("the drive is not mounted, or not this one");
    expect(missed.stderr).toContain("Mount the drive that was used before");
    expect(readdirSync(folder)).toEqual([]);
  });
});
