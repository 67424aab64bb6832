/**
 * The name by which a folder lists what was found under another spelling. Where names fold (exFAT, FAT, a Mac's disk, a
 * NAS), `Photos` and `photos` are one folder; some drivers, those of FUSE above all, give each spelling an inode of its
 * own, so only a listing tells. Spellings are tried first: a folder is listed only where another one leads somewhere.
 */

import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** What is asked of a file system. */
export interface Folders {
  /** True where something is found under a path. */
  has(path: string): Promise<boolean>;
  /** Of what lies in a folder; empty where that cannot be read. */
  names(folder: string): Promise<readonly string[]>;
}

const SYSTEM: Folders = {
  has: (path) =>
    lstat(path).then(
      () => true,
      () => false,
    ),
  names: (folder) => readdir(folder).catch(() => []),
};

/**
 * @param path below `above`, with what is not there yet
 * @param above a folder whose own spelling is known, such as a mount point
 * @returns the path as its folders list it; what is not there yet in lower case, where names of its folder fold
 */
export async function asListed(path: string, above: string, folders: Folders = SYSTEM): Promise<string> {
  let at = above;
  const left = path.slice(above.length).split(/[/\\]/).filter(Boolean);
  for (let name = left[0]; name !== undefined; name = left[0]) {
    if (!(await folders.has(join(at, name)))) break;
    at = join(at, await listedName(at, name, folders));
    left.shift();
  }
  const folds = left.length > 0 && (await isFolding(at, folders));
  return join(at, ...(folds ? left.map(foldedName) : left));
}

async function listedName(folder: string, name: string, folders: Folders): Promise<string> {
  if (!(await isFoundOtherwise(folder, name, folders))) return name;
  const names = await folders.names(folder);
  if (names.includes(name)) return name;
  return names.find((listed) => foldedName(listed) === foldedName(name)) ?? name;
}

/** So many names are tried of a folder: one that can be spelled otherwise tells. */
const TRIED = 20;

async function isFolding(folder: string, folders: Folders): Promise<boolean> {
  const names = await folders.names(folder);
  for (const name of names.slice(0, TRIED)) {
    const others = spellings(name).filter((other) => !names.includes(other));
    for (const other of others) if (await folders.has(join(folder, other))) return true;
  }
  return false;
}

async function isFoundOtherwise(folder: string, name: string, folders: Folders): Promise<boolean> {
  for (const other of spellings(name)) if (await folders.has(join(folder, other))) return true;
  return false;
}

/** Others than its own. */
function spellings(name: string): string[] {
  const all = [name.toUpperCase(), name.toLowerCase(), name.normalize("NFC"), name.normalize("NFD")];
  return [...new Set(all)].filter((other) => other !== name);
}

function foldedName(name: string): string {
  return name.normalize("NFC").toLowerCase().toUpperCase().toLowerCase();
}
