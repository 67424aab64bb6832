/** Which targets there are: what was typed → the target. A new kind is one line here. */

import { HaulError } from "../errors.ts";
import { openFolderTarget } from "./folder/folder-medium.ts";
import type { FolderOptions } from "./folder/open-folder.ts";
import type { S3TargetOptions } from "./s3.ts";
import type { SwiftTargetOptions } from "./swift.ts";
import type { Target } from "./target.ts";

/** What the command line says about a target; what does not concern its kind is passed over. */
export interface TargetOptions extends FolderOptions, S3TargetOptions, SwiftTargetOptions {}

const LATER = ["sftp", "tahoe", "rclone"];

/**
 * Opens a target: a folder, `s3://bucket[/prefix]` or `swift://container[/prefix]`.
 * @throws HaulError `usage` for a kind that this version does not write to; what opening throws
 */
export async function openTarget(url: string, options: TargetOptions = {}): Promise<Target> {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme !== undefined && LATER.includes(scheme)) {
    throw new HaulError("usage", `${url}: targets of this kind come in a later version`);
  }
  if (scheme === "s3") {
    const { openS3 } = await import("./s3.ts");
    return openS3(url.slice("s3://".length), options);
  }
  if (scheme === "swift") {
    const { openSwift } = await import("./swift.ts");
    return openSwift(url.slice("swift://".length), options);
  }
  if (url === "") throw new HaulError("usage", "the name of a target is empty");
  return openFolderTarget(url, options);
}
