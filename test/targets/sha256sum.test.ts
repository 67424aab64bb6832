import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { folderRig } from "../contract/folder-rig.ts";
import { keeping, signal } from "../contract/target-rig.ts";

const run = promisify(execFile);

test("sha256sum checks the target without photohaul", async ({ skip }) => {
  await run("sha256sum", ["--version"]).catch(() => skip("no sha256sum here"));
  const rig = await folderRig();
  const target = await rig.open();
  const names = ["plain.jpg", "2012/with space.jpg", "back\\slash", "\u00e9\u{1f4f7}", " *", "\\"];
  for (const name of names) await target.commit([await keeping(target, name, name)], signal);
  await target.close();
  const check = (): Promise<{ stdout: string }> =>
    run("sha256sum", ["-c", "--strict", ".photohaul/SHA256SUMS"], {
      cwd: rig.root,
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    });
  const { stdout } = await check();
  expect(stdout.match(/: OK$/gm)).toHaveLength(names.length);
  await writeFile(join(rig.root, "back\\slash"), "rotten");
  await expect(check()).rejects.toThrow("did NOT match");
  const readme = await readFile(join(rig.root, ".photohaul/README.txt"), "utf8");
  expect(readme).toContain("sha256sum -c --quiet .photohaul/SHA256SUMS");
  await rig.close();
});
