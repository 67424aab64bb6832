import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SwiftOptions, type SwiftServer, startSwift } from "../../fixtures/swift/server.ts";
import { openTarget, type TargetOptions } from "../../src/targets/all.ts";
import { loginOf } from "../stores/swift-rig.ts";
import type { TargetRig } from "./target-rig.ts";

export interface SwiftTargetRig extends TargetRig {
  readonly server: SwiftServer;
  /** Where photos wait. */
  readonly spool: string;
  /** What the store holds of the target beside its photos and lists. */
  segments(): string[];
}

export const PREFIX = "backup/photos/";
const OURS = /^\.photohaul\/(target\.json|README\.txt|probe-é|manifest-\d{6}\.ndjson|SHA256SUMS-\d{6})$/;

/** An empty prefix of a container `second` on an embedded server. */
export async function swiftTargetRig(options: SwiftOptions = {}): Promise<SwiftTargetRig> {
  const server = await startSwift(options);
  const container = server.container("second");
  const spool = await mkdtemp(join(tmpdir(), "photohaul-target-"));
  const own = () =>
    container
      .names()
      .map((key) => key.slice(PREFIX.length))
      .filter((path) => path.startsWith(".photohaul/") && !OURS.test(path));
  return {
    server,
    spool,
    segments: own,
    open: (more: TargetOptions = {}) =>
      openTarget(`swift://second/${PREFIX}`, { spool, login: loginOf(server), ...more }),
    async read(path) {
      const body = container.get(PREFIX + path)?.body;
      return body === undefined ? null : Buffer.from(body.read(0, body.size));
    },
    async mtime(path) {
      const seconds = container.get(PREFIX + path)?.headers["x-object-meta-mtime"];
      return seconds === undefined ? null : new Date(Number(seconds) * 1000);
    },
    async plant(path, bytes) {
      container.put(PREFIX + path, bytes);
    },
    async debris() {
      const files = await readdir(spool, { recursive: true });
      return [...own(), ...files.filter((file) => /\.(part|upload)$/.test(file))];
    },
    async close() {
      await server.close();
      await rm(spool, { recursive: true, force: true });
    },
  };
}
