/**
 * Power cuts. A copy of the image that an ext4 drive lies in holds what had reached the medium at that
 * instant; mounting it replays the journal as after a real cut. What was called kept must be there, whole.
 */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTarget } from "../../../src/targets/all.ts";
import { signal } from "../../contract/target-rig.ts";
import { lacks, type MountedDrive, mountDrive, mountImage } from "./drive.ts";

const CUTS = 8;
const missing = lacks("ext4");

describe.skipIf(missing !== "")(`power cuts${missing && ` (skipped: no ${missing})`}`, () => {
  let drive: MountedDrive;
  beforeEach(async () => {
    drive = await mountDrive("ext4", 96);
  });
  afterEach(() => drive.remove());

  test("take nothing that was called kept, and leave no half of a photo under a name", async () => {
    const root = join(drive.folder, "photos");
    const script = new URL("keep-until-killed.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [script, root], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const cuts: { image: string; said: string }[] = [];
    await expect.poll(() => said, { timeout: 20_000 }).not.toBe("");
    for (let cut = 0; cut < CUTS; cut += 1) {
      await wait(100 + cut * 37);
      // Stopped while its image is copied, since a copy takes time and a cut does not.
      child.kill("SIGSTOP");
      const image = `${drive.image}-${cut}`;
      await copyFile(drive.image, image);
      cuts.push({ image, said });
      child.kill("SIGCONT");
    }
    child.kill("SIGKILL");
    await new Promise((ended) => child.once("close", ended));

    let kept = 0;
    for (const cut of cuts) kept = await mustBeWhole(cut.image, cut.said, `${drive.image}-mounted`);
    expect(kept).toBeGreaterThan(50);
  });
});

/** @returns how many photos the manifest on the image names */
async function mustBeWhole(image: string, said: string, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const unmount = await mountImage("ext4", image, folder);
  try {
    const root = join(folder, "photos");
    const target = await openTarget(root);
    const manifest = new Map<string, string>();
    for await (const { path, sha256 } of target.entries(signal)) manifest.set(path, sha256);
    await target.close();
    for (const line of said.split("\n").slice(0, -1)) {
      const [path = "", sha256] = line.split(" ");
      expect([path, manifest.get(path)]).toEqual([path, sha256]);
    }
    for (const [path, sha256] of manifest) {
      const bytes = await readFile(join(root, path));
      expect([path, createHash("sha256").update(bytes).digest("hex")]).toEqual([path, sha256]);
    }
    return manifest.size;
  } finally {
    await unmount();
  }
}
