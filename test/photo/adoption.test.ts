import { describe, expect, test } from "vitest";
import type { Claim } from "../../src/catalogue/claims.ts";
import type { ManifestEntry } from "../../src/model.ts";
import { adoptionOf, type Holding, holdingOf } from "../../src/photo/adoption.ts";

const MD5 = "0cc175b9c0f1b6a831c399e269772661";
const OTHER = "92eb5ffee6ae2fec3ad71c777531578f";

function claim(more: Partial<Claim> = {}, entry: Partial<ManifestEntry> = {}): Claim {
  return {
    entry: {
      path: "a.jpg",
      key: "a.jpg",
      etag: MD5,
      size: 10,
      sha256: "",
      md5: MD5,
      captured: null,
      modified: "",
      storedAt: "",
      ...entry,
    },
    folded: "a.jpg",
    found: 10,
    superseded: false,
    listed: { etag: MD5, size: 10 },
    ...more,
  };
}

test.each<[string, string[], boolean, Holding]>([
  ["this source only", ["s3://a"], false, "only"],
  ["this and another", ["s3://a", "s3://b"], false, "also"],
  ["another", ["s3://b"], false, "not"],
  ["it says nothing", [], false, "not"],
  ["it says nothing, and somebody insists", [], true, "only"],
  ["another, and somebody insists", ["s3://b"], true, "also"],
  ["two others, and somebody insists", ["s3://b", "s3://c"], true, "also"],
])("what a target says that it holds: %s", (_, sources, insisted, expected) => {
  expect(holdingOf(sources, "s3://a", insisted)).toBe(expected);
});

const SAME = { etag: MD5, size: 10 };
const CHANGED = { etag: OTHER, size: 10 };
const TABLE: [string, Claim, Record<Holding, string>][] = [
  ["listed as it was", claim(), { only: "kept", also: "kept", not: "kept" }],
  [
    "listed as it was, its ETag no digest",
    claim({ listed: { etag: "10-99", size: 10 } }, { etag: "10-99" }),
    { only: "kept", also: "foreign", not: "foreign" },
  ],
  [
    "listed as it was, uploaded in parts",
    claim({ listed: { etag: `${OTHER}-3`, size: 10 } }, { etag: `${OTHER}-3` }),
    { only: "kept", also: "kept", not: "kept" },
  ],
  ["changed", claim({ listed: CHANGED }), { only: "kept", also: "kept", not: "foreign" }],
  [
    "the same ETag with another size",
    claim({ listed: { etag: MD5, size: 11 } }),
    { only: "kept", also: "kept", not: "foreign" },
  ],
  ["gone", claim({ listed: null }), { only: "kept", also: "foreign", not: "foreign" }],
  [
    "a date was written into it",
    claim({ found: 30, listed: SAME }, { size: 30, md5: OTHER, original: { size: 10, md5: MD5, sha256: "" } }),
    { only: "kept", also: "kept", not: "kept" },
  ],
  ["not there", claim({ found: null }), { only: "missing", also: "missing", not: "missing" }],
  ["cut short", claim({ found: 9 }), { only: "missing", also: "missing", not: "missing" }],
  [
    "its path was given to other bytes",
    claim({ superseded: true }),
    { only: "missing", also: "missing", not: "missing" },
  ],
  [
    "not there, and another source's",
    claim({ found: null, listed: null }),
    { only: "missing", also: "foreign", not: "foreign" },
  ],
];

describe.each(TABLE)("a photo that is %s", (_, one, expected) => {
  test.each<Holding>(["only", "also", "not"])("on a target of this source: %s", (holding) => {
    expect(adoptionOf([one], holding).standing).toBe(expected[holding]);
  });
});

test("of several lines about one object the last that lies there holds", () => {
  const first = claim({}, { path: "first.jpg" });
  const second = claim({}, { path: "second.jpg" });
  const lost = claim({ found: null }, { path: "lost.jpg" });
  expect(adoptionOf([first, second, lost], "only").claim).toBe(second);
  expect(adoptionOf([lost, first], "only").claim).toBe(first);
  expect(adoptionOf([lost, claim({ found: 3 })], "only").standing).toBe("missing");
});
