/** The file in which the checks of one copy of a target are remembered. */

import { existsSync } from "node:fs";
import { renameDatabase } from "../catalogue/database-file.ts";
import type { Process } from "../run/command.ts";
import type { Target } from "../targets/target.ts";
import { checkLogFile } from "./catalogue-file.ts";

/** The log of an earlier version, which knew no copies, is that of the first copy that is verified. */
export function checkLogOf(
  { id, location }: Pick<Target, "id" | "location">,
  { env, platform }: Pick<Process, "env" | "platform">,
): string {
  const file = checkLogFile(env, platform, id, location);
  if (!existsSync(file)) renameDatabase(checkLogFile(env, platform, id, null), file);
  return file;
}
