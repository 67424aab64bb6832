import { describe, expect, test } from "vitest";
import { datesInKey, monthInKey } from "../../src/dates/name-date.ts";

describe("what a key says of when the photo was taken", () => {
  test.each([
    ["original/201203/IMG_1234-4f5a1c2b3d4e5.jpg", ["key Trovebox folder 2012-03"]],
    ["originals/2009/11/20091117_203458_12345678.jpg", ["name-time PhotoPrism name 2009-11-17T20:34:58"]],
    ["2012/06/28/IMG_0001.jpg", ["key folders 2012-06-28"]],
    ["IMG_20120628_140322.jpg", ["name-time file name 2012-06-28T14:03:22"]],
    // The folders are those of the upload, which bounds when it was taken and no more.
    ["upload/2017/06/11/20170611084034-73b60542.jpg", []],
    ["wp-content/uploads/2023/07/14101530/DSC_0042.jpeg", []],
    ["wp-content/uploads/2023/07/14101530/IMG_20120628_140322.jpg", ["name-time file name 2012-06-28T14:03:22"]],
    ["media_attachments/files/110/711/852/236/806/699/original/1a2b3c4d5e6f7081.jpeg", []],
  ])("%s", (key, expected) => {
    expect(datesInKey(key).map(({ row, tag, written }) => `${row} ${tag} ${written}`)).toEqual(expected);
  });
});

describe("the month, for pictures of a whole bucket", () => {
  test.each([
    ["2012/06/28/IMG_0001.jpg", "2012-06"],
    ["original/IMG_20120628_140322.jpg", "2012-06"],
    ["original/201203/IMG_1234-4f5a1c2b3d4e5.jpg", "2012-03"],
    ["Photos from 2012/IMG_0001.jpg", null],
    ["upload/2017/06/11/20170611084034-73b60542.jpg", null],
    ["IMG_0001.jpg", null],
    ["2031/06/IMG_0001.jpg", null],
    ["2031/06/IMG_20120628_140322.jpg", "2012-06"],
  ])("%s: %s", (key, month) => {
    expect(monthInKey(key, "2024-01-01T00:00:00.000Z")).toBe(month);
  });
});
