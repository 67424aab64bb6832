import { describe, expect, test } from "vitest";
import { readErrorResponse } from "../../../src/stores/s3/s3-error-map.ts";
import { fieldsOf } from "../../../src/stores/s3/xml-fields.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const COPIED = `<?xml version="1.0" encoding="UTF-8"?><CopyObjectResult xmlns="${NAMESPACE}"><ETag>&quot;a&amp;b&quot;</ETag><LastModified>x</LastModified></CopyObjectResult>`;
const ERROR = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>NoSuchKey</Code><Message>it &amp; all is gone</Message><Region>eu</Region></Error>`;

/** As few stores write XML. */
const WAYS: readonly [string, (text: string) => Buffer][] = [
  ["as it is", (text) => Buffer.from(text)],
  ["with CDATA", (text) => Buffer.from(text.replace(/<(\w+)>([^<&]+)</g, "<$1><![CDATA[$2]]><"))],
  ["with a comment", (text) => Buffer.from(text.replace(/(<\w+)/, "<!-- <Code>no</Code> -->$1"))],
  [
    "with prefixes",
    (text) =>
      Buffer.from(
        text
          .replace(/<(\/?)(\w)/g, "<$1s3:$2")
          .replace(/xmlns=|(?<=<s3:Error)/, " xmlns:s3=")
          .replace("s3=>", `s3="${NAMESPACE}">`),
      ),
  ],
  ["with a mark", (text) => Buffer.from(`\ufeff${text}`)],
  ["in UTF-16", (text) => Buffer.from(`\ufeff${text.replace("UTF-8", "utf-16")}`, "utf16le")],
  ["in UTF-16 of the other end", (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
  [
    "with attributes and white space",
    (text) => Buffer.from(text.replace(/<(Code|ETag)>([^<]*)</, "<$1 a='>' >\n $2 <")),
  ],
];

describe.each(WAYS)("an answer that is written %s", (_, written) => {
  test("gives the fields of a copy", () => {
    expect(fieldsOf(written(COPIED)).get("ETag")).toBe('"a&b"');
  });

  test("gives the words of an error", () => {
    const error = readErrorResponse(404, {}, written(ERROR));
    expect(error).toMatchObject({ code: "NoSuchKey", message: "it & all is gone", region: "eu" });
  });
});

test.each(["", "<!DOCTYPE html><html><br></html>", "<html><Code>no</Code></html>", "<Error><Code>x", "\0\0", "<"])(
  "%j is no error document",
  (text) => {
    expect(readErrorResponse(500, {}, Buffer.from(text))).toMatchObject({ code: "", message: "" });
  },
);
