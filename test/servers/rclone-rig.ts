/** Remotes of a real rclone, each made of this computer or of a server on it, looked at through rclone itself. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isPlainPath } from "../../src/key.ts";
import { openSource } from "../../src/stores/all.ts";
import { Rclone } from "../../src/stores/rclone/rclone-daemon.ts";
import { mustBeNew } from "../../src/stores/rclone/rclone-program.ts";
import { bytesPath, remotePlace } from "../../src/stores/rclone/remote-place.ts";
import { openTarget, type TargetOptions } from "../../src/targets/all.ts";
import type { SourceRig } from "../contract/source-rig.ts";
import type { TargetRig } from "../contract/target-rig.ts";
import type { Running } from "./start.ts";

const signal = new AbortController().signal;
const OURS =
  /^\.photohaul\/(target(~\d+)?\.json|README(~\d+)?\.txt|probe-é|manifest-\d{6}(~\d+)?\.ndjson|SHA256SUMS-\d{6}(~\d+)?)$/;

/** Where `.ci/install-rclone` puts it, beside the system's own. */
export const INSTALLED = "/usr/local/lib/photohaul/rclone/usr/bin/rclone";

/** A program that is new enough; or why there is none. */
export async function findRclone(): Promise<{ readonly program: string } | { readonly absent: string }> {
  const named = process.env.PHOTOHAUL_TEST_RCLONE;
  const program = named ?? (existsSync(INSTALLED) ? INSTALLED : "rclone");
  try {
    await mustBeNew(program, new AbortController().signal);
    return { program };
  } catch (error) {
    const absent = `no rclone that is new enough (.ci/install-rclone): ${error instanceof Error ? error.message : ""}`;
    if (process.env.CI) throw new Error(absent, { cause: error });
    console.warn(`skipped: ${absent}`);
    return { absent };
  }
}

export interface Remotes {
  readonly folder: string;
  readonly program: string;
  close(): void;
}

/** A configuration of its own, with these sections besides; the variable RCLONE_CONFIG names it meanwhile. */
export function makeRemotes(program: string, more = ""): Remotes {
  const folder = mkdtempSync(join(tmpdir(), "photohaul-remotes-"));
  for (const name of ["local", "sealed", "one", "two"]) mkdirSync(join(folder, name));
  const password = execFileSync(program, ["obscure", "a password"], { encoding: "utf8" }).trim();
  const config = `
[local]
type = alias
remote = ${folder}/local

[memory]
type = memory

[sealed]
type = crypt
remote = ${folder}/sealed
password = ${password}

[union]
type = union
upstreams = ${folder}/one ${folder}/two

[blind]
type = local
encoding = Slash,LtGt,DoubleQuote,Colon,Question,Asterisk,Pipe,BackSlash,Ctl,RightSpace,RightPeriod,Dot
${more}`;
  writeFileSync(join(folder, "rclone.conf"), config);
  const before = process.env.RCLONE_CONFIG;
  process.env.RCLONE_CONFIG = join(folder, "rclone.conf");
  return {
    folder,
    program,
    close() {
      if (before === undefined) delete process.env.RCLONE_CONFIG;
      else process.env.RCLONE_CONFIG = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The section of a server with SFTP, as `sftp:`; a digest would be a shell on the server for each file. */
export function sftpRemote({ endpoint, ssh = "" }: Running): string {
  const { hostname, port, username } = new URL(endpoint);
  return `
[sftp]
type = sftp
host = ${hostname}
port = ${port}
user = ${username}
key_file = ${ssh}/id_ed25519
known_hosts_file = ${ssh}/known_hosts
disable_hashcheck = true
`;
}

let rigs = 0;
let puts = 0;

/** An empty folder of a remote, past photohaul. @param remote with what stands before the folder: `sftp:`, `blind:/mnt/` */
async function behind({ program, folder }: Remotes, remote: string) {
  rigs += 1;
  const address = `rclone:${remote}rig-${rigs}`;
  const place = remotePlace(address);
  const { fs } = place;
  const rclone = Rclone.share(program);
  const asked = { kind: "write" as const, name: address };
  const call = (verb: string, input: Readonly<Record<string, unknown>>) => rclone.call({ verb, input, asked }, signal);
  await call("operations/mkdir", { fs, remote: "" });
  return {
    address,
    async put(key: string, bytes: string | Buffer) {
      const file = join(folder, "put");
      await writeFile(file, bytes);
      // SFTP tells times in seconds: what is put over another is a second apart, as a rule.
      puts += 1;
      const seconds = Math.floor(Date.now() / 1000) - 20 + (puts % 40);
      await utimes(file, seconds, seconds);
      await call("operations/copyfile", { srcFs: folder, srcRemote: "put", dstFs: fs, dstRemote: key });
    },
    remove: (key: string) => call("operations/deletefile", { fs, remote: key }),
    async read(key: string): Promise<Buffer | null> {
      const answer = await rclone
        .get(bytesPath(place, key), "", { ...asked, kind: "object" }, signal)
        .catch(() => null);
      if (answer === null) return null;
      const parts: Uint8Array[] = [];
      for await (const part of answer.body) parts.push(part);
      return Buffer.concat(parts);
    },
    async time(key: string): Promise<Date | null> {
      const answer = await call("operations/stat", { fs, remote: key, opt: { filesOnly: true } });
      const { item }: { item?: { ModTime?: string } | null } = answer as object;
      return item?.ModTime === undefined ? null : new Date(item.ModTime);
    },
    async names(below: string): Promise<string[]> {
      const input = { fs, remote: below, opt: { recurse: true, filesOnly: true } };
      const { list = [] }: { list?: { Path: string }[] } = (await call("operations/list", input)) as object;
      return list.map(({ Path }) => Path);
    },
    close: () => rclone.giveBack(),
  };
}

/** What most remotes hold as it stands: rclone writes other characters as look-alikes, and takes those for them. */
const PLAIN = /^[^\p{Cc}\ufffd\uef80-\uefff]*$/u;

export async function remoteSourceRig(remotes: Remotes, remote: string): Promise<SourceRig> {
  const place = await behind(remotes, remote);
  const sealed = remote === "sealed:";
  return {
    put: (key, bytes) => place.put(key, bytes),
    remove: async (key) => void (await place.remove(key)),
    open: () => openSource(place.address, { rclone: remotes.program, pageKeys: 7 }),
    takes: (key) =>
      isPlainPath(key) &&
      PLAIN.test(key) &&
      Buffer.byteLength(key) <= (sealed ? 240 : 1024) &&
      key.split("/").every((part) => Buffer.byteLength(part) <= (sealed ? 140 : 255)),
    close: place.close,
  };
}

export async function remoteTargetRig(remotes: Remotes, remote: string): Promise<TargetRig & { address: string }> {
  const place = await behind(remotes, remote);
  const spool = await mkdtemp(join(tmpdir(), "photohaul-target-"));
  const planted = new Set<string>();
  return {
    address: place.address,
    open: (more: TargetOptions = {}) => openTarget(place.address, { spool, rclone: remotes.program, ...more }),
    read: (path) => place.read(path),
    // What lay there before keeps the time that it has: rclone would have to write it anew.
    mtime: async (path) => (planted.has(path) ? null : place.time(path)),
    async plant(path, bytes) {
      planted.add(path);
      await place.put(path, bytes);
    },
    async debris() {
      const files = await readdir(spool, { recursive: true });
      const there = await place.names("").catch(() => []);
      return [
        ...there.filter((path) => path.startsWith(".photohaul/") && !OURS.test(path)),
        ...files.filter((file) => file.endsWith(".part")),
      ];
    },
    async close() {
      await place.close();
      await rm(spool, { recursive: true, force: true });
    },
  };
}
