import { fakeGridRig } from "./fake-grid-rig.ts";
import { folderRig } from "./folder-rig.ts";
import { memoryTargetRig } from "./memory-store.ts";
import { s3TargetRig } from "./s3-target-rig.ts";
import { sealedRig } from "./sealed-rig.ts";
import { swiftTargetRig } from "./swift-target-rig.ts";
import { targetContract } from "./target.contract.ts";

targetContract("sealed folder", () => sealedRig(folderRig, true));
targetContract("sealed folder of which only the key tells", () => sealedRig(folderRig, false));
targetContract("sealed store in memory", () => sealedRig(memoryTargetRig, false));
targetContract("sealed bucket", () => sealedRig(s3TargetRig, true));
targetContract("sealed bucket of a store that would overwrite", () =>
  sealedRig(() => s3TargetRig({ features: { ignoreIfNoneMatch: true } }), false),
);
targetContract("sealed Swift container", () => sealedRig(swiftTargetRig, true));
targetContract("sealed grid", () => sealedRig(fakeGridRig, true));
targetContract("sealed grid of which only the key tells", () => sealedRig(fakeGridRig, false));
