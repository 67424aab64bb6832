import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../src/errors.ts";
import { isElsewhere, readErrorResponse, toError } from "../../../src/stores/s3/s3-error-map.ts";

const xml = (code: string, more = "") =>
  Buffer.from(`<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>As Amazon says</Message>${more}</Error>`);
const NOTHING = Buffer.alloc(0);
const listing = { kind: "listing", name: "s3://photos" } as const;
const object = { kind: "object", name: "s3://photos/a.jpg" } as const;

type Row = [status: number, code: string, listing: ErrorCode, object: ErrorCode, retry: boolean];

test.each<Row>([
  [404, "NoSuchBucket", "no-bucket", "no-bucket", false],
  [404, "NoSuchKey", "missing", "missing", false],
  [404, "", "no-bucket", "missing", false],
  [403, "AccessDenied", "denied", "forbidden", false],
  [403, "", "denied", "forbidden", false],
  [401, "", "credentials", "credentials", false],
  [403, "InvalidAccessKeyId", "credentials", "credentials", false],
  [403, "SignatureDoesNotMatch", "credentials", "credentials", false],
  [403, "RequestTimeTooSkewed", "credentials", "credentials", false],
  [400, "ExpiredToken", "credentials", "credentials", false],
  [400, "InvalidToken", "credentials", "credentials", false],
  [301, "PermanentRedirect", "unreachable", "unreachable", false],
  [301, "", "unreachable", "unreachable", false],
  [400, "AuthorizationHeaderMalformed", "unreachable", "unreachable", false],
  [503, "SlowDown", "throttled", "throttled", true],
  [503, "", "throttled", "throttled", true],
  [429, "", "throttled", "throttled", true],
  [409, "", "server", "server", true],
  [423, "", "server", "server", true],
  [425, "", "server", "server", true],
  [500, "InternalError", "server", "server", true],
  [200, "InternalError", "server", "server", true],
  [502, "", "server", "server", true],
  [504, "", "server", "server", true],
  [400, "RequestTimeout", "server", "server", true],
  [403, "InvalidObjectState", "archived", "archived", false],
  [412, "", "changed", "changed", false],
  [412, "PreconditionFailed", "changed", "changed", false],
  [400, "SomethingNew", "listing", "server", false],
  [501, "NotImplemented", "listing", "server", false],
])("%i %s is %s for a listing, %s for an object, retry %s", (status, code, ofListing, ofObject, retry) => {
  const refusal = readErrorResponse(status, {}, code === "" ? NOTHING : xml(code));
  expect(toError(refusal, listing)).toMatchObject({ code: ofListing, retry });
  expect(toError(refusal, object)).toMatchObject({ code: ofObject, retry });
});

test.each<[number, string, boolean]>([
  [404, "NoSuchBucket", true],
  [403, "", true],
  [401, "", true],
  [400, "ExpiredToken", true],
  [403, "RequestTimeTooSkewed", true],
  [307, "TemporaryRedirect", true],
  [404, "NoSuchKey", false],
  [412, "", false],
  [507, "", true],
])("%i %s from a store that has answered well before: retry %s", (status, code, retry) => {
  const refusal = readErrorResponse(status, {}, code === "" ? NOTHING : xml(code));
  expect(toError(refusal, listing, true)).toMatchObject({ retry });
  expect(toError(refusal, listing).retry).toBe(false);
});

test("the message says where, what it means, and what the store said", () => {
  const { message } = toError(readErrorResponse(403, {}, xml("InvalidAccessKeyId")), object);
  expect(message).toBe(
    "s3://photos/a.jpg: the store does not know this access key (403 InvalidAccessKeyId As Amazon says)",
  );
});

test("an answer may echo the key's owner: only Code and Message are passed on", () => {
  const secret = "<AWSAccessKeyId>AKIAEXAMPLE</AWSAccessKeyId><StringToSign>secret</StringToSign>";
  const { message } = toError(readErrorResponse(403, {}, xml("SignatureDoesNotMatch", secret)), object);
  expect(message).not.toMatch(/AKIAEXAMPLE|secret</);
});

describe("Retry-After", () => {
  test.each([
    ["3", 3000],
    ["0", 0],
    ["", undefined],
    ["soon", undefined],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ])("%j is %s ms", (header, ms) => {
    const refusal = readErrorResponse(503, { "retry-after": header }, NOTHING);
    expect(toError(refusal, listing).afterMs).toBe(ms);
  });

  test("may be a date", () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const { afterMs } = readErrorResponse(503, { "retry-after": date }, NOTHING);
    expect(afterMs).toBeGreaterThan(57_000);
    expect(afterMs).toBeLessThanOrEqual(60_000);
  });
});

describe("the region of a bucket that is elsewhere", () => {
  test.each([
    [301, { "x-amz-bucket-region": "eu-west-1" }, NOTHING],
    [400, {}, xml("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>")],
  ])("is read from a %i", (status, headers, body) => {
    const refusal = readErrorResponse(status, headers, body);
    expect(isElsewhere(refusal)).toBe(true);
    expect(refusal.region).toBe("eu-west-1");
    expect(toError(refusal, listing).message).toContain("eu-west-1");
  });

  test("is not looked for where the answer is another", () => {
    const refusal = readErrorResponse(403, { "x-amz-bucket-region": "eu-west-1" }, xml("AccessDenied"));
    expect(isElsewhere(refusal)).toBe(false);
  });
});
