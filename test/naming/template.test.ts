import { describe, expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import type { Captured } from "../../src/model.ts";
import { expand, needsDate, needsName, parseTemplate } from "../../src/naming/template.ts";

const captured: Captured = {
  local: "2012-06-28T14:03:22.5",
  offset: "+02:00",
  utc: "2012-06-28T12:03:22.5Z",
  source: "exif",
  precision: "ms",
};

/** key, template, expected; dated 28 June 2012 14:03:22, taken with a Canon. */
const DATED: [template: string, key: string, expected: string][] = [
  ["{key}", "a/b.jpg", "a/b.jpg"],
  ["{key}", "//a/", "//a/"],
  ["{yyyy}/{mm}/{name}.{ext}", "a/b.jpg", "2012/06/b.jpg"],
  ["{yyyy}/{mm}/{name}.{ext}", "a/b", "2012/06/b"],
  ["{yyyy}/{mm}/{name}.{ext}", "a/.hidden", "2012/06/.hidden"],
  ["{yyyy}-{mm}-{dd} {hh}.{mi}.{ss}.{ext}", "b.jpg", "2012-06-28 14.03.22.jpg"],
  ["{dir}/{etag8}-{name}.{ext}", "x/y/b.c.jpg", "x/y/1a2b3c4d-b.c.jpg"],
  ["{dir}/{etag8}-{name}.{ext}", "b.jpg", "1a2b3c4d-b.jpg"],
  ["{camera}/{key}", "a/b.jpg", "Canon EOS-1D-x/a/b.jpg"],
  ["photos/{key}", "a.jpg", "photos/a.jpg"],
];

const UNDATED: [template: string, expected: string][] = [
  ["{key}", "a/b.jpg"],
  ["{yyyy}/{mm}/{name}.{ext}", "no-date/b.jpg"],
  ["{yyyy}/x/{mm}/{name}.{ext}", "no-date/x/no-date/b.jpg"],
  ["{camera}/{yyyy}/{name}.{ext}", "Canon EOS-1D-x/no-date/b.jpg"],
  ["{yyyy}{mm}{dd}-{hh}{mi}.{ext}", "no-date/b.jpg"],
  ["{yyyy}/{mm}-{name}.{ext}", "no-date/b.jpg"],
  ["{dir}/{yyyy}-{name}.{ext}", "a/no-date/b.jpg"],
];

const fields = { key: "a/b.jpg", etag8: "1a2b3c4d", captured, camera: "Canon EOS-1D/x" };

describe("expand", () => {
  test.each(DATED)("%s of %s is %s", (template, key, expected) => {
    expect(expand(parseTemplate(template), { ...fields, key })).toBe(expected);
  });

  test("a photo of New Year's Eve stays in its year, whatever UTC says (photoprism #4036)", () => {
    const eve = { ...captured, local: "2012-12-31T23:30:00", offset: "-05:00" };
    const dates = { ...fields, captured: { ...eve, utc: "2013-01-01T04:30:00.000Z" } };
    expect(expand(parseTemplate("{yyyy}/{mm}/{name}.{ext}"), dates)).toBe("2012/12/b.jpg");
  });

  test.each(UNDATED)("%s without a date is %s", (template, expected) => {
    expect(expand(parseTemplate(template), { ...fields, captured: null })).toBe(expected);
    const modified = { ...captured, source: "modified" as const };
    expect(expand(parseTemplate(template), { ...fields, captured: modified })).toBe(expected);
  });

  test("a photo that names no camera lies under no-camera", () => {
    expect(expand(parseTemplate("{camera}/{name}.{ext}"), { ...fields, camera: null })).toBe("no-camera/b.jpg");
  });

  test.each([
    ["year", "2012/00/00/000000.jpg"],
    ["month", "2012/06/00/000000.jpg"],
    ["day", "2012/06/28/000000.jpg"],
    ["minute", "2012/06/28/140300.jpg"],
    ["s", "2012/06/28/140322.jpg"],
  ] as const)("a date known to the %s makes up nothing", (precision, expected) => {
    const template = parseTemplate("{yyyy}/{mm}/{dd}/{hh}{mi}{ss}.{ext}");
    expect(expand(template, { ...fields, captured: { ...captured, precision } })).toBe(expected);
  });
});

describe("an id for a name", () => {
  const id = "a/4c1f09ab77e2d0319e";
  test.each([
    [id, "IMG_1.JPG", "a/IMG_1.JPG"],
    [`${id}.jpeg`, "IMG_1.JPG", "a/IMG_1.jpeg"],
    ["a/9f2c4e1a-7b3d-4f60-8e21-0c5d9a7b1e3f.png", "beach", "a/beach.png"],
    ["a/k9x2mv7qh4w8z1rt5yb3n6pc0dfj", "IMG_1.JPG", "a/IMG_1.JPG"],
    [id, null, id],
    ["a/IMG_20120628_140322.jpg", "IMG_1.JPG", "a/IMG_20120628_140322.jpg"],
    ["a/20120628140322.jpg", "IMG_1.JPG", "a/20120628140322.jpg"],
    ["a/GreekIslands.jpg", "IMG_1.JPG", "a/GreekIslands.jpg"],
  ])("%s, noted as %s, is %s", (key, fileName, expected) => {
    const template = parseTemplate("{dir}/{name}.{ext}");
    expect(expand(template, { ...fields, key, fileName })).toBe(expected);
  });

  test("gives way only where the template asks for the name, and only once the object was opened", () => {
    expect(needsName(parseTemplate("{dir}/{name}.{ext}"), id)).toBe(true);
    expect(needsName(parseTemplate("{dir}/{name}.{ext}"), "a/IMG_0001.jpg")).toBe(false);
    expect(needsName(parseTemplate("{key}"), id)).toBe(false);
  });
});

test.each([
  ["{key}", false],
  ["{dir}/{etag8}{name}.{ext}", false],
  ["{yyyy}/{name}.{ext}", true],
  ["{name}-{ss}.{ext}", true],
  ["{camera}/{name}.{ext}", true],
])("%s needs the photo to be read first: %s", (template, needed) => {
  expect(needsDate(parseTemplate(template))).toBe(needed);
});

test.each([
  ["{year}/{name}", "there is no field {year}"],
  ["{Key}", "there is no field {Key}"],
  ["{}", "there is no field {}"],
  ["{key", "a brace has no partner"],
  ["key}", "a brace has no partner"],
  ["photo.jpg", "it holds no field"],
  ["", "empty"],
  ["/{key}", "slash"],
  ["{key}/", "slash"],
  ["a//{key}", "empty"],
  ["../{key}", "`..`"],
  ["{yyyy}/{name}", "neither {ext} nor {key}"],
  ["{yyyy}/{mm}", "neither {ext} nor {key}"],
  ["{ext}/{name}", "neither {ext} nor {key}"],
  ["{key}/photo", "neither {ext} nor {key}"],
  ["{ext}", "must end in .{ext} or {key}"],
  ["{yyyy}/{ext}", "must end in .{ext} or {key}"],
  ["{name}{ext}", "must end in .{ext} or {key}"],
  ["{yyyy}/.{ext}", "must end in .{ext} or {key}"],
  ["{name}.{ext}.bak", "must end in .{ext} or {key}"],
  ["{key}-{etag8}", "must end in .{ext} or {key}"],
])("the template %j is refused: %s", (template, why) => {
  const refused = (): unknown => parseTemplate(template);
  expect(refused).toThrow(HaulError);
  expect(refused).toThrow(why);
  expect(refused).toThrow("The fields are {key} {dir} {name} {ext} {yyyy}");
});
