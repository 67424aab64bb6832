import { describe, expect, test } from "vitest";
import { optionsFor } from "../../src/commands/target-options.ts";
import type { LockMode } from "../../src/stores/s3/address.ts";

const typed = (endpoints: string[], profiles: string[] = [], classes: string[] = []) => ({
  "target-endpoint": endpoints,
  "target-region": [],
  "target-profile": profiles,
  "storage-class": classes,
});
const TARGETS = ["/media/usb", "s3://one", "/media/nas", "S3://two/x"];

describe("options of targets in buckets", () => {
  test.each([
    ["s3://one", typed([]), {}],
    ["s3://one", typed(["https://a"]), { endpoint: "https://a" }],
    ["S3://two/x", typed(["https://a"]), { endpoint: "https://a" }],
    ["s3://one", typed(["https://a", "https://b"]), { endpoint: "https://a" }],
    ["S3://two/x", typed(["https://a", "https://b"]), { endpoint: "https://b" }],
    ["S3://two/x", typed(["https://a"], ["p", "q"]), { endpoint: "https://a", profile: "q" }],
  ])("of %s", (target, given, s3) => {
    expect(optionsFor(target, TARGETS, given, null)).toEqual({ s3 });
  });

  test("photos wait beside the catalogue, in the class that was asked for", () => {
    expect(optionsFor("s3://one", TARGETS, typed([], [], ["IA"]), "/state/photos.db")).toEqual({
      s3: {},
      storageClass: "IA",
      spool: "/state/spool",
    });
  });

  test("photos are locked for days or until a date, never both, never without a mode", () => {
    const until = "2100-01-01T00:00:00.000Z";
    const locked = (mode: LockMode[], days: number[], dates: string[]) =>
      optionsFor(
        "s3://one",
        TARGETS,
        {
          ...typed([]),
          "object-lock-mode": mode,
          "object-lock-days": days,
          "object-lock-retain-until-date": dates,
        },
        null,
      ).objectLock;
    expect(locked(["GOVERNANCE"], [30], [])).toEqual({ mode: "GOVERNANCE", days: 30 });
    expect(locked(["COMPLIANCE"], [], [until])).toEqual({
      mode: "COMPLIANCE",
      until: new Date(until),
    });
    for (const [mode, days, dates] of [
      [["GOVERNANCE"], [], []],
      [["GOVERNANCE"], [30], [until]],
      [[], [30], []],
      [[], [], [until]],
    ] as const) {
      expect(() => locked([...mode], [...days], [...dates])).toThrow("Object Lock wants");
    }
  });

  test("a folder has none", () => {
    expect(optionsFor("/media/usb", TARGETS, typed(["https://a"]), "/state/x.db")).toEqual({});
  });
});
