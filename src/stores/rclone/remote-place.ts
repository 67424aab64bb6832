/** `rclone:REMOTE:PATH`, and how rclone itself writes what lies there. Pure. */

import { HaulError } from "../../errors.ts";
import { keyToPath } from "../http/wire.ts";

export interface RemotePlace {
  /** As people would type it. */
  readonly name: string;
  readonly remote: string;
  /** "" for all of the remote; a slash at its beginning counts. */
  readonly path: string;
  /** What rclone calls the folder. */
  readonly fs: string;
}

/** As rclone's own configuration takes names (fs/fspath). */
const REMOTE = /^[\w\p{L}\p{N}.+@]+(?:[ -]+[\w\p{L}\p{N}.+@-]+)*$/u;

/** @throws HaulError `usage` */
export function remotePlace(typed: string): RemotePlace {
  const [, remote = "", written = ""] = /^rclone:([^:/]*):(?!\/\/)(.*)$/is.exec(typed) ?? [];
  if (!REMOTE.test(remote) || /[\0\r\n]/.test(written)) {
    const says =
      "name a remote of rclone's own configuration and a folder in it, as in rclone:dropbox:Photos (`rclone listremotes` shows them, `rclone config` makes one); options and passwords belong in there";
    // What is no name may hold options, and a password among them.
    const shown = /[,=]/.test(typed) ? "rclone:…" : typed;
    throw new HaulError("usage", `${shown}: ${says}`);
  }
  const path = /^\/+$/.test(written) ? "/" : written.replace(/\/+$/, "");
  return { name: `rclone:${remote}:${path}`, remote, path, fs: `${remote}:${path}` };
}

/** What rclone calls a folder below it; "" for itself. */
export function folderBelow({ fs }: RemotePlace, folder: string): string {
  if (folder === "") return fs;
  return /[:/]$/.test(fs) ? fs + folder : `${fs}/${folder}`;
}

/** Where its remote control gives the bytes of a file. The folder stands in brackets there, so none may be in it. */
export function bytesPath({ remote, path }: RemotePlace, key: string): string {
  const at = path.indexOf("]");
  const from = at < 0 ? path.length : path.lastIndexOf("/", at) + 1;
  const [above, rest] = [path.slice(0, from), path.slice(from)];
  return `/%5B${keyToPath(`${remote}:${above}`).replaceAll(":", "%3A")}%5D/${keyToPath(rest === "" ? key : `${rest}/${key}`)}`;
}
