import { expect, test } from "vitest";
import { sameness } from "../../src/stores/same-object.ts";

const KNOWN = { etag: "a-7", size: 10, modified: "2020-01-01T00:00:00.000Z", version: "1" };

test.each([
  [{}, "same"],
  [{ etag: "b-7" }, "other"],
  [{ size: 11 }, "other"],
  [{ size: -1 }, "same"],
  // Of two answers only one has an ETag: nothing says that they are of one object.
  [{ etag: "" }, "other"],
  [{ etag: "", modified: "2020-01-02T00:00:00.000Z" }, "other"],
  [{ modified: "2020-01-02T00:00:00.000Z" }, "same"],
  [{ version: "2" }, "other"],
  // A proxy may leave it out; the ETag tells.
  [{ version: "" }, "same"],
])("an answer that differs by %j is of the %s object", (differs, same) => {
  expect(sameness(KNOWN, { ...KNOWN, ...differs })).toBe(same);
  expect(sameness({ ...KNOWN, ...differs }, KNOWN)).toBe(same);
});

test.each([
  [{}, "same"],
  [{ size: 11 }, "other"],
  [{ modified: "2020-01-02T00:00:00.000Z" }, "other"],
  [{ modified: "" }, "same"],
  [{ version: "2" }, "other"],
  [{ version: "" }, "other"],
])("where neither has an ETag, one that differs by %j is of the %s object", (differs, same) => {
  const known = { ...KNOWN, etag: "" };
  expect(sameness(known, { ...known, ...differs })).toBe(same);
  expect(sameness({ ...known, ...differs }, known)).toBe(same);
});

test("a time alone does not say that two answers are of one object", () => {
  const known = { etag: "", size: 10, modified: "2020-01-01T00:00:00.000Z" };
  expect(sameness(known, known)).toBe("unknown");
  expect(sameness(known, { ...known, modified: "" })).toBe("unknown");
});
