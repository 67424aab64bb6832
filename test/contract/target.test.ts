import { fakeGridRig } from "./fake-grid-rig.ts";
import { folderRig } from "./folder-rig.ts";
import { memoryTargetRig } from "./memory-store.ts";
import { s3TargetRig } from "./s3-target-rig.ts";
import { embeddedTarget } from "./sftp-rig.ts";
import { swiftTargetRig } from "./swift-target-rig.ts";
import { targetContract } from "./target.contract.ts";

targetContract("folder", () => folderRig());
targetContract("store in memory", () => memoryTargetRig());
targetContract("bucket", () => s3TargetRig());
targetContract("bucket of a store that would overwrite", () => s3TargetRig({ features: { ignoreIfNoneMatch: true } }));
targetContract("Swift container", () => swiftTargetRig());
targetContract("container of a Swift that would overwrite", () =>
  swiftTargetRig({ features: { ignoreIfNoneMatch: true, noInfo: true, noHeartbeat: true } }),
);
targetContract("folder behind SFTP", () => embeddedTarget());
targetContract("folder behind an SFTP gateway that renames nothing, dates nothing and writes in order", () =>
  embeddedTarget({ features: { renames: "none", extensions: false, clockless: true, inOrder: true } }),
);
targetContract("grid", () => fakeGridRig());
