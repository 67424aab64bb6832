import type { FaultName } from "../../fixtures/swift/faults.ts";
import { LARGE, type LargeKind, largePhotosContract } from "./large-photos.contract.ts";
import { s3TargetRig } from "./s3-target-rig.ts";
import { swiftTargetRig } from "./swift-target-rig.ts";

const S3_FAULTS = ["slow-down", "reset", "lost-answer", "internal-error", "wrong-etag"] as const;
const SWIFT_FAULTS = [
  "unauthorized",
  "unprocessable",
  "unavailable",
  "internal-error",
  "reset",
  "lost-answer",
] as const;

const bucket: LargeKind = {
  faults: S3_FAULTS,
  busy: "slow-down",
  async rig({ overwrites = false, plantsAtLast = false } = {}) {
    const rig = await s3TargetRig({
      features: { minPartSize: 100_000, ...(overwrites ? { ignoreIfNoneMatch: true } : {}) },
      onRequest(operation, _bucket, key) {
        if (plantsAtLast && operation === "multipart" && key === LARGE)
          rig.server.bucket("second").put(LARGE, "theirs");
      },
    });
    const { faults } = rig.server;
    return {
      ...rig,
      options: { parts: { beyond: 50_000, size: 100_000 } },
      arm: (fault, how) => faults.arm({ fault: oneOf(S3_FAULTS, fault), on: { op: "multipart" }, ...how }),
      clear: () => faults.clear(),
      leftOver: () => [...rig.server.bucket("second").uploads.keys()],
    };
  },
};

const LIMIT = 50_000;
const LAST_SEGMENT = /segments\/[0-9a-f]{16}\/000003/;

const container: LargeKind = {
  faults: SWIFT_FAULTS,
  busy: "unavailable",
  async rig({ overwrites = false, plantsAtLast = false } = {}) {
    const rig = await swiftTargetRig({
      maxFileSize: LIMIT,
      features: { ignoreIfNoneMatch: overwrites },
      onRequest(method, path) {
        const isLast = method === "PUT" && LAST_SEGMENT.test(path);
        if (plantsAtLast && isLast) rig.server.container("second").put(LARGE, "theirs");
      },
    });
    const { faults } = rig.server;
    const listed = () =>
      ["large.mp4", "large-0.mp4", "large-1.mp4", "large-2.mp4", "large-3.mp4"].flatMap((path) =>
        (rig.server.container("second").get(LARGE.replace("large.mp4", path))?.segments ?? []).map(
          ({ path: at }) => at,
        ),
      );
    return {
      ...rig,
      options: {},
      arm(fault, how) {
        const armed = { fault: oneOf<FaultName>(SWIFT_FAULTS, fault), method: "PUT", path: /segments|large/, ...how };
        return faults.arm(armed);
      },
      clear: () => faults.clear(),
      leftOver: () => rig.segments().filter((path) => !listed().some((name) => name.endsWith(path))),
    };
  },
};

largePhotosContract("a bucket", bucket);
largePhotosContract("a Swift container", container);

function oneOf<T extends string>(all: readonly T[], name: string): T {
  const found = all.find((one) => one === name);
  if (found === undefined) throw new TypeError(name);
  return found;
}
