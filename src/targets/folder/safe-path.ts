/** Which paths a folder target takes: the last wall before the drive, whatever key and template said. */

import { HaulError } from "../../errors.ts";
import { isPathInside } from "../../path-inside.ts";

/**
 * @returns the path's segments
 * @throws HaulError `name` for a path that is absolute, empty, leads out of the target or into `.photohaul`
 */
export function safeSegments(path: string): string[] {
  if (!isPathInside(path) || (process.platform === "win32" && /[\\:]/.test(path))) {
    throw new HaulError("name", `${JSON.stringify(path)} is not a path inside a target`);
  }
  return path.split("/");
}
