/** A name where a file is expected may lead to a pipe, which is waited for without end, or to a device, which has none. */

import { type Stats, statSync } from "node:fs";
import { HaulError } from "../errors.ts";

/**
 * Looks through links. Nothing at all may have the name, and what cannot be looked at is for whoever opens it to tell.
 * @param what names it for people: "the layout file x.toml"
 * @param orFolder true to leave a folder to whoever opens it as well
 * @throws HaulError `usage`
 */
export function mustBeFile(what: string, file: string, orFolder = false): void {
  const found = whatLiesAt(file);
  if (found === null || found.isFile() || (orFolder && found.isDirectory())) return;
  throw new HaulError("usage", `${what} is ${kindOf(found)}, and no file`);
}

function whatLiesAt(file: string): Stats | null {
  try {
    return statSync(file);
  } catch {
    return null;
  }
}

/** What something is that is no file, for people. */
export function kindOf(found: Pick<Stats, "isDirectory" | "isFIFO" | "isSocket" | "isSymbolicLink">): string {
  if (found.isDirectory()) return "a folder";
  if (found.isSymbolicLink()) return "a link";
  if (found.isFIFO()) return "a pipe";
  return found.isSocket() ? "a socket" : "a device";
}
