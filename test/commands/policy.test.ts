import { describe, expect, test } from "vitest";
import { runHere } from "../scripts/in-process.ts";

const policy = async (source: string) => {
  const around = { env: { PATH: process.env.PATH }, cwd: "/", program: "photohaul" };
  const { exit, stdout } = await runHere(["policy", source], around);
  const statements = stdout.startsWith("{") ? JSON.parse(stdout).Statement : [];
  return { exit, text: stdout, statements };
};

/** As IAM writes a character that stands for itself. */
const plain = (special: string) => `$\{${special}}`;
const variable = "$".concat("{aws:username}");

describe("a policy is for this bucket and prefix and no other", () => {
  test.each([
    ["s3://photos/20*", `arn:aws:s3:::photos/20${plain("*")}*`, `20${plain("*")}*`],
    ["s3://photos/a?b/", `arn:aws:s3:::photos/a${plain("?")}b/*`, `a${plain("?")}b/*`],
    [`s3://photos/${variable}/`, `arn:aws:s3:::photos/${plain("$")}{aws:username}/*`, `${plain("$")}{aws:username}/*`],
    ["S3://photos/2012", "arn:aws:s3:::photos/2012*", "2012*"],
  ])("%s", async (source, resource, prefix) => {
    const { statements } = await policy(source);
    expect(statements[0].Condition).toEqual({ StringLike: { "s3:prefix": [prefix] } });
    expect(statements[2].Resource).toEqual([resource]);
  });

  test("also where the name of the bucket has a wildcard", async () => {
    const { statements } = await policy("s3://*");
    expect(statements[0].Resource).toEqual([`arn:aws:s3:::${plain("*")}`]);
    expect(statements[2].Resource).toEqual([`arn:aws:s3:::${plain("*")}/*`]);
  });
});

test.each(["s3://", "s3:///", "s3:///photos", "s3:// /x", "", "photos", "swift://", "sftp:", "rclone:", "tahoe:"])(
  "%j names no bucket",
  async (source) => {
    expect(await policy(source)).toMatchObject({ exit: 2, text: "" });
  },
);

test("the line for Swift is one that a shell reads as it is meant", async () => {
  const { text } = await policy("swift://it's mine; rm");
  expect(text).toContain(`'it'\\''s mine; rm'\n`);
});

test.each([
  ["sftp://me@nas.example:2222/volume1/photos", ["~me/.ssh/authorized_keys", "Where /volume1/photos is only read"]],
  ["sftp://nas.example", ["~photohaul/.ssh/authorized_keys", "Where / is only read"]],
  ["rclone:dropbox:Photos", ["rclone reaches dropbox: with"]],
  ["tahoe:photos", ["tahoe list-aliases --readonly-uri"]],
])("%s has its own words", async (source, words) => {
  const { exit, text } = await policy(source);
  expect(exit).toBe(0);
  for (const word of words) expect(text).toContain(word);
});
