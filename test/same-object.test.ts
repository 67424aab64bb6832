import { expect, test } from "vitest";
import { isSameObject } from "../src/same-object.ts";

const KNOWN = { etag: "a-7", size: 10, modified: "2020-01-01T00:00:00.000Z" };

test.each([
  [{}, true],
  [{ etag: "b-7" }, false],
  [{ size: 11 }, false],
  [{ etag: "", size: -1 }, true],
  [{ etag: "", modified: "2020-01-02T00:00:00.000Z" }, false],
  [{ etag: "", modified: "" }, true],
  [{ modified: "2020-01-02T00:00:00.000Z" }, true],
])("an answer that differs by %j is of the same object: %s", (differs, same) => {
  expect(isSameObject(KNOWN, { ...KNOWN, ...differs })).toBe(same);
  expect(isSameObject({ ...KNOWN, ...differs }, KNOWN)).toBe(same);
});
