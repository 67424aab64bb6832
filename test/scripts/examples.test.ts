import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

const EXAMPLES = new URL("../../examples", import.meta.url).pathname;
const BIN = new URL("../../bin", import.meta.url).pathname;

const without = (program: string) => spawnSync(program, ["--version"]).error !== undefined;

test("every example is told of in their README", () => {
  const page = readFileSync(join(EXAMPLES, "README.md"), "utf8");
  const files = readdirSync(EXAMPLES).filter((name) => name !== "README.md");
  expect(files.filter((name) => !page.includes(`](${name})`))).toEqual([]);
});

test.skipIf(without("jq"))("the health check says which source was not mirrored well lately", async () => {
  await using on = await rig({}, (server) => server.bucket("photos").put("a.jpg", datedPhoto(2000, "a"), {}));
  const check = (days: string) => {
    const env = { ...on.env, PATH: `${BIN}:${on.env.PATH}` };
    const { status, stdout, stderr } = spawnSync(join(EXAMPLES, "health-check"), [days], { env, encoding: "utf8" });
    return { status, said: stdout + stderr };
  };
  await on.mirror();
  expect(check("2")).toEqual({ status: 0, said: "" });
  expect(check("-1")).toEqual({ status: 1, said: expect.stringMatching(/^s3:\/\/photos: the last run .* ended 20/) });
});

test.skipIf(without("jq"))("failed photos are listed with their reasons", async () => {
  await using on = await rig({}, (server) => server.bucket("photos").put("a.jpg", datedPhoto(2000, "a"), {}));
  on.server.faults.arm({ fault: "not-found", on: { op: "get" } });
  const { stdout } = await on.mirror();
  const listed = spawnSync(join(EXAMPLES, "failed-photos"), { input: stdout, encoding: "utf8" });
  expect(listed.stdout).toMatch(/^a\.jpg\t.+\n$/);
});

test.skipIf(without("systemd-analyze"))("systemd finds nothing wrong with the units", () => {
  const units = ["photohaul.service", "photohaul.timer"].map((name) => join(EXAMPLES, name));
  const env = { ...process.env, XDG_RUNTIME_DIR: tmpdir() };
  const { stderr } = spawnSync("systemd-analyze", ["verify", "--user", ...units], { env, encoding: "utf8" });
  // The program is not installed where this runs.
  expect(stderr.split("\n").filter((line) => line !== "" && !/photohaul is not executable/.test(line))).toEqual([]);
});
