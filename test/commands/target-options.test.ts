import { describe, expect, test } from "vitest";
import { optionsFor } from "../../src/commands/target-options.ts";

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

  test("a folder has none", () => {
    expect(optionsFor("/media/usb", TARGETS, typed(["https://a"]), "/state/x.db")).toEqual({});
  });
});
