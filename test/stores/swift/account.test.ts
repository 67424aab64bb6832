/** Signing in, and what happens when a token runs out, against the embedded server. */

import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type SwiftServer, startSwift } from "../../../fixtures/swift/server.ts";
import { HaulError } from "../../../src/errors.ts";
import { Container, SwiftAccount } from "../../../src/stores/swift/account.ts";
import { type Env, type Login, loginFrom } from "../../../src/stores/swift/login.ts";
import { headObject, putObject } from "../../../src/stores/swift/swift-object.ts";

const signal = new AbortController().signal;
let server: SwiftServer;
let accounts: SwiftAccount[];

beforeEach(async () => {
  server = await startSwift();
  server.container("photos").put("a.jpg", "photo");
  accounts = [];
});
afterEach(async () => {
  for (const account of accounts) await account.close();
  await server.close();
});

function photos(env: Env = {}): Container {
  const v1 = { ST_AUTH: server.auth, ST_USER: server.user, ST_KEY: server.key };
  return of(loginFrom(Object.keys(env).length === 0 ? v1 : env));
}

function of(login: Login): Container {
  const account = new SwiftAccount(login);
  accounts.push(account);
  return new Container("photos", account);
}

const keystone = (): Env => ({
  OS_AUTH_URL: server.keystone,
  OS_USERNAME: "u",
  OS_PASSWORD: server.key,
  OS_PROJECT_NAME: "p",
});

async function refused(work: Promise<unknown>): Promise<HaulError> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (error instanceof HaulError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

describe("signing in", () => {
  test("by auth v1, once for many requests at once", async () => {
    const container = photos();
    const heads = Array.from({ length: 20 }, () => headObject(container, "a.jpg", signal));
    for (const head of await Promise.all(heads)) expect(head).toMatchObject({ size: 5 });
    expect(server.signIn.count).toBe(1);
  });

  test("by Keystone, into the project that is named", async () => {
    expect(await headObject(photos(keystone()), "a.jpg", signal)).toMatchObject({ size: 5 });
    expect(server.signIn.lastAsked).toMatchObject({
      auth: { scope: { project: { name: "p", domain: { id: "default" } } } },
    });
  });

  test("by an application credential, which knows its project", async () => {
    const container = photos({
      OS_AUTH_URL: server.keystone,
      OS_APPLICATION_CREDENTIAL_ID: "a1",
      OS_APPLICATION_CREDENTIAL_SECRET: server.key,
    });
    expect(await headObject(container, "a.jpg", signal)).toMatchObject({ size: 5 });
    expect(Object.keys(Object(server.signIn.lastAsked).auth)).toEqual(["identity"]);
  });

  test("with several regions, one must be named", async () => {
    server.signIn.regions = ["GRA", "SBG"];
    const error = await refused(headObject(photos(keystone()), "a.jpg", signal));
    expect(error.message).toContain("set OS_REGION_NAME to one of GRA, SBG");
    const named = photos({ ...keystone(), OS_REGION_NAME: "SBG" });
    expect(await headObject(named, "a.jpg", signal)).toMatchObject({ size: 5 });
    const wrong = photos({ ...keystone(), OS_REGION_NAME: "BHS" });
    expect((await refused(headObject(wrong, "a.jpg", signal))).message).toContain("BHS");
    server.signIn.regions = [];
    const none = await refused(headObject(photos(keystone()), "a.jpg", signal));
    expect(none.message).toContain("has no object store");
  });

  test("that is refused says so, and not the key", async () => {
    for (const env of [
      { ST_AUTH: server.auth, ST_USER: server.user, ST_KEY: "wrong-key" },
      { ...keystone(), OS_PASSWORD: "wrong-key" },
    ]) {
      const error = await refused(headObject(photos(env), "a.jpg", signal));
      expect(error).toMatchObject({ code: "credentials", retry: false });
      expect(error.message).not.toContain("wrong-key");
    }
  });

  test("at an address that answers with some page is refused: X-Storage-Url is required", async () => {
    const auth = server.auth.replace("/auth/v1.0", "/info");
    const login = of({ kind: "v1", auth, user: server.user, key: server.key });
    const error = await refused(headObject(login, "a.jpg", signal));
    expect(error).toMatchObject({ code: "credentials" });
    expect(error.message).toContain("names no X-Storage-Url");
  });

  test("at an address where nobody is can be tried again", async () => {
    const login = of({ kind: "v1", auth: "http://127.0.0.1:9/", user: "u", key: "k" });
    const error = await refused(headObject(login, "a.jpg", signal));
    expect(error).toMatchObject({ code: "unreachable", retry: true });
  });
});

describe("a token that has run out", () => {
  test("is renewed once for all who are refused, and what they asked is asked again", async () => {
    const container = photos();
    await headObject(container, "a.jpg", signal);
    server.signIn.expireTokens();
    const heads = Array.from({ length: 10 }, () => headObject(container, "a.jpg", signal));
    for (const head of await Promise.all(heads)) expect(head).toMatchObject({ size: 5 });
    expect(server.signIn.count).toBe(2);
  });

  test("does not cost the bytes of a write", async () => {
    const container = photos();
    await headObject(container, "a.jpg", signal);
    server.signIn.expireTokens();
    const bytes = Buffer.alloc(300_000, "photo");
    const body = { size: bytes.length, sha256: "", open: () => bytes };
    const md5 = createHash("md5").update(bytes).digest("hex");
    const writing = { key: "b.jpg", body, md5, headers: {}, onlyNew: true };
    expect(await putObject(container, writing, signal)).toMatchObject({ etag: md5 });
    expect(server.container("photos").get("b.jpg")?.body.size).toBe(300_000);
    expect(server.signIn.count).toBe(2);
  });

  test("is renewed no more than once for one request", async () => {
    const container = photos();
    server.faults.arm({ fault: "unauthorized", times: 99 });
    const error = await refused(headObject(container, "a.jpg", signal));
    expect(error).toMatchObject({ code: "credentials" });
    expect(server.counts.HEAD).toBe(2);
    expect(server.signIn.count).toBe(2);
  });

  test("that somebody else got cannot be renewed", async () => {
    const storageUrl = server.auth.replace("/auth/v1.0", "/v1/AUTH_test");
    const error = await refused(headObject(of({ kind: "token", storageUrl, token: "old" }), "a.jpg", signal));
    expect(error).toMatchObject({ code: "credentials" });
    expect(server.counts.HEAD).toBe(1);
  });
});
