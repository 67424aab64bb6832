import { expect, test } from "vitest";
import type { KeyRange, Page } from "../../src/stores/source.ts";
import { stripPrefix } from "../../src/stores/strip-prefix.ts";

const signal = new AbortController().signal;
const object = (key: string) => {
  return { key, size: 1, etag: "", modified: "2020-01-01T00:00:00.000Z", storageClass: "STANDARD" };
};

test("keys are named from the prefix on, and photohaul's own are left out", async () => {
  const asked: KeyRange[] = [];
  const source = {
    async *list(range: KeyRange): AsyncGenerator<Page> {
      asked.push(range);
      const keys = ["b/.photohaul/target.json", "b/2012/a.jpg", "b/photo.jpg"];
      yield { objects: keys.map(object) };
    },
  };
  const keys: string[] = [];
  for await (const { objects } of stripPrefix(source, "b/").list({ after: "2011" }, signal)) {
    keys.push(...objects.map(({ key }) => key));
  }
  expect(keys).toEqual(["2012/a.jpg", "photo.jpg"]);
  expect(asked).toEqual([{ after: "b/2011" }]);
});
