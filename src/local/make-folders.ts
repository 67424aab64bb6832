/** Folders of this computer, made where they are missing. */

import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * As `mkdir -p`. Node's own (`recursive`) tries for ever where a file system says of what it will not make that its parent
 * is missing, as /proc does (a HOME below it).
 * @param mode of those that are made
 * @throws what mkdir throws
 */
export function makeFolders(path: string, mode = 0o777): void {
  if (isFolder(path)) return;
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (isFolder(path)) return;
    const above = dirname(path);
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isMissing || isFolder(above)) throw error;
    makeFolders(above, mode);
    makeFolders(path, mode);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
