/** What can be typed for `mirror`, and the words that explain it. */

import { z } from "zod";
import type { Command } from "../run/command.ts";
import { bandwidthSchedule } from "./bandwidth-schedule.ts";
import { NICE_OPTION, NICE_SHAPE } from "./nice.ts";
import { CHOICE_OPTIONS, KEEP_OPTIONS, OUTPUT_OPTIONS, PACE_OPTIONS, SOURCE_OPTIONS } from "./options.ts";
import { OUTPUT_SHAPE } from "./output-options.ts";
import { duration, size } from "./parse.ts";
import { SURVEY_SHAPE } from "./survey-setup.ts";
import { STORAGE_OPTION, STORAGE_SHAPE, TARGET_OPTIONS, TARGET_SHAPE } from "./target-options.ts";

export const MIRROR_SHAPE = z.object({
  ...SURVEY_SHAPE,
  ...OUTPUT_SHAPE,
  ...TARGET_SHAPE,
  ...STORAGE_SHAPE,
  ...NICE_SHAPE,
  target: z.array(z.string()).min(1),
  "dry-run": z.boolean().default(false),
  adopt: z.boolean().default(false),
  "new-drive": z.boolean().default(false),
  durable: z.enum(["photo", "batch", "none"]).default("batch"),
  dates: z.string().nullable().default(null),
  prefer: z.enum(["file", "service"]).default("file"),
  "write-exif": z.boolean().default(false),
  bwlimit: bandwidthSchedule.nullable().default(null),
  "max-transfer": size.nullable().default(null),
  "max-duration": duration.nullable().default(null),
});
export type MirrorOptions = z.output<typeof MIRROR_SHAPE>;

/** All but what it does. */
export const MIRROR_WORDS: Omit<Command, "run"> = {
  positional: "<source> <target...>",
  positionals: {
    source: "s3://bucket[/prefix], swift://container[/prefix], or a folder",
    target:
      "where to keep the photos: a folder (made if only its last part is missing), s3://bucket[/prefix] or swift://container[/prefix]; several get the same photos",
  },
  description:
    "Fetches every original that is not on the target yet, checks its bytes, gives it the time it was taken, and writes it down. Never overwrites, never deletes, never writes to the source.",
  options: {
    "dry-run": {
      describe: "list, tell originals from renditions, say what would be fetched; write nothing",
      type: "boolean",
    },
    adopt: {
      describe:
        "take over what the targets hold, whatever the catalogue knows, and refuse to go on where that is nothing; without it the same happens by itself where a catalogue was lost",
      type: "boolean",
    },
    "new-drive": {
      describe:
        "take an empty target in the place of one that was used before: the old drive is dead or elsewhere; everything is brought to the new one",
      type: "boolean",
    },
    ...CHOICE_OPTIONS,
    ...KEEP_OPTIONS,
    ...SOURCE_OPTIONS,
    ...TARGET_OPTIONS,
    ...STORAGE_OPTION,
    ...PACE_OPTIONS,
    ...NICE_OPTION,
    ...OUTPUT_OPTIONS,
  },
  examples: [
    ["photohaul mirror s3://my-photos /media/usb --dry-run", "what is there, and does it fit?"],
    ["photohaul mirror s3://my-photos /media/usb", "bring everything home; tomorrow: what is new"],
    [
      "photohaul mirror s3://my-photos ~/Photos --name '{yyyy}/{mm}/{name}.{ext}'",
      "in folders by the month they were taken",
    ],
    [
      "photohaul mirror s3://my-photos /media/usb s3://my-second-copy --target-profile other-cloud",
      "to a drive and to another cloud, each photo fetched once",
    ],
    [
      "photohaul mirror s3://my-photos /media/usb --adopt",
      "on a new computer: know again what is there, and fetch the rest",
    ],
  ],
};
