import { expect, test } from "vitest";
import { type KeyRules, refusing } from "../../src/keys/key-filter.ts";
import type { Listed } from "../../src/model.ts";

const photo = (key: string, modified = "2014-01-01T00:00:00.000Z"): Listed => ({
  key,
  size: 1,
  etag: "e",
  modified,
  storageClass: "STANDARD",
});
const none: KeyRules = { include: [], exclude: [], since: null };

test.each<[string, Partial<KeyRules>, string, string | null]>([
  ["nothing said", {}, "a/b.jpg", null],
  ["a glob without / matches the last part", { include: ["*.jpg"] }, "a/b.jpg", null],
  ["and nothing else", { include: ["*.jpg"] }, "a.jpg/b.png", "no --include matches"],
  ["a glob with / matches the whole key", { include: ["a/*"] }, "a/b.jpg", null],
  ["* does not cross /", { include: ["a/*"] }, "a/b/c.jpg", "no --include matches"],
  ["** does", { include: ["a/**"] }, "a/b/c.jpg", null],
  ["a leading / anchors", { include: ["/b.jpg"] }, "a/b.jpg", "no --include matches"],
  ["a leading / matches at the top", { include: ["/b.jpg"] }, "b.jpg", null],
  ["case counts", { include: ["*.jpg"] }, "A.JPG", "no --include matches"],
  ["dot files are files", { include: ["*"] }, ".hidden", null],
  ["braces", { include: ["*.{jpg,JPG}"] }, "A.JPG", null],
  ["one of several", { include: ["*.png", "*.jpg"] }, "b.jpg", null],
  ["exclude", { exclude: ["*.mov"] }, "a/b.mov", "excluded by *.mov"],
  ["exclude beats include", { include: ["*.mov"], exclude: ["a/**"] }, "a/b.mov", "excluded by a/**"],
  ["! is a character", { exclude: ["!x"] }, "y", null],
  ["since, on the day", { since: "2014-01-01T00:00:00.000Z" }, "a", null],
  ["since, later", { since: "2014-01-01T00:00:01.000Z" }, "a", "last written before 2014-01-01"],
])("%s", (_, rules, key, expected) => {
  expect(refusing({ ...none, ...rules })(photo(key))).toBe(expected);
});
