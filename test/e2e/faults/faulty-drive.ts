/** A drive that fails now and then: a real target of which some calls end as the system says that they did. */

import { fromErrno } from "../../../src/targets/folder/errno.ts";
import type { Target } from "../../../src/targets/target.ts";

/** Where it fails, with which error number, and what the run may end with before the next one mends it. */
export const DRIVE_FAULTS = {
  "EIO while bytes are written": { verb: "stage", code: "EIO", exits: [0, 3] },
  "EIO while photos are named": { verb: "commit", code: "EIO", exits: [0, 3] },
  "ENOSPC while bytes are written": { verb: "stage", code: "ENOSPC", exits: [6] },
  "ENOSPC while photos are named": { verb: "commit", code: "ENOSPC", exits: [6] },
  "EROFS while bytes are written": { verb: "stage", code: "EROFS", exits: [5] },
  "EROFS while photos are named": { verb: "commit", code: "EROFS", exits: [5] },
  "ENODEV while bytes are written": { verb: "stage", code: "ENODEV", exits: [5] },
} as const satisfies Record<string, { verb: Verb; code: string; exits: readonly number[] }>;

type Verb = "stage" | "commit";

export interface DriveFault {
  readonly verb: Verb;
  readonly code: string;
  /** True for each call that is to fail. */
  readonly strikes: () => boolean;
}

/** The same target, that fails before it has done anything. @param onStruck called each time it does */
export function failingNowAndThen(target: Target, fault: DriveFault, onStruck: () => void): Target {
  const maybe = (verb: Verb): void => {
    if (verb !== fault.verb || !fault.strikes()) return;
    onStruck();
    const error = Object.assign(new Error(`${fault.code}: the drive fails`), { code: fault.code });
    throw fromErrno(error, `writing to ${target.name}`);
  };
  const stage = target.stage.bind(target);
  const commit = target.commit.bind(target);
  return Object.assign(target, {
    async stage(...asked: Parameters<Target["stage"]>) {
      maybe("stage");
      return stage(...asked);
    },
    async commit(...asked: Parameters<Target["commit"]>) {
      if (asked[0].length > 0) maybe("commit");
      return commit(...asked);
    },
  });
}
