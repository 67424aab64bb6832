/** What `status` tells of photos in an archive: what waits is well; what nobody decided of is to be decided. */

import { z } from "zod";
import type { CatalogueState } from "../catalogue/read-state.ts";
import type { Status } from "../events.ts";
import type { SectionRow } from "../report/section.ts";
import { counted } from "../report/units.ts";

/** As the summary of a run has it. */
export const ARCHIVE_KEPT = z
  .object({ photos: z.number(), waiting: z.number(), undecided: z.number().optional() })
  .optional()
  .catch(undefined);
type Kept = z.output<typeof ARCHIVE_KEPT>;

export function archiveOf(summary: Kept, { readyBy }: CatalogueState): Pick<Status, "archive"> {
  const { photos = 0, waiting = 0 } = summary ?? {};
  return photos + waiting === 0 ? {} : { archive: { photos, waiting, readyBy: waiting > 0 ? readyBy : null } };
}

export function archiveToDecide(summary: Kept): string[] {
  const { undecided = 0 } = summary ?? {};
  if (undecided === 0) return [];
  const are = `${counted(undecided, "photo")} in an archive that nobody asked for, and in no copy: decide.`;
  const ways = "asks for them after it said the price, and with --restore-tier never it leaves them there.";
  return [`${are} The line of the mirror with --restore-tier bulk ${ways}`];
}

export function archiveRows({ archive }: Status): SectionRow[] {
  if (archive === undefined) return [];
  const { photos, waiting, readyBy } = archive;
  const due =
    readyBy === null
      ? ""
      : `, the last about ${readyBy.slice(0, 16).replace("T", " ")} UTC: the line of the mirror fetches them`;
  return [
    ...(waiting > 0 ? [{ label: "archive", text: `${counted(waiting, "photo")} on the way back${due}` }] : []),
    ...(photos > 0 ? [{ label: "archive", text: `${counted(photos, "photo")} there, not asked for` }] : []),
  ];
}
