import { describe, expect, test } from "vitest";
import { HaulError } from "../../../src/errors.ts";
import { addressOf, type Env, loginFrom } from "../../../src/stores/swift/login.ts";

const V1: Env = { ST_AUTH: "https://auth.example/v1.0", ST_USER: "u", ST_KEY: "secret" };
const V3: Env = {
  OS_AUTH_URL: "https://keystone.example/v3/",
  OS_USERNAME: "u",
  OS_PASSWORD: "secret",
  OS_PROJECT_NAME: "p",
};
const project = { name: "p", domain: { id: "default" } };
const password = (user: object) => ({
  methods: ["password"],
  password: { user: { ...user, password: "secret" } },
});
const byName = password({ name: "u", domain: { id: "default" } });

describe("who asks", () => {
  test.each<[string, Env, object]>([
    ["auth v1", V1, { kind: "v1", auth: "https://auth.example/v1.0", user: "u", key: "secret" }],
    ["auth v1 before Keystone", { ...V3, ...V1 }, { kind: "v1" }],
    [
      "a key that came with the line break of its file",
      { ST_AUTH: "https://a\n", ST_USER: "u\r\n", ST_KEY: " se cret \n" },
      { auth: "https://a", user: "u", key: " se cret " },
    ],
    ["Keystone where auth v1 is half set", { ...V3, ST_AUTH: "https://a" }, { kind: "v3" }],
    ["a password", V3, { kind: "v3", auth: "https://keystone.example/v3", identity: byName, project, region: "" }],
    ["an address without its version", { ...V3, OS_AUTH_URL: "https://k/identity" }, { auth: "https://k/identity/v3" }],
    [
      "names of domains",
      { ...V3, OS_USER_DOMAIN_NAME: "Users", OS_PROJECT_DOMAIN_NAME: "Projects" },
      {
        identity: password({ name: "u", domain: { name: "Users" } }),
        project: { name: "p", domain: { name: "Projects" } },
      },
    ],
    [
      "ids before names",
      { ...V3, OS_USER_ID: "u1", OS_PROJECT_ID: "p1", OS_USER_DOMAIN_ID: "d1" },
      { identity: password({ id: "u1" }), project: { id: "p1" } },
    ],
    ["a tenant, as it was called", { ...V3, OS_PROJECT_NAME: "", OS_TENANT_NAME: "p" }, { project }],
    [
      "region and interface",
      { ...V3, OS_REGION_NAME: "GRA", OS_ENDPOINT_TYPE: "internalURL" },
      { region: "GRA", interface: "internal" },
    ],
    [
      "an application credential",
      {
        OS_AUTH_URL: "https://k",
        OS_APPLICATION_CREDENTIAL_ID: "a1",
        OS_APPLICATION_CREDENTIAL_SECRET: "secret",
      },
      {
        identity: {
          methods: ["application_credential"],
          application_credential: { id: "a1", secret: "secret" },
        },
        project: null,
      },
    ],
    [
      "one by its name",
      {
        OS_AUTH_URL: "https://k",
        OS_USERNAME: "u",
        OS_APPLICATION_CREDENTIAL_NAME: "a",
        OS_APPLICATION_CREDENTIAL_SECRET: "secret",
      },
      {
        identity: {
          application_credential: {
            name: "a",
            user: { name: "u", domain: { id: "default" } },
            secret: "secret",
          },
        },
      },
    ],
    [
      "another address of the store",
      { ...V3, OS_STORAGE_URL: "https://other/v1/AUTH_x" },
      { kind: "v3", storageUrl: "https://other/v1/AUTH_x" },
    ],
    [
      "a token that somebody else got",
      { OS_STORAGE_URL: "https://s/v1/AUTH_x", OS_AUTH_TOKEN: "secret" },
      { kind: "token", storageUrl: "https://s/v1/AUTH_x", token: "secret" },
    ],
  ])("%s", (_, env, login) => {
    expect(loginFrom(env)).toMatchObject(login);
    expect(addressOf(loginFrom(env))).not.toContain("secret");
  });

  test.each<[string, Env, string]>([
    ["a line break within a key", { ...V1, ST_KEY: "a\nb" }, "ST_KEY has a line break"],
    ["nothing", {}, "Set ST_AUTH, ST_USER and ST_KEY"],
    ["no key", { ...V1, ST_KEY: "" }, "ST_AUTH is set, and ST_KEY is not"],
    ["neither user nor key", { ST_AUTH: "https://a" }, "ST_USER and ST_KEY is not"],
    ["no password", { ...V3, OS_PASSWORD: "" }, "OS_PASSWORD is not"],
    ["no project", { ...V3, OS_PROJECT_NAME: "" }, "OS_PROJECT_NAME is not"],
    [
      "no secret",
      { OS_AUTH_URL: "https://k", OS_APPLICATION_CREDENTIAL_ID: "a" },
      "OS_APPLICATION_CREDENTIAL_SECRET is not",
    ],
    ["Keystone v2", { ...V3, OS_AUTH_URL: "https://k/v2.0/" }, "Keystone v2"],
    ["no address", { ...V1, ST_AUTH: "auth.example" }, "no http:// or https:// URL"],
    ["a token alone", { OS_AUTH_TOKEN: "secret" }, "No credentials"],
  ])("%s is said in words that hold no secret", (_, env, says) => {
    const error = thrown(() => loginFrom(env));
    expect(error).toBeInstanceOf(HaulError);
    expect(error).toMatchObject({ code: "credentials", message: expect.stringContaining(says) });
    expect(String(error)).not.toContain("secret");
  });
});

function thrown(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
