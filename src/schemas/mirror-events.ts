/** The lines that `mirror` and `inventory` print. */

import { z } from "zod";
import type * as events from "../events.ts";
import { KINDS } from "../model.ts";
import type { MirrorSummary } from "../summaries.ts";
import { count, counts, exactly, flag, number, orNull, perhaps, text, texts, type } from "./field.ts";
import { CAPTURED, dryRun, END, outcomes, PHOTO, PROGRESS, RUN, targets, WARNING } from "./shared.ts";

const FAMILY = {
  name: text("of the family"),
  rule: text("how it was recognised, for people"),
  keys: count("in the listing"),
  bytes: count("of them"),
  evidence: perhaps(text("of renditions, what speaks for the family")),
  proof: perhaps(
    z
      .strictObject({
        state: z
          .enum(["proven", "each", "accepted", "none", "named"])
          .describe("by a sample, key by key, by a yes at the terminal, not at all, by `--layout`"),
        compared: count("pairs whose pictures were compared"),
        same: count("pairs that show the same picture"),
        undecided: count("pairs that prove nothing"),
      })
      .readonly()
      .describe("of renditions, the same in numbers"),
  ),
};
const PROOF = exactly<events.ProofEvent>()(
  z
    .strictObject({
      type: type("proof"),
      photos: count("compared so far"),
      totalPhotos: count("to be compared at most"),
      bytes: count("fetched for it so far"),
    })
    .describe("While pictures are compared, to prove what is a rendition."),
  true,
);
const TOO_LARGE = z
  .strictObject({
    photos: count("that no target which lacks them can hold"),
    bytes: count("of them"),
    most: count("bytes of the largest file that a target takes"),
    examples: texts("the first keys"),
  })
  .describe("photos that a target cannot hold, where there are any");
const PLAN = {
  photos: count("to be fetched"),
  bytes: count("of them"),
  freeBytes: orNull(count("on the target; null where it cannot be told")),
};
const PLAN_TOTAL = z.strictObject({ ...PLAN, tooLarge: perhaps(TOO_LARGE) }).readonly();
const ALREADY = {
  already: count("kept before"),
  skipped: count("not wanted"),
  leftOver: perhaps(count("of the skipped, those only because of the limit")),
};
const LISTING = exactly<events.ListingEvent>()(
  z
    .strictObject({
      type: type("listing"),
      keys: count("so far"),
      bytes: count("so far"),
      pages: count("so far"),
    })
    .describe("While the source is listed."),
  true,
);
const LISTED = exactly<events.ListedEvent>()(
  z
    .strictObject({
      type: type("listed"),
      keys: count("in all"),
      bytes: count("in all"),
      complete: flag("false where the listing was cut: then nothing is called gone"),
      seconds: number("that it took"),
    })
    .describe("The source is listed."),
  true,
);
const LAYOUT = exactly<events.LayoutEvent>()(
  z
    .strictObject({
      type: type("layout"),
      name: text("as `--layout` takes it"),
      reason: text("how it was chosen, for people"),
      families: z
        .array(
          z.strictObject({
            ...FAMILY,
            kind: z.enum(KINDS).describe("what its keys are"),
          }),
        )
        .readonly()
        .describe("what the keys were found to be"),
    })
    .describe("By what originals are told from renditions."),
  true,
);
const ADOPTED = exactly<events.AdoptedEvent>()(
  z
    .strictObject({
      type: type("adopted"),
      target: text("whose manifest was read"),
      photos: count("that count as kept from now on"),
      bytes: count("of them"),
      missing: count("that the manifest names and that do not lie there"),
      foreign: count("that are another source's"),
    })
    .describe("What a target held already was taken over; it is not fetched again."),
  true,
);
const PLANNED = exactly<events.PlanEvent>()(
  z
    .strictObject({
      type: type("plan"),
      ...PLAN,
      ...ALREADY,
      fallbacks: perhaps(count("of the photos, those that stand in for a missing original")),
      tooLarge: perhaps(TOO_LARGE),
      perTarget: perhaps(
        z
          .array(
            z.strictObject({
              target: text("which"),
              ...PLAN,
              ...ALREADY,
              tooLarge: perhaps(TOO_LARGE),
            }),
          )
          .readonly()
          .describe("of each target"),
      ),
    })
    .describe("What this run will fetch."),
  true,
);
const MOVED = {
  target: text("where the photo lies"),
  key: text("of the object"),
  path: text("on the target"),
  captured: CAPTURED.describe("the date it has now, see below"),
};
const ZONE = exactly<events.ZoneEvent>()(
  z.strictObject({ type: type("zone"), ...MOVED }).describe("A photo that carries no zone was lent one by others."),
  true,
);
const REDATED = exactly<events.RedatedEvent>()(
  z
    .strictObject({ type: type("redated"), ...MOVED })
    .describe(
      "A photo that was kept before was given the date that `--dates` tells, or that ExifTool can read by now.",
    ),
  true,
);
const PACE = exactly<events.PaceEvent>()(
  z
    .strictObject({
      type: type("pace"),
      work: z.enum(["listing", "fetching"]).describe("at which"),
      limit: count("requests at once from now on"),
      reason: text("why, for people"),
    })
    .describe("How much goes on at once."),
  true,
);
const SUMMARY = exactly<MirrorSummary>()(
  z
    .strictObject({
      type: type("summary"),
      command: z.enum(["mirror", "inventory"]).describe("what ran"),
      dryRun,
      source: text("as it was given"),
      targets,
      keys: count("listed"),
      bytes: count("listed"),
      complete: flag("false where the listing was cut"),
      kinds: counts(KINDS, "keys by what they are"),
      layout: z
        .strictObject({
          name: text("as `--layout` takes it"),
          families: z.array(z.strictObject(FAMILY)).readonly().describe("without their kind"),
        })
        .readonly()
        .describe("by what originals were told"),
      plan: PLAN_TOTAL.describe("what was to be fetched"),
      outcomes,
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
      storedBytes: count("written in this run"),
      unprovable: count("photos whose bytes nothing but their length proves"),
      perTarget: z
        .array(
          z.strictObject({
            target: text("which"),
            plan: PLAN_TOTAL.describe("what it lacked"),
            outcomes,
            storedBytes: count("written to it in this run"),
            error: perhaps(text("what took it out of the run")),
          }),
        )
        .readonly()
        .describe("each target by itself"),
    })
    .describe("The last line of a run, whatever ended it."),
  true,
);

export const HAUL_EVENTS = [
  RUN,
  LISTING,
  LISTED,
  LAYOUT,
  PROOF,
  ADOPTED,
  PLANNED,
  PHOTO,
  ZONE,
  REDATED,
  WARNING,
  PACE,
  PROGRESS,
  SUMMARY,
] as const;
