import { describe, expect, test } from "vitest";
import { decodeKey } from "../../../src/key.ts";
import { readListPage } from "../../../src/stores/s3/list-page.ts";
import { entry, page } from "./page-xml.ts";

const read = (xml: string) => readListPage(Buffer.from(xml, "latin1"));
const keys = (xml: string) => read(xml).objects.map(({ key }) => key);

describe("a page that is written as few stores do is read whole:", () => {
  const plain = page(`${entry("a%20b.jpg")}${entry("x&amp;y.jpg", "<StorageClass>GLACIER</StorageClass>")}`);
  const wanted = read(plain);
  const unlisted = page("").replace("<EncodingType>url</EncodingType>", "");
  const bytes = (text: string, encoding: BufferEncoding) => Buffer.from(text, encoding).toString("latin1");
  const prefixed = plain.replace(/<(\/?)(\w)/g, "<$1s3:$2").replace("xmlns=", "xmlns:s3=");
  const owner = "<Owner><Key>no</Key><Owner/></Owner>";
  test.each<[string, string]>([
    [
      "CDATA",
      plain.replace(/<(Key|Size|StorageClass|LastModified)>([^<]*)</g, "<$1><![CDATA[$2]]><").replace("&amp;y", "&y"),
    ],
    ["a comment", plain.replace("<Contents>", "<!-- <Contents><Key>no</Key></Contents> --><Contents><!-- -->")],
    ["an instruction", plain.replace("<Contents>", "<?xml-stylesheet href='x>'?><Contents>")],
    ["prefixes", prefixed],
    [
      "prefixes of one namespace by two names",
      plain
        .replace(/<(\/?)Key>/g, "<$1k:Key>")
        .replace("xmlns=", 'xmlns:k="http://s3.amazonaws.com/doc/2006-03-01/" xmlns='),
    ],
    ["elements of another namespace", plain.replaceAll("</Size>", "</Size><x:Key xmlns:x='y'>no</x:Key>")],
    [
      "quotes and attributes",
      plain
        .replace(/xmlns="([^"]*)"/, "xmlns='$1' a = \"'>\"")
        .replaceAll("<Key>", "<Key\n lang='en>' >")
        .replaceAll("</Key>", "</Key\t>"),
    ],
    ["elements that close themselves", plain.replaceAll("</Size>", "</Size><Owner/><Restored a='>' />")],
    ["UTF-8 with a mark", `\xef\xbb\xbf${plain}`],
    ["UTF-16", bytes(`\ufeff${plain.replace("UTF-8", "utf-16")}`, "utf16le")],
    ["UTF-16 without a mark", bytes(plain, "utf16le")],
    ["UTF-16 of the other end", Buffer.from(`\ufeff${plain}`, "utf16le").swap16().toString("latin1")],
    ["UTF-16 that is none", plain.replace("UTF-8", "utf-16")],
    ["entries within entries", plain.replaceAll("</Size>", `</Size>${owner}`)],
    [
      "white space",
      plain.replace(/<(Size|LastModified|ETag|IsTruncated|EncodingType|StorageClass)>([^<]*)/g, "<$1>\n $2 "),
    ],
    ["another order", plain.replace(/(<Key>[^<]*<\/Key>)(.*?)(?=<\/Contents>)/g, "$2$1")],
    [
      "its fields between entries",
      plain
        .replace("<EncodingType>url</EncodingType>", "")
        .replace("</Contents>", "</Contents><EncodingType>url</EncodingType>"),
    ],
    [
      "a group that seems to go on",
      plain.replace(
        /(<Contents>.*?<\/Contents>)/,
        "<CommonPrefixes></CommonPrefixes >$1<CommonPrefixes></CommonPrefixes>",
      ),
    ],
  ])("%s", (_, xml) => {
    expect(read(xml)).toEqual(wanted);
  });

  test.each<[string, string, string]>([
    [
      "a character of another encoding",
      bytes(unlisted.replace("UTF-8", "windows-1252").replace("</List", `${entry("\xe9.jpg")}</List`), "latin1"),
      "é.jpg",
    ],
    [
      "a character in two halves",
      unlisted.replace("</List", `${entry("&#xD83D;&#xDE00;&#55357;&#56832;.jpg")}</List`),
      "😀😀.jpg",
    ],
    [
      "bytes that are no text",
      unlisted.replace("</List", `<!-- -->${entry("\xff&#1;\x02.jpg")}</List`),
      `${decodeKey(Buffer.from([0xff]))}\x01\x02.jpg`,
    ],
    [
      "markup in CDATA",
      unlisted.replace("</List", `${entry("a<![CDATA[</Key>&amp;]]>]]&gt;.jpg")}</List`),
      "a</Key>&amp;]]>.jpg",
    ],
  ])("%s", (_, xml, key) => {
    expect(keys(xml)).toEqual([key]);
  });
});
