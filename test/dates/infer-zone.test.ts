import { describe, expect, test } from "vitest";
import { lendsZone, seeksZone, type ZoneLender } from "../../src/catalogue/zone-lending.ts";
import { inferZone } from "../../src/dates/infer-zone.ts";
import type { Captured } from "../../src/model.ts";

/** Read in New York, where nobody was. */
const SEEKER: Captured = {
  local: "2012-06-28T12:00:00.25",
  offset: null,
  utc: "2012-06-28T16:00:00.250Z",
  source: "exif",
  precision: "ms",
  camera: "Apple iPhone 6s",
};
const LENDER: Captured = { ...SEEKER, offset: "+02:00", zoneFrom: "value" };

const near = (clock: string, offset: string, key = "x.jpg"): ZoneLender => ({
  key,
  clock: `2012-06-${clock}`,
  offset,
});
const lent = (
  around: readonly ZoneLender[],
  captured: Captured = SEEKER,
  key = "a/IMG_1.HEIC",
  modified = "2013-01-01T00:00:00Z",
) => inferZone({ key, modified, captured }, around);

/** [why, around, offset, from] */
const LOANS: readonly [why: string, around: ZoneLender[], offset?: string, from?: string][] = [
  ["nobody", []],
  ["a neighbour", [near("28T08:00:00", "+02:00")], "+02:00", "neighbour"],
  ["12 hours before", [near("28T00:00:00", "+02:00")], "+02:00", "neighbour"],
  ["12 hours after", [near("29T00:00:00", "+02:00")], "+02:00", "neighbour"],
  ["a second more than 12 hours", [near("27T23:59:59", "+02:00"), near("29T00:00:01", "+02:00")]],
  ["the nearer of two", [near("28T09:00:00", "+02:00"), near("28T14:00:00", "-04:00")], "-04:00", "neighbour"],
  ["the earlier of two as near", [near("28T13:00:00", "-04:00"), near("28T11:00:00", "+02:00")], "+02:00", "neighbour"],
  [
    "by key where even the clocks are the same",
    [near("28T13:00:00", "-04:00", "b.jpg"), near("28T13:00:00", "+02:00", "a.jpg")],
    "+02:00",
    "neighbour",
  ],
  [
    "the other half of a live photo, above a nearer neighbour",
    [near("28T12:00:00", "+03:00"), near("28T12:00:02", "+02:00", "a/IMG_1.MOV")],
    "+02:00",
    "partner",
  ],
  ["no half in another folder", [near("28T12:00:02", "+02:00", "b/IMG_1.MOV")], "+02:00", "neighbour"],
  ["no half that is a still, too", [near("28T12:00:02", "+02:00", "a/IMG_1.JPG")], "+02:00", "neighbour"],
  [
    "no half of the same name from another hour (immich #14459)",
    [near("28T13:00:00", "+02:00", "a/IMG_1.MOV")],
    "+02:00",
    "neighbour",
  ],
  ["an offset that is in use nowhere", [near("28T11:00:00", "+02:17")]],
];

describe("a photo without a zone is lent that of", () => {
  test.each(LOANS)("%s", (_why, around, offset, from) => {
    const found = lent(around);
    if (offset === undefined) return expect(found).toBeNull();
    expect(found).toMatchObject({ local: SEEKER.local, offset, zoneFrom: from });
    const guess = "the zone is that of a photo by the same camera within 12 hours";
    expect(found?.warnings).toEqual(from === "neighbour" ? [guess] : []);
    expect(found?.doubts).toEqual(from === "neighbour" ? ["guess"] : []);
    const apart = Date.parse(`${SEEKER.local}Z`) - Date.parse(found?.utc ?? "");
    expect(apart).toBe(Date.parse(`2000-01-01T00:00:00Z`) - Date.parse(`2000-01-01T00:00:00${offset}`));
  });

  test("nobody who would make it later than the object itself", () => {
    expect(lent([near("28T11:00:00", "-10:00")], SEEKER, "a.jpg", "2012-06-27T19:00:00Z")).toBeNull();
  });

  test("another one than before, when a nearer one came; its other doubts stay", () => {
    const doubtful: Captured = { ...SEEKER, warnings: ["service says 2014"], doubts: ["conflict"] };
    const first = lent([near("28T08:00:00", "+02:00")], doubtful);
    if (first === null) throw new Error("nothing was lent");
    expect(lent([near("28T08:00:00", "+02:00")], first)).toBeNull();
    const second = lent([near("28T08:00:00", "+02:00"), near("28T11:00:00", "+03:00")], first);
    expect(second).toEqual(lent([near("28T11:00:00", "+03:00")], doubtful));
    expect(second?.doubts).toEqual(["guess", "conflict"]);
  });
});

describe("who seeks and who lends", () => {
  test.each<[why: string, captured: Captured, role: string]>([
    ["a wall clock of the camera", SEEKER, "seeks"],
    ["XMP of the camera", { ...SEEKER, source: "xmp" }, "seeks"],
    ["to the minute", { ...SEEKER, precision: "minute" }, "seeks"],
    ["what was lent by a neighbour", { ...LENDER, zoneFrom: "neighbour" }, "seeks"],
    ["what was lent by the other half", { ...LENDER, zoneFrom: "partner" }, "seeks"],
    ["the header of a video taken as local", { ...SEEKER, source: "video", doubts: ["guess"] }, "seeks"],
    ["the header of a video in UTC", { ...SEEKER, source: "video" }, "neither"],
    ["a day", { ...SEEKER, precision: "day" }, "neither"],
    ["no camera", { ...SEEKER, camera: undefined } as never, "neither"],
    ["a name", { ...SEEKER, source: "name" }, "neither"],
    ["what the user says", { ...SEEKER, source: "user" }, "neither"],
    ["an offset tag", LENDER, "lends"],
    ["a position", { ...LENDER, zoneFrom: "position" }, "lends"],
    ["the keys of a video", { ...LENDER, source: "video" }, "lends"],
    ["an offset that is guessed", { ...LENDER, zoneFrom: "difference", doubts: ["guess"] }, "neither"],
    ["an offset of an older manifest", { ...LENDER, zoneFrom: undefined } as never, "neither"],
  ])("%s", (_why, captured, role) => {
    const found = seeksZone(captured) ? "seeks" : lendsZone(captured) ? "lends" : "neither";
    expect(found).toBe(role);
  });
});
