/** What a run says that ended before it began: what to look at, and nothing else. */

import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Rig, type RunOptions, rig } from "../scripts/rig.ts";

let on: Rig;
beforeAll(async () => {
  on = await rig();
});
afterAll(() => on[Symbol.asyncDispose]());

const anonymous = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

test.each<[string, string[], RegExp, RegExp, RunOptions?]>([
  ["a drive", ["s3://photos", "none/photos", "E"], /Plug the drive in/, /bucket|AWS|Swift|OS_/],
  ["a folder", ["none", "T"], /how the folder is spelled/, /bucket|AWS|Swift|OS_/],
  ["a bucket", ["s3://nope", "T", "E"], /name of the bucket/, /container|Swift|drive/],
  [
    "a bucket to mirror to",
    ["s3://photos", "s3://away", "E", "--target-endpoint", "http://127.0.0.1:9"],
    /--target-endpoint/,
    /container|Swift|drive/,
  ],
  ["S3", ["s3://photos", "T", "E"], /AWS_ACCESS_KEY_ID/, /Swift|OS_/, { env: anonymous }],
  ["Swift", ["swift://photos", "T"], /ST_AUTH/, /AWS|S3/],
])("the hint speaks of what is missing and of nothing else: %s", async (_, words, has, not, more) => {
  const target = join(on.folder, "T");
  const args = words.flatMap((word) => (word === "E" ? on.endpoint : word === "T" ? [target] : [word]));
  const { stdout, stderr } = await on.run(["mirror", ...args], more);
  const hint = stderr.split("\n")[2];
  expect(hint).toMatch(has);
  expect(hint).not.toMatch(not);
  // Nothing was listed, and so there is nothing to say of keys and photos.
  expect(stdout).toMatch(/\n {2}listed {5}nothing; the run ended before that\n {2}took/);
});

test("an endpoint that has the bucket in it is named", async () => {
  const [, endpoint = ""] = on.endpoint;
  const words = ["mirror", "s3://photos", join(on.folder, "T"), "--endpoint", `${endpoint}/photos/`];
  expect((await on.run(words)).stderr).toMatch(/leave photos out of --endpoint/);
  const denied = await on.run(words, { env: { AWS_SECRET_ACCESS_KEY: "another-secret" } });
  expect(denied.stderr).not.toContain("out of --endpoint");
});
