/** Which rclone is asked: found, new enough, and told nothing that would leave photos out. */

import { execFile } from "node:child_process";
import { HaulError } from "../../errors.ts";
import { fromOutside } from "../../secrets.ts";
import type { Env } from "./tied-process.ts";

/** Before it the remote control had holes: thirty advisories were answered in 2026. */
const OLDEST = [1, 75, 2] as const;
const GET_IT =
  "Install it from https://rclone.org/downloads (or your system's package, where that is new enough), or name the program with --rclone PATH.";
/** How long it may take to say its version, in milliseconds. */
const VERSION_MS = 20_000;

/** Variables by which rclone would leave files out, pretend to work, or be reached in another way. */
const ELSEWHERE =
  /^RCLONE_(RC(_.*)?|EXCLUDE.*|INCLUDE.*|FILTER.*|FILES_FROM.*|MIN_.*|MAX_(AGE|SIZE|DEPTH|TRANSFER|DURATION|DELETE.*)|DRY_RUN|INTERACTIVE|HASH_FILTER|METADATA_(EXCLUDE|INCLUDE|FILTER).*|IGNORE_.*|IMMUTABLE|UPDATE|SIZE_ONLY|CHECKSUM|INPLACE|NO_CHECK_DEST|NO_TRAVERSE|CUTOFF_MODE|COMPARE_DEST|COPY_DEST|BACKUP_DIR|SUFFIX.*|LOG_.*|USE_JSON_LOG|SYSLOG.*|VERBOSE|QUIET|ASK_PASSWORD|NO_UNICODE_NORMALIZATION)$/;

export function environmentOf(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ELSEWHERE.test(name)));
}

/** @throws HaulError `usage` where it is not there, does not run, or is too old; `interrupted` */
export async function mustBeNew(program: string, signal: AbortSignal): Promise<void> {
  if (process.platform === "win32") {
    throw new HaulError("usage", "rclone: places are not for Windows yet: rclone is asked over a socket of Unix");
  }
  const text = await versionOf(program, signal);
  const [, ...found] = (/^rclone v(\d+)\.(\d+)\.(\d+)/m.exec(text) ?? []).map(Number);
  if (found.length === 0) {
    throw new HaulError("usage", `${program} is no rclone: asked for its version it said “${fromOutside(text, 80)}”`, {
      hint: GET_IT,
    });
  }
  if (isOlder(found)) {
    const says = `${program} is rclone ${found.join(".")}, and photohaul wants ${OLDEST.join(".")} or newer: before that its remote control had holes`;
    throw new HaulError("usage", says, { hint: GET_IT });
  }
}

function isOlder(found: readonly number[]): boolean {
  const at = OLDEST.findIndex((number, place) => found[place] !== number);
  return at >= 0 && (found[at] ?? 0) < (OLDEST[at] ?? 0);
}

function versionOf(program: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: VERSION_MS, env: environmentOf(process.env), signal, killSignal: "SIGKILL" as const };
    execFile(program, ["version"], options, (error, stdout, stderr) => {
      if (signal.aborted) return reject(new HaulError("interrupted", "interrupted"));
      if (error === null || stdout !== "") return resolve(stdout);
      const why = error.code === "ENOENT" ? "it is not installed" : fromOutside(stderr || error.message, 120);
      const says = `rclone: places are reached through rclone, and ${program} cannot be run: ${why}`;
      reject(new HaulError("usage", says, { cause: error, hint: GET_IT }));
    });
  });
}
