import { expect, test } from "vitest";
import { isSameObject } from "../../src/stores/same-object.ts";

const KNOWN = { etag: "a-7", size: 10, modified: "2020-01-01T00:00:00.000Z", version: "1" };

test.each([
  [{}, true],
  [{ etag: "b-7" }, false],
  [{ size: 11 }, false],
  [{ size: -1 }, true],
  // Of two answers only one has an ETag: nothing says that they are of one object.
  [{ etag: "" }, false],
  [{ etag: "", modified: "2020-01-02T00:00:00.000Z" }, false],
  [{ modified: "2020-01-02T00:00:00.000Z" }, true],
  [{ version: "2" }, false],
  // A proxy may leave it out; the ETag tells.
  [{ version: "" }, true],
])("an answer that differs by %j is of the same object: %s", (differs, same) => {
  expect(isSameObject(KNOWN, { ...KNOWN, ...differs })).toBe(same);
  expect(isSameObject({ ...KNOWN, ...differs }, KNOWN)).toBe(same);
});

test.each([
  [{}, true],
  [{ size: 11 }, false],
  [{ modified: "2020-01-02T00:00:00.000Z" }, false],
  [{ modified: "" }, true],
  [{ version: "2" }, false],
  [{ version: "" }, false],
])("where neither has an ETag, one that differs by %j is of the same object: %s", (differs, same) => {
  const known = { ...KNOWN, etag: "" };
  expect(isSameObject(known, { ...known, ...differs })).toBe(same);
  expect(isSameObject({ ...known, ...differs }, known)).toBe(same);
});
