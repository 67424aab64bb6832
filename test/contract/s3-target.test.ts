import { s3TargetRig } from "./s3-target-rig.ts";
import { targetContract } from "./target.contract.ts";

targetContract("bucket", () => s3TargetRig());
targetContract("bucket of a store that would overwrite", () => s3TargetRig({ features: { ignoreIfNoneMatch: true } }));
