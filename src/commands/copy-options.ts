/** The options about copies: when they count as durable, which may be elsewhere on a night, and how many are enough. */

import { z } from "zod";
import { HaulError } from "../errors.ts";
import type { CopyRules } from "../steps/off-site.ts";
import { spelled } from "../steps/open-targets.ts";
import { duration, texts, whole } from "./option-values.ts";
import { PLACE } from "./source-options.ts";

const COPIES = { group: "Copies that may be elsewhere:" };
export const COPY_OPTIONS = {
  durable: z
    .enum(["photo", "batch", "none"])
    .default("batch")
    .meta({ ...PLACE, description: "bytes are forced to the drive by photo, by batch, or not at all" }),
  optional: texts.meta({
    ...COPIES,
    description:
      "TARGET of this line that may be away: that is no failure, and it catches up when it is back (repeatable)",
  }),
  "at-least": whole
    .nullable()
    .default(null)
    .meta({ ...COPIES, description: "copies that are to make it, or the run ends with 5" }),
  stale: duration
    .nullable()
    .default(null)
    .meta({ ...COPIES, description: "how long one may be away, such as 14d, until the run ends with 5" }),
};

type CopyTyped = z.output<z.ZodObject<typeof COPY_OPTIONS>>;

/** @throws HaulError `usage` where a name is none of the line's targets, or what is asked for cannot be */
export function copyRules(options: CopyTyped, targets: readonly string[]): CopyRules {
  const all = targets.map(spelled);
  const optional = options.optional.map(spelled);
  const foreign = options.optional.find((_, at) => !all.includes(optional[at] ?? ""));
  if (foreign !== undefined) {
    throw new HaulError("usage", `--optional ${foreign}: no target of this line is called that`);
  }
  const atLeast = options["at-least"];
  if (atLeast !== null && atLeast > targets.length) {
    throw new HaulError("usage", `--at-least ${atLeast}: the line names ${targets.length} only`);
  }
  if (options.stale !== null && optional.length === 0) {
    throw new HaulError("usage", "--stale is for targets that may be away: say which with --optional TARGET");
  }
  return { optional: new Set(optional), atLeast, stale: options.stale };
}
