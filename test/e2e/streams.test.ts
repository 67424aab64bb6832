import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { COMPILED, type Rig, rig } from "../scripts/rig.ts";

const BIN = new URL("../../bin/photohaul", import.meta.url).pathname;
let on: Rig;
beforeAll(async () => {
  on = await rig({}, (server) => {
    for (let n = 0; n < 60; n += 1) server.bucket("photos").put(`IMG_${n}.jpg`, datedPhoto(20_000, `photo ${n}`));
  });
  expect((await on.mirror()).exit).toBe(0);
});
afterAll(() => on[Symbol.asyncDispose]());

/** A line of a shell in which `photohaul` is photohaul. */
async function shell(line: string) {
  const run = spawn("bash", ["-c", `photohaul() { "${process.execPath}" "${BIN}" "$@"; }; ${line}`], {
    cwd: on.folder,
    env: { NODE_COMPILE_CACHE: COMPILED, ...on.env },
  });
  const ended = new Promise((resolve) => run.on("close", resolve));
  const [stdout, stderr] = await Promise.all([text(run.stdout), text(run.stderr)]);
  return { exit: await ended, stdout, stderr };
}

describe.skipIf(!existsSync("/dev/full"))("a standard output", () => {
  test.each(["--help", "layouts", "policy s3://photos", "verify photos", "verify photos --json"])(
    "on a full disk is said, and is no success: %s",
    async (line) => {
      const { exit, stderr } = await shell(`photohaul ${line} > /dev/full`);
      expect(stderr).toMatch(/^photohaul: standard output could not be written: its disk is full\n/);
      expect(stderr).toContain("the photos are not concerned");
      expect(exit).toBe(6);
    },
  );

  test.each(["layouts", "verify photos --verbose", "verify photos --json"])(
    "whose reader went away is no trouble: %s",
    async (line) => {
      const { exit, stderr } = await shell(`photohaul ${line} | head -c 10 >/dev/null; exit \${PIPESTATUS[0]}`);
      expect([exit, stderr]).toEqual([0, ""]);
    },
  );

  test("of errors that is full or closed takes nothing away", async () => {
    expect((await shell("photohaul verify photos 2>/dev/full")).exit).toBe(0);
    expect((await shell("photohaul verify photos 2>&- >&-")).exit).toBe(0);
  });
});

describe.skipIf(process.platform !== "linux")("few files that may be open", () => {
  const mirror = (to: string) =>
    `photohaul mirror s3://photos ${to} ${on.endpoint.join(" ")} --quiet --catalogue ${to}.sqlite`;

  test.each([64, 48])("%i are enough for a mirror, a verify and a restore", async (most) => {
    const to = `few-${most}`;
    const ran = await shell(
      `ulimit -n ${most}; ${mirror(to)} && photohaul verify ${to} --quiet && photohaul restore ${to} ${to}-back --quiet`,
    );
    expect([ran.exit, ran.stderr]).toEqual([0, ""]);
    expect(readdirSync(join(on.folder, `${to}-back`)).filter((name) => name.endsWith(".jpg"))).toHaveLength(60);
  });

  test("too few are said before anything is done", async () => {
    const fewer = await shell(`ulimit -n 22; ${mirror("none")}`);
    expect([fewer.exit, fewer.stderr]).toEqual([2, expect.stringContaining("too few files open at once")]);
    const { exit, stderr } = await shell(`ulimit -n 30; ${mirror("none")}`);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/may hold 30 files open at once, and photohaul needs 48.*ulimit -n 1024/);
    expect(existsSync(join(on.folder, "none"))).toBe(false);
  });
});

test("Ctrl-C in verify ends as in mirror: exit 130, and words on what that means", async () => {
  const { exit, stdout, stderr } = await shell(
    `"${process.execPath}" "${BIN}" verify photos photos photos photos photos photos --verbose > out.txt & P=$!; ` +
      "until grep -qs whole out.txt; do sleep 0.01; done; kill -INT $P; wait $P; E=$?; cat out.txt; exit $E",
  );
  expect(stderr).toBe("");
  expect(exit).toBe(130);
  expect(stdout).toMatch(/Interrupted\. What was read is written down; run the same line again/);
});
