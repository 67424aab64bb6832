import { exec } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KeyPrograms } from "../../../src/stores/s3/key-programs.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-programs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As the SDK runs one: in a shell, which here has a child of its own. */
function hang(name: string): Promise<Error | null> {
  return new Promise((resolve) => exec(`sleep 300 & echo $! > ${join(folder, name)}; wait`, (error) => resolve(error)));
}

const pidOf = (name: string) =>
  vi.waitFor(() => {
    const pid = Number(readFileSync(join(folder, name), "utf8"));
    if (!(pid > 0)) throw new Error("not yet");
    return pid;
  }, 10_000);
const runs = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test.skipIf(process.platform === "win32")(
  "a program that hangs is ended with all that it started, and no other",
  async () => {
    const programs = new KeyPrograms();
    const other = hang("other");
    const ours = programs.during(() => hang("ours"));
    const [pid, otherPid] = [await pidOf("ours"), await pidOf("other")];
    programs.end();
    expect(await ours).not.toBeNull();
    await vi.waitFor(() => expect(runs(pid)).toBe(false), 10_000);
    expect(runs(otherPid)).toBe(true);
    process.kill(otherPid);
    await other;
  },
);
