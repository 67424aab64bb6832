/** What the verbs beside `mirror` say of places of rclone. */

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProcess } from "./rig.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-test-"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin", "rclone"), "#!/bin/sh\n");
  chmodSync(join(folder, "bin", "rclone"), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runProcess(args, { env: { PATH: join(folder, "bin"), HOME: folder, TZ: "UTC", ...env } }, folder);

test("schedule names the program by its whole path, and rclone's configuration, which rclone writes to", async () => {
  const line = ["schedule", "s3://photos", "rclone:dropbox:Photos"];
  const ran = await run([...line, "--for", "systemd"], { RCLONE_CONFIG: join(folder, "conf", "rclone.conf") });
  expect([ran.exit, ran.stderr]).toEqual([0, ""]);
  expect(ran.stdout).toContain(` rclone:dropbox:Photos --rclone=${join(folder, "bin", "rclone")} `);
  expect(ran.stdout).toContain(`Environment="RCLONE_CONFIG=${join(folder, "conf", "rclone.conf")}"`);
  expect(ran.stdout).toContain(`ReadWritePaths="-${folder}"`);
  expect((await run([...line, "--for", "cron", "--rclone", "bin/rclone"])).stdout).toContain(
    ` --rclone=${join(folder, "bin", "rclone")} `,
  );
});

test("schedule says that the job will not have the password of rclone's configuration", async () => {
  const ran = await run(["schedule", "rclone:x:y", "kept"], { RCLONE_CONFIG_PASS: "a secret word" });
  expect(ran.stderr).toMatch(/RCLONE_CONFIG_PASS, which opens rclone's configuration/);
  expect(ran.stdout + ran.stderr).not.toContain("a secret word");
});

test("policy says what the account needs", async () => {
  const ran = await run(["policy", "rclone:dropbox:Photos"]);
  expect(ran.exit).toBe(0);
  expect(ran.stdout).toMatch(/rclone reaches dropbox:[\s\S]*never asks rclone to delete, move or overwrite/);
});

test.each([
  [["mirror", "rclone:x:a", "rclone:x:a/"], /is the source/],
  [
    ["mirror", "kept", "rclone::sftp,host=h,pass=open:p"],
    /the address of the target holds .*a password.*rclone config/,
  ],
  [["mirror", "rclone:x:a", "rclone:x:a/b"], /lies inside the source/],
  [["mirror", "rclone:x:a/b", "rclone:x:a"], /lies inside the target/],
  [["mirror", "s3://photos", "rclone:x:a", "rclone:x:a//"], /named twice/],
  [["mirror", "s3://photos", "kept", "--rclone", "rclone"], /--rclone is for places as rclone:remote:path/],
  [["mirror", "rclone:x:a", "kept", "--endpoint", "https://s3.example"], /--endpoint/],
  [["mirror", "rclone:x:a", "kept", "--as-of", "2020-01-01"], /--as-of/],
])("%j is refused", async (args, says) => {
  const ran = await run(args);
  expect([ran.exit, ran.stderr]).toEqual([2, expect.stringMatching(says)]);
});
