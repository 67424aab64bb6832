/** Which paths a folder target takes: the last wall before the drive, whatever key and template said. */

import { HaulError } from "../../errors.ts";

export const HOME = ".photohaul";

/**
 * @returns the path's segments
 * @throws HaulError `name` for a path that is absolute, empty, leads out of the target or into `.photohaul`
 */
export function insideSegments(path: string): string[] {
  const segments = path.split("/");
  const hostile =
    path.includes("\0") ||
    segments.some((segment) => segment === "" || segment === "." || segment === "..") ||
    segments[0]?.normalize("NFC").toLowerCase() === HOME ||
    (process.platform === "win32" && /[\\:]/.test(path));
  if (hostile) {
    throw new HaulError("name", `${JSON.stringify(path)} is not a path inside a target`);
  }
  return segments;
}
