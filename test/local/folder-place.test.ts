import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type FolderPlace,
  mayHide,
  mountedAt,
  mountedBelow,
  mountsIn,
  placeOfFolder,
  relationOf,
} from "../../src/local/folder-place.ts";

const INFO = `22 1 8:1 / / rw - ext4 /dev/sda1 rw
30 22 8:17 / /media/usb rw - ext4 /dev/sdb1 rw
31 22 8:17 / /mnt/again rw - ext4 /dev/sdb1 rw
32 22 8:1 /home/me/photos /bound rw - ext4 /dev/sda1 rw
33 22 0:44 / /mnt/my\\040nas rw - nfs4 nas:/ rw
34 22 8:33 / /media/usb rw - vfat /dev/sdc1 rw
35 22 8:49 / /media/disk rw - ext4 /dev/sdd1 rw
36 22 8:49 /photos /home/me/pictures/disk rw - ext4 /dev/sdd1 rw
37 22 8:1 /srv/shared /media/disk/shared rw - ext4 /dev/sda1 rw
38 22 8:49 / /home/hidden rw - ext4 /dev/sdd1 rw
39 22 8:65 / /home/hidden rw - ext4 /dev/sde1 rw
a line that is none`;

/** As the folder would be where directories tell nothing. */
function placed(path: string): FolderPlace {
  const all = mountsIn(INFO);
  return { path, chain: ["", ""], mounted: mountedAt(path, all), below: mountedBelow(path, all) };
}

describe("a place by its mounts", () => {
  test.each([
    ["/home/me/photos", "/bound", "same"],
    ["/bound/2012", "/home/me/photos", "inside"],
    ["/home/me", "/bound", "around"],
    ["/home/me/photos-2", "/bound", "apart"],
    ["/mnt/again/x", "/media/usb/x", "apart"],
    ["/mnt/my nas/a", "/mnt/my nas", "inside"],
    ["/", "/home", "around"],
    ["/home", "/", "inside"],
    ["/media/disk/photos/copy", "/home/me/pictures", "inside"],
    ["/media/disk", "/home/me/pictures", "inside"],
    ["/media/disk/music", "/home/me/pictures", "apart"],
    ["/home/me/pictures", "/media/disk/photos", "around"],
    ["/media/disk", "/srv", "around"],
    ["/media/disk", "/srv/other", "apart"],
    ["/media/disk/other", "/home/hidden", "apart"],
    ["/media/disk/other", "/home", "apart"],
  ] as const)("%s lies to %s: %s", (a, b, expected) => {
    expect(relationOf(placed(a), placed(b))).toBe(expected);
  });

  test.each([
    ["fuse.sshfs", true],
    ["fuse", true],
    ["fuse.fusefat", false],
    ["fuse.fusefat2", true],
    ["fuseblk", false],
    ["nfs4", true],
    ["ext4", false],
  ])("of type %s lies on another computer, as far as can be told: %s", (type, remote) => {
    expect(mountsIn(`30 22 0:50 / /mnt rw - ${type} what rw`)[0]?.remote).toBe(remote);
  });

  test("only a file system of another computer may hide that two are one", () => {
    expect(mayHide(placed("/home"), placed("/mnt/my nas/x"))).toBe(true);
    expect(mayHide(placed("/home"), placed("/media/usb"))).toBe(false);
  });
});

describe("a folder of this computer", () => {
  let at = "";
  beforeAll(() => {
    at = mkdtempSync(join(tmpdir(), "photohaul-place-"));
    mkdirSync(join(at, "a", "b"), { recursive: true });
    symlinkSync(join(at, "a"), join(at, "link"));
  });
  afterAll(() => rmSync(at, { recursive: true, force: true }));
  const relation = async (a: string, b: string) =>
    relationOf(await placeOfFolder(join(at, a)), await placeOfFolder(join(at, b)));

  test("is known by its links, also where its end is not there yet", async () => {
    expect(await relation("link", "a")).toBe("same");
    expect(await relation("link/new/er", "a")).toBe("inside");
    expect(await relation("a", "link/b")).toBe("around");
    expect(await relation("a/b", "a/new")).toBe("apart");
    expect(await relation("ab", "a")).toBe("apart");
  });
});
