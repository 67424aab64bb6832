/** The contracts of sources and targets, over remotes of a real rclone. */

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Rclone } from "../../src/stores/rclone/rclone-daemon.ts";
import { sealedRig } from "../contract/sealed-rig.ts";
import { sourceContract } from "../contract/source.contract.ts";
import { targetContract } from "../contract/target.contract.ts";
import { signal } from "../contract/target-rig.ts";
import { lacks, type MountedDrive, mountDrive } from "./drives/drive.ts";
import { findRclone, makeRemotes, type Remotes, remoteSourceRig, remoteTargetRig, sftpRemote } from "./rclone-rig.ts";

const found = await findRclone();
const sshd = inject("sshd");

function suite(program: string): void {
  let remotes: Remotes;
  // It lives from the first contract to the last, as in one run.
  const rclone = Rclone.share(program);
  beforeAll(() => {
    remotes = makeRemotes(program, "running" in sshd ? sftpRemote(sshd.running) : "");
  });
  afterAll(async () => {
    await rclone.giveBack();
    remotes.close();
  });

  for (const remote of ["local:", "memory:", "sealed:", "union:", ...("running" in sshd ? ["sftp:"] : [])]) {
    // What lies on the server of SFTP is gone with all the rest.
    const at = () => (remote === "sftp:" ? `sftp:${remotes.folder}/` : remote);
    sourceContract(`rclone:${remote}`, () => remoteSourceRig(remotes, at()));
    targetContract(`rclone:${remote}`, () => remoteTargetRig(remotes, at()));
  }
  targetContract("rclone:local:, sealed", () => sealedRig(() => remoteTargetRig(remotes, "local:"), true));

  const missing = lacks("exfat");
  describe.skipIf(missing !== "")(`a remote that is blind to case${missing && ` (skipped: no ${missing})`}`, () => {
    let drive: MountedDrive;
    beforeAll(async () => {
      drive = await mountDrive("exfat", 96);
    });
    afterAll(() => drive.remove());
    const onIt = () => remoteTargetRig(remotes, `blind:${drive.folder}/`);

    targetContract("rclone:blind:", onIt);
    test("is found to be that", async () => {
      const rig = await onIt();
      const target = await rig.open();
      expect(target.traits).toMatchObject({ foldsCase: true, foldsUnicode: false });
      for await (const { objects } of target.list({}, signal)) expect(objects).toEqual([]);
      await target.close();
      await rig.close();
    });
  });
}

if ("absent" in found) test.skip(`remotes of rclone (${found.absent})`, () => undefined);
else describe("remotes of rclone", () => suite(found.program));
