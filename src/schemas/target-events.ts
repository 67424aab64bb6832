/** The lines that `dates`, `verify` and `restore` print, and the objects of `status`. */

import { z } from "zod";
import type { CheckEvent, FileEvent, RepairEvent, RunEvent } from "../events.ts";
import { DOUBTS, OUTCOMES } from "../model.ts";
import type { Status } from "../report/status-sections.ts";
import {
  CONDITIONS,
  type DatesSummary,
  type RestoreSummary,
  type TargetReport,
  type VerifySummary,
} from "../summaries.ts";
import { count, counts, exactly, flag, number, orNull, perhaps, text, texts, time, type } from "./field.ts";
import { HAUL_EVENTS } from "./mirror-events.ts";
import { CAPTURED, dryRun, END, PHOTO, PROGRESS, RUN, targets, WARNING } from "./shared.ts";

const REDATE_OUTCOMES = ["set", "already", "unknown", "failed"] as const;

const FILE = exactly<FileEvent>()(
  z
    .strictObject({
      type: type("file"),
      file: text("relative to the folder"),
      outcome: z.enum(REDATE_OUTCOMES).describe("what became of its time"),
      old: orNull(time("the time it had"), "ISO 8601, UTC: its time; null where it cannot be read"),
      new: orNull(time("the time it has now"), "ISO 8601, UTC: its time now; null where it stays"),
      captured: orNull(CAPTURED, "when it was taken, see below; null where nothing tells"),
      reason: perhaps(text("why, for `unknown` and `failed`")),
    })
    .describe("What became of one file's time."),
  true,
);
const DATES_SUMMARY = exactly<DatesSummary>()(
  z
    .strictObject({
      type: type("summary"),
      command: z.literal("dates").describe("dates"),
      targets: targets.describe("the folder"),
      dryRun,
      undo: flag("true with `--undo`"),
      files: count("that were looked at"),
      outcomes: counts(REDATE_OUTCOMES, "files by what became of them"),
      dated: z.record(z.string(), z.int()).readonly().describe("files by what dated them"),
      doubts: counts(DOUBTS, "dated files by what is doubtful"),
      zone: text("IANA zone in which wall clocks were read whose zone nobody recorded"),
      record: orNull(text("where the old times are written down; null where nothing was changed")),
      birthTimes: flag("true where the birth time of a file follows its modification time"),
      faults: count("files that ExifTool crashed or hung on"),
      ...END,
    })
    .describe("The last line."),
  true,
);

const CHECK = exactly<CheckEvent>()(
  z
    .strictObject({
      type: type("check"),
      target: text("where it lies"),
      path: text("on it"),
      condition: z.enum(CONDITIONS).describe("what it was found to be"),
      reason: perhaps(text("what was read, each time")),
      unsteady: perhaps(flag("true where only the second reading was right")),
      vouched: perhaps(flag("true where the service's own digests proved it")),
      bytes: count("of the photo"),
    })
    .describe("One photo was checked again."),
  true,
);
const REPAIR = exactly<RepairEvent>()(
  z
    .strictObject({
      type: type("repair"),
      target: text("where it lies"),
      path: text("on it"),
      outcome: z.enum(["repaired", "brought", "failed"]).describe("what became of it"),
      reason: perhaps(text("why not")),
      setAside: perhaps(text("where the damaged file lies now")),
    })
    .describe("One photo was put back, or brought over."),
  true,
);
const SUM = z.strictObject({ photos: count("how many"), bytes: count("of them") }).readonly();
const conditions = counts(CONDITIONS, "photos by what they were found to be");
const REPORT = exactly<TargetReport>()(
  z.strictObject({
    target: text("where"),
    id: text("of its marker"),
    photos: count("in its manifest"),
    bytes: count("of them"),
    checked: SUM.describe("checked again in this run"),
    vouched: SUM.describe("of them, by the service's own digests"),
    conditions,
    unsteady: count("right on the second reading only; counted as whole"),
    repaired: count("damaged ones that were put back"),
    broughtOver: count("that only the other target had"),
    notBrought: count("of those, that could not be"),
    extra: count("files that the manifest does not name"),
    brokenLines: count("of the manifest that cannot be read"),
    cutLines: count("1 where the last line has no end"),
    unlisted: count("photos that SHA256SUMS names and the manifest does not"),
    unsummed: count("photos that only the manifest names"),
    forgotten: count("that the manifest named when it was read last"),
    oldestCheck: orNull(
      time("x"),
      "ISO 8601, UTC: when the photo was read that waits longest; null where one never was",
    ),
  }),
  true,
);
const VERIFY_SUMMARY = exactly<VerifySummary>()(
  z
    .strictObject({
      type: type("summary"),
      command: z.literal("verify").describe("verify"),
      targets,
      conditions,
      checked: SUM.describe("checked again in this run"),
      repaired: count("damaged ones that were put back"),
      each: z.array(REPORT).readonly().describe("each target by itself"),
      ...END,
    })
    .describe("The last line."),
  true,
);

const RESTORE_SUMMARY = exactly<RestoreSummary>()(
  z
    .strictObject({
      type: type("summary"),
      command: z.literal("restore").describe("restore"),
      source: text("the target that photos come from"),
      targets: targets.describe("where they go"),
      dryRun,
      photos: count("in the manifest"),
      outcomes: counts(OUTCOMES, "what was asked for, by what became of it"),
      unwanted: count("not asked for"),
      archived: count("of the failed, those that lie in an archive class"),
      restoredBytes: count("brought back"),
      brokenLines: count("of the manifest that cannot be read"),
      unlisted: count("brought back though only SHA256SUMS names them"),
      ...END,
    })
    .describe("The last line."),
  true,
);

const STATUS = exactly<Status>()(
  z
    .strictObject({
      type: type("status"),
      source: text("as it was given to mirror"),
      catalogue: text("its file"),
      last: z
        .strictObject({
          command: text("mirror"),
          startedAt: text("when"),
          exit: orNull(count("its exit code; null where it goes on, or was cut")),
          seconds: orNull(number("that it took")),
          outcomes: orNull(z.record(z.string(), z.number()).readonly(), "photos by what became of them"),
          error: orNull(text("what ended it early")),
        })
        .nullable()
        .describe("the last mirror; null where there was none"),
      lastGood: orNull(text("when the last one ended that went well")),
      targets: z
        .array(
          z.strictObject({
            target: text("where, as it was typed last"),
            also: texts("other names under which this one copy was used"),
            id: text("of its marker; `+2` and so on for another copy with the same one"),
            photos: count("kept there"),
            bytes: count("of them"),
            failed: count("photos that could not be kept there"),
            failures: z
              .array(z.strictObject({ key: text("which"), reason: text("why"), at: text("when") }))
              .readonly()
              .describe("the first of them"),
            verified: z
              .strictObject({
                at: orNull(text("when; null while the first run goes on")),
                never: count("photos that were never read since they were kept"),
                damaged: count("photos"),
                oldestCheck: orNull(text("when the photo was read that waits longest")),
              })
              .nullable()
              .describe("null where it never was verified on this computer"),
          }),
        )
        .readonly()
        .describe("what is kept where"),
      mend: texts("what needs to be done, in words"),
    })
    .describe("What is remembered of one source."),
  true,
);

export const DATES_EVENTS = [RUN, FILE, WARNING, PROGRESS, DATES_SUMMARY] as const;
export const VERIFY_EVENTS = [RUN, CHECK, REPAIR, WARNING, PROGRESS, VERIFY_SUMMARY] as const;
export const RESTORE_EVENTS = [RUN, PHOTO, WARNING, PROGRESS, RESTORE_SUMMARY] as const;
export const STATUS_LINES = [STATUS] as const;

exactly<RunEvent>()(z.union([...HAUL_EVENTS, ...DATES_EVENTS, ...VERIFY_EVENTS, ...RESTORE_EVENTS]), true);
