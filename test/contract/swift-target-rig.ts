import type { FaultName } from "../../fixtures/swift/faults.ts";
import { type SwiftOptions, type SwiftServer, startSwift } from "../../fixtures/swift/server.ts";
import { openTarget } from "../../src/targets/all.ts";
import { loginOf } from "../stores/swift-rig.ts";
import type { Armed, FaultyRig } from "./store-faults.contract.ts";
import { PREFIX, storeRig } from "./store-rig.ts";

export interface SwiftTargetRig extends FaultyRig<FaultName> {
  readonly server: SwiftServer;
}

/** An empty prefix of a container `second` on an embedded server. */
export async function swiftTargetRig(options: SwiftOptions = {}): Promise<SwiftTargetRig> {
  const server = await startSwift(options);
  const container = server.container("second");
  const rig = await storeRig({
    keys: () => container.names(),
    get(key) {
      const body = container.get(key)?.body;
      return body === undefined ? null : Buffer.from(body.read(0, body.size));
    },
    put: (key, bytes) => container.put(key, bytes),
    metadata: (key, name) => container.get(key)?.headers[`x-object-meta-${name}`],
    uploads: () => [],
    open: (more) => openTarget(`swift://second/${PREFIX}`, { login: loginOf(server), ...more }),
    close: () => server.close(),
  });
  const methods = { put: "PUT", head: "HEAD", get: "GET", read: "GET" } as const;
  return {
    ...rig,
    server,
    arm: (fault, operation, { key, times }: Armed = {}) =>
      server.faults.arm({ fault, method: methods[operation], ...(key && { path: key }), ...(times && { times }) }),
    asked: (operation) => server.counts[methods[operation]] ?? 0,
  };
}
