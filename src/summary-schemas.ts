/**
 * The last line of every run, whatever ended it, as `--json` prints it, and the objects of `status`; the types of
 * events.ts are inferred from here. The names and fields are fixed: fields may be added, none renamed. At the top are the
 * words in which schemas are written: each field says what it is, and docs/json.md is made of that.
 */

import { z } from "zod";
import { CONDITIONS, DOUBTS, KINDS, OUTCOMES } from "./model.ts";

/** True where each of two types has what the other has. */
type Same<A, B> = [A, keyof A] extends [B, keyof B] ? ([B, keyof B] extends [A, keyof A] ? true : never) : never;

/** Holds a schema to a type that stands elsewhere: the compiler wants `true` for both to have the same fields. */
export function exactly<T>() {
  return <S extends z.ZodType>(schema: S, _same: Same<z.infer<S>, T>): S => schema;
}

export const text = (words: string) => z.string().describe(words);
export const flag = (words: string) => z.boolean().describe(words);
export const count = (words: string) => z.int().nonnegative().describe(words);
export const number = (words: string) => z.number().nonnegative().describe(words);
export const time = (words: string) => z.iso.datetime().describe(`ISO 8601, UTC: ${words}`);
export const texts = (words: string) => z.array(z.string()).readonly().describe(words);
export const counts = <K extends string>(keys: readonly K[], words: string) =>
  z.record(z.enum(keys), z.int().nonnegative()).readonly().describe(words);
export const oneOf = <K extends string>(names: readonly K[], words: string) => z.enum(names).describe(words);
export const list = <S extends z.ZodType>(item: S, words: string) => z.array(item).readonly().describe(words);
/** An object with these fields and no others. */
export const record = <S extends z.core.$ZodLooseShape>(fields: S) => z.strictObject(fields).readonly();
/** One line, told from others by its `type`. */
export const event = <T extends string, S extends z.core.$ZodLooseShape>(type: T, words: string, fields: S) =>
  record({ type: z.literal(type).describe("which of them it is"), ...fields }).describe(words);
export const orNull = <S extends z.ZodType>(schema: S, words = schema.description ?? "") =>
  schema.nullable().describe(words);
/** A field that may be absent. */
export const perhaps = <S extends z.ZodType>(schema: S) => schema.exactOptional().describe(schema.description ?? "");

export const targets = texts("where photos are kept, as they were given");
export const dryRun = flag("true where nothing is written");
const command = <C extends string>(name: C) => z.literal(name).describe(name);
const outcomes = counts(OUTCOMES, "photos by what became of them");
const END = {
  seconds: number("that the run took"),
  exit: count("the exit code"),
  error: perhaps(text("what ended the run early")),
};

export const FAMILY = {
  name: text("of the family"),
  rule: text("how it was recognised, for people"),
  keys: count("in the listing"),
  bytes: count("of them"),
  evidence: perhaps(text("of renditions, what speaks for the family")),
  proof: perhaps(
    record({
      state: oneOf(
        ["proven", "each", "accepted", "none", "named"],
        "by a sample, key by key, by a yes at the terminal, not at all, by `--layout`",
      ),
      compared: count("pairs whose pictures were compared"),
      same: count("pairs that show the same picture"),
      undecided: count("pairs that prove nothing"),
    }).describe("of renditions, the same in numbers"),
  ),
};

/** It will be named as failed, and not fetched. */
export const TOO_LARGE = record({
  photos: count("that no target which lacks them can hold"),
  bytes: count("of them"),
  most: count("bytes of the largest file that a target takes"),
  examples: texts("the first keys"),
}).describe("photos that a target cannot hold, where there are any");
export const PLAN = {
  photos: count("to be fetched"),
  bytes: count("of them"),
  freeBytes: orNull(count("on the target; null where it cannot be told")),
};
const PLAN_FIGURES = record({ ...PLAN, tooLarge: perhaps(TOO_LARGE) });

export const TARGET_OUTCOME = record({
  target: text("which"),
  plan: PLAN_FIGURES.describe("what it lacked"),
  outcomes,
  storedBytes: count("written to it in this run"),
  error: perhaps(text("what took it out of the run")),
});

export const MIRROR_SUMMARY = event("summary", "The last line of a run, whatever ended it.", {
  command: oneOf(["mirror", "inventory"], "what ran"),
  dryRun,
  source: text("as it was given"),
  targets,
  keys: count("listed"),
  bytes: count("listed"),
  complete: flag("false where the listing was cut"),
  kinds: counts(KINDS, "keys by what they are"),
  layout: record({
    name: text("as `--layout` takes it"),
    families: list(record(FAMILY), "without their kind"),
  }).describe("by what originals were told"),
  plan: PLAN_FIGURES.describe("what was to be fetched"),
  outcomes,
  archive: perhaps(
    record({
      photos: count("that nobody has asked for"),
      bytes: count("of them"),
      undecided: perhaps(count("of them, where the line says nothing of `--restore-tier`: a decision is due")),
      waiting: count("photos that were asked for, and are on their way"),
      asked: count("photos that were asked for in this run"),
    }),
  ).describe("what an archive of the source holds at the end, where it holds anything"),
  dated: z
    .object({ exif: z.int(), name: z.int(), metadata: z.int(), unknown: z.int() })
    .catchall(z.int())
    .readonly()
    .describe("stored photos by what dated them; `unknown` had nothing but LastModified"),
  gone: count("kept photos that are listed no more"),
  changed: count("kept photos that are listed with other bytes"),
  requests: counts(["list", "get", "head", "retried"], "that were made of the source"),
  ...END,
  fallbacks: count("renditions taken because their original is missing"),
  mended: perhaps(texts("targets whose lists did not agree; mended, but for a dry run")),
  unread: perhaps(count("photos that were dated without ExifTool, which cannot run")),
  unlisted: perhaps(count("entries of the listing that are no object which could be fetched, or are so twice")),
  storedBytes: count("written in this run"),
  datesWritten: perhaps(count("stored photos into which `--write-exif` wrote the missing date")),
  unprovable: count("photos whose bytes nothing but their length proves"),
  perTarget: list(TARGET_OUTCOME, "each target by itself"),
});

/**
 * `set`: its time was changed (in a dry run: would be). `already`: it is right. `unknown`: nothing dates it; with
 * `--undo`: somebody else changed its time since. `failed`: it could not be read or changed.
 */
export const REDATE_OUTCOMES = ["set", "already", "unknown", "failed"] as const;
export const DATES_SUMMARY = event("summary", "The last line.", {
  command: command("dates"),
  targets: targets.describe("the folder"),
  dryRun,
  undo: flag("true with `--undo`"),
  files: count("that were looked at"),
  outcomes: counts(REDATE_OUTCOMES, "files by what became of them"),
  dated: z.record(z.string(), z.int()).readonly().describe("files by what dated them"),
  doubts: counts(DOUBTS, "dated files by what is doubtful"),
  zone: text("IANA zone in which wall clocks were read whose zone nobody recorded"),
  record: orNull(text("where the old times are written down, or with `--undo` were; null where nothing was changed")),
  birthTimes: flag("true where the birth time of a file follows its modification time"),
  faults: count("files that ExifTool crashed or hung on"),
  ...END,
});

const SUM = record({ photos: count("how many"), bytes: count("of them") });
const conditions = counts(CONDITIONS, "photos by what they were found to be");
export const TARGET_REPORT = record({
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
  cutLines: count("1 where the last line has no end, as a killed run leaves it: no damage"),
  unlisted: count("photos that SHA256SUMS names and the manifest does not"),
  unsummed: count("photos that only the manifest names"),
  contradicted: count("whole by another line of the lists than the one that was to hold"),
  forgotten: count("that the manifest named when it was read last"),
  oldestCheck: orNull(time("x"), "ISO 8601, UTC: when the photo was read that waits longest; null where one never was"),
});
export const VERIFY_SUMMARY = event("summary", "The last line.", {
  command: command("verify"),
  targets,
  conditions,
  checked: SUM.describe("checked again in this run"),
  repaired: count("damaged ones that were put back"),
  each: list(TARGET_REPORT, "each target by itself"),
  ...END,
});

export const RESTORE_SUMMARY = event("summary", "The last line.", {
  command: command("restore"),
  source: text("the target that photos come from"),
  targets: targets.describe("where they go"),
  dryRun,
  photos: count("in the manifest"),
  outcomes: counts(OUTCOMES, "what was asked for, by what became of it"),
  unwanted: count("not asked for, by `--include`, `--exclude`, `--since` and `--until`"),
  archived: count("of the failed, those that lie in an archive class"),
  restoredBytes: count("brought back"),
  brokenLines: count("of the manifest that cannot be read"),
  unlisted: count("brought back, under the names they have, though only SHA256SUMS names them"),
  ...END,
});

export const GALLERY_SUMMARY = event("summary", "The last line.", {
  command: command("gallery"),
  source: text("the target whose photos are shown"),
  targets: targets.describe("the folder that the page lies in"),
  page: text("its file"),
  photos: count("that it shows"),
  bytes: count("of them"),
  years: count("in which they were taken"),
  looked: count("photos that were looked at in this run"),
  thumbnails: count("photos that have one on the page"),
  unread: count("photos that do not lie there as the manifest says, or cannot be read"),
  written: count("data files that were written anew"),
  ...END,
});

export const LAST_RUN = record({
  command: text("mirror"),
  startedAt: text("when"),
  exit: orNull(count("its exit code; null where it goes on, or was cut")),
  seconds: orNull(number("that it took")),
  outcomes: orNull(z.record(z.string(), z.number()).readonly(), "photos by what became of them"),
  error: orNull(text("what ended it early")),
});
export const TARGET_STATUS = record({
  target: text("where, as it was typed last"),
  also: texts("other names under which this one copy was used"),
  id: text("of its marker; `+2` and so on for another copy with the same one"),
  photos: count("kept there"),
  bytes: count("of them"),
  seen: orNull(
    record({
      at: text("when it took part in a run last"),
      lacks: count("photos that it lacked after the last run, it or others"),
    }),
    "null where no run of this version ended yet",
  ),
  failed: count("photos that could not be kept there"),
  failures: list(record({ key: text("which"), reason: text("why"), at: text("when") }), "the first of them"),
  verified: orNull(
    record({
      at: orNull(text("when; null while the first run goes on")),
      never: count("photos that were never read since they were kept"),
      damaged: count("photos"),
      oldestCheck: orNull(text("when the photo was read that waits longest")),
    }),
    "null where it never was verified on this computer",
  ),
  sealed: perhaps(
    record({ drill: orNull(text("when all of it was opened with a key last; null where that never was done here")) }),
  ).describe("of a target whose photos are sealed"),
});
export const STATUS = event("status", "What is remembered of one source.", {
  source: text("as it was given to mirror"),
  service: orNull(text("host that answers for it; null for AWS itself, a folder, or where it is not known")),
  catalogue: text("its file"),
  last: orNull(LAST_RUN, "the last mirror; null where there was none"),
  lastGood: orNull(text("when the last one ended that went well")),
  targets: list(TARGET_STATUS, "what is kept where"),
  archive: perhaps(
    record({
      photos: count("that nobody has asked for"),
      waiting: count("photos that were asked for, and are on their way"),
      readyBy: orNull(text("when the last of them is to be there; null where nobody told")),
    }),
  ).describe("what an archive of the source held at the end of the last mirror, where it held anything"),
  mend: texts("what needs to be done, in words"),
});
