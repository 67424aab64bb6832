/** What the inventory found out is told in every form of report. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import { rig } from "../scripts/rig.ts";
import { threeSizes } from "../scripts/three-sizes.ts";

/** Photos in dated folders, real renditions in `thumbs/`, and in `web/` other photos of the same names. */
function fill(server: { bucket(name: string): { put(key: string, body: Buffer): void } }): void {
  const bucket = server.bucket("photos");
  for (let nth = 1; nth <= 40; nth += 1) {
    const name = `20${10 + (nth % 4)}/06/DSC_${1000 + nth}.jpg`;
    const { original, tile } = threeSizes(nth);
    bucket.put(name, original);
    bucket.put(`thumbs/${name}`, tile);
    bucket.put(`web/${name}`, threeSizes(nth + 100).large);
  }
}

test("evidence, suspects with what to type, months from keys, the speed of the last run", async () => {
  await using at = await rig({}, fill);
  const file = join(at.folder, "c.sqlite");
  const before = openCatalogue(file);
  await before.runs.start("mirror");
  await before.runs.end(JSON.stringify({ storedBytes: 600_000_000, seconds: 60 }));
  await before.close();
  const report = (ending: string) => join(at.folder, `report.${ending}`);
  const reports = ["html", "md", "json"].flatMap((ending) => ["--report", report(ending)]);
  const line = ["inventory", "s3://photos", ...at.endpoint, "--catalogue", file];
  const ran = await at.run([...line, ...reports]);
  expect(ran.exit).toBe(0);
  const told = [ran.stdout, ...["html", "md"].map((ending) => readFileSync(report(ending), "utf8"))];
  for (const text of told) {
    const plain = text.replaceAll(/\\|&#39;/g, (it) => (it === "\\" ? "" : "'"));
    expect(plain).toMatch(/30 of 30 compared pairs show the same picture/);
    expect(plain).toMatch(/suspect: web/);
    expect(plain).toContain("--exclude 'web/**/*'");
    expect(plain).toMatch(/as fast as last time/);
    expect(plain).toMatch(/taken/);
  }
  const { inventory, estimate } = JSON.parse(readFileSync(report("json"), "utf8"));
  expect(inventory.timeBy).toBe("taken");
  expect(inventory.taken.map(({ name }: { name: string }) => name)).toEqual([
    "2010-06",
    "2011-06",
    "2012-06",
    "2013-06",
  ]);
  expect(inventory.suspects).toMatchObject([{ family: "web", keys: 40 }]);
  expect(estimate.times[0].line).toBe("as fast as last time");

  // What was inferred is not inferred again, and is told again.
  const again = await at.run(line);
  expect(again.stdout).toMatch(/thumbs\/….*30 of 30 compared pairs show the same picture/);
  expect(again.stdout).toContain("--exclude 'web/**/*'");
  const explain = (key: string) => at.run(["explain", "s3://photos", key, ...at.endpoint, "--catalogue", file]);
  const small = await explain("thumbs/2010/06/DSC_1004.jpg");
  expect(small.stdout).toMatch(/^rendition: /m);
  expect(small.stdout).toMatch(/family thumbs, by layout auto/);
  expect(small.stdout).toMatch(/why the family is believed: 30 of 30 compared pairs/);
  expect(small.stdout).toMatch(/with original 2010\/06\/DSC_1004\.jpg/);
  const doubted = await explain("web/2010/06/DSC_1004.jpg");
  expect(doubted.stdout).toMatch(/^original: /m);
  expect(doubted.stdout).toMatch(/looks like web\/…, which was not believed to be renditions/);
  expect(doubted.stdout).toContain("to skip them all: --exclude 'web/**/*'");
}, 60_000);
