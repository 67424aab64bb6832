import { type SwiftOptions, type SwiftServer, startSwift } from "../../fixtures/swift/server.ts";
import { openTarget } from "../../src/targets/all.ts";
import { loginOf } from "../stores/swift-rig.ts";
import { PREFIX, type StoreRig, storeRig } from "./store-rig.ts";

export interface SwiftTargetRig extends StoreRig {
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
  return { ...rig, server };
}
