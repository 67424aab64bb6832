/** What is done with files on a server besides reading and putting them: tried out, dated, renamed, swept. */

import { createHash, randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { stopIf } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import { encodeKey } from "../../key.ts";
import { createLoopGuard } from "../listing-guards.ts";
import type { Disk, FileAbilities, StoreFiles } from "../store.ts";
import { secondsOf } from "./put-file.ts";
import type { RemoteTree } from "./remote-tree.ts";
import { type AheadPlace, SentAhead } from "./sent-ahead.ts";
import type { SftpLine } from "./sftp-line.ts";
import { kindOf, OPEN, STATUS, timeAttrs } from "./sftp-packets.ts";
import { isMissing, isStatus, readTrouble } from "./sftp-trouble.ts";
import type { SftpWire } from "./sftp-wire.ts";

/** Where files lie until they have their names. */
export const TEMPORARY = ".photohaul/tmp";
/** What a server can that was not tried out: what OpenSSH can. */
export const UNTRIED_FILES: FileAbilities = { rename: "spares", fsync: true, times: true };

/** Names begin with what tells this computer, so that no other sweeps them away while they are written. */
const HERE = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const OURS = /^([0-9a-f]{8})-[0-9a-f]{16}\.part$/;
/** After so long nobody writes it any more, in milliseconds. */
const ABANDONED_MS = 14 * 86_400_000;
/** 2001, which every drive can hold. */
const ANY = 1_000_000_000;

export function temporaryName(): string {
  return `${HERE}-${randomBytes(8).toString("hex")}.part`;
}

export class RemoteFiles implements StoreFiles {
  can = UNTRIED_FILES;
  readonly #line: SftpLine;
  readonly #tree: RemoteTree;
  readonly #durable: boolean;

  /** @param durable false to leave it to the server when bytes reach its medium */
  constructor(line: SftpLine, tree: RemoteTree, durable: boolean) {
    this.#line = line;
    this.#tree = tree;
    this.#durable = durable;
  }

  use(can: FileAbilities): void {
    this.can = can;
  }

  async tryOut(folder: string, signal: AbortSignal): Promise<FileAbilities> {
    const wire = await this.#line.wire(signal);
    const [one, other] = await Promise.all([
      this.#tree.pathOf(wire, `${folder}/one`),
      this.#tree.pathOf(wire, `${folder}/other`),
    ]);
    const handle = await wire.open(one, OPEN.write | OPEN.create | OPEN.exclusive);
    await wire.write(handle, 0, Buffer.from("one"));
    const fsync = await works(() => wire.fsync(handle));
    const dated = await works(() => wire.fsetstat(handle, timeAttrs(ANY)));
    await wire.close(handle);
    const times = dated && (await wire.lstat(one)).mtime === ANY;
    await makeFile(wire, other);
    return { rename: await renames(wire, one, other), fsync, times };
  }

  async withFolder<T>(work: (folder: string) => Promise<T>, signal: AbortSignal): Promise<T> {
    const wire = await this.#line.wire(signal);
    const folder = `${TEMPORARY}/probe-${HERE}`;
    await this.#empty(wire, folder);
    if (!(await this.#tree.ensure(wire, folder))) {
      throw new HaulError("no-target", `something stands where the folder ${folder} is to be`, { place: "sftp" });
    }
    try {
      return await work(folder);
    } finally {
      await this.#empty(wire, folder).catch(() => undefined);
      this.#tree.forget();
    }
  }

  disk(folder: string, signal: AbortSignal): Disk {
    const at = async (name: string) => {
      const wire = await this.#line.wire(signal);
      const base = await this.#tree.folderAt(wire, encodeKey(folder));
      return { wire, base, path: Buffer.concat([base, Buffer.from("/"), Buffer.from(name)]) };
    };
    return {
      countsBytes: true,
      async make(name) {
        const { wire, path } = await at(name);
        await makeFile(wire, path);
      },
      async find(name) {
        const { wire, path } = await at(name);
        await wire.lstat(path);
      },
      async names() {
        const { wire, base } = await at("");
        return (await namesIn(wire, base)).map(({ name }) => name.toString("utf8"));
      },
      link: async () => {
        throw new SyntaxError("SFTP 3 has no links of this kind");
      },
      async date(name, seconds) {
        if (seconds < 0) throw new RangeError("SFTP 3 has no time before 1970");
        const { wire, path } = await at(name);
        await wire.setstat(path, timeAttrs(Math.floor(seconds)));
        return BigInt((await wire.lstat(path)).mtime) * 1_000_000_000n;
      },
      isTooLong: async (long) => {
        const wire = await this.#line.wire(signal);
        const path = Buffer.concat([await this.#tree.folderAt(wire, Buffer.alloc(0)), Buffer.from(`/${long}`)]);
        return wire.lstat(path).then(
          () => false,
          (error: unknown) => isStatus(error) && error.code === STATUS.badMessage,
        );
      },
      largestFile: async () => 0,
    };
  }

  ahead(signal: AbortSignal): SentAhead | null {
    if (this.can.rename !== "spares") return null;
    return new SentAhead(this.#temporary(signal), this.can.fsync && this.#durable, signal);
  }

  async #temporary(signal: AbortSignal): Promise<AheadPlace> {
    const wire = await this.#line.wire(signal);
    if (!(await this.#tree.ensure(wire, TEMPORARY))) throw new Error("something stands where the folder is to be");
    return { wire, path: await this.#tree.pathOf(wire, `${TEMPORARY}/${temporaryName()}`) };
  }

  async sweep(signal: AbortSignal): Promise<void> {
    const wire = await this.#line.wire(signal);
    const folder = await this.#tree.folderAt(wire, encodeKey(TEMPORARY));
    const entries = await namesIn(wire, folder).catch((error: unknown) => {
      if (isStatus(error)) return [];
      throw error;
    });
    for (const { name, kind, attrs } of entries) {
      stopIf(signal);
      const [, computer] = OURS.exec(name.toString("latin1")) ?? [];
      const isAbandoned = computer === HERE || attrs.mtime * 1000 < Date.now() - ABANDONED_MS;
      if (kind !== "file" || computer === undefined || !isAbandoned) continue;
      await wire.remove(Buffer.concat([folder, Buffer.from("/"), name])).catch(passOver);
    }
  }

  async free(signal: AbortSignal): Promise<number | null> {
    const wire = await this.#line.wire(signal);
    const root = await this.#tree.folderAt(wire, Buffer.alloc(0));
    // Nothing depends on it: a line that breaks here is met where it matters.
    return (await wire.room(root).catch(() => null))?.free ?? null;
  }

  async date(key: string, time: Date, signal: AbortSignal): Promise<void> {
    if (!this.can.times) return;
    const wire = await this.#line.wire(signal);
    const path = await this.#tree.pathOf(wire, key);
    const attrs = await wire.lstat(path).catch(passOver);
    if (attrs === undefined || kindOf(attrs) !== "file") return;
    await wire.setstat(path, timeAttrs(secondsOf(time))).catch(passOver);
  }

  async rename(from: string, to: string, signal: AbortSignal): Promise<boolean> {
    if (this.can.rename !== "spares") return false;
    const wire = await this.#line.wire(signal);
    const [old, other] = await Promise.all([this.#tree.pathOf(wire, from), this.#tree.pathOf(wire, to)]);
    try {
      await wire.rename(old, other);
      return true;
    } catch (error) {
      if (isStatus(error) && (await works(() => wire.lstat(other)))) return false;
      throw readTrouble(error, from, "object");
    }
  }

  /** Takes a folder of ours away, with what lies in it. */
  async #empty(wire: SftpWire, folder: string): Promise<void> {
    const path = await this.#tree.folderAt(wire, encodeKey(folder));
    const entries = await namesIn(wire, path).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (entries === null) return;
    await Promise.all(
      entries.map(({ name }) => wire.remove(Buffer.concat([path, Buffer.from("/"), name])).catch(passOver)),
    );
    await wire.rmdir(path).catch(passOver);
  }
}

/** Which of the files a name belongs to after a rename of one onto the other says what it does. */
async function renames(wire: SftpWire, one: Buffer, other: Buffer): Promise<FileAbilities["rename"]> {
  if (await works(() => wire.rename(one, other))) return "overwrites";
  const free = Buffer.concat([other, Buffer.from("-free")]);
  return (await works(() => wire.rename(one, free))) ? "spares" : "refused";
}

async function makeFile(wire: SftpWire, path: Buffer): Promise<void> {
  await wire.close(await wire.open(path, OPEN.write | OPEN.create | OPEN.exclusive));
}

/** Everything in a folder, but itself and the one above. @param name for messages @throws SftpStatus; HaulError `listing` */
export async function namesIn(wire: SftpWire, path: Buffer, name = String(path)) {
  const handle = await wire.opendir(path);
  const guard = createLoopGuard(name);
  try {
    const all: Awaited<ReturnType<SftpWire["readdir"]>> = [];
    for (;;) {
      const some = await wire.readdir(handle);
      if (some === null) return all;
      guard(some[0]?.name.toString("latin1"), some.at(-1)?.name.toString("latin1"), "");
      for (const entry of some) if (!/^\.\.?$/.test(entry.name.toString("latin1"))) all.push(entry);
    }
  } finally {
    wire.close(handle).catch(() => undefined);
  }
}

async function works(work: () => Promise<unknown>): Promise<boolean> {
  return work().then(
    () => true,
    (error: unknown) => {
      if (isStatus(error)) return false;
      throw error;
    },
  );
}

/** What the server refuses is let be. */
function passOver(error: unknown): undefined {
  if (!isStatus(error)) throw error;
}
