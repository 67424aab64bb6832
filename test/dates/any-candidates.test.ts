import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DateRules, decideCaptureDate } from "../../src/dates/capture-date.ts";
import { DATE_ROWS } from "../../src/dates/date-candidate.ts";
import { EACH } from "./date-rows.ts";

const RULES: DateRules = {
  modified: "2020-01-01T00:00:00.000Z",
  now: "2021-01-01T00:00:00.000Z",
  defaultZone: "Europe/Berlin",
};

describe("whatever is said", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[0-9]{4}[:-][0-9]{2}[:-][0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}$/),
    fc
      .date({ noInvalidDate: true, min: new Date("0001-01-02"), max: new Date("9999-12-30") })
      .map((date) => date.toISOString()),
  );
  const candidates = fc.array(
    fc.record({
      row: fc.constantFrom(...DATE_ROWS.filter((row) => row !== "user" && row !== "modified")),
      source: fc.constantFrom("exif", "name", "video"),
      tag: fc.string(),
      written: texts,
      clock: fc.constantFrom("local", "utc"),
      offset: fc.record({
        tag: fc.string(),
        written: fc.oneof(fc.string(), fc.constant("+02:00")),
      }),
      subSeconds: fc.string(),
    }),
    { maxLength: 8 },
  );
  const evidence = fc.record({
    zones: fc.array(fc.record({ tag: fc.string(), written: fc.string() })),
    position: fc.record({ latitude: fc.double(), longitude: fc.double() }),
    make: fc.constantFrom("NIKON", "Apple", ""),
    model: fc.string(),
    duration: fc.double(),
    partner: fc.string(),
    neighbour: fc.string(),
  });
  const zones = fc.constantFrom("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "?");

  test("it is decided, everybody is answered, and nothing is later than now", () => {
    const bound = Date.parse(RULES.now ?? "") + 26 * 3_600_000;
    fc.assert(
      fc.property(candidates, evidence, zones, (said, found, defaultZone) => {
        const decision = decideCaptureDate(said, { ...RULES, defaultZone, evidence: found });
        expect(decision.candidates).toHaveLength(said.length + 1);
        expect(decision.candidates.filter(({ lost }) => lost === null)).toHaveLength(1);
        expect(Date.parse(decision.captured?.utc ?? "")).toBeLessThanOrEqual(bound);
        expect(decision.captured?.local).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?$/);
      }),
    );
  });

  test("the order in which rows are given does not matter", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...EACH]), (said) => {
        const sorted = [...said].sort((a, b) => DATE_ROWS.indexOf(a.row) - DATE_ROWS.indexOf(b.row));
        const [one, other] = [said, sorted].map((it) => decideCaptureDate(it, RULES).captured);
        expect({ ...one, warnings: [] }).toEqual({ ...other, warnings: [] });
      }),
    );
  });
});
