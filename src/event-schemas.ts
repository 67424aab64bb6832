/**
 * Everything that happens in a run, as `--json` prints it, one object a line; the types of events.ts are inferred from
 * here. The names and fields are fixed: fields may be added, none renamed.
 */

import { z } from "zod";
import { type Captured, CONDITIONS, type Digests, DOUBTS, type Family, KINDS, OUTCOMES, TIERS } from "./model.ts";
import {
  count,
  DATES_SUMMARY,
  dryRun,
  event,
  exactly,
  FAMILY,
  flag,
  GALLERY_SUMMARY,
  list,
  MIRROR_SUMMARY,
  number,
  oneOf,
  orNull,
  PLAN,
  perhaps,
  REDATE_OUTCOMES,
  RESTORE_SUMMARY,
  record,
  TOO_LARGE,
  targets,
  text,
  texts,
  time,
  VERIFY_SUMMARY,
} from "./summary-schemas.ts";

/** What the `code` of a warning means; programs tell them apart by it, so none is renamed. */
export const WARNINGS = {
  adopting: "what a target holds is read, to know again what was kept",
  behind: "a target lacks what was kept there, as an older image of a drive does",
  catalogue: "a damaged catalogue was set aside, and a new one begun",
  checks: "a damaged check log was set aside, and all photos of a target have their turn anew",
  "dates-file": "the file of `--dates` names photos that are not there",
  "exiftool-fault": "ExifTool crashed or hung on a file",
  "family-ended": "what is new in a family of renditions is not proven, and is kept as originals",
  gallery: "the gallery lacks something, or could not be made; no photo is concerned",
  hung: "a thread that takes photos did not answer for 30 s: it is replaced, and its photos are asked for again",
  "layout-changed": "originals are told from renditions in another way than in the run before",
  "layout-drift": "the layout that was found before fits the source no more",
  "layout-proven-anew": "what an earlier version decided without comparing pictures was decided anew",
  "left-out": "with `--renditions skip` nothing is kept of photos of which only a copy is there",
  "listing-entry": "an entry of the listing was of no use",
  lists: "the manifest and SHA256SUMS of a target do not agree",
  "lists-mended": "they were made to agree again",
  "max-duration": "the time of `--max-duration` and its grace are over: what still came is given up",
  "no-decoder": "pictures cannot be compared here: nothing is proven to be a rendition, and all is mirrored",
  "dated-later": "photos have their dates now that ExifTool can run, or the zone is known; their names stay",
  "no-exiftool": "ExifTool cannot run: some files have no date for it",
  "not-there": "the manifest of a target names photos that do not lie there",
  "one-key": "a target is sealed to one key only: where that is lost, all is",
  "out-of-order": "the source lists its keys in an order of its own",
  away: "a target that may be elsewhere (`--optional`) is",
  "own-files": "keys are named as what photohaul itself keeps on a target, and are left out",
  packed: "a photo lies packed in the store, and was kept so",
  "passed-over": "files of a folder were not taken for objects",
  "not-asked": "the archive of a target refused to be asked for photos",
  "restore-days": "copies that an archive gives go before they can all be fetched",
  retry: "an object is fetched again",
  sidecar: "a sidecar cannot be read, or could be of more than one photo",
  target: "something about a target that a person should know",
  "target-lost": "a target is gone, and the run goes on without it",
  "date-rules": "kept photos that an earlier version dated, and what became of their dates",
  unlisted: "the listing does not name a photo so that it can be asked for; exit 3",
  "upload-times": "the source's own times are none of uploads",
  "write-exif": "a date could not be written into a photo",
  zone: "the computer does not say in which zone it is",
} as const;

export type WarningCode = keyof typeof WARNINGS;

const CODES = Object.keys(WARNINGS).filter((code): code is WarningCode => code in WARNINGS);

const DIGESTS = exactly<Digests>()(
  record({ size: count("bytes"), sha256: text("lower-case hex"), md5: text("lower-case hex") }),
  true,
);

const SOURCES = [
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
] as const;
const ZONES_FROM = ["value", "camera", "difference", "position", "partner", "neighbour"] as const;
const HALVES = ["local", "utc"] as const;
const PRECISIONS = ["ms", "s", "minute", "day", "month", "year"] as const;

/** Dates are in manifests and the catalogue too: their type stands in model.ts. */
export const CAPTURED = exactly<Captured>()(
  record({
    local: text("wall clock where it was taken, with a fraction only if one was recorded"),
    offset: orNull(text("of the wall clock from UTC, `+02:00`; null where nobody recorded it")),
    utc: text("the instant; where no offset is known, the wall clock read in the zone of the run"),
    source: oneOf(SOURCES, "what dated it"),
    precision: oneOf(PRECISIONS, "how much is known"),
    tag: perhaps(text("the field it was read from")),
    zone: perhaps(text("IANA zone, where one was found")),
    zoneFrom: perhaps(oneOf(ZONES_FROM, "how the offset is known")),
    guessed: perhaps(oneOf(HALVES, "what was read in a zone that is only guessed")),
    camera: perhaps(text("make and model")),
    warnings: perhaps(texts("what is doubtful about it, for people")),
    doubts: perhaps(list(z.enum(DOUBTS), "what each warning is about")),
    rules: perhaps(count("the edition of the rules by which it was decided")),
  }),
  true,
);

export const RUN = event("run", "The first line of every run.", {
  command: oneOf(["mirror", "inventory", "dates", "verify", "restore", "gallery"], "what runs"),
  version: text("of photohaul"),
  source: text('as it was given; "" where there is none'),
  targets,
  dryRun,
  catalogue: text('its file; "" where there is none'),
  startedAt: time("when the run began"),
});
export const WARNING = event("warning", "Something that does not end the run.", {
  code: oneOf(CODES, "for programs, see below"),
  message: text("what happened, what it means, what to do"),
  key: perhaps(text("of the object or file that it is about")),
});
export const PROGRESS = event("progress", "Several times a minute.", {
  photos: count("done"),
  totalPhotos: count("to be done; 0 where nobody knows"),
  bytes: count("done"),
  totalBytes: count("to be done; 0 where nobody knows"),
  bytesPerSecond: number("lately"),
  secondsLeft: orNull(number("at this pace; null where nobody knows")),
});
export const COPY = record({
  target: text("where"),
  path: orNull(text("on it")),
  outcome: oneOf(OUTCOMES, "of this copy"),
  reason: perhaps(text("why")),
});
export const PHOTO = event("photo", "What became of one photo.", {
  key: text("of the object"),
  path: orNull(text("on the target; null where no file came of it")),
  outcome: oneOf(OUTCOMES, "what became of it"),
  reason: perhaps(text("why, for `skipped` and `failed`")),
  bytes: count("of the photo"),
  sha256: perhaps(text("lower-case hex")),
  captured: perhaps(CAPTURED.describe("when it was taken, see below")),
  original: perhaps(DIGESTS.describe("of the bytes at the source, where a date was written in")),
  copies: perhaps(list(COPY, "with several targets, each copy; `outcome` is the worst of them")),
});

export const PROOF = event("proof", "While pictures are compared, to prove what is a rendition.", {
  photos: count("compared so far"),
  totalPhotos: count("to be compared at most"),
  bytes: count("fetched for it so far"),
});
const ALREADY = {
  already: count("kept before"),
  skipped: count("not wanted"),
  leftOver: perhaps(count("of the skipped, those only because of the limit")),
};
export const LISTING = event("listing", "While the source is listed.", {
  keys: count("so far"),
  bytes: count("so far"),
  pages: count("so far"),
});
export const LISTED = event("listed", "The source is listed.", {
  keys: count("in all"),
  bytes: count("in all"),
  complete: flag("false where the listing was cut: then nothing is called gone"),
  seconds: number("that it took"),
});
const FAMILY_OF_KIND = exactly<Family & { readonly evidence?: string }>()(
  record({ ...FAMILY, kind: oneOf(KINDS, "what its keys are") }),
  true,
);
export const LAYOUT = event("layout", "By what originals are told from renditions.", {
  name: text("as `--layout` takes it"),
  reason: text("how it was chosen, for people"),
  families: list(FAMILY_OF_KIND, "what the keys were found to be"),
});
export const ADOPTED = event("adopted", "What a target held already was taken over; it is not fetched again.", {
  target: text("whose manifest was read"),
  photos: count("that count as kept from now on"),
  bytes: count("of them"),
  missing: count("that the manifest names and that do not lie there whole: not kept"),
  foreign: count("that are another source's, as far as can be told"),
});
export const TARGET_PLAN = record({ target: text("which"), ...PLAN, ...ALREADY, tooLarge: perhaps(TOO_LARGE) });
/** In all stands what any of the targets lacks, and the least of what is free; what is too large counts nowhere else. */
export const PLANNED = event("plan", "What this run will fetch.", {
  ...PLAN,
  ...ALREADY,
  fallbacks: perhaps(count("of the photos, those that stand in for a missing original")),
  tooLarge: perhaps(TOO_LARGE),
  perTarget: perhaps(list(TARGET_PLAN, "of each target")),
});
/** At the start of the transfer, and once more at its end, without a forecast. */
export const ARCHIVE = event(
  "archive",
  "What lies in an archive of the source, and what it would take to bring it back.",
  {
    photos: count("that nobody has asked for"),
    bytes: count("of them"),
    undecided: perhaps(count("of them, where the line says nothing of `--restore-tier`; at the end of a mirror")),
    waiting: count("photos that were asked for, and are on their way"),
    ready: count("photos that came back before this run"),
    asked: count("photos that were asked for in this run"),
    forecast: list(
      record({
        tier: oneOf(TIERS, "as `--restore-tier` takes it"),
        amount: orNull(number("for all of them; null where nobody told")),
        currency: text("of the amount"),
        hoursFrom: orNull(number("until they are there, at least; null where nobody told")),
        hoursTo: orNull(number("until they are there, at most; null where nobody told")),
        priced: text("by which prices, and how old they are"),
      }),
      "by tier; of those that all of the photos can be asked for by",
    ),
  },
);
const MOVED = {
  target: text("where the photo lies"),
  key: text("of the object"),
  path: text("on the target"),
  captured: CAPTURED.describe("the date it has now, see below"),
};
export const ZONE = event(
  "zone",
  "A photo that carries no zone was lent one by others, or read in the one that is known now.",
  MOVED,
);
export const REDATED = event(
  "redated",
  "A photo that was kept before was given the date that `--dates` tells, or that ExifTool can read by now.",
  MOVED,
);
export const PACE = event("pace", "How much goes on at once.", {
  work: oneOf(["listing", "fetching"], "at which"),
  limit: count("requests at once from now on"),
  reason: text("why, for people"),
});

export const FILE = event("file", "What became of one file's time.", {
  file: text("relative to the folder, in the form of a key"),
  outcome: oneOf(REDATE_OUTCOMES, "what became of its time"),
  old: orNull(time("the time it had"), "ISO 8601, UTC: its time; null where it cannot be read"),
  new: orNull(time("the time it has now"), "ISO 8601, UTC: its time now; null where it stays"),
  captured: orNull(CAPTURED, "when it was taken, see below; null where nothing tells"),
  reason: perhaps(text("why, for `unknown` and `failed`")),
});
export const CHECK = event("check", "One photo was checked again.", {
  target: text("where it lies"),
  path: text("on it"),
  condition: oneOf(CONDITIONS, "what it was found to be"),
  reason: perhaps(
    text(
      "what was read, each time; of all but `whole`, with `unsteady`, and where lines of the lists contradict one another",
    ),
  ),
  unsteady: perhaps(flag("true where only the second reading was right")),
  vouched: perhaps(flag("true where the service's own digests proved it")),
  bytes: count("of the photo"),
});
export const REPAIR = event("repair", "One photo was put back, or brought over.", {
  target: text("where it lies"),
  path: text("on it"),
  outcome: oneOf(["repaired", "brought", "failed"], "what became of it"),
  reason: perhaps(text("why not")),
  setAside: perhaps(text("where the damaged file lies now; absent where none was")),
});

const STEPS = [LISTING, LISTED, LAYOUT, PROOF, ADOPTED, PLANNED, ARCHIVE, PHOTO, ZONE, REDATED] as const;
/** What each command prints. */
export const EVENTS = {
  mirror: [RUN, ...STEPS, WARNING, PACE, PROGRESS, MIRROR_SUMMARY],
  dates: [RUN, FILE, WARNING, PROGRESS, DATES_SUMMARY],
  verify: [RUN, CHECK, REPAIR, ARCHIVE, WARNING, PROGRESS, VERIFY_SUMMARY],
  restore: [RUN, ARCHIVE, PHOTO, WARNING, PROGRESS, RESTORE_SUMMARY],
  gallery: [RUN, WARNING, PROGRESS, GALLERY_SUMMARY],
} as const;
