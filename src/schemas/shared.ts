/** The events and values that several commands print. */

import { z } from "zod";
import type * as events from "../events.ts";
import { type Captured, DOUBTS, OUTCOMES } from "../model.ts";
import { WARNINGS, type WarningCode } from "../warning-codes.ts";
import { count, counts, exactly, flag, number, orNull, perhaps, text, texts, time, type } from "./field.ts";

const CODES = Object.keys(WARNINGS).filter((code): code is WarningCode => code in WARNINGS);

const DIGESTS = z.strictObject({
  size: count("bytes"),
  sha256: text("lower-case hex"),
  md5: text("lower-case hex"),
});

export const CAPTURED = exactly<Captured>()(
  z.strictObject({
    local: text("wall clock where it was taken, with a fraction only if one was recorded"),
    offset: orNull(text("of the wall clock from UTC, `+02:00`; null where nobody recorded it")),
    utc: text("the instant; where no offset is known, the wall clock read in the zone of the run"),
    source: z
      .enum([
        "user",
        "sidecar",
        "exif",
        "xmp",
        "iptc",
        "video",
        "vendor",
        "service",
        "name",
        "metadata",
        "key",
        "modified",
      ])
      .describe("what dated it"),
    precision: z.enum(["ms", "s", "minute", "day", "month", "year"]).describe("how much is known"),
    tag: perhaps(text("the field it was read from")),
    zone: perhaps(text("IANA zone, where one was found")),
    zoneFrom: perhaps(
      z.enum(["value", "camera", "difference", "position", "partner", "neighbour"]).describe("how the offset is known"),
    ),
    camera: perhaps(text("make and model")),
    warnings: perhaps(texts("what is doubtful about it, for people")),
    doubts: perhaps(z.array(z.enum(DOUBTS)).readonly().describe("what each warning is about")),
    rules: perhaps(count("the edition of the rules by which it was decided")),
  }),
  true,
);

export const outcomes = counts(OUTCOMES, "photos by what became of them");
export const END = {
  seconds: number("that the run took"),
  exit: count("the exit code"),
  error: perhaps(text("what ended the run early")),
};
export const targets = texts("where photos are kept, as they were given");
export const dryRun = flag("true where nothing is written");

export const RUN = exactly<events.StartEvent>()(
  z
    .strictObject({
      type: type("run"),
      command: z.enum(["mirror", "inventory", "dates", "verify", "restore"]).describe("what runs"),
      version: text("of photohaul"),
      source: text('as it was given; "" where there is none'),
      targets,
      dryRun,
      catalogue: text('its file; "" where there is none'),
      startedAt: time("when the run began"),
    })
    .describe("The first line of every run."),
  true,
);
export const WARNING = exactly<events.WarningEvent>()(
  z
    .strictObject({
      type: type("warning"),
      code: z.enum(CODES).describe("for programs, see below"),
      message: text("what happened, what it means, what to do"),
      key: perhaps(text("of the object or file that it is about")),
    })
    .describe("Something that does not end the run."),
  true,
);
export const PROGRESS = exactly<events.ProgressEvent>()(
  z
    .strictObject({
      type: type("progress"),
      photos: count("done"),
      totalPhotos: count("to be done; 0 where nobody knows"),
      bytes: count("done"),
      totalBytes: count("to be done; 0 where nobody knows"),
      bytesPerSecond: number("lately"),
      secondsLeft: orNull(number("at this pace; null where nobody knows")),
    })
    .describe("Several times a minute."),
  true,
);
export const PHOTO = exactly<events.PhotoEvent>()(
  z
    .strictObject({
      type: type("photo"),
      key: text("of the object"),
      path: orNull(text("on the target; null where no file came of it")),
      outcome: z.enum(OUTCOMES).describe("what became of it"),
      reason: perhaps(text("why, for `skipped` and `failed`")),
      bytes: count("of the photo"),
      sha256: perhaps(text("lower-case hex")),
      captured: perhaps(CAPTURED.describe("when it was taken, see below")),
      original: perhaps(DIGESTS.describe("of the bytes at the source, where a date was written in")),
      copies: perhaps(
        z
          .array(
            z.strictObject({
              target: text("where"),
              path: orNull(text("on it")),
              outcome: z.enum(OUTCOMES).describe("of this copy"),
              reason: perhaps(text("why")),
            }),
          )
          .readonly()
          .describe("with several targets, each copy; `outcome` is the worst of them"),
      ),
    })
    .describe("What became of one photo."),
  true,
);
