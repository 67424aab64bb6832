import { expect, test } from "vitest";
import { lostUploads } from "../../../src/stores/s3/abort-upload.ts";
import { readUploadPage } from "../../../src/stores/s3/list-page.ts";
import { MalformedXml } from "../../../src/stores/s3/xml.ts";

const since = "2026-11-25T10:00:00.000Z";
const upload = (id: string, begun = "2026-11-25T10:00:01.000Z", key = "a/large.mp4") => ({
  key,
  id,
  begun,
});

/** [why, uploads that the store lists, how many answers were lost, what is given up] */
const TABLE: readonly [string, readonly ReturnType<typeof upload>[], number, string[]][] = [
  ["none is there", [], 1, []],
  ["of another key", [upload("1", since, "a/large.mp4.jpg")], 1, []],
  ["the one that we know", [upload("known")], 1, []],
  ["begun long before we asked", [upload("1", "2026-11-25T09:44:59Z")], 1, []],
  ["begun before we asked, by a clock that may be slow", [upload("1", "2026-11-25T09:45:01Z")], 1, ["1"]],
  ["begun since", [upload("known"), upload("1")], 1, ["1"]],
  ["as many as were lost", [upload("1"), upload("known"), upload("2")], 2, ["1", "2"]],
  ["more than were lost, so that some are not ours", [upload("1"), upload("2")], 1, []],
  ["the others do not count", [upload("1"), upload("2", "2026-11-24T10:00:00Z")], 1, ["1"]],
  ["begun at no time that can be read", [upload("1", "yesterday")], 1, []],
];

test.each(TABLE)("%s", (_why, listed, most, expected) => {
  const lost = { key: "a/large.mp4", known: "known", since, most };
  expect(lostUploads(listed, lost)).toEqual(expected);
});

test("uploads are read as stores list them", () => {
  const xml = (inner: string) =>
    Buffer.from(
      `<?xml version="1.0"?><ListMultipartUploadsResult xmlns="x"><Bucket>b</Bucket><EncodingType>url</EncodingType>${inner}<IsTruncated>false</IsTruncated></ListMultipartUploadsResult>`,
    );
  const owner = "<Initiator><ID>7</ID></Initiator><Owner><ID>7</ID></Owner>";
  const row = `<Upload><Key>a+b%2Fc</Key><UploadId>2~x&amp;y</UploadId>${owner}<StorageClass>STANDARD</StorageClass><Initiated>${since}</Initiated></Upload>`;
  expect(readUploadPage(xml(row))).toEqual([{ key: "a b/c", id: "2~x&y", begun: since }]);
  expect(readUploadPage(xml("<Upload><Key>a</Key></Upload>"))).toEqual([]);
  expect(() => readUploadPage(Buffer.from("<html></html>"))).toThrow(MalformedXml);
});
