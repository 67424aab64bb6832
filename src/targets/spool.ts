/** Where photos wait on this computer for a target that lies elsewhere, or that they are to be sealed for. */

import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolders } from "../local/files.ts";
import { holdLock, type Lock } from "../local/lock.ts";
import { sweep } from "./begun.ts";
import { Drafts, type DraftsOptions } from "./drafts.ts";
import { fromErrno } from "./folder/errno.ts";

/** Photos up to this size wait in memory: two batches of 256 hold no more than 64 MB. */
export const HELD = 128 * 1024;

/** One process at a time uses it, and so writes to its target from here. */
export interface Spool {
  readonly folder: string;
  readonly drafts: Drafts;
  readonly lock: Lock;
}

/**
 * Opens the folder, made if missing, and takes away what a killed run left there.
 * @param target for messages
 * @param hold photos up to so many bytes wait in memory
 * @param ahead as `DraftsOptions`
 * @throws HaulError `locked`, `full`, `read-only`, `unwritable`
 */
export async function openSpool(
  folder: string,
  target: string,
  hold = 0,
  ahead?: DraftsOptions["ahead"],
): Promise<Spool> {
  let lock: Lock | undefined;
  try {
    makeFolders(folder, 0o700);
    lock = holdLock(join(folder, "lock"), `the target ${target}`);
    await sweep(folder);
  } catch (error) {
    lock?.release();
    throw fromErrno(error, `making room for photos on their way, in ${folder}`);
  }
  const attempt = async <T>(_doing: string, work: () => Promise<T>) => {
    try {
      return await work();
    } catch (error) {
      throw fromErrno(error, `writing a photo on its way to ${folder}`);
    }
  };
  return { folder, drafts: new Drafts({ folder, hold, attempt, ...(ahead && { ahead }) }), lock };
}

/** @param of what tells it from the spools of other targets. @param folder the system's for temporary files where absent */
export function spoolFolder(folder: string | undefined, of: string): string {
  const hash = createHash("sha256").update(of).digest("hex").slice(0, 16);
  return join(folder ?? tmpdir(), `photohaul-spool-${hash}`);
}
