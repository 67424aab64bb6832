/** A target whose lists are both gone: what was kept there is known no more, and that is no good state. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { computerIn, rig, runProcess } from "../scripts/rig.ts";

test.each([
  ["deleted", (file: string) => rmSync(file)],
  ["emptied", (file: string) => writeFileSync(file, "")],
])(
  "both lists %s: verify and restore say so, a mirror makes them again",
  async (_, harm) => {
    const folder = mkdtempSync(join(tmpdir(), "photohaul-gone-"));
    const env = computerIn(folder);
    const run = (...args: string[]) => runProcess(args, { env }, folder);
    try {
      mkdirSync(join(folder, "camera"));
      for (const n of [1, 2, 3]) writeFileSync(join(folder, "camera", `${n}.jpg`), datedPhoto(2000, n));
      const mirror = ["mirror", join(folder, "camera"), join(folder, "usb")];
      expect((await run(...mirror)).exit).toBe(0);
      for (const list of ["manifest.ndjson", "SHA256SUMS"]) harm(join(folder, "usb", ".photohaul", list));
      const verified = await run("verify", join(folder, "usb"));
      expect(verified.exit).toBe(3);
      expect(verified.stdout).not.toContain("All is well");
      expect(`${verified.stdout}${verified.stderr}`).toMatch(/name no photo, though 3 files lie there/);
      const restored = await run("restore", join(folder, "usb"), join(folder, "back"));
      expect(restored.exit).toBe(3);
      expect(`${restored.stdout}${restored.stderr}`).toMatch(/name no photo, so nothing can be brought back/);
      expect((await run(...mirror)).exit).toBe(3);
      expect((await run("restore", join(folder, "usb"), join(folder, "again"))).exit).toBe(0);
      expect(readdirSync(join(folder, "again")).filter((name) => name.endsWith(".jpg"))).toHaveLength(3);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);

test("a target whose writes break while it is opened delays only itself", async () => {
  await using on = await rig({}, (server) => {
    server.bucket("broken");
    for (const n of [1, 2, 3]) server.bucket("photos").put(`${n}.jpg`, datedPhoto(2000, n), {});
  });
  on.server.faults.arm({ fault: "reset", on: { op: "put" }, times: 9999 });
  const drive = join(on.folder, "drive");
  const reach = [...on.endpoint, "--target-endpoint", on.server.endpoint];
  const ran = await on.run(["mirror", "s3://photos", "s3://broken/x", drive, ...reach]);
  expect(ran.exit).not.toBe(0);
  expect(ran.stderr).toContain("s3://broken/x");
  expect(readdirSync(drive).filter((name) => name.endsWith(".jpg"))).toHaveLength(3);
}, 120_000);
