import { join } from "node:path";
import { expect, test } from "vitest";
import { tooSmall } from "../../src/photo/target-set.ts";
import { rig } from "./rig.ts";

const TERABYTE = 2 ** 40;

test("photos that do not fit are told before they are fetched, with the way out, and a dry run says so too", async () => {
  await using on = await rig({}, (server) => {
    const read = (from: number, to: number) => new Uint8Array(to - from);
    const facts = { etag: '"0123456789abcdef0123456789abcdef-99"' };
    for (let n = 0; n < 40; n += 1) server.bucket("photos").put(`film-${n}.mp4`, { size: TERABYTE, read }, facts);
    server.bucket("photos").put("a.jpg", "small", { modified: "2001-01-01T00:00:00.000Z" });
  });
  const mirror = (...more: string[]) =>
    on.run(["mirror", "s3://photos", join(on.folder, "photos"), ...on.endpoint, ...more]);
  const says = /the photos need 44 TB, and \S+photos has \S+ [MGT]B free: \S+ TB too few/;
  for (const more of [["--dry-run"], []]) {
    const ran = await mirror(...more);
    expect([ran.exit, ran.stderr.replaceAll(/\s+/g, " ")]).toEqual([6, expect.stringMatching(says)]);
    expect(ran.stderr).toMatch(/bring a part now: --max-transfer \d+M takes what fits/);
    expect(ran.stdout).not.toContain("The same line without --dry-run");
  }
  expect((await mirror("--max-transfer", "1M", "--include", "a.jpg")).exit).toBe(0);
});

test.each([
  ["room for all", 100, 99, null, null],
  ["just room", 100, 100, null, null],
  ["a byte too few", 100, 101, null, "1 byte too few"],
  ["a limit below", 100, 101, 100, null],
  ["a limit above", 100, 300, 200, "100 bytes too few"],
  ["nobody knows", null, 300, null, null],
] as const)("%s", (_, freeBytes, planned, most, says) => {
  const trouble = tooSmall({ name: "/media/usb", freeBytes }, planned, most);
  if (says === null) expect(trouble).toBeNull();
  else expect(trouble).toMatchObject({ code: "full", message: expect.stringContaining(says) });
});
