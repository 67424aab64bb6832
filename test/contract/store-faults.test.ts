import { s3TargetRig } from "./s3-target-rig.ts";
import { storeFaultsContract } from "./store-faults.contract.ts";
import { swiftTargetRig } from "./swift-target-rig.ts";

storeFaultsContract("S3", {
  makeRig: (features) => s3TargetRig({ features: features ?? {} }),
  once: [
    "slow-down",
    "service-unavailable",
    "internal-error",
    "bad-gateway",
    "request-timeout",
    "conflict",
    "reset",
    "lost-answer",
    "wrong-etag",
    "error-in-200",
  ],
  unsafe: ["lost-answer", "reset", "slow-down"],
  reading: ["cut-body", "short-body", "reset"],
  down: [
    ["access-denied", "read-only"],
    ["no-such-bucket", "no-target"],
    ["expired-token", "no-target"],
  ],
  can: { onlyNew: true, onlyNewInParts: true, copies: true, sha256: true },
  canLess: { onlyNew: false, onlyNewInParts: false, copies: true, sha256: true },
});

storeFaultsContract("Swift", {
  makeRig: (features) => swiftTargetRig({ features: features ?? {} }),
  once: [
    "unauthorized",
    "unprocessable",
    "too-many",
    "rate-limit",
    "internal-error",
    "unavailable",
    "reset",
    "lost-answer",
    "wrong-etag",
  ],
  unsafe: ["lost-answer", "reset"],
  reading: ["cut-body", "short-body", "reset"],
  down: [
    ["forbidden", "read-only"],
    ["not-found", "no-target"],
    ["unauthorized", "no-target"],
    ["no-room", "full"],
    ["quota", "full"],
  ],
  can: { onlyNew: true, onlyNewInParts: true, copies: false, sha256: false },
  canLess: { onlyNew: false, onlyNewInParts: false, copies: false, sha256: false },
});
