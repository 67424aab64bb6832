/** Where the catalogue of a source lies when nobody says otherwise. */

import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

import type { Location } from "../catalogue/target-memory.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * One file per source: in the XDG state folder, on Windows in LOCALAPPDATA. The endpoint belongs to the
 * source's identity, as buckets of two services may have one name; a slash at the end of either says nothing.
 * That of a Swift is where it is signed in to.
 * @returns an absolute path such as `~/.local/state/photohaul/s3-photos-2012-1a2b3c4d.sqlite`
 */
export function catalogueFile(env: Env, platform: NodeJS.Platform, source: string, endpoint: string | null): string {
  const name = sourceName(source);
  const place = endpoint ?? (/^swift:/i.test(source) ? swiftAddress(env) : null);
  const identity = place === null ? name : `${name} at ${place.replace(/\/+$/, "")}`;
  const hash = createHash("sha256").update(identity).digest("hex").slice(0, 8);
  const words = source
    .replaceAll(/[^0-9A-Za-z]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 60);
  return join(stateFolder(env, platform), `${words}-${hash}.sqlite`);
}

/** The name of a source, however it is spelled: a folder by its whole path, a bucket without a slash at its end. */
export function sourceName(source: string): string {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) return resolve(source);
  return source.replace(/^((?:s3|swift):\/\/[^/]+)\/+$/i, "$1");
}

function swiftAddress(env: Env): string | null {
  return env.ST_AUTH || env.OS_AUTH_URL || env.OS_STORAGE_URL || null;
}

/**
 * What is remembered of the checks of a target, beside the catalogues; named by the id in its target.json and by where
 * it lies, as a clone has the same id.
 * @param location null for the name that earlier versions gave, which knew no clones
 */
export function checkLogFile(env: Env, platform: NodeJS.Platform, id: string, location: Location | null): string {
  // The number of a device is another one after each start of the computer.
  const holder = location?.holder.replace(/^device:.*/, "") ?? "";
  const hash = createHash("sha256").update(`${holder} ${location?.within}`).digest("hex").slice(0, 8);
  const name = id.replaceAll(/[^\w-]/g, "_") + (location === null ? "" : `-${hash}`);
  return join(stateFolder(env, platform), "checks", `${name}.sqlite`);
}

/** Where catalogues lie when nobody says otherwise. */
export function stateFolder(env: Env, platform: NodeJS.Platform): string {
  const home = env.HOME ?? homedir();
  const windows = platform === "win32" ? env.LOCALAPPDATA : undefined;
  const base = env.XDG_STATE_HOME || windows || join(home, ".local", "state");
  return resolve(base, "photohaul");
}
