import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

test("photos are locked where the bucket can, and nothing begins where it cannot", async () => {
  await using on = await rig({}, (server) => {
    server.bucket("photos").put("2012/IMG_1.jpg", datedPhoto(2000, "a"));
    server.bucket("plain");
    server.bucket("locked", { objectLock: true });
  });
  const lock = ["--object-lock-mode", "governance", "--object-lock-days", "30"];
  const reach = ["--target-endpoint", on.server.endpoint];
  const to = (target: string, ...more: string[]) =>
    on.run(["mirror", "s3://photos", target, ...on.endpoint, ...reach, "--json", ...more]);
  const refused = await to("s3://plain", ...lock);
  expect([refused.exit, refused.stderr]).toEqual([2, expect.stringContaining("no Object Lock")]);
  expect(on.server.bucket("plain").keys()).toEqual([]);

  expect((await to("s3://locked", ...lock)).exit).toBe(0);
  const until = on.server.bucket("locked").get("2012/IMG_1.jpg")?.lock?.until.getTime();
  expect(Math.abs((until ?? 0) - Date.now() - 30 * 86_400_000)).toBeLessThan(600_000);

  const onDrive = await to(join(on.folder, "photos"), ...lock);
  expect([onDrive.exit, onDrive.stderr]).toEqual([2, expect.stringContaining("there is none")]);
});
