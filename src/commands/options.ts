/** The options that several commands share, as data; what they mean is parsed in parse.ts. */

import type { OptionWords } from "../run/command.ts";

type Options = Readonly<Record<string, OptionWords>>;

const text = (describe: string, more: Partial<OptionWords> = {}): OptionWords => ({
  describe,
  type: "string",
  ...more,
});
const flag = (describe: string, group?: string): OptionWords => ({
  describe,
  type: "boolean",
  ...(group === undefined ? {} : { group }),
});

const S3 = "The bucket:";
export const SOURCE_OPTIONS: Options = {
  endpoint: text("URL of an S3-compatible service; AWS when absent", { group: S3 }),
  region: text("region of the bucket; found out when absent", { group: S3 }),
  profile: text("profile of ~/.aws/config to use", { group: S3 }),
  "no-sign-request": flag("read a public bucket without credentials", S3),
  "request-payer": flag("accept the cost of a requester-pays bucket", S3),
  "as-of": text("read a versioned bucket as it was at DATE", { group: S3 }),
  "list-concurrency": text("parts of the bucket listed at once, or auto", {
    group: S3,
    shown: "auto",
  }),
};

const WHICH = "Which photos:";
export const CHOICE_OPTIONS: Options = {
  layout: text("how originals are told from renditions: auto, a NAME (see `photohaul layouts`), or a FILE", {
    group: WHICH,
    shown: "auto",
  }),
  "proof-bytes": text("bytes fetched at most to compare pictures, which is what proves renditions; 0 compares none", {
    group: WHICH,
    shown: "300M, or 1 % of the bucket",
  }),
  renditions: text("smaller copies: never, only where the original is missing, or always", {
    group: WHICH,
    choices: ["skip", "fallback", "keep"],
    shown: "fallback",
  }),
  include: text("only keys that match GLOB (repeatable)", { group: WHICH, array: true }),
  exclude: text("no keys that match GLOB (repeatable)", { group: WHICH, array: true }),
  since: text("only objects written on or after DATE", { group: WHICH }),
};

const PLACE = "Where and how:";
/** What is said of capture dates besides what photos say themselves. */
export const DATE_OPTIONS = {
  dates: text(
    "take dates from FILE: CSV with the columns file (or key) and date, as `photohaul dates --report` writes it",
    { group: PLACE },
  ),
  prefer: text("what to believe where a photo and its photo service disagree", {
    group: PLACE,
    choices: ["file", "service"],
    shown: "file",
  }),
} satisfies Options;
export const KEEP_OPTIONS: Options = {
  name: text(
    "path on the target that ends in .{ext} or {key}; {key} {dir} {name} {ext} {yyyy} {mm} {dd} {hh} {mi} {ss} {camera} {etag8}",
    {
      group: PLACE,
      shown: "{key}",
    },
  ),
  timezone: text("zone of photos that carry none; this computer's, remembered from the first run on", { group: PLACE }),
  ...DATE_OPTIONS,
  "write-exif": flag(
    "write a date that is missing into JPEG, HEIC, AVIF, PNG, TIFF and WebP photos; the manifest has both digests",
    PLACE,
  ),
  durable: text("bytes are forced to the drive by photo, by batch, or not at all", {
    group: PLACE,
    choices: ["photo", "batch", "none"],
    shown: "batch",
  }),
};

const PACE = "Pace and limits:";
export const PACE_OPTIONS: Options = {
  concurrency: text("photos fetched at once, or auto", { group: PACE, shown: "auto" }),
  bwlimit: text(
    'bytes fetched a second at most, such as 5M; or by local time: "08:00,512k 19:00,10M 23:00,off", "Mon-08:00,1M Fri-18:00,off"',
    { group: PACE },
  ),
  limit: text("photos at most in this run, oldest first", { group: PACE }),
  "max-transfer": text("bytes at most in this run, such as 50G", { group: PACE }),
  "max-duration": text(
    "time for this run, such as 6h; what is on its way then may take a tenth more (10 minutes at most)",
    { group: PACE },
  ),
};

const OUTPUT = "Output:";
export const OUTPUT_OPTIONS: Options = {
  json: flag("events as JSON lines on standard output, and nothing else there", OUTPUT),
  quiet: flag("say only what went wrong", OUTPUT),
  verbose: flag("say what happens to each photo", OUTPUT),
  "no-progress": flag("no progress bar, no line a minute", OUTPUT),
  log: text("append every event to FILE as JSON lines; turned over at 10 MB, five older ones are kept", {
    group: OUTPUT,
  }),
  ping: text("tell a health check: URL/start, then URL or URL/fail with the summary", {
    group: OUTPUT,
  }),
  "notify-command": text("run CMD at the end, with the summary as JSON on its standard input", {
    group: OUTPUT,
  }),
  metrics: text("write the outcome to FILE as Prometheus text", { group: OUTPUT }),
  report: text("write a report when done; .csv, .json, .md or .html (repeatable)", {
    group: OUTPUT,
    array: true,
  }),
  catalogue: text("what photohaul remembers of this source; one file per source in the state folder", {
    group: OUTPUT,
  }),
};

/** Named in the design, brought by a later version: refused with these words, never ignored. */
export const LATER_OPTIONS: Readonly<Record<string, string>> = {
  "encrypt-to": "encrypting what is kept",
  identity: "decrypting what was kept",
  "restore-tier": "restoring archived photos",
  "restore-days": "restoring archived photos",
};
