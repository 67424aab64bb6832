/** The contracts of sources and targets, over remotes of a real rclone. */

import { afterAll, beforeAll, describe, test } from "vitest";
import { sealedRig } from "../contract/sealed-rig.ts";
import { sourceContract } from "../contract/source.contract.ts";
import { targetContract } from "../contract/target.contract.ts";
import { findRclone, makeRemotes, type Remotes, remoteSourceRig, remoteTargetRig } from "./rclone-rig.ts";

const found = await findRclone();

if ("absent" in found) test.skip(`remotes of rclone (${found.absent})`, () => undefined);
else {
  describe("remotes of rclone", () => {
    let remotes: Remotes;
    beforeAll(() => {
      remotes = makeRemotes(found.program);
    });
    afterAll(() => remotes.close());

    for (const remote of ["local", "memory", "sealed", "union"]) {
      sourceContract(`rclone:${remote}:`, () => remoteSourceRig(remotes, remote));
      targetContract(`rclone:${remote}:`, () => remoteTargetRig(remotes, remote));
    }
    targetContract("sealed rclone:local:", () => sealedRig(() => remoteTargetRig(remotes, "local"), true));
  });
}
