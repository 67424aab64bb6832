/** A real OpenSSH as a source and as a target, whole and limited. */

import { describe, expect, inject, test } from "vitest";
import { sealedRig } from "../contract/sealed-rig.ts";
import { sftpRig, sftpTargetRig } from "../contract/sftp-rig.ts";
import { sourceContract } from "../contract/source.contract.ts";
import { targetContract } from "../contract/target.contract.ts";
import type { Running } from "./start.ts";

function suite({ endpoint, limited = "", ssh = "" }: Running): void {
  const whole = { url: endpoint, sshFolder: ssh };
  const less = { url: limited, sshFolder: ssh };
  sourceContract("OpenSSH", () => sftpRig(whole));
  targetContract("folder behind OpenSSH", () => sftpTargetRig(whole));
  targetContract("folder behind an OpenSSH that renames and dates nothing", () => sftpTargetRig(less, false));

  targetContract("sealed folder behind OpenSSH", () => sealedRig(() => sftpTargetRig(whole), true));
  targetContract("sealed folder behind an OpenSSH that renames and dates nothing", () =>
    sealedRig(() => sftpTargetRig(less, false), false),
  );

  test.each([
    ["all that OpenSSH can", whole, { rename: "spares", fsync: true, times: true }],
    ["what is left of it", less, { rename: "refused", fsync: false, times: false }],
  ])("finds out %s", async (_, running, can) => {
    const rig = await sftpTargetRig(running);
    const warnings: string[] = [];
    const target = await rig.open({ warn: (message) => warnings.push(message) });
    await target.close();
    const marker = JSON.parse(String(await rig.read(".photohaul/target.json")));
    expect(marker.files).toEqual(can);
    expect(marker.can).toMatchObject({ onlyNew: true });
    expect(warnings).toHaveLength(can.fsync ? 0 : 3);
    await rig.close();
  });
}

const found = inject("sshd");
if ("running" in found) describe("OpenSSH", () => suite(found.running));
else test.skip(`OpenSSH (${found.absent})`, () => undefined);
