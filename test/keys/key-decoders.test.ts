import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  digestInKey,
  KEY_DECODERS,
  nameInDisposition,
  nameInNotes,
  serviceDatesInKey,
} from "../../src/keys/key-decoders.ts";
import { allLayouts } from "../../src/layouts/all.ts";

const EXAMPLES = KEY_DECODERS.flatMap(({ tag, means, precision, examples }) =>
  examples.map(([key, date]) => ({ tag, means, precision, key, date })),
);

test.each(EXAMPLES)("$tag: $key", ({ tag, means, precision, key, date }) => {
  const found = serviceDatesInKey(key).find((one) => one.tag === tag);
  expect(found).toMatchObject({ means, precision });
  expect(found?.utc ?? found?.local).toBe(date);
});

test.each([
  ["a serial number that is no time", "media_attachments/files/000/000/000/000/001/234/original/1a2b3c4d5e6f7081.jpeg"],
  ["a UUID that is not of version 7", "01/89/53/d7/d1/00/4a/bc/8d/ef/0123456789ab.jpg"],
  ["a month that Pixelfed never wrote", "public/m/_v2/421903/000000000-000000/Zk3sQw9LmT1x/0fJq.jpg"],
  ["a day that is none", "upload/2017/02/30/20170230084034-73b60542.jpg"],
  ["an hour that is none", "originals/2009/11/20091117_253458_12345678.jpg"],
  ["the number of a photo", "photos/image/upload/1.jpg"],
  ["a camera's name", "2012/IMG_1234.jpg"],
])("%s holds no date", (_, key) => {
  expect(serviceDatesInKey(key)).toEqual([]);
});

test("no key makes a decoder throw, or gives a date that is none", () => {
  const keys = allLayouts().flatMap(({ originals }) => originals.flatMap(({ examples }) => examples));
  const digits = fc.tuple(
    fc.constantFrom(...keys),
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 90, maxLength: 90 }),
  );
  fc.assert(
    fc.property(digits, ([key, numbers]) => {
      let at = 0;
      const changed = key.replaceAll(/\d/g, () => String(numbers[at++ % 90]));
      for (const { utc, local } of serviceDatesInKey(changed)) {
        expect(Number.isNaN(Date.parse(utc ?? local ?? ""))).toBe(false);
      }
    }),
  );
});

test("digests in keys", () => {
  const sha1 = "9c4be07d21f85a6630dd14c27e9b0f1122334455";
  expect(digestInKey(`original/3X/9/c/${sha1}.png`)).toEqual({
    algorithm: "sha1",
    digest: sha1,
    tag: "Discourse",
  });
  expect(digestInKey(`ruler/${"AB".repeat(32)}.JPG`)).toMatchObject({
    algorithm: "sha256",
    digest: "ab".repeat(32),
  });
  expect(digestInKey("2012/IMG_1234.jpg")).toBeNull();
});

describe("the name before the service renamed it", () => {
  const name = (contentDisposition: string, metadata: Record<string, string> = {}) =>
    nameInNotes({ contentDisposition, metadata });

  test.each([
    ['inline; filename="beach.jpg"', "beach.jpg"],
    ["attachment; filename=beach.jpg; size=12", "beach.jpg"],
    // UTF-8 in a header, which is read as Latin-1; and true Latin-1.
    ['inline; filename="caf\u00c3\u00a9.jpg"', "café.jpg"],
    ['inline; filename="caf\u00e9.jpg"', "café.jpg"],
    ['inline; filename="say \\"cheese\\".jpg"', 'say "cheese".jpg'],
    ["inline; filename=\"caf.jpg\"; filename*=utf-8''caf%C3%A9.jpg", "café.jpg"],
    ["inline; filename=\"ok.jpg\"; filename*=utf-8''%E9", "ok.jpg"],
    ['inline; filename="../../etc/passwd"', "passwd"],
    ['inline; filename="C:\\\\photos\\\\beach.jpg"', "beach.jpg"],
    ['inline; filename=".."', null],
    ["inline", null],
    ["", null],
  ])("%s", (header, expected) => {
    expect(name(header)).toBe(expected);
  });

  test("Nextcloud's metadata", () => {
    expect(name("", { "original-path": "files/Photos/beach.jpg" })).toBe("beach.jpg");
    const encoded = Buffer.from("files/Fotos/Übung.jpg").toString("base64");
    expect(name("", { "original-path": `base64:${encoded}` })).toBe("Übung.jpg");
  });
});

describe("Content-Disposition", () => {
  test.each([
    ['attachment; filename="IMG_20130309_101112.jpg"', "IMG_20130309_101112.jpg"],
    ["inline; filename=photo.jpg", "photo.jpg"],
    ['attachment; filename="a \\"b\\".jpg"', 'a "b".jpg'],
    ["attachment; filename*=UTF-8''M%C3%BCnchen.jpg; filename=\"M.jpg\"", "München.jpg"],
    ["attachment; filename*=UTF-8''%E0%A4%A.jpg; filename=\"M.jpg\"", "M.jpg"],
    ['attachment; x-filename="no.jpg"', null],
    ["attachment", null],
    ["", null],
  ])("%s names %s", (header, name) => {
    expect(nameInDisposition(header)).toBe(name);
  });
});
