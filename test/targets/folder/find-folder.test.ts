import { expect, test } from "vitest";
import { isUnmounted, mountPointsIn } from "../../../src/targets/folder/find-folder.ts";

const FSTAB = `# <file system> <mount point> <type> <options> <dump> <pass>
UUID=1 / ext4 errors=remount-ro 0 1
UUID=2 none swap sw 0 0
  # /dev/sdz1 /old ext4 defaults 0 0
UUID=3\t/srv/my\\040photos exfat nofail 0 0
//nas/photos /home/me/nas/ cifs credentials=/root/nas 0 0
`;
const points = mountPointsIn(FSTAB);

test("fstab names where drives are mounted", () => {
  expect(points).toEqual(["/srv/my photos", "/home/me/nas"]);
  expect(mountPointsIn("")).toEqual([]);
});

test.each([
  ["/media/usb", true],
  ["/media/me/usb/photos", true],
  ["/run/media/me/usb", true],
  ["/mnt/usb", true],
  ["/Volumes/USB", true],
  ["/srv/my photos", true],
  ["/home/me/nas", true],
  ["/home/me/nas/2012", true],
  ["/media", false],
  ["/mediathek", false],
  ["/srv/my photos of 2012", false],
  ["/home/me/photos", false],
  ["/tmp/mnt/usb", false],
])("an empty folder of the system's disk at %s: the place of a drive that is not mounted: %s", (path, is) => {
  expect(isUnmounted({ path, empty: true, onSystemDisk: true }, points)).toBe(is);
  expect(isUnmounted({ path, empty: false, onSystemDisk: true }, points)).toBe(false);
  expect(isUnmounted({ path, empty: true, onSystemDisk: false }, points)).toBe(false);
});
