/** What is settled without the SDK is what the SDK would find: each case is asked of both. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  ANYWHERE,
  type S3Options,
  settledCredentials,
  settledEndpoint,
  settledRegion,
} from "../../../src/stores/s3/address.ts";
import { sdkPlace } from "../../../src/stores/s3/client.ts";

/** Nothing of the environment in which the tests run. */
let home = "";
beforeEach(() => {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
  }
  home = mkdtempSync(join(tmpdir(), "photohaul-place-"));
  vi.stubEnv("HOME", home);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

function put(name: "config" | "credentials", text: string): void {
  mkdirSync(join(home, ".aws"), { recursive: true });
  writeFileSync(join(home, ".aws", name), text);
}

const set = (env: Readonly<Record<string, string>>) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
};
const quiet = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };

describe("an address", () => {
  const endpoints = [
    "http://127.0.0.1:9000",
    "https://s3.example.com",
    "https://S3.Example.com/",
    "https://s3.example.com:443",
    "http://s3.example.com:443",
    "http://[::1]:9000",
    "https://e.example.com/base/v1",
    "https://e.example.com/base/",
  ];
  const buckets = ["photos", "my.photos", "Old_Bucket", "a"];
  const regions = ["us-east-1", "auto", "garage", "cn-north-1", "aws-global", "EU-west"];

  test.each(endpoints)("at %s", async (endpoint) => {
    for (const bucket of buckets) {
      for (const region of regions) {
        const place = settledEndpoint(bucket, { endpoint }, region, {});
        expect(place).toStrictEqual(await sdkPlace(bucket, { endpoint, noSignRequest: true }, region));
      }
    }
  });

  test.each<[string, string, S3Options, string, Record<string, string>]>([
    ["on AWS itself", "photos", {}, "eu-west-1", {}],
    ["of an ARN", "arn:aws:s3:eu-west-1:1:accesspoint/x", { endpoint: "http://x" }, "a", {}],
    ["of a directory bucket", "p--use1-az4--x-s3", { endpoint: "http://x" }, "us-east-1", {}],
    ["of a folder above", "..", { endpoint: "http://x" }, "us-east-1", {}],
    ["of a name with a slash", "a/b", { endpoint: "http://x" }, "us-east-1", {}],
    ["with a query", "photos", { endpoint: "http://x/?a=b" }, "us-east-1", {}],
    ["with a password", "photos", { endpoint: "http://a:b@x" }, "us-east-1", {}],
    ["of another protocol", "photos", { endpoint: "ftp://x" }, "us-east-1", {}],
    ["that is none", "photos", { endpoint: "x" }, "us-east-1", {}],
    ["of a path to encode", "photos", { endpoint: "http://x/a%20b" }, "us-east-1", {}],
    ["in a region that is none", "photos", { endpoint: "http://x" }, "a.b", {}],
    ["in a region of FIPS", "photos", { endpoint: "http://x" }, "fips-us-east-1", {}],
    ["with FIPS", "photos", { endpoint: "http://x" }, "a", { AWS_USE_FIPS_ENDPOINT: "true" }],
    ["both ways", "photos", { endpoint: "http://x" }, "a", { AWS_USE_DUALSTACK_ENDPOINT: "true" }],
  ])("%s is left to the SDK", (_what, bucket, options, region, env) => {
    expect(settledEndpoint(bucket, options, region, env)).toBeNull();
  });
});

describe("credentials", () => {
  const keys = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };
  const file = "[default]\naws_access_key_id=other\naws_secret_access_key=theirs\n";

  test.each<[string, Record<string, string>]>([
    ["of the environment", keys],
    ["with a token", { ...keys, AWS_SESSION_TOKEN: "token" }],
    ["with an empty token", { ...keys, AWS_SESSION_TOKEN: "" }],
    ["with an empty profile", { ...keys, AWS_PROFILE: "" }],
    ["with a role that could be taken", { ...keys, AWS_ROLE_ARN: "arn:aws:iam::1:role/x" }],
  ])("%s come before those of a file", async (_what, env) => {
    put("credentials", file);
    set(env);
    const settled = settledCredentials({}, process.env);
    expect(settled).not.toBeNull();
    const client = new S3Client({ region: "a", logger: quiet });
    expect(await client.config.credentials()).toMatchObject({ ...settled });
    expect((await client.config.credentials()).sessionToken).toBe(settled?.sessionToken);
  });

  test.each<[string, S3Options, Record<string, string>]>([
    ["a profile of the environment", {}, { ...keys, AWS_PROFILE: "default" }],
    ["a profile that was typed", { profile: "default" }, keys],
    ["a half of a pair", {}, { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "" }],
    ["nothing", {}, {}],
  ])("%s leaves to the SDK, which takes others", async (_what, options, env) => {
    put("credentials", file);
    set(env);
    expect(settledCredentials(options, process.env)).toBeNull();
    const client = new S3Client({ region: "a", logger: quiet, ...options });
    expect((await client.config.credentials()).accessKeyId).toBe("other");
  });
});

describe("a region", () => {
  const asked = async (options: S3Options) => {
    try {
      return await new S3Client({ logger: quiet, ...options }).config.region();
    } catch {
      return ANYWHERE;
    }
  };

  test.each<[string, S3Options, Record<string, string>]>([
    ["typed", { region: "auto" }, { AWS_REGION: "eu-west-1" }],
    ["of the environment", {}, { AWS_REGION: "eu-west-1" }],
    ["that nobody names", {}, { AWS_DEFAULT_REGION: "eu-west-1" }],
  ])("%s", async (_what, options, env) => {
    set(env);
    expect(settledRegion(options, process.env)).toBe(await asked(options));
  });

  test.each(["config", "credentials"] as const)("may stand in the %s of a home", async (name) => {
    put(name, "[default]\nregion=eu-south-2\n");
    expect(settledRegion({}, process.env)).toBeNull();
    expect(await asked({})).toBe("eu-south-2");
    expect(settledRegion({ region: "auto" }, process.env)).toBe("auto");
  });

  test("may stand in a file that the environment names", async () => {
    put("config", "[profile x]\nregion=eu-south-2\n");
    set({ AWS_CONFIG_FILE: join(home, ".aws", "config"), HOME: "/nowhere", AWS_PROFILE: "x" });
    expect(settledRegion({}, process.env)).toBeNull();
    expect(await asked({})).toBe("eu-south-2");
  });

  test.each(["", "fips-us-east-1", "a.b", "*"])("such as %j is left to the SDK", (region) => {
    expect(settledRegion({ region }, {})).toBeNull();
    expect(settledRegion({}, { AWS_REGION: region })).toBeNull();
  });
});
