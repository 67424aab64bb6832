/** An rclone that hangs, wherever it does, ends with the time of the run. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeRclone, fakeRclone } from "../stores/rclone/fake.ts";
import { datedPhoto } from "./dated-photo.ts";
import { computerIn, runProcess } from "./rig.ts";

let fake: FakeRclone;
let folder: string;

beforeEach(() => {
  fake = fakeRclone();
  folder = mkdtempSync(join(tmpdir(), "photohaul-test-"));
  mkdirSync(join(folder, "source"));
  writeFileSync(join(folder, "source", "1.jpg"), datedPhoto(3000, "photo"));
  fake.put("photos/1.jpg", datedPhoto(3000, "photo"));
});
afterEach(() => {
  fake.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ["says no version", "exec sleep 3000"],
  [
    "never begins to answer",
    'case $1 in version) echo "rclone v1.75.2"; exit;; esac; trap "" TERM; while :; do sleep 3000; done',
  ],
  [
    "hangs where it lists, with what it began",
    'case $1 in lsjson) trap "" TERM; while :; do sleep 3000; done;; esac; exec "$REAL" "$@"',
  ],
])("a run whose rclone %s ends with the time that it was given", { timeout: 240_000 }, async (_, script) => {
  const program = join(folder, "hanging");
  writeFileSync(program, `#!/bin/sh\nREAL='${fake.program}'\n${script}\n`, { mode: 0o755 });
  const env = computerIn(folder);
  for (const [from, to] of [
    ["source", "rclone:fake:photos"],
    ["rclone:fake:photos", "kept"],
  ] as const) {
    const args = ["mirror", from, to, "--rclone", program, "--max-duration", "2s", "--json"];
    const ran = await runProcess(args, { env, spawned: true }, folder);
    expect([0, 8], ran.stdout + ran.stderr).toContain(ran.exit);
  }
});
