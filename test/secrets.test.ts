import { describe, expect, test } from "vitest";
import { HaulError } from "../src/errors.ts";
import {
  fromOutside,
  holdsAgeKey,
  holdsCap,
  keepPassingSecret,
  keepSecret,
  keepSecretsOf,
  redacted,
} from "../src/secrets.ts";

const TOKEN = "IQoJb3JpZ2luX2VjEOz//////////wEaCXVzLWVhc3QtMSJGMEQCIA+canary/of&a<session>==";
const SHORT = "s3kret!";
const SIGNATURE = `${"0a1b2c3d4e5f".repeat(5)}0123`;
keepSecret(TOKEN);
keepSecret(SHORT);
keepPassingSecret(SIGNATURE);

const each = (text: string, form: (char: string) => string) => text.split("").map(form).join("");
const hex = (char: string) => char.charCodeAt(0).toString(16).padStart(2, "0");
const FORMS: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "for a URL": encodeURIComponent,
  "for a URL, in lower case": (text) => encodeURIComponent(text).toLowerCase(),
  "for a URL, each byte": (text) => each(text, (char) => `%${hex(char)}`),
  "for a URL, twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  "in a form": (text) => encodeURIComponent(text).replaceAll("%20", "+"),
  "in upper case": (text) => text.toUpperCase(),
  "in XML": (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  "in XML, by number": (text) => each(text, (char) => `&#${char.charCodeAt(0)};`),
  "in XML, by hex": (text) => each(text, (char) => `&#x${hex(char)};`),
  "in XML, every other": (text) =>
    text
      .split("")
      .map((char, at) => (at % 2 ? char : `&#${char.charCodeAt(0)};`))
      .join(""),
  "in XML within XML": (text) => each(text, (char) => `&amp;#${char.charCodeAt(0)};`),
  "in JSON": (text) => JSON.stringify(text).replaceAll("/", "\\/"),
  "in JSON, by hex": (text) => each(text, (char) => `\\u00${hex(char)}`),
  "broken into lines": (text) => text.replace(/(.{7})/g, "$1\n  "),
  "with tags in it": (text) => `<b>${text.slice(0, 5)}</b><i>${text.slice(5)}</i>`,
};

describe.each(Object.entries(FORMS))("a secret %s", (_, form) => {
  test.each([TOKEN, SHORT])("%s stands in no text", (secret) => {
    // A text whose tags are read has none of its own.
    const written = secret === TOKEN && form("<a>") === "<a>" ? secret.replace(/[<>]/g, "") : secret;
    const text = redacted(`Denied: ${form(written)} is not welcome`);
    expect(text).toMatch(/^Denied: .*\[redacted\].* is not welcome$/s);
    for (let at = 0; at + 12 <= secret.length; at += 1)
      expect(text.toLowerCase()).not.toContain(secret.slice(at, at + 12).toLowerCase());
    if (secret === SHORT) expect(text).not.toContain(form(secret));
  });
});

test("a piece of a secret is one: what was cut off is still known", () => {
  expect(redacted(`token ${TOKEN.slice(0, 40)}… is no good`)).toBe("token [redacted]… is no good");
});

test("a signature is none of anybody's business", () => {
  expect(redacted(`Signature=${SIGNATURE}, and ${SIGNATURE}`)).toBe("Signature=[redacted], and [redacted]");
  const query = "https://b.s3.test/a.jpg?X-Amz-Date=1&X-Amz-Signature=abcdef0123456789&x=1";
  expect(redacted(query)).toBe("https://b.s3.test/a.jpg?X-Amz-Date=1&X-Amz-Signature=[redacted]&x=1");
});

test("user and password of an address are known as they stand there and as they are sent", () => {
  keepSecretsOf(new URL("http://me:p%40ssw%2Frd@proxy.test:3128"));
  const sent = Buffer.from("me:p@ssw/rd").toString("base64");
  expect(redacted(`p%40ssw%2Frd, p@ssw/rd, Basic ${sent}`)).toBe("[redacted], [redacted], Basic [redacted]");
});

test("a text without secrets stays as it is", () => {
  const text = "s3://photos/2012/50% &amp; more+é.jpg: the store has trouble (500 InternalError)";
  expect(redacted(text)).toBe(text);
});

test("every error says what it says without them", () => {
  expect(new HaulError("server", `no: ${TOKEN}`).message).toBe("no: [redacted]");
});

test("what others say is short, on one line, and never ends within a secret", () => {
  const said = fromOutside(`${"x".repeat(290)} ${TOKEN}\n\u0007${"y".repeat(99_999)}`);
  expect(said).toBe(`${"x".repeat(290)} [redacted…`);
});

test.each([
  ["URI:CHK:jd4ni336hs2kdzy534wjf34dcm:mvu3t44tciwu4xe3ojsio3223zc7ndqgi4d3pfkjpu3end3jxjlq:1:2:200000", "[redacted]"],
  [
    "at http://127.0.0.1:3456/uri/URI%3ADIR2%3Ad5ks24tu%3Asxyz/2012?t=json",
    "at http://127.0.0.1:3456/uri/[redacted]/2012?t=json",
  ],
  ["uri%253adir2-ro%253aabc234%253asxyz: no", "[redacted]: no"],
  ["(URI:LIT:onwwc3dm)", "([redacted])"],
  ["URI:DIR2-MDMF-RO:abc:def.", "[redacted]."],
  ["the URI: of it, and URI:DIR2 as such", "the URI: of it, and URI:DIR2 as such"],
])("a cap of Tahoe-LAFS is no text: %s", (text, clean) => {
  expect(redacted(text)).toBe(clean);
  expect(holdsCap(text)).toBe(text !== clean);
});

test("a secret key of age is known by its form, of either kind and in either case", () => {
  for (const key of ["AGE-SECRET-KEY-1QYPQXPQ9QCRSSZG2", "age-secret-key-pq-1qypqxpq9qcrsszg2"]) {
    expect(holdsAgeKey(`--identity=${key}`)).toBe(true);
    expect(redacted(`the key file ${key} cannot be read`)).toBe("the key file [redacted] cannot be read");
  }
  expect(holdsAgeKey("age1qypqxpq9qcrsszg2, in my AGE-SECRET-KEY file")).toBe(false);
});

describe.each([TOKEN, SHORT, SIGNATURE])("%s, encoded by whoever quotes it", (secret) => {
  const bytes = (before: string, after: string) => Buffer.from(before + secret + after);
  test.each([
    ["in hex", bytes("", "").toString("hex")],
    ["in hex, byte by byte", bytes("", "").toString("hex").toUpperCase().replace(/(..)/g, "$1 ").trim()],
    ["in base64", bytes("", "").toString("base64")],
    ["in base64 for URLs", bytes("", "").toString("base64url")],
    [
      "in base64, in lines",
      bytes("", "")
        .toString("base64")
        .replace(/(.{5})/g, "$1\n"),
    ],
    ["in base64, for a URL", encodeURIComponent(bytes("", "").toString("base64"))],
    ["in base64 after one byte", bytes(":", "").toString("base64")],
    ["in base64 amid two", bytes("ab", "cd").toString("base64")],
    ["in base64 for URLs amid three", bytes("abc", "def").toString("base64url")],
    ["in hex amid others", bytes("abc", "def").toString("hex")],
  ])("%s it stands in no text", (_, written) => {
    const text = redacted(`StringToSignBytes: ${written}`);
    const [before = "", after = ""] = text.slice("StringToSignBytes: ".length).split("[redacted]");
    expect(before.length).toBeLessThanOrEqual(6);
    expect(after.length).toBeLessThanOrEqual(8);
  });
});

test("encoded words that are no secret stay", () => {
  const text = `ETag ${Buffer.from("plain words of a sentence, really").toString("base64")} 9e107d9d372bb6826bd81d3542a419d6`;
  expect(redacted(text)).toBe(text);
});
