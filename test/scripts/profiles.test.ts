import { mkdirSync, writeFileSync } from "node:fs";
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

test("keys with a line break within are refused in words, and not shown", async () => {
  const ran = await mine.run(["inventory", "s3://photos", ...mine.endpoint], {
    env: { AWS_ACCESS_KEY_ID: "ONE\nTWO", AWS_SECRET_ACCESS_KEY: "x" },
  });
  expect(ran.exit).toBe(4);
  expect(ran.stderr).toContain("the access key (AWS_ACCESS_KEY_ID) has a blank or a line break");
  expect(ran.stderr).not.toContain("TWO");
});
