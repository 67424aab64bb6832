import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect, test } from "vitest";
import { redacted } from "../../../src/secrets.ts";
import { signed } from "../../../src/stores/s3/sign.ts";

/** "GET Object" of "Examples: Signature calculations in AWS Signature Version 4", Amazon S3 API Reference. */
test("the example of Amazon's own guide is signed as it stands there", () => {
  const headers = signed(
    { method: "GET", host: "examplebucket.s3.amazonaws.com", target: "/test.txt", headers: { range: "bytes=0-9" } },
    { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
    "us-east-1",
    Date.UTC(2013, 4, 24),
  );
  expect(headers.authorization).toBe(
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  );
});

class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = typeof secret === "string" || secret === undefined ? secret : Buffer.from(bytesOf(secret));
    this.#hash = key === undefined ? createHash("sha256") : createHmac("sha256", key);
  }
  update(data: Uint8Array) {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset() {}
}

function bytesOf(secret: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(secret)
    ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength)
    : new Uint8Array(secret);
}

test.each([
  ["a plain GET", { method: "GET", target: "/photos/2012/a.jpg", headers: { "if-match": '"abc"' } }, {}],
  ["a session", { method: "HEAD", target: "/a", headers: {} }, { sessionToken: "a/token==" }],
  ["blanks in a header", { method: "PUT", target: "/a", headers: { "x-amz-meta-a": "  a   b \t c " } }, {}],
  ["a body", { method: "PUT", target: "/a", headers: {}, bodySha256: "ab".repeat(32) }, {}],
])("%s is signed as the AWS SDK signs it", async (_, request, more) => {
  const credentials = { accessKeyId: "id", secretAccessKey: "a secret", ...more };
  const sdk = new SignatureV4({
    service: "s3",
    region: "eu-west-1",
    credentials,
    sha256: Sha256,
    uriEscapePath: false,
  });
  const { bodySha256, ...rest } = { bodySha256: createHash("sha256").digest("hex"), ...request };
  const theirs = await sdk.sign(
    {
      method: rest.method,
      protocol: "https:",
      hostname: "store.example",
      path: rest.target,
      query: {},
      headers: { ...rest.headers, host: "store.example", "x-amz-content-sha256": bodySha256 },
    },
    { signingDate: new Date(1_700_000_000_123) },
  );
  const ours = signed({ ...request, host: "store.example" }, credentials, "eu-west-1", 1_700_000_000_123);
  expect(ours).toEqual(theirs.headers);
});

test("a query is signed as it goes out, also of a key that is no UTF-8, and another day has another key", () => {
  const request = { method: "GET", host: "h", target: "/b?prefix=%FF&versionId=a%2Fb", headers: {} };
  const keys = { accessKeyId: "id", secretAccessKey: "a secret" };
  const at = (day: number) => signed(request, keys, "r", Date.UTC(2020, 0, day)).authorization;
  expect(at(1)).not.toBe(at(2));
  expect(at(1)).toBe(at(1));
});

test("a signature that an answer quotes stands in no message", () => {
  const keys = { accessKeyId: "id", secretAccessKey: "a secret" };
  const headers = signed({ method: "GET", host: "h", target: "/", headers: {} }, keys, "r", 0);
  const signature = /Signature=(\w+)/.exec(headers.authorization ?? "")?.[1] ?? "";
  expect(redacted(`you sent ${signature}`)).toBe("you sent [redacted]");
});
