import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createAsOf } from "../../src/stores/listing-guards.ts";
import type { VersionEntry } from "../../src/stores/s3/list-entry.ts";

const at = (second: number) => new Date(second * 1000).toISOString();
const entry = (key: string, second: number, deleted = false, latest = false): VersionEntry => ({
  object: {
    key,
    size: 1,
    etag: "e",
    modified: at(second),
    storageClass: "STANDARD",
    version: `${second}`,
  },
  deleted,
  latest,
});
const chosen = (pages: readonly (readonly VersionEntry[])[], second: number) => {
  const choose = createAsOf(new Date(second * 1000));
  return pages.flatMap((page) => choose(page)).map(({ key, version }) => `${key}@${version}`);
};

test("versions and marks may come as two lists", () => {
  const page = [entry("a", 5), entry("a", 1), entry("b", 2), entry("a", 3, true)];
  expect(chosen([page], 5)).toEqual(["a@5", "b@2"]);
  expect(chosen([page], 4)).toEqual(["b@2"]);
  expect(chosen([page], 2)).toEqual(["a@1", "b@2"]);
  expect(chosen([page], 0)).toEqual([]);
});

test("a mark of the same second as a version is the newer where it is the latest", () => {
  expect(chosen([[entry("a", 3), entry("a", 3, true, true)]], 3)).toEqual([]);
  expect(chosen([[entry("a", 3, false, true), entry("a", 3, true)]], 3)).toEqual(["a@3"]);
});

test("however the versions fall on pages, the answer is what a history says", () => {
  const change = fc.record({ key: fc.constantFrom("a", "b", "c"), deleted: fc.boolean() });
  const cuts = fc.array(fc.nat(20), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), cuts, fc.nat(21), (history, where, moment) => {
      const entries = history
        .map(({ key, deleted }, second) => entry(key, second, deleted))
        .sort((x, y) =>
          x.object.key < y.object.key
            ? -1
            : x.object.key > y.object.key
              ? 1
              : Number(y.object.version) - Number(x.object.version),
        );
      const ends = [...new Set([0, ...where, entries.length])].filter((n) => n <= entries.length).sort((x, y) => x - y);
      const pages = ends.slice(1).map((end, n) => entries.slice(ends[n], end));
      const now = new Map<string, string>();
      for (const [second, { key, deleted }] of history.entries()) {
        if (second > moment) break;
        if (deleted) now.delete(key);
        else now.set(key, `${key}@${second}`);
      }
      expect(chosen(pages, moment)).toEqual([...now.values()].sort());
    }),
  );
});
