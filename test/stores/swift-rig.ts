/** The embedded Swift as the place that a source reads. */

import { type SwiftOptions, type SwiftServer, startSwift } from "../../fixtures/swift/server.ts";
import type { Source } from "../../src/stores/source.ts";
import type { StoreOptions } from "../../src/stores/store.ts";
import type { Login } from "../../src/stores/swift/login.ts";
import { openSwift } from "../../src/stores/swift/swift-store.ts";
import type { SourceRig } from "../contract/source-rig.ts";

export interface SwiftRig extends SourceRig {
  readonly server: SwiftServer;
  open(options?: StoreOptions & { readonly prefix?: string }): Promise<Source>;
}

/** What a Swift can call an object: UTF-8 without NUL, 1,024 bytes of it. */
export function swiftTakes(key: string): boolean {
  return !/[\0\uef80-\uefff]/.test(key) && Buffer.byteLength(key) <= 1024;
}

export function loginOf({ auth, user, key }: SwiftServer): Login {
  return { kind: "v1", auth, user, key };
}

/** Starts a server with a container `photos`. */
export async function swiftRig(options: SwiftOptions = {}): Promise<SwiftRig> {
  const server = await startSwift(options);
  const photos = server.container("photos");
  return {
    server,
    put: async (key, bytes) => {
      photos.put(key, bytes);
    },
    remove: async (key) => {
      photos.delete(key);
    },
    open: async ({ prefix = "", ...more } = {}) =>
      openSwift({ typed: "", container: "photos", prefix }, { login: loginOf(server), pageKeys: 7, ...more }),
    takes: swiftTakes,
    close: () => server.close(),
  };
}
