/** The place of a target in a store, looked at without the target's own verbs: what is the same whatever the store. */

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TargetOptions } from "../../src/targets/all.ts";
import type { Target } from "../../src/targets/target.ts";
import type { TargetRig } from "./target-rig.ts";

/** What all keys of the target begin with. */
export const PREFIX = "backup/photos/";
const OURS = /^\.photohaul\/(target\.json|README\.txt|probe-é|manifest-\d{6}\.ndjson|SHA256SUMS-\d{6})$/;

/** One bucket or container, past its store. */
export interface Behind {
  keys(): Iterable<string>;
  get(key: string): Buffer | null;
  put(key: string, bytes: string | Buffer): void;
  /** Metadata of an object, by their name without what stands before it on the wire. */
  metadata(key: string, name: string): string | undefined;
  /** Uploads that were begun and not ended. */
  uploads(): readonly string[];
  open(options: TargetOptions): Promise<Target>;
  close(): Promise<void>;
}

export interface StoreRig extends TargetRig {
  /** Where photos wait. */
  readonly spool: string;
  /** What the store holds of the target beside its photos and lists. */
  segments(): string[];
}

export async function storeRig(behind: Behind): Promise<StoreRig> {
  const spool = await mkdtemp(join(tmpdir(), "photohaul-target-"));
  const segments = () =>
    [...behind.keys()]
      .map((key) => key.slice(PREFIX.length))
      .filter((path) => path.startsWith(".photohaul/") && !OURS.test(path));
  return {
    spool,
    segments,
    open: (options: TargetOptions = {}) => behind.open({ spool, ...options }),
    read: async (path) => behind.get(PREFIX + path),
    async mtime(path) {
      const seconds = behind.metadata(PREFIX + path, "mtime");
      return seconds === undefined ? null : new Date(Number(seconds) * 1000);
    },
    plant: async (path, bytes) => behind.put(PREFIX + path, bytes),
    async debris() {
      const files = await readdir(spool, { recursive: true });
      return [...segments(), ...behind.uploads(), ...files.filter((file) => /\.(part|upload)$/.test(file))];
    },
    async close() {
      await behind.close();
      await rm(spool, { recursive: true, force: true });
    },
  };
}
