/** A folder of a server that speaks SFTP, looked at from behind: as what a source reads, and as the place of a target. */

import { lstat, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type SftpServer, type SftpServerOptions, startSftp } from "../../fixtures/sftp/server.ts";
import { encodeKey } from "../../src/key.ts";
import { openSource } from "../../src/stores/all.ts";
import { openTarget } from "../../src/targets/all.ts";
import type { SourceRig } from "./source-rig.ts";
import type { TargetRig } from "./target-rig.ts";

/** A server that runs. */
export interface SftpRunning {
  /** `sftp://user@host:port` */
  readonly url: string;
  /** Has the key that it lets in, and its own in known_hosts. */
  readonly sshFolder: string;
}

/** What the server can be told to be slow, or to break, in. */
const STALL_MS = 5_000;

export interface SftpRig extends SourceRig {
  readonly folder: string;
}

/** @param running where the files of this computer are to be seen */
export async function sftpRig({ url, sshFolder }: SftpRunning): Promise<SftpRig> {
  const folder = await mkdtemp(join(tmpdir(), "photohaul-sftp-"));
  const pathOf = (key: string) => Buffer.concat([Buffer.from(`${folder}/`), encodeKey(key)]);
  let puts = 0;
  return {
    folder,
    async put(key, bytes) {
      const path = pathOf(key);
      await mkdir(path.subarray(0, path.lastIndexOf("/")), { recursive: true });
      await writeFile(path, bytes);
      // SFTP 3 tells times in seconds: what is put over another is not of the same one.
      puts += 1;
      const time = Date.now() / 1000 - 30 + (puts % 30);
      await utimes(path, time, time);
    },
    remove: (key) => rm(pathOf(key)),
    open: () => openSource(`${url}${folder}`, { sshFolder, stallMs: STALL_MS }),
    takes: (key) => {
      const segments = key.split("/");
      const plain = segments.every((name) => name !== "" && name !== "." && name !== "..");
      return plain && !key.includes("\0") && segments.every((name) => encodeKey(name).length <= 255);
    },
    close: () => rm(folder, { recursive: true }),
  };
}

export interface SftpTargetRig extends TargetRig {
  readonly root: string;
  readonly spool: string;
}

const OURS = /^(target\.json|README\.txt|probe-é|tmp|manifest-\d{6}\.ndjson|SHA256SUMS-\d{6})$/;

/** An empty folder of a server, that is not there yet. */
export async function sftpTargetRig({ url, sshFolder }: SftpRunning, times = true): Promise<SftpTargetRig> {
  const around = await mkdtemp(join(tmpdir(), "photohaul-sftp-"));
  const [root, spool] = [join(around, "photos"), join(around, "spool")];
  return {
    root,
    spool,
    open: (options = {}) => openTarget(`${url}${root}`, { sshFolder, spool, stallMs: STALL_MS, ...options }),
    read: (path) => readFile(join(root, path)).catch(() => null),
    mtime: async (path) => (times ? (await lstat(join(root, path))).mtime : null),
    async plant(path, bytes) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), bytes);
    },
    async debris() {
      const home = await readdir(join(root, ".photohaul"));
      const drafts = await readdir(join(root, ".photohaul", "tmp"));
      const files = await readdir(spool, { recursive: true });
      const waiting = files.filter((file) => /\.(part|upload)$/.test(file));
      return [...home.filter((name) => !OURS.test(name)), ...drafts, ...waiting];
    },
    close: () => rm(around, { recursive: true, force: true }),
  };
}

/** A server of our own as a source. */
export async function embeddedSource(
  options: SftpServerOptions = {},
): Promise<SftpRig & { readonly server: SftpServer }> {
  const server = await startSftp(options);
  return closing(server, await sftpRig(server));
}

/** A server of our own as a target. */
export async function embeddedTarget(
  options: SftpServerOptions = {},
): Promise<SftpTargetRig & { readonly server: SftpServer }> {
  const server = await startSftp(options);
  return closing(server, await sftpTargetRig(server, options.features?.clockless !== true));
}

function closing<R extends { close(): Promise<void> }>(
  server: SftpServer,
  rig: R,
): R & { readonly server: SftpServer } {
  const close = async () => {
    await rig.close();
    await server.close();
  };
  return { ...rig, server, close };
}
