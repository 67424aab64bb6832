import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainCredentials, settledCredentials } from "../../../src/stores/s3/address.ts";
import { configuredEndpoint } from "../../../src/stores/s3/credentials.ts";

const CONFIG = `[default]
endpoint_url = https://default.example

[profile plain]
region = eu-west-1

[profile own]
endpoint_url = https://own.example

[profile services]
services = mine
endpoint_url = https://own.example

[services mine]
ec2 =
  endpoint_url = https://ec2.example
s3 =
  endpoint_url = https://services.example

[profile others]
services = ec2
endpoint_url = https://own.example

[services ec2]
ec2 =
  endpoint_url = https://ec2.example

[profile nowhere]
services = none

[profile ignores]
endpoint_url = https://own.example
ignore_configured_endpoint_urls = true
`;
let home = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "photohaul-endpoint-"));
  mkdirSync(join(home, ".aws"));
  writeFileSync(join(home, ".aws", "config"), CONFIG);
});
afterAll(() => rmSync(home, { recursive: true }));

describe("the service that answers where none is typed", () => {
  test.each<[string, string | undefined, Record<string, string>, string | undefined]>([
    ["of a profile that was typed", "own", {}, "https://own.example"],
    ["of its services section", "services", {}, "https://services.example"],
    ["of the profile where the section is of others", "others", {}, "https://own.example"],
    ["AWS, where the profile names none and another does", "plain", {}, undefined],
    ["AWS, for a profile that ignores it", "ignores", {}, undefined],
    ["AWS, for a profile that is not there", "none", {}, undefined],
    ["of the default profile", undefined, {}, "https://default.example"],
    ["of AWS_PROFILE", undefined, { AWS_PROFILE: "own" }, "https://own.example"],
    ["of what was typed before AWS_PROFILE", "services", { AWS_PROFILE: "own" }, "https://services.example"],
    ["of the environment", undefined, { AWS_ENDPOINT_URL: "https://env.example" }, "https://env.example"],
    [
      "of the environment for S3 first",
      undefined,
      { AWS_ENDPOINT_URL: "https://env.example", AWS_ENDPOINT_URL_S3: "https://s3.example" },
      "https://s3.example",
    ],
    [
      "of the profile before the environment",
      "own",
      { AWS_ENDPOINT_URL: "https://env.example" },
      "https://own.example",
    ],
    [
      "of the environment for a profile without",
      "plain",
      { AWS_ENDPOINT_URL: "https://env.example" },
      "https://env.example",
    ],
    ["AWS, where all are ignored", "own", { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }, undefined],
  ])("%s", async (_, profile, env, expected) => {
    expect(await configuredEndpoint(profile, { HOME: home, ...env })).toBe(expected);
  });

  test("a services section that is not there is named", async () => {
    await expect(configuredEndpoint("nowhere", { HOME: home })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("the services section none"),
    });
  });

  test("without files it is AWS, or what the environment says", async () => {
    expect(await configuredEndpoint(undefined, { HOME: "/no/home" })).toBeUndefined();
    const env = { HOME: "/no/home", AWS_ENDPOINT_URL: "https://env.example" };
    expect(await configuredEndpoint("any", env)).toBe("https://env.example");
  });
});

describe("keys", () => {
  test("lose the line break of the file that they came from", () => {
    const env = {
      AWS_ACCESS_KEY_ID: "ID\n",
      AWS_SECRET_ACCESS_KEY: " secret\r\n",
      AWS_SESSION_TOKEN: "\tt ",
    };
    const plain = { accessKeyId: "ID", secretAccessKey: "secret", sessionToken: "t" };
    expect(settledCredentials({}, env)).toEqual(plain);
  });

  test.each(["A\u200bB", "AÜB", "\u00adAB"])("%j is no key either, as no header holds it", (key) => {
    for (const name of ["accessKeyId", "secretAccessKey", "sessionToken"] as const) {
      const keys = { accessKeyId: "id", secretAccessKey: "s", [name]: key };
      expect(() => plainCredentials(keys)).toThrow(/has a character that no key has/);
    }
  });

  test.each(["A\nB", "A B", "A\u0000B", "A\tB"])("%j is no key, which is said without showing it", (key) => {
    for (const name of ["accessKeyId", "secretAccessKey", "sessionToken"] as const) {
      const keys = { accessKeyId: "id", secretAccessKey: "s", [name]: key };
      expect(() => plainCredentials(keys)).toThrow(/has a blank or a line break in its midst/);
      expect(() => plainCredentials(keys)).not.toThrow(key);
    }
  });
});
