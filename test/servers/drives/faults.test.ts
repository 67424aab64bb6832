/** What goes wrong with drives: full, read-only, unmounted, yanked. */

import { execFile } from "node:child_process";
import { appendFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTarget } from "../../../src/targets/all.ts";
import type { Keeping, Target } from "../../../src/targets/target.ts";
import { bytesOf, entryFor, keeping, pathsOf, readAll, signal, troubleOf } from "../../contract/target-rig.ts";
import { type DriveKind, KINDS, lacks, type MountedDrive, mountDrive } from "./drive.ts";

const run = promisify(execFile);
/** fusefat says "not permitted" where the kernel's FAT says "no space": a drive that takes no more writes. */
const FULL: Record<DriveKind, string> = {
  ext4: "full",
  exfat: "full",
  ntfs: "full",
  fat32: "wrong-drive",
};
const MEGABYTE = Buffer.alloc(1024 * 1024, "photo");

for (const kind of KINDS) {
  const missing = lacks(kind);
  describe.skipIf(missing !== "")(`${kind}${missing && ` (skipped: no ${missing})`}`, () => {
    let drive: MountedDrive;
    let root: string;
    beforeEach(async () => {
      drive = await mountDrive(kind, kind === "fat32" ? 40 : 16);
      root = join(drive.folder, "photos");
    });
    afterEach(() => drive.remove());

    test("that fills up says so, keeps what it kept, and goes on when there is room", async () => {
      const target = await openTarget(root);
      const kept = await fill(target, FULL[kind]);
      expect(kept.length).toBeGreaterThan(5);
      expect(await readdir(join(root, ".photohaul", "tmp"))).toEqual([]);
      expect(await pathsOf(target)).toEqual(kept);
      for (const path of kept) expect((await readAll(target, path)).equals(MEGABYTE)).toBe(true);
      await rm(join(root, kept[0] ?? ""));
      await rm(join(root, kept[1] ?? ""));
      const [again] = await target.commit([await keeping(target, "again", MEGABYTE)], signal);
      expect(again).toBe("stored");
      await target.close();
    });

    // fusefat loses the file that it should rename into a folder which cannot grow.
    test.skipIf(kind === "fat32")("that is full to the last byte keeps its lists whole", async () => {
      const target = await openTarget(root);
      const batch: Keeping[] = [];
      for (let at = 0; at < 300; at += 1) batch.push(await keeping(target, `n${at}`, `${at}`));
      await fillToTheLastByte(join(drive.folder, "theirs"));
      const trouble = await troubleOf(target.commit(batch, signal));
      // Where the lists still fit into blocks they had, all was kept.
      expect(["full", "Error: it did not throw"]).toContain(trouble);
      const before = await pathsOf(target);
      expect(before.length === 0 || before.length === 300).toBe(true);
      await rm(join(drive.folder, "theirs"));
      const kept = await target.commit(trouble === "full" ? batch : [await keeping(target, "n0", "0")], signal);
      expect(kept.every((one) => one === "stored" || one === "same")).toBe(true);
      await target.close();
      const again = await openTarget(root);
      expect(new Set(await pathsOf(again)).size).toBe(300);
      await again.close();
    });

    // fusefat says no more than that it was refused.
    test.skipIf(kind === "fat32")("that has no room for the lists of photos gives these no names", async () => {
      const target = await openTarget(root);
      const batch: Keeping[] = [];
      for (let at = 0; at < 40; at += 1)
        batch.push(await keeping(target, `${at}.jpg`, Buffer.alloc(150_000, `${at}`), `${at}`.repeat(500)));
      await fillToTheLastByte(join(drive.folder, "theirs"));
      expect(await troubleOf(target.commit(batch, signal))).toBe("full");
      expect((await readdir(root)).filter((name) => name.endsWith(".jpg"))).toEqual([]);
      await rm(join(drive.folder, "theirs"));
      expect(new Set(await target.commit(batch, signal))).toEqual(new Set(["stored"]));
      await target.close();
    });

    test("that is mounted read-only is refused, and can be read", async () => {
      const target = await openTarget(root);
      await target.commit([await keeping(target, "a", "1")], signal);
      await target.close();
      await drive.unmount();
      await drive.mount("ro");
      expect(await troubleOf(openTarget(root))).toBe("read-only");
      const reader = await openTarget(root, { readOnly: true, expectedId: target.id });
      expect(await pathsOf(reader)).toEqual(["a"]);
      expect(await readAll(reader, "a")).toEqual(Buffer.from("1"));
      await reader.close();
    });

    test("that was unmounted and mounted again is the same target", async () => {
      const target = await openTarget(root);
      const mtime = new Date("1975-05-05T05:05:04.000Z");
      const draft = await target.stage(bytesOf("1"), 1, signal);
      await target.commit([{ draft, entry: entryFor("a", "1"), mtime }], signal);
      await target.close();
      await drive.unmount();
      await drive.mount("rw");
      const again = await openTarget(root, { expectedId: target.id });
      expect(again.traits).toEqual(target.traits);
      const { stdout } = await run("stat", ["-c", "%Y", join(root, "a")]);
      const held = Math.max(mtime.getTime(), Date.parse(again.traits.earliestTime));
      expect(Number(stdout) * 1000).toBe(held);
      await again.close();
    });

    test("that vanishes in the middle of a run ends it, and its mount point stays empty", async () => {
      const target = await openTarget(root);
      const keep = await keeping(target, "a/b", "1");
      await run("umount", ["-l", drive.folder]);
      expect(await troubleOf(target.commit([keep], signal))).toBe("wrong-drive");
      expect(await troubleOf(keepOne(target, "a/c", "2"))).toBe("wrong-drive");
      expect(await readdir(drive.folder)).toEqual([]);
      await target.close().catch(() => undefined);
      expect(await troubleOf(openTarget(root, { expectedId: target.id }))).toBe("wrong-drive");
      expect(await readdir(drive.folder)).toEqual([]);
      await drive.mount("rw");
    });

    test.skipIf(kind !== "ext4")("that is pulled out ends the run", async () => {
      const target = await openTarget(root);
      const batch = [await keeping(target, "a/b", MEGABYTE)];
      await drive.pullOut();
      const first = await troubleOf(target.commit(batch, signal));
      expect(["wrong-drive", "read-only"]).toContain(first);
      await target.close();
    });

    // The kernel's ext4 has no driver process that could die.
    test.skipIf(kind === "ext4")("whose driver dies under it ends the run", async () => {
      const target = await openTarget(root);
      const keep = await keeping(target, "a/b", "1");
      await drive.killDriver();
      expect(await troubleOf(target.commit([keep], signal))).toBe("wrong-drive");
      expect(await troubleOf(keepOne(target, "a/c", "2"))).toBe("wrong-drive");
      await target.close();
      expect(await troubleOf(openTarget(root, { expectedId: target.id }))).toBe("wrong-drive");
    });
  });
}

/** Staged and committed: a small photo waits in memory, so it is the drive's affair only then. */
async function keepOne(target: Target, path: string, bytes: string): Promise<void> {
  await target.commit([await keeping(target, path, bytes)], signal);
}

/** Keeps photos of a megabyte until the target is full; answers their paths. */
async function fill(target: Target, full: string): Promise<string[]> {
  const kept: string[] = [];
  for (;;) {
    const path = `folder/${kept.length}.jpg`;
    const trouble = await troubleOf(
      keeping(target, path, MEGABYTE)
        .then((keep) => target.commit([keep], signal))
        .then(() => kept.push(path)),
    );
    if (trouble === "Error: it did not throw") continue;
    expect(trouble).toBe(full);
    return kept;
  }
}

/** To the last block, that is: smaller pieces than any block find no room. */
async function fillToTheLastByte(file: string): Promise<void> {
  for (let size = 1024 * 1024; size >= 512; size /= 2) {
    const piece = Buffer.alloc(size);
    while (await appended(file, piece));
  }
}

async function appended(file: string, piece: Buffer): Promise<boolean> {
  return appendFile(file, piece).then(
    () => true,
    () => false,
  );
}
