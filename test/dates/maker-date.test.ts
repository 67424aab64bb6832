import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makerDates } from "../../src/dates/tag-date.ts";

describe("a maker's own date", () => {
  test.each([
    [{ "Ricoh:RicohDate": "2013:06:28 16:03:22" }, "2013:06:28 16:03:22"],
    [{ "Sony:SonyDateTime": "2013:06:28 16:03:22" }, "2013:06:28 16:03:22"],
    [{ "Panasonic:PanasonicDateTime": "2013:06:28 16:03:22.50" }, "2013:06:28 16:03:22.50"],
    [{ "Pentax:Date": "2013:06:28", "Pentax:Time": "16:03:22" }, "2013:06:28 16:03:22"],
    [{ "Pentax:Date": "2013:06:28" }, "2013:06:28"],
    [{ "Minolta:MinoltaDate": "2013:06:28", "Minolta:MinoltaTime": "16:03:22" }, "2013:06:28 16:03:22"],
    [{ "Composite:DateCreated": "2013:06:28", "Kodak:TimeCreated": "16:03:22.00" }, "2013:06:28 16:03:22.00"],
  ])("%j", (tags, written) => {
    expect(makerDates(tags)).toMatchObject([{ row: "embedded", clock: "local", written }]);
  });

  test("is none without a day, or under another's name", () => {
    expect(makerDates({ "Pentax:Time": "16:03:22", "Canon:Date": "2013:06:28" })).toEqual([]);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (tags) => {
        expect(makerDates(tags)).toEqual([]);
      }),
    );
  });
});
