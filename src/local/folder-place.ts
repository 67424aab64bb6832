/**
 * Where a folder is, however it is named: through links, by a bind mount, or on a drive that is mounted twice. Two
 * names are of one place when they lead to one path, to one directory (device, inode and birth time), or to one path
 * of one file system, as /proc/self/mountinfo tells (proc(5)); elsewhere than on Linux the first two decide. A path is
 * spelled as its folders list it, and what is mounted or bound below a folder lies in it, whatever else it is called.
 */

import { readFile, readlink, realpath, stat } from "node:fs/promises";
import { dirname, join, parse, resolve } from "node:path";
import { asListed } from "./listed-name.ts";

export interface FolderPlace {
  /** Absolute, links resolved as far as it exists, and spelled as its folders list it. */
  readonly path: string;
  /** The directory itself ("" where it does not exist yet), and each one above it. */
  readonly chain: readonly string[];
  /** The path within its file system; null where the system does not tell. */
  readonly mounted: Mounted | null;
  /** What is mounted below it. */
  readonly below: readonly Mounted[];
}

interface Mounted {
  /** `major:minor`; of a file system in a file of this computer, which may be mounted more than once, that file. */
  readonly device: string;
  /** What is mounted, such as `/dev/sdb1`. */
  readonly source: string;
  /** As the kernel names the file system: `ext4`, `fuseblk`. */
  readonly type: string;
  readonly path: string;
  /** True for file systems whose bytes lie elsewhere: their device says nothing of which they are. */
  readonly remote: boolean;
}

/** How a place lies to another one; `meets` where one folder is mounted below both. */
export type Relation = "apart" | "same" | "inside" | "around" | "meets";

/** Of a folder that may not be there yet. @throws errors of the system */
export async function placeOfFolder(folder: string): Promise<FolderPlace> {
  const all = await mounts();
  const found = await resolved(resolve(folder));
  const path = await asListed(found, nearestMount(found, all)?.point ?? parse(found).root);
  const chain: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    chain.push(await directoryAt(at));
    if (dirname(at) === at) break;
  }
  return { path, chain, mounted: mountedAt(path, all), below: mountedBelow(path, all) };
}

/** How `a` lies to `b`. */
export function relationOf(a: FolderPlace, b: FolderPlace): Relation {
  if (holds(b, a)) return holds(a, b) ? "same" : "inside";
  if (holds(a, b)) return "around";
  if (a.mounted !== null && meet(b.below, [a.mounted])) return "inside";
  if (b.mounted !== null && meet(a.below, [b.mounted])) return "around";
  return meet(a.below, b.below) ? "meets" : "apart";
}

/** True where one shows what another shows, or a part of it. */
function meet(some: readonly Mounted[], others: readonly Mounted[]): boolean {
  return some.some((a) =>
    others.some((b) => a.device === b.device && (isBelow(a.path, b.path) || isBelow(b.path, a.path))),
  );
}

/** True where two folders are one, or nobody can tell, as both lie on file systems of other computers. */
export function mayBeOne(a: FolderPlace, b: FolderPlace): boolean {
  return relationOf(a, b) === "same" || (a.mounted?.remote === true && b.mounted?.remote === true);
}

/** True where one of them lies on a file system of another computer, of which one directory may look like two. */
export function mayHide(a: FolderPlace, b: FolderPlace): boolean {
  return a.mounted?.remote === true || b.mounted?.remote === true;
}

/** True where `inner` is `outer`, or lies in it. */
function holds(outer: FolderPlace, inner: FolderPlace): boolean {
  const [own = ""] = outer.chain;
  if (isBelow(inner.path, outer.path) || (own !== "" && inner.chain.includes(own))) return true;
  const [to, of] = [inner.mounted, outer.mounted];
  return to !== null && to.device === of?.device && isBelow(to.path, of.path);
}

function isBelow(path: string, folder: string): boolean {
  if (!path.startsWith(folder)) return false;
  return path === folder || /[/\\]$/.test(folder) || /[/\\]/.test(path[folder.length] ?? "");
}

/** As many links as the system follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** What exists of it by its real name, and the rest as it stands; a link into nothing is where it leads. */
async function resolved(path: string, links = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (dirname(path) === path) throw error;
    const to = links < MOST_LINKS ? await readlink(path).catch(() => null) : null;
    if (to !== null) return await resolved(resolve(dirname(path), to), links + 1);
    return join(await resolved(dirname(path), links), path.slice(dirname(path).length).replace(/^\//, ""));
  }
}

/** An inode alone may be another's too, where a virtual machine is given several drives as one. */
async function directoryAt(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found === null ? "" : `${found.dev} ${found.ino} ${found.birthtimeNs}`;
}

interface Mount extends Mounted {
  readonly point: string;
  readonly writable: boolean;
}

async function mounts(): Promise<readonly Mount[]> {
  return Promise.all(mountsIn(await readMountinfo()).map(inItsFile));
}

/** "" where the system has none. */
export function readMountinfo(): Promise<string> {
  return readFile("/proc/self/mountinfo", "utf8").catch(() => "");
}

/** A program (FUSE) may mount what lies in a file or on a drive of this computer: that tells which file system it is. */
async function inItsFile(mount: Mount): Promise<Mount> {
  if (!mount.remote || !mount.source.startsWith("/")) return mount;
  const found = await stat(mount.source).catch(() => null);
  if (found?.isBlockDevice() === true) return { ...mount, remote: false };
  if (found?.isFile() !== true) return mount;
  return { ...mount, remote: false, device: `file ${found.dev} ${found.ino}` };
}

/** What these programs mount lies in a file or on a drive of this computer, though they do not all say in which. */
const NEAR = "fusefat|fuse2fs|fuse-ext2|exfat|exfat-fuse|ntfs|ntfs-3g|apfs|apfs-fuse|hfsfuse|lklfuse";
const REMOTE = new RegExp(
  `^(nfs\\d?|cifs|smb\\d?|smbfs|9p|virtiofs|fuse|fuse\\.(?!(?:${NEAR})$).*|afs|ceph|glusterfs|davfs|vboxsf|prl_fs|vmhgfs)$`,
);

/** The mounts of a mountinfo, in their order: `36 35 98:0 /root /point opts - ext4 …`. */
export function mountsIn(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [, , device, root, point, options = ""] = line.split(" ");
    const [type = "", source = ""] = (line.split(" - ")[1] ?? "").split(" ");
    if (device === undefined || root === undefined || point === undefined) return [];
    return [
      {
        device,
        source: plainMountPath(source),
        type,
        path: plainMountPath(root),
        point: plainMountPath(point),
        remote: REMOTE.test(type),
        writable: options.split(",").includes("rw"),
      },
    ];
  });
}

/** The last mount whose point is nearest above a path is the one that is seen there. */
function nearestMount(path: string, all: readonly Mount[]): Mount | null {
  let nearest: Mount | null = null;
  for (const mount of all) {
    if (!isBelow(path, mount.point)) continue;
    if (nearest === null || mount.point.length >= nearest.point.length) nearest = mount;
  }
  return nearest;
}

export function mountedAt(path: string, all: readonly Mount[]): Mounted | null {
  const nearest = nearestMount(path, all);
  if (nearest === null) return null;
  const { device, source, type, remote, point } = nearest;
  return { device, source, type, remote, path: join(nearest.path, path.slice(point.length)) };
}

/** What is mounted below a path and can be seen there. */
export function mountedBelow(path: string, all: readonly Mount[]): Mounted[] {
  return all.filter(
    (mount) =>
      mount.point !== path &&
      isBelow(mount.point, path) &&
      all.findLast(({ point }) => point === mount.point) === mount,
  );
}

/** A path of mountinfo or of an fstab, in which `\040` is a blank (proc(5), fstab(5)). */
export function plainMountPath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
