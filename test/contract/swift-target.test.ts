import { swiftTargetRig } from "./swift-target-rig.ts";
import { targetContract } from "./target.contract.ts";

targetContract("Swift container", () => swiftTargetRig());
targetContract("container of a Swift that would overwrite", () =>
  swiftTargetRig({ features: { ignoreIfNoneMatch: true, noInfo: true, noHeartbeat: true } }),
);
