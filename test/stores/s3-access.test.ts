/** Who may read a bucket, and where it is. */

import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { refused } from "../contract/source.contract.ts";
import { keysOf, listAll, read } from "../contract/source-rig.ts";
import { onlyObject, useS3 } from "./s3-hooks.ts";
import { s3Rig } from "./s3-rig.ts";

const s3 = useS3();

describe("a bucket that cannot be read", () => {
  test("there is none of that name", async () => {
    const error = await refused(keysOf(await s3.open({ bucket: "nobodys" })), "no-bucket", false);
    expect(error.message).toContain("s3://nobodys: there is no such bucket");
  });

  test("nobody answers", async () => {
    const port = await freePort();
    const nobody = await s3.open({ endpoint: `http://127.0.0.1:${port}` });
    const error = await refused(keysOf(nobody), "unreachable", true);
    expect(error.message).toContain(`127.0.0.1:${port}: nobody answers at this address`);
  });

  test("the host has no address", async () => {
    const nowhere = await s3.open({ endpoint: "http://photos.invalid" });
    await refused(keysOf(nowhere), "unreachable", true);
  });

  test("https is spoken to a server that speaks http", async () => {
    const secure = await s3.open({ endpoint: s3.rig.server.endpoint.replace("http:", "https:") });
    const error = await refused(keysOf(secure), "unreachable", false);
    expect(error.message).toContain("http://");
  });

  test.each([
    ["no key at all", {}, "No credentials were found"],
    ["an unknown key", { AWS_ACCESS_KEY_ID: "AKIANOBODY", AWS_SECRET_ACCESS_KEY: "s3cret" }, "does not know"],
    ["a wrong secret", { AWS_SECRET_ACCESS_KEY: "s3cret-wrong" }, "does not fit"],
  ])("%s", async (_, variables, says) => {
    const given = Object.keys(variables).length > 0;
    if (!given) delete process.env.AWS_ACCESS_KEY_ID;
    Object.assign(process.env, variables);
    const error = await refused(keysOf(await s3.open()), "credentials", false);
    expect(error.message).toContain(says);
    expect(`${error.message}${error.stack}`).not.toContain("s3cret");
  });

  test("a profile that is not there", async () => {
    const error = await refused(keysOf(await s3.open({ profile: "holiday" })), "credentials", false);
    expect(error.message).toContain("in the profile holiday");
  });
});

test("a public bucket is read without credentials", async () => {
  const open2 = await s3Rig({ credentials: "anonymous" });
  delete process.env.AWS_ACCESS_KEY_ID;
  await open2.put("a.jpg", "photo");
  const anyone = await open2.open({ noSignRequest: true });
  const object = await onlyObject(anyone);
  expect(String(await read(anyone, object))).toBe("photo");
  await anyone.close();
  await open2.close();
});

test("a bucket in another region is followed there, once for all requests", async () => {
  s3.rig.server.bucket("far", { region: "eu-north-1" }).put("a.jpg", "photo");
  const far = await s3.open({ bucket: "far", region: "us-east-1" });
  const listings = await Promise.all([listAll(far), listAll(far), listAll(far)]);
  expect(listings.map(({ length }) => length)).toEqual([1, 1, 1]);
  const requests = s3.rig.server.counts.list;
  expect(requests).toBeLessThanOrEqual(9);
  await listAll(far);
  expect(s3.rig.server.counts.list).toBe(requests + 2);
});

/** A port on which nothing listens. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
