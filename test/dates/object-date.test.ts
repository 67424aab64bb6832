import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { datesOfObject } from "../../src/dates/outside-date.ts";

const of = (metadata: Record<string, string>, contentDisposition = "") =>
  datesOfObject({ metadata, contentDisposition });

/** [who, metadata, row, date, clock] */
const NOTES: readonly [who: string, metadata: Record<string, string>, row: string, written: string, clock: string][] = [
  ["rclone", { mtime: "1341412215.250000000" }, "object-mtime", "2012-07-04T14:30:15.25Z", "utc"],
  ["s3fs", { mtime: "1341412215" }, "object-mtime", "2012-07-04T14:30:15Z", "utc"],
  ["in milliseconds", { mtime: "1341412215250" }, "object-mtime", "2012-07-04T14:30:15.25Z", "utc"],
  ["in ISO 8601", { mtime: "2012-07-04T14:30:15Z" }, "object-mtime", "2012-07-04T14:30:15Z", "utc"],
  ["gsutil", { "goog-reserved-file-mtime": "1341412215" }, "object-mtime", "2012-07-04T14:30:15Z", "utc"],
  [
    "s3cmd",
    { "s3cmd-attrs": "atime:1402000000/ctime:1402000000/gid:1000/mode:33188/mtime:1341412380" },
    "object-mtime",
    "2012-07-04T14:33:00Z",
    "utc",
  ],
  [
    "MinIO's mc",
    { "mc-attrs": "atime:1#2/mtime:1341412380#123456789/uid:0" },
    "object-mtime",
    "2012-07-04T14:33:00.123456789Z",
    "utc",
  ],
  ["S3 Browser", { "s3b-last-modified": "20120704T143015Z" }, "object-mtime", "20120704T143015Z", "utc"],
  ["CloudBerry", { "cb-modifiedtime": "Wed, 04 Jul 2012 14:30:15 GMT" }, "object-mtime", "2012-07-04T14:30:15Z", "utc"],
  [
    "a browser",
    { lastmodifieddate: "Wed Jul 04 2012 16:30:15 GMT+0200 (Central European Summer Time)" },
    "object-mtime",
    "2012-07-04T16:30:15+0200",
    "utc",
  ],
  [
    "what uploads to Backblaze B2",
    { src_last_modified_millis: "1341412215250" },
    "object-mtime",
    "2012-07-04T14:30:15.25Z",
    "utc",
  ],
  ["AWS FSx", { "file-mtime": "1341412215000000000ns" }, "object-mtime", "2012-07-04T14:30:15Z", "utc"],
  ["in microseconds", { mtime: "1341412215250000" }, "object-mtime", "2012-07-04T14:30:15.25Z", "utc"],
  ["gcsfuse", { gcsfuse_mtime: "2012-07-04T14:30:15Z" }, "object-mtime", "2012-07-04T14:30:15Z", "utc"],
  [
    "JetS3t",
    { "jets3t-original-file-date-iso8601": "2012-07-04T14:30:15.000Z" },
    "object-mtime",
    "2012-07-04T14:30:15.000Z",
    "utc",
  ],
  ["another name", { last_modified: "1341412215" }, "object-mtime", "2012-07-04T14:30:15Z", "utc"],
  ["a file's own", { "file-modified-date": "1341412215" }, "object-mtime", "2012-07-04T14:30:15Z", "utc"],
  ["its unit", { mtime_ms: "1341412215250" }, "object-mtime", "2012-07-04T14:30:15.25Z", "utc"],
  ["nanoseconds", { "x-mtime-ns": "1341412215250000000" }, "object-mtime", "2012-07-04T14:30:15.25Z", "utc"],
  ["Go", { modtime: "1341412215" }, "object-mtime", "2012-07-04T14:30:15Z", "utc"],
  ["before 1970", { mtime: "-362491200.5" }, "object-mtime", "1958-07-07T11:59:59.5Z", "utc"],
  ["a service", { "taken-at": "2012-07-04T14:30:15" }, "service", "2012-07-04T14:30:15", "local"],
  ["a service, EXIF", { datetaken: "2012:07:04 14:30:15" }, "service", "2012:07:04 14:30:15", "local"],
  ["a service, Unix", { date_taken: "1341412215" }, "service", "2012-07-04T14:30:15Z", "local"],
];

describe("metadata of an object", () => {
  test.each(NOTES)("of %s", (_who, metadata, row, written, clock) => {
    const [name] = Object.keys(metadata);
    const tag = `x-amz-meta-${name}`;
    expect(of(metadata)).toMatchObject([{ row, written, clock, tag }]);
  });

  test.each([
    ["other metadata", { "content-md5": "abc", width: "1341412215" }],
    ["attributes without an mtime", { "s3cmd-attrs": "atime:1402000000/gid:1000" }],
    ["4 kB", { mtime: "1".repeat(4096) }],
  ])("%s has no date", (_why, metadata: Record<string, string>) => {
    expect(of(metadata)).toEqual([]);
  });

  test.each(["last-modified-by", "time", "ctime", "modified-by", "unmodified"])("%s is no time of a file", (name) => {
    expect(of({ [name]: "1341412215" })).toEqual([]);
  });

  test("rubbish stays a candidate, to be refused with a reason", () => {
    expect(of({ mtime: "yesterday" })).toMatchObject([{ written: "yesterday" }]);
  });

  test("never throws", () => {
    const names = fc.oneof(fc.string(), fc.constantFrom("mtime", "s3cmd-attrs", "taken-at"));
    fc.assert(
      fc.property(fc.dictionary(names, fc.string()), fc.string(), (metadata, disposition) => {
        expect(of(metadata, disposition)).toBeInstanceOf(Array);
      }),
    );
  });
});

describe("Content-Disposition", () => {
  test("its name may have a date", () => {
    expect(of({}, 'attachment; filename="IMG_20130309_101112.jpg"')).toMatchObject([
      { row: "name-time", tag: "Content-Disposition", written: "2013-03-09T10:11:12" },
    ]);
  });

  test("a name that is longer than any says nothing", () => {
    expect(of({}, `attachment; filename="2013-03-09 10.11.12 ${"x".repeat(5000)}"`)).toEqual([]);
  });
});
