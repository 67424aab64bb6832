/** A real OpenSSH as a source and as a target, whole and limited. */

import { execFileSync, spawn } from "node:child_process";
import { copyFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, test, vi } from "vitest";
import { sealedRig } from "../contract/sealed-rig.ts";
import { describePipes } from "../contract/sftp-pipes.contract.ts";
import { sftpRig, sftpTargetRig } from "../contract/sftp-rig.ts";
import { sourceContract } from "../contract/source.contract.ts";
import { targetContract } from "../contract/target.contract.ts";
import { keeping, signal } from "../contract/target-rig.ts";
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

  describePipes("OpenSSH", { source: () => sftpRig(whole), target: () => sftpTargetRig(whole) });

  test("an agent that runs lets in who has no key file, and one without keys does not", async () => {
    const folder = await mkdtemp(join(tmpdir(), "photohaul-agent-"));
    const socket = join(folder, "socket");
    const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
    const add = (...args: string[]) =>
      execFileSync("ssh-add", args, { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    vi.stubEnv("SSH_AUTH_SOCK", socket);
    await copyFile(join(ssh, "known_hosts"), join(folder, "known_hosts"));
    const rig = await sftpTargetRig({ url: endpoint, sshFolder: folder });
    try {
      await vi.waitFor(() => stat(socket));
      await expect(rig.open()).rejects.toThrow(/was not let in. Tried: .*the keys of the agent/);
      add("-q", join(ssh, "id_ed25519"));
      const target = await rig.open();
      expect(await target.commit([await keeping(target, "a.jpg", "photo")], signal)).toEqual(["stored"]);
      await target.close();
      expect(String(await rig.read("a.jpg"))).toBe("photo");
    } finally {
      agent.kill();
      vi.unstubAllEnvs();
      await rig.close();
      await rm(folder, { recursive: true });
    }
  });

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
