import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { runHere } from "../scripts/in-process.ts";

const policy = async (...args: string[]) => {
  const around = { env: { PATH: process.env.PATH }, cwd: "/", program: "photohaul" };
  const { exit, stdout, stderr } = await runHere(["policy", ...args], around);
  const statements: Statement[] = stdout.startsWith("{") ? (JSON.parse(stdout).Statement ?? []) : [];
  return { exit, text: stdout, stderr, statements };
};

interface Statement {
  readonly Action: string[];
  readonly Resource: string[];
  readonly Condition?: object;
}

const rights = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action);

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
    expect(statements[0]?.Condition).toEqual({ StringLike: { "s3:prefix": [prefix] } });
    expect(statements[2]?.Resource).toEqual([resource]);
  });

  test("also where the name of the bucket has a wildcard", async () => {
    const { statements } = await policy("s3://*");
    expect(statements[0]?.Resource).toEqual([`arn:aws:s3:::${plain("*")}`]);
    expect(statements[2]?.Resource).toEqual([`arn:aws:s3:::${plain("*")}/*`]);
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

const READS = ["s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject"];
const ADDS = [
  "s3:ListBucket",
  "s3:ListBucketMultipartUploads",
  "s3:GetBucketLocation",
  "s3:GetObject",
  "s3:PutObject",
  "s3:AbortMultipartUpload",
];
const LOCKS = ["s3:GetBucketObjectLockConfiguration", "s3:PutObjectRetention", "s3:GetObjectRetention"];

test.each([
  [["s3://photos"], READS],
  [
    ["s3://photos", "--restore"],
    [...READS, "s3:RestoreObject"],
  ],
  [["--target", "s3://copy"], ADDS],
  [
    ["--target", "s3://copy", "--restore"],
    [...ADDS, "s3:RestoreObject"],
  ],
  [
    ["--target", "s3://copy", "--object-lock"],
    [...ADDS, ...LOCKS],
  ],
  [
    ["s3://photos", "--target", "s3://copy"],
    [...READS, ...ADDS],
  ],
])("%j is these rights and no other", async (args, wanted) => {
  const { exit, statements } = await policy(...args);
  expect(exit).toBe(0);
  expect(rights(statements).sort()).toEqual([...wanted].sort());
});

test("a target's prefix is a folder, whatever slashes were typed, and is what it stands for", async () => {
  for (const typed of ["s3://copy/a*", "s3://copy/a*/", "s3://copy//a*/"]) {
    const { statements } = await policy("--target", typed);
    expect(statements.at(-1)?.Resource).toEqual([`arn:aws:s3:::copy/a${plain("*")}/*`]);
  }
});

interface Rule {
  readonly Filter: { readonly And: { readonly Prefix: string; readonly ObjectSizeGreaterThan: number } };
  readonly Transitions?: object;
  readonly Expiration?: object;
  readonly AbortIncompleteMultipartUpload?: object;
}

const rulesOf = async (...more: string[]): Promise<[Rule, ...Rule[]]> => {
  const { text } = await policy("--target", "s3://copy/photos", "--lifecycle", "DEEP_ARCHIVE@30", ...more);
  return JSON.parse(text).Rules;
};

describe("rules that make photos cold", () => {
  test("give up unfinished uploads, and take no prefix in which the lists lie", async () => {
    const [unfinished, ...cold] = await rulesOf();
    expect(unfinished).toMatchObject({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } });
    expect(unfinished.Transitions).toBeUndefined();
    expect(cold.length).toBeGreaterThan(60);
    for (const { Filter, Transitions, Expiration } of cold) {
      const { Prefix, ObjectSizeGreaterThan } = Filter.And;
      expect("photos/.photohaul/manifest-000001.ndjson".startsWith(Prefix)).toBe(false);
      expect(ObjectSizeGreaterThan).toBe(131_072);
      expect([Transitions, Expiration]).toEqual([[{ Days: 30, StorageClass: "DEEP_ARCHIVE" }], undefined]);
    }
    const taken = (path: string) => cold.some((rule) => `photos/${path}`.startsWith(rule.Filter.And.Prefix));
    for (const path of ["2012/IMG_1.jpg", "holiday/x.jpg", "_x.jpg", "DSC_1.NEF"]) expect(taken(path)).toBe(true);
  });

  test("are one for each folder that is named", async () => {
    const [, ...cold] = await rulesOf("--folder", "19", "--folder", "20");
    expect(cold.map(({ Filter }) => Filter.And.Prefix)).toEqual(["photos/19", "photos/20"]);
  });
});

test("commands are of a shell, and every name is one word of it", async () => {
  const { text } = await policy(
    "s3://o'n\"e",
    "--target",
    "s3://copy/it's; rm -rf $HOME",
    "--as",
    "cli",
    "--object-lock",
  );
  const sh = spawnSync("sh", ["-c", `aws() { printf '%s\\n' "$@"; }\n${text}`], { encoding: "utf8" });
  expect(sh.stderr).toBe("");
  expect(sh.stdout).toContain("it's; rm -rf $HOME/");
  expect(sh.stdout).toContain("--object-lock-enabled-for-bucket");
  expect(sh.stdout).not.toContain("delete");
});

test.each([
  [[], "policy for what?"],
  [["--target", "s3://ph*tos"], "can be no bucket"],
  [["--target", "s3://"], "can be no bucket"],
  [["--target", "/media/usb"], "can be no bucket"],
  [["--target", "swift://copy"], "can be no bucket"],
  [["s3://ph*tos", "--as", "cli"], "can be no bucket"],
  [["--target", "s3://copy", "--lifecycle", "DEEP_ARCHIVE@0"], "from 1 on"],
  [["--target", "s3://copy", "--lifecycle", "DEEP_ARCHIVE"], "such as DEEP_ARCHIVE@30"],
  [["--target", "s3://copy", "--lifecycle", "STANDARD_IA@30"], "no class of an archive"],
  [["--target", "s3://copy", "--lifecycle", "GLACIER_IR@30"], "no class of an archive"],
  [["--target", "s3://copy", "--lifecycle", "@30"], "no class of an archive"],
  [["--target", "s3://copy", "--lifecycle", "GLACIER@1.5"], "from 1 on"],
  [["--target", "s3://copy", "--as", "terraform"], 'one of "json", "cli", "cloudformation"'],
  [["--target", "s3://copy", "--folder", "20"], "there are none"],
  [["--target", "s3://copy", "--lifecycle", "GLACIER@1", "--folder", ".photohaul/"], "lists to the archive"],
  [["--target", "s3://copy", "--lifecycle", "GLACIER@1", "--folder", "."], "lists to the archive"],
  [["--target", "s3://copy", "--lifecycle", "GLACIER@1", "--folder", ""], "lists to the archive"],
  [["s3://photos", "--lifecycle", "GLACIER@1"], "--lifecycle is of a bucket as a target"],
  [["s3://photos", "--object-lock"], "--object-lock is of a bucket as a target"],
  [["swift://photos", "--target", "s3://copy"], "of buckets of S3"],
  [["tahoe:photos", "--restore"], "of buckets of S3"],
])("%j is wrong use", async (args, words) => {
  const { exit, text, stderr } = await policy(...args);
  expect([exit, text, stderr]).toEqual([2, "", expect.stringContaining(words)]);
});
