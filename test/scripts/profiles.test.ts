import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { datedPhoto } from "./dated-photo.ts";
import { type Rig, rig } from "./rig.ts";

/** Two services with buckets of one name; each knows the keys of its own profile only. */
let mine: Rig;
let other: Rig;
const keys = { accessKeyId: "OTHER", secretAccessKey: "their-secret" };
beforeAll(async () => {
  mine = await rig({}, (server) => server.bucket("photos").put("mine.jpg", datedPhoto(2000, "m")));
  other = await rig({ credentials: [keys] }, (server) => {
    server.bucket("photos").put("other.jpg", datedPhoto(2000, "o"));
    server.bucket("copy");
  });
  const { accessKeyId, secretAccessKey } = mine.server.credentials ?? keys;
  mkdirSync(join(mine.folder, ".aws"));
  const put = (name: string, text: string) => writeFileSync(join(mine.folder, ".aws", name), text);
  put(
    "config",
    `[default]\nregion = us-east-1\nendpoint_url = ${mine.server.endpoint}\n[profile other]\nregion = us-east-1\nservices = theirs\n[services theirs]\ns3 =\n  endpoint_url = ${other.server.endpoint}\n`,
  );
  put(
    "credentials",
    `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n[other]\naws_access_key_id = OTHER\naws_secret_access_key = their-secret\n`,
  );
});
afterAll(async () => {
  await mine[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});
beforeEach(() => {
  mine.server.resetCounts();
  other.server.resetCounts();
});
const fromFiles = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

test("--profile asks the service of that profile with the keys of that profile, and remembers its bucket apart", async () => {
  const drive = (name: string) => join(mine.folder, name);
  const typed = ["mirror", "s3://photos", drive("a"), "--profile", "other", "--json"];
  const ran = await mine.run(typed, { env: fromFiles });
  expect(ran.stderr).toBe("");
  expect(ran.photos.map(({ key }) => key)).toEqual(["other.jpg"]);
  expect(mine.server.counts.list).toBe(0);
  const by = await mine.run(["mirror", "s3://photos", drive("b"), "--json"], { env: fromFiles });
  expect(by.photos.map(({ key }) => key)).toEqual(["mine.jpg"]);
  expect(by.summary.gone).toBe(0);
});

test("--target-profile does so for the target alone", async () => {
  const ran = await mine.run(["mirror", "s3://photos", "s3://copy", "--target-profile", "other", "--json"], {
    env: fromFiles,
  });
  expect(ran.stderr).toBe("");
  expect(ran.photos.map(({ key }) => key)).toEqual(["mine.jpg"]);
  expect(other.server.bucket("copy").keys()).toContain("mine.jpg");
  expect(mine.server.counts.put).toBe(0);
});

test("keys that end in a line break are the keys", async () => {
  const { accessKeyId, secretAccessKey } = mine.server.credentials ?? keys;
  const ran = await mine.run(["inventory", "s3://photos", ...mine.endpoint], {
    env: {
      AWS_ACCESS_KEY_ID: `${accessKeyId}\n`,
      AWS_SECRET_ACCESS_KEY: `${secretAccessKey}\r\n `,
    },
  });
  expect([ran.exit, ran.stderr]).toEqual([0, ""]);
});

test.each(['"', "'"])(
  "keys with %s around them, as a file for Docker has them, are the keys, and stay secrets",
  async (quote) => {
    await using on = await rig({}, (server) => void server.bucket("photos").put("a.jpg", datedPhoto(2000, "a")));
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = on.env;
    const env = {
      AWS_ACCESS_KEY_ID: quote + id + quote,
      AWS_SECRET_ACCESS_KEY: quote + secret + quote,
    };
    const words = ["mirror", "s3://photos", join(on.folder, "T"), ...on.endpoint];
    expect((await on.run(words, { env })).exit).toBe(0);
    const typed = await on.run(["mirror", `s3://${secret}`, join(on.folder, "T"), ...on.endpoint], { env });
    expect(typed.stderr + typed.stdout).not.toContain(secret);
  },
);

test("keys with a line break within are refused in words, and not shown", async () => {
  const ran = await mine.run(["inventory", "s3://photos", ...mine.endpoint], {
    env: { AWS_ACCESS_KEY_ID: "ONE\nTWO", AWS_SECRET_ACCESS_KEY: "x" },
  });
  expect(ran.exit).toBe(4);
  expect(ran.stderr).toContain("the access key (AWS_ACCESS_KEY_ID) has a blank or a line break");
  expect(ran.stderr).not.toContain("TWO");
});

/** A profile of a file of its own, and what asks for the keys of a role or of a machine. */
async function asking(profile: string, env: Record<string, string | undefined> = {}) {
  const { accessKeyId, secretAccessKey } = mine.server.credentials ?? keys;
  const answers: string[] = [];
  const giver = createServer((request, response) => {
    answers.push(`${request.method} ${request.url}`);
    const given = {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: "t",
      Expiration: "2099-01-01T00:00:00Z",
    };
    const inner = `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><Expiration>2099-01-01T00:00:00Z</Expiration>`;
    const role = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>${inner}</Credentials></AssumeRoleResult></AssumeRoleResponse>`;
    response.end(request.method === "POST" ? role : JSON.stringify(given));
  });
  await new Promise<void>((resolve) => giver.listen(0, "127.0.0.1", resolve));
  const address = giver.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const file = join(mine.folder, "special");
  const process = (line: string) => `credential_process = /bin/sh -c '${line}'\n`;
  const made = JSON.stringify({ Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey });
  writeFileSync(`${file}.json`, made);
  const role = "role_arn = arn:aws:iam::123456789012:role/r\n";
  writeFileSync(
    file,
    `[profile role]\n${role}source_profile = other\n[profile mfa]\n${role}source_profile = other\nmfa_serial = arn:m\n` +
      `[profile sourceless]\n${role}source_profile = gone\n[profile made]\n${process(`cat ${file}.json`)}` +
      `[profile failing]\n${process("exit 3 # pass=hunter2")}[profile sso]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n` +
      "[profile empty]\nregion = eu-west-1\n[profile half]\naws_access_key_id = HALF\n[profile nosession]\nsso_session = gone\n" +
      "[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://example.invalid/\n",
  );
  const ran = await mine.run(["inventory", "s3://photos", ...mine.endpoint, "--profile", profile], {
    env: {
      ...fromFiles,
      AWS_CONFIG_FILE: file,
      AWS_ENDPOINT_URL_STS: url,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/machine`,
      ...env,
    },
  });
  giver.close();
  return { exit: ran.exit, stderr: ran.stderr, answers };
}

test.each(["role", "made"])("a profile that comes by its keys otherwise (%s) is used whole", async (profile) => {
  const { exit, stderr } = await asking(profile);
  expect([exit, stderr]).toEqual([0, ""]);
});

test.each([
  ["absent", "have no profile absent"],
  ["sourceless", "have no profile gone"],
  ["empty", "special has nothing that gives keys: no aws_access_key_id and aws_secret_access_key"],
  ["half", "special has no aws_secret_access_key"],
  ["nosession", "names the sso-session gone, which is not in "],
  ["mfa", "it wants the code of a device (mfa_serial)"],
  ["failing", "its credential_process failed"],
  ["sso", "aws sso login"],
])("a profile that gives no keys (%s) is refused in words, and no one else's keys are taken", async (profile, says) => {
  const { exit, stderr, answers } = await asking(profile);
  expect(exit).toBe(4);
  expect(stderr).toContain(`No credentials were found in the profile ${profile}: `);
  expect(stderr).toContain(says);
  expect(stderr).toContain("aws configure export-credentials --profile NAME --format env");
  expect(stderr).not.toContain("hunter2");
  expect(answers).toEqual([]);
  expect(mine.server.counts.list).toBe(0);
});
