import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeKey, encodeKey } from "../../../src/key.ts";
import { readListPage, readVersionPage } from "../../../src/stores/s3/list-page.ts";
import { MalformedXml } from "../../../src/stores/s3/xml.ts";
import { entry, page } from "./page-xml.ts";

const read = (xml: string) => readListPage(Buffer.from(xml, "latin1"));
const keys = (xml: string) => read(xml).objects.map(({ key }) => key);

describe("a page", () => {
  test("holds objects as they are stated", () => {
    const owner = "<Owner><ID>7</ID><DisplayName>me &amp; you</DisplayName></Owner>";
    const got = read(page(entry("2012/a.jpg", `${owner}<StorageClass>GLACIER</StorageClass>`)));
    expect(got).toMatchObject({
      truncated: false,
      token: "",
      first: false,
      objects: [
        {
          key: "2012/a.jpg",
          size: 7,
          etag: "d41d8cd98f00b204e9800998ecf8427e",
          modified: "2012-06-28T12:00:00.000Z",
          storageClass: "GLACIER",
        },
      ],
    });
  });

  test.each([
    ["true", true],
    ["True", true],
    ["1", true],
    ["0", false],
    ["FALSE", false],
  ])("that says %j of whether more follow", (said, truncated) => {
    expect(read(page(entry("a.jpg"), said)).truncated).toBe(truncated);
  });

  test("that does not say whether more follow goes on where it has a token", () => {
    const unsaid = (inside: string) => page(inside).replace("<IsTruncated>false</IsTruncated>", "");
    expect(read(unsaid(entry("a"))).truncated).toBe(false);
    const token = "<NextContinuationToken>a</NextContinuationToken>";
    expect(read(unsaid(entry("a") + token))).toMatchObject({ truncated: true, token: "a" });
  });

  test("that goes on and has no token has a last key", () => {
    expect(read(page(entry("a"), "true"))).toMatchObject({ truncated: true, token: "", first: false });
    expect(read(page(entry("a"), "true").replace("<KeyCount>1</KeyCount>", "")).first).toBe(true);
  });

  test("that names folders in the place of keys is no page, as nobody asked for them", () => {
    const folder = "<CommonPrefixes><Prefix>2012/</Prefix></CommonPrefixes>";
    expect(() => read(page(`${entry("a.jpg")}${folder}`))).toThrow(MalformedXml);
  });

  test.each([
    ["a+b%2Bc", "a b+c"],
    ["100%25", "100%"],
    ["%E5%86%99%E7%9C%9F", "写真"],
    ["%F0%9F%98%80", "\u{1f600}"],
    ["%0A%00%01", "\n\0\x01"],
    ["a&amp;b%26c", "a&b&c"],
    ["50%-off%zz", "50%-off%zz"],
    ["%FF%FE", decodeKey(Buffer.from([0xff, 0xfe]))],
    [Buffer.from("é").toString("latin1"), "é"],
  ])("encoded %s is the key %j", (written, key) => {
    expect(keys(page(entry(written)))).toEqual([key]);
  });

  test("without EncodingType holds keys as XML writes them", () => {
    const xml = page(entry("a+b%20&lt;&gt;&quot;&apos;&#65;&#x1F600;")).replace("<EncodingType>url</EncodingType>", "");
    expect(keys(xml)).toEqual(["a+b%20<>\"'A\u{1f600}"]);
  });

  test("gives the token, and takes white space and another order of elements", () => {
    const xml = page(
      `\n  <Owner><Prefix>x</Prefix></Owner>\r\n\t${entry("a")}\n<NextContinuationToken>1&amp;2</NextContinuationToken>`,
      "true",
    );
    expect(read(xml)).toMatchObject({ token: "1&2", truncated: true });
  });

  test("of the first API is known by its Marker", () => {
    const xml = page(`<Marker/>${entry("a")}`, "true").replace("<KeyCount>1</KeyCount>", "");
    expect(read(xml)).toMatchObject({ first: true, truncated: true, token: "" });
  });
});

describe("an entry", () => {
  const sized = (size: string) => page(entry("a").replace(">7<", `>${size}<`));
  const dated = (date: string) => page(entry("a").replace("2012-06-28T12:00:00.000Z", date));

  test.each(["", "-7", "1e3", "7.5", "9007199254740992", "99999999999999999999", "seven"])(
    "of the size %j counts as one without",
    (size) => {
      const { objects, flaws } = read(sized(size));
      expect(objects).toMatchObject([{ key: "a", size: -1 }]);
      expect(flaws).toMatchObject({ unsized: 1, undated: 0, nameless: 0 });
    },
  );

  test.each(["0", "9007199254740991"])("may have the size %s", (size) => {
    expect(read(sized(size)).objects).toMatchObject([{ size: Number(size) }]);
  });

  test.each([
    "",
    "garbage",
    "garbage 5",
    "2012-13-28T12:00:00.000Z",
    "0000-01-01T00:00:00Z",
    "287168-01-01T00:00:00Z",
    "NaN",
  ])("of the date %j counts as one without", (date) => {
    const { objects, flaws } = read(dated(date));
    expect(objects).toMatchObject([{ key: "a", modified: "" }]);
    expect(flaws).toMatchObject({ unsized: 0, undated: 1, nameless: 0 });
  });

  test.each([
    ["2012-06-28T12:00:00Z", "2012-06-28T12:00:00Z"],
    ["2012-06-28T14:00:00+02:00", "2012-06-28T12:00:00.000Z"],
    ["Thu, 28 Jun 2012 12:00:00 GMT", "2012-06-28T12:00:00.000Z"],
  ])("of %s was written at %s", (written, modified) => {
    expect(read(dated(written)).objects).toMatchObject([{ modified }]);
  });

  test.each([page(entry("a").replace("<Key>a</Key>", "")), page(entry(""))])(
    "without a key is counted, and is no object",
    (xml) => {
      const { objects, flaws } = read(xml);
      expect(objects).toEqual([]);
      expect(flaws.nameless).toBe(1);
    },
  );
});

describe("what is no whole page throws", () => {
  test.each([
    ["nothing", ""],
    ["HTML", "<html><head><title>Hello</title></head><body><h1>It works!<br></body>"],
    ["text", "gateway timeout"],
    ["another document", "<Error><Code>SlowDown</Code></Error>"],
    ["a strange IsTruncated", page(entry("a"), "maybe")],
    ["truncated without a token or a key", page("", "true")],
    ["nothing that a page has", "<ListBucketResult></ListBucketResult>"],
    ["text between elements", page(`${entry("a")} oops ${entry("b")}`)],
    ["no entity", page(entry("a&nbsp;b"))],
    ["two documents", page(entry("a")) + page(entry("b"))],
    ["an entry that does not end", page(entry("a").replace("</Contents>", ""))],
    ["a comment that does not end", page(`<!-- ${entry("a")}`)],
    ["a document type", page(entry("a")).replace("?>", "?><!DOCTYPE ListBucketResult>")],
    ["half of a character", page(entry("&#xD83D;"))],
    ["another encoding than it says", page(entry("a")).replace("UTF-8", "UTF-99")],
    [
      "UTF-16 that breaks off",
      Buffer.from(`\ufeff${page(entry("a"))}`, "utf16le")
        .toString("latin1")
        .slice(0, -9),
    ],
    ["an attribute that does not end", page(entry("a").replace("<Key>", '<Key a=">'))],
    ["entries in another element", page(`<Group>${entry("a")}</Group>`)],
    ["entries far within another element", page(`<!----><A><B><C>${entry("a")}</C></B></A>`)],
    ["entries beside the root", `${entry("a")}${page("")}`],
  ])("%s", (_, xml) => {
    expect(() => read(xml)).toThrow(MalformedXml);
  });

  test("a page cut anywhere", () => {
    const whole = page(entry("a") + entry("b", "<StorageClass>STANDARD</StorageClass>"));
    for (let end = 0; end < whole.length; end += 1) {
      expect(() => read(whole.slice(0, end)), whole.slice(0, end)).toThrow(MalformedXml);
    }
    expect(keys(whole)).toEqual(["a", "b"]);
  });
});

test("any key, written with or without percent signs, is read as its bytes", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 5 }), (all) => {
      const written = all.map((key) => [...key].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
      const got = keys(page(written.map((key) => entry(key)).join("")));
      expect(got.map((key) => [...encodeKey(key)])).toEqual(all.map((key) => [...key]));
    }),
  );
});

test("a page that is read in many pieces holds what one piece holds, in order", () => {
  const names = fc.array(fc.stringMatching(/^[a-z/]{1,900}$/), { minLength: 300, maxLength: 300 });
  fc.assert(
    fc.property(names, fc.integer({ min: 0, max: 300 }), (all, at) => {
      const written = all.map((key) => entry(key));
      written.splice(at, 0, "\n<Max>7</Max> <Owner><Prefix>x</Prefix></Owner>");
      expect(keys(page(written.join("")))).toEqual(all);
    }),
    { numRuns: 20 },
  );
});

describe("a page of versions", () => {
  const version = (tag: string, key: string, id: string, size: string) =>
    `<${tag}><Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>${id === "2"}</IsLatest><LastModified>2012-06-28T12:00:00.000Z</LastModified>${size}</${tag}>`;
  const versions = (inner: string, truncated: string) =>
    `<ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>${truncated}</IsTruncated>${inner}</ListVersionsResult>`;

  test("holds versions and delete markers", () => {
    const inner =
      version("DeleteMarker", "a+b", "2", "") + version("Version", "a+b", "1", "<ETag>x</ETag><Size>3</Size>");
    const next = "<NextKeyMarker>a+b</NextKeyMarker><NextVersionIdMarker>1</NextVersionIdMarker>";
    const got = readVersionPage(Buffer.from(versions(inner + next, "true")));
    expect(got).toMatchObject({ truncated: true, nextKey: "a b", nextVersion: "1" });
    expect(got.entries).toMatchObject([
      { deleted: true, latest: true, object: { key: "a b", version: "2" } },
      { deleted: false, latest: false, object: { key: "a b", version: "1", size: 3 } },
    ]);
  });

  test("holds delete markers where they stand, also in a large page", () => {
    const ids = Array.from({ length: 1200 }, (_, at) => String(at));
    const inner = ids.map((id) =>
      Number(id) % 3 === 0
        ? version("DeleteMarker", `${"d".repeat(80)}${id}`, id, "")
        : version("Version", `${"v".repeat(80)}${id}`, id, "<Size>3</Size>"),
    );
    const got = readVersionPage(Buffer.from(versions(inner.join(""), "false")));
    expect(got.entries.map(({ object }) => object.version)).toEqual(ids);
    expect(got.entries.filter(({ deleted }) => deleted)).toHaveLength(400);
  });

  test("that goes on must say where", () => {
    const xml = versions(version("Version", "a", "1", "<Size>3</Size>"), "true");
    expect(() => readVersionPage(Buffer.from(xml))).toThrow(MalformedXml);
  });
});

describe("entries as most stores write them", () => {
  const text = (chars: string) => fc.string({ unit: fc.constantFrom(...chars.split("")), maxLength: 8 });
  const dates = [
    "2012-06-28T12:00:00.000Z",
    "2012-06-28T12:00:00Z",
    "2012-13-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "",
  ];
  const written = fc.record({
    key: fc.oneof(text("a/+% &<>2Fé\u00ff"), fc.constantFrom("a&amp;b", "a<!---->b", "a%26b")),
    date: fc.constantFrom(...dates),
    etag: fc.oneof(text("0af-_"), fc.constantFrom('"', "W/&quot;a", "a&amp;b")),
    size: fc.constantFrom("0", "7", "-1", "", "1e3", "999999999999999", "9007199254740993", " 7"),
    storageClass: fc.constantFrom("STANDARD", "GLACIER_IR", "", " STANDARD"),
    checksum: fc.constantFrom(
      "",
      "<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>",
      "<ChecksumAlgorithm>a</ChecksumType>",
    ),
  });

  /** @param more within each entry: with any, the strict reader has to read it */
  function pageOf(entries: readonly (typeof written extends fc.Arbitrary<infer T> ? T : never)[], more: string) {
    const inner = entries.map(
      ({ key, date, etag, size, storageClass, checksum }) =>
        `<Contents><Key>${key}</Key><LastModified>${date}</LastModified><ETag>&quot;${etag}&quot;</ETag>${checksum}<Size>${size}</Size><StorageClass>${storageClass}</StorageClass>${more}</Contents>`,
    );
    try {
      return read(page(inner.join("")));
    } catch (error) {
      if (error instanceof MalformedXml) return "malformed";
      throw error;
    }
  }

  test("are read as the strict reader reads them", () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 4 }), (entries) => {
        expect(pageOf(entries, "")).toEqual(pageOf(entries, "<Owner><ID>7</ID></Owner>"));
      }),
      { numRuns: 1000 },
    );
  });
});
