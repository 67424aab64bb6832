/** Files that are their owner's alone: what photohaul remembers names every photo. */

import { closeSync, constants, openSync } from "node:fs";

/**
 * Makes an empty file, mode 0600, where there is none; one that is there already keeps its permissions. SQLite
 * gives its own files beside a database the permissions of the database.
 * @throws errors of the system
 */
export function makePrivate(file: string): void {
  // Not waiting for the other end of a pipe.
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
  closeSync(openSync(file, flags, 0o600));
}
