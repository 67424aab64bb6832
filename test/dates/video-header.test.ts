import { describe, expect, test } from "vitest";
import type { DateCandidate, ZoneEvidence } from "../../src/dates/date-candidate.ts";
import { decideZone, PARIS, says } from "./date-rows.ts";

const gps = (written: string) => says("vendor-utc", written);

/** [why, other candidates, evidence, wall clock, offset, guessed]: the header says 08:20:28 on 22 February 2017. */
const RULE_V: readonly [
  why: string,
  others: DateCandidate[],
  evidence: ZoneEvidence,
  local: string,
  offset: string | null,
  guessed: boolean,
][] = [
  ["alone it is UTC", [], {}, "03:20:28", null, false],
  ["the name has its time: local", [says("name-time", "2017-02-22T08:20:28")], {}, "08:20:28", null, true],
  [
    "the name has the beginning, the header the end: local",
    [says("name-time", "2017-02-22T08:19:30")],
    { duration: 60 },
    "08:20:28",
    null,
    true,
  ],
  [
    "the name is earlier than it was long: UTC, of no known zone",
    [says("name-time", "2017-02-22T08:00:28")],
    { duration: 20 },
    "03:20:28",
    null,
    false,
  ],
  ["the name is 5 seconds later: local", [says("name-time", "2017-02-22T08:20:33")], {}, "08:20:28", null, true],
  [
    "the name is 6 seconds later: UTC, where the name is of Greenwich",
    [says("name-time", "2017-02-22T08:20:34")],
    {},
    "08:20:28",
    "+00:00",
    true,
  ],
  [
    "the name is 10 seconds earlier than the beginning: local",
    [says("name-time", "2017-02-22T08:19:18")],
    { duration: 60 },
    "08:20:28",
    null,
    true,
  ],
  [
    "the name is 11 seconds earlier than the beginning: UTC, where the name is of Greenwich",
    [says("name-time", "2017-02-22T08:19:17")],
    { duration: 60 },
    "08:20:28",
    "+00:00",
    true,
  ],
  [
    "the end of a Pixel's recording, its name in UTC the beginning (exiftool-vendored #113)",
    [says("name-time", "2017-02-22T08:19:59.144", { clock: "utc" })],
    { duration: 29 },
    "03:20:28",
    null,
    false,
  ],
  [
    "the name is an hour later: UTC, and the zone is the difference",
    [says("name-time", "2017-02-22T09:20:28")],
    {},
    "09:20:28",
    "+01:00",
    true,
  ],
  [
    "a name in UTC has its time: UTC",
    [says("name-time", "2017-02-22T08:20:28", { clock: "utc" })],
    { make: "NIKON" },
    "03:20:28",
    null,
    false,
  ],
  ["GPS differs by an offset: local", [gps("2017:02:22 07:20:28Z")], {}, "08:20:28", "+01:00", true],
  ["GPS agrees: UTC, whoever made it", [gps("2017:02:22 08:20:28Z")], { make: "GoPro" }, "03:20:28", null, false],
  ["Nikon (immich #13009)", [], { make: "NIKON CORPORATION" }, "08:20:28", null, true],
  ["GoPro (#28059)", [], { make: "GoPro" }, "08:20:28", null, true],
  ["DJI (#9331)", [], { make: "DJI" }, "08:20:28", null, true],
  ["Nikon with a position", [], { make: "NIKON", position: PARIS }, "08:20:28", "+01:00", true],
  ["Apple", [], { make: "Apple" }, "03:20:28", null, false],
  [
    "with a zone of its own it is UTC, whoever made it",
    [],
    { make: "NIKON", zones: [{ tag: "TimeZone", written: "+01:00" }] },
    "09:20:28",
    "+01:00",
    false,
  ],
];

describe("rule V, the header of a video", () => {
  test.each(RULE_V)("%s", (_why, others, evidence, time, offset, guessed) => {
    const header = says("video-header", "2017:02:22 08:20:28");
    expect(decideZone([header, ...others], evidence)).toMatchObject({
      local: `2017-02-22T${time}`,
      offset,
      guessed,
    });
  });

  test("Keys are above it (meta.mov: the header is the time of the export)", () => {
    const keys = says("video-keys", "2019-02-12T15:27:12+0800");
    const header = says("video-header", "2024:02:02 09:00:00");
    expect(decideZone([header, keys])).toMatchObject({
      local: "2019-02-12T15:27:12",
      offset: "+08:00",
    });
  });
});
