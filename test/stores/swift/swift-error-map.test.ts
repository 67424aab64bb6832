import { describe, expect, test } from "vitest";
import type { Asked } from "../../../src/stores/http/wire.ts";
import { toError } from "../../../src/stores/swift/swift-error-map.ts";

const error = (status: number, kind: Asked["kind"], text = "", headers = {}) =>
  toError({ status, headers }, text, { kind, name: "swift://photos/a.jpg" });

describe("what a Swift says when it refuses", () => {
  test.each<[number, Asked["kind"], string, boolean]>([
    [401, "object", "credentials", false],
    [403, "listing", "denied", false],
    [403, "object", "forbidden", false],
    [403, "write", "read-only", false],
    [404, "listing", "no-bucket", false],
    [404, "write", "no-bucket", false],
    [404, "object", "missing", false],
    [408, "write", "server", true],
    [409, "write", "server", true],
    [412, "object", "changed", false],
    [412, "listing", "listing", false],
    [413, "write", "too-large", false],
    [422, "write", "wrong-bytes", true],
    [429, "listing", "throttled", true],
    [498, "object", "throttled", true],
    [500, "object", "server", true],
    [503, "write", "throttled", true],
    [507, "write", "full", false],
    [400, "write", "server", false],
    [401, "login", "credentials", false],
    [404, "login", "credentials", false],
    [503, "login", "throttled", true],
    [500, "login", "server", true],
  ])("%i to a request for a %s is %s", (status, kind, trouble, retry) => {
    expect(error(status, kind)).toMatchObject({ code: trouble, retry });
  });

  test("a quota is told from an object that is too large", () => {
    const page = "<html><h1>Too Large</h1><p>Upload exceeds quota.</p></html>";
    expect(error(413, "write", page)).toMatchObject({ code: "full" });
    expect(error(413, "write", page).message).toContain("(413 Upload exceeds quota.)");
  });

  test.each([
    ["300", "throttled", true, 300_000],
    ["600", "archived", false, 600_000],
    ["39600", "archived", false, 39_600_000],
  ])("429 with Retry-After: %s to a GET is %s", (seconds, trouble, retry, afterMs) => {
    const refused = error(429, "object", "", { "retry-after": seconds });
    expect(refused).toMatchObject({ code: trouble, retry, afterMs });
  });

  test("an object that is brought back says for how long", () => {
    const says = (seconds: string) => error(429, "object", "", { "retry-after": seconds }).message;
    expect(says("600")).toContain("asks for 10 minutes. Run again then");
    expect(says("14400")).toContain("asks for 4 hours");
  });
});
