import { describe, expect, test } from "vitest";
import { MalformedPage, readListPage } from "../../../src/stores/swift/container-page.ts";

const ENTRY = {
  name: "a.jpg",
  hash: "d41d8cd98f00b204e9800998ecf8427e",
  bytes: 7,
  last_modified: "2014-01-01T10:00:00.123456",
  content_type: "image/jpeg",
};
const read = (...entries: unknown[]) => readListPage(Buffer.from(JSON.stringify(entries)));

describe("a page of a container", () => {
  test.each([
    ["2014-01-01T10:00:00.123456", "2014-01-01T10:00:00.123456Z"],
    // Ceph's own Swift (rgw_rest_swift.cc).
    ["2014-01-01T10:00:00.123Z", "2014-01-01T10:00:00.123Z"],
    ["2014-01-01T12:00:00+02:00", "2014-01-01T10:00:00.000Z"],
    ["garbage", ""],
    ["2014-13-01T10:00:00", ""],
    [null, ""],
    [1388570400, ""],
  ])("that says %j was written at %j", (written, modified) => {
    expect(read({ ...ENTRY, last_modified: written })).toMatchObject([{ object: { modified } }]);
  });

  test.each([undefined, null, -1, 1.5, "7", 2 ** 53, 1e300])(
    "that says %j bytes is asked for its size, and holds the others",
    (bytes) => {
      expect(read({ ...ENTRY, bytes }, { ...ENTRY, name: "b.jpg" })).toMatchObject([
        { asksHead: true, object: { key: "a.jpg", size: 0 } },
        { asksHead: false, object: { key: "b.jpg", size: 7 } },
      ]);
    },
  );

  test("needs neither a type nor a digest of the bytes", () => {
    const { content_type: _, hash: _hash, ...bare } = ENTRY;
    expect(read(bare)).toMatchObject([{ object: { key: "a.jpg", size: 7, etag: "" } }]);
  });

  test.each(["{", "{}", '[{"bytes":1}]', '[""]', "<html>"])("%s is none", (text) => {
    expect(() => readListPage(Buffer.from(text))).toThrow(MalformedPage);
  });
});
