/** What a person is asked on a terminal, by a terminal: `script` of util-linux makes one. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { type Rig, rig } from "../scripts/rig.ts";
import { threeSizes } from "../scripts/three-sizes.ts";

const BIN = new URL("../../bin/photohaul", import.meta.url).pathname;
const terminal = spawnSync("script", ["--version"], { encoding: "utf8" });
const noTerminal = !/util-linux/.test(terminal.stdout ?? "");

/** Photos in `pictures/`, and in `web/` copies of them that somebody exported by hand: likely renditions, and not proven. */
function fill(photos: string): void {
  for (let nth = 0; nth < 40; nth += 1) {
    const { original, large } = threeSizes(nth, "Adobe Photoshop Lightroom 5.7");
    for (const [folder, bytes] of [
      ["pictures", original],
      ["web", large],
    ] as const) {
      const file = join(photos, folder, `DSC_${2000 + nth}.jpg`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  }
}

/** Runs the inventory on a terminal, and types an answer where it asks. */
async function onTerminal(at: Rig, photos: string, answer: string): Promise<string> {
  const line = [process.execPath, BIN, "inventory", photos, "--catalogue", join(at.folder, "c")];
  const child = spawn("script", ["-qec", line.join(" "), "/dev/null"], { env: { ...at.env } });
  let said = "";
  child.stdout.on("data", (data: Buffer) => {
    const before = said.includes("[y/N]");
    said += data.toString();
    if (!before && said.includes("[y/N]")) child.stdin.write(answer);
  });
  await once(child, "close");
  return stripVTControlCharacters(said);
}

test.skipIf(noTerminal)(
  "a likely family is asked about once, with its pairs; yes is remembered",
  async () => {
    await using at = await rig({}, () => undefined);
    const photos = join(at.folder, "bucket");
    fill(photos);
    const first = await onTerminal(at, photos, "y\n");
    expect(first).toMatch(/web\/… may be smaller copies of other photos \(40 keys/);
    expect(first).toMatch(/pictures\/DSC_20\d\d\.jpg +web\/DSC_20\d\d\.jpg +the same picture \(likeness 0\.\d\d\)/);
    expect(first).toMatch(/30 of 30 compared pairs show the same picture, but a photo editor wrote/);
    expect(first).toMatch(/40 originals, 40 renditions/);
    const second = await onTerminal(at, photos, "");
    expect(second).not.toContain("[y/N]");
    expect(second).toMatch(/40 originals, 40 renditions/);
  },
  60_000,
);

test.skipIf(noTerminal)(
  "an answer that is not yes keeps everything, and is remembered too",
  async () => {
    await using at = await rig({}, () => undefined);
    const photos = join(at.folder, "bucket");
    fill(photos);
    expect(await onTerminal(at, photos, "\n")).toMatch(/80 originals/);
    const second = await onTerminal(at, photos, "");
    expect(second).not.toContain("[y/N]");
    expect(second).toMatch(/80 originals/);
  },
  60_000,
);

test("without a terminal nobody is asked, and everything is kept", async () => {
  await using at = await rig({}, () => undefined);
  const photos = join(at.folder, "bucket");
  fill(photos);
  const ran = await at.run(["inventory", photos]);
  expect(ran.stdout).not.toContain("[y/N]");
  expect(ran.stdout).toMatch(/80 originals/);
}, 60_000);
