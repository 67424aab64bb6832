/**
 * What `verify` finds out of shares: read and held against their cap, their leases renewed, made anew where that was asked
 * for. A grid that collects what nobody wants forgets a share whose lease has run out, of directories and lists as well.
 */

import { retrying } from "../../retry.ts";
import { readShares, type Shares } from "./grid-node.ts";
import { type GridTree, partsOf } from "./grid-tree.ts";

interface Checked {
  /** For messages. */
  readonly key: string;
  readonly cap: string;
  readonly size: number;
}

/** `.photohaul`, of which the leases are renewed with the first photo. */
const OWN = ".photohaul";
const EXAMPLES = 3;

export class ShareCount {
  readonly #name: string;
  readonly #mends: boolean;
  readonly #renewed = new Map<string, Promise<void>>();
  readonly #ailing: string[] = [];
  #count = 0;
  #worst: Shares | null = null;

  /** @param mends true to have the node make shares anew that are lost */
  constructor(name: string, mends: boolean) {
    this.#name = name;
    this.#mends = mends;
  }

  /** All shares of a file, read. Null where the node says nothing of them. */
  async check(tree: GridTree, { key, cap, size }: Checked, signal: AbortSignal): Promise<Shares | null> {
    const query = { verify: "true", ...(this.#mends ? { repair: "true" } : {}) };
    const shares = readShares(await tree.check({ key, cap, bytes: size, query }, signal));
    if (shares !== null && !shares.healthy) this.#tell(key, shares);
    return shares;
  }

  /**
   * Renews the leases of the directories above a path, and of the lists of the target, once each.
   * @param top the folder of the target, "" or one that ends in a slash
   */
  async keepAlive(tree: GridTree, key: string, top: string, signal: AbortSignal): Promise<void> {
    const folders = [top + OWN];
    for (let { folder } = partsOf(key); folder !== ""; { folder } = partsOf(folder)) folders.push(folder);
    await Promise.all(["", ...folders].map((folder) => this.#once(folder, () => this.#renew(tree, folder, signal))));
  }

  /** What people should know; none where all shares are there. */
  sentences(): readonly string[] {
    const worst = this.#worst;
    if (worst === null) return [];
    const which = `${this.#ailing.join(", ")}${this.#count > this.#ailing.length ? ", …" : ""}`;
    const least = `the worst has ${worst.good} of ${worst.expected} shares, and it takes ${worst.needed} to bring it back`;
    const few =
      this.#count === 1
        ? "1 file lies on fewer servers than it"
        : `${this.#count} files lie on fewer servers than they`;
    const advice = this.#mends
      ? "The node could not make all of them anew: see that enough servers are connected"
      : "Add --repair-from (a copy, or the source) to have the node make them anew";
    return [`${this.#name}: ${few} should (${which}): ${least}. ${advice}`];
  }

  /** What failed is done again with the next photo. */
  #once(folder: string, work: () => Promise<void>): Promise<void> {
    const forget = (error: unknown) => {
      this.#renewed.delete(folder);
      throw error;
    };
    const begun = this.#renewed.get(folder) ?? work().catch(forget);
    this.#renewed.set(folder, begun);
    return begun;
  }

  async #renew(tree: GridTree, folder: string, signal: AbortSignal): Promise<void> {
    const again = <T>(attempt: () => Promise<T>) => retrying(attempt, { signal });
    const directory = await again(() => tree.directory({ cap: tree.cap, path: folder }, signal));
    if (directory === null) return;
    const ailing: [key: string, shares: Shares][] = [];
    const check = async (key: string, cap: string, bytes: number) => {
      // A directory is made anew by whoever may write to it.
      const query = this.#mends && (bytes > 0 || directory.rw_uri !== undefined) ? { repair: "true" } : {};
      const shares = readShares(await again(() => tree.check({ key, cap, bytes, query }, signal)));
      if (shares !== null && !shares.healthy) ailing.push([key, shares]);
    };
    await check(folder, directory.rw_uri ?? directory.ro_uri ?? "", 0);
    for (const [name, child] of partsOf(folder).name === OWN ? directory.children : []) {
      if (child.kind === "file") await check(`${folder}/${name}`, child.ro_uri ?? "", child.size ?? 0);
    }
    for (const [key, shares] of ailing) this.#tell(key, shares);
  }

  #tell(key: string, shares: Shares): void {
    this.#count += 1;
    if (this.#ailing.length < EXAMPLES) this.#ailing.push(key === "" ? "the top" : key);
    const spare = ({ good, needed }: Shares) => good - needed;
    if (this.#worst === null || spare(shares) < spare(this.#worst)) this.#worst = shares;
  }
}
