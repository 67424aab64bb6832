/** Numbers of a summary in words, the same in every report, and the question about a doubtful family. Pure. */

import { EXIT } from "../error-messages.ts";
import type { StartEvent } from "../events.ts";
import type { Doubt, Kind } from "../model.ts";
import type { ProvenFamily } from "../originals/saved-layout.ts";
import { redacted } from "../secrets.ts";
import { shortened } from "./escape.ts";
import type { Amount, Planned } from "./inventory-data.ts";
import { columns, type Section } from "./section.ts";
import { bytes, count, counted } from "./units.ts";

/** What dated a photo, as it stands after "by"; the names are the fields of `dated`. */
export const ORIGINS: Readonly<Record<string, string>> = {
  exif: "EXIF",
  xmp: "XMP",
  iptc: "IPTC",
  video: "the video itself",
  vendor: "the maker's own fields",
  sidecar: "a sidecar",
  user: "your word",
  service: "the service",
  name: "their names",
  metadata: "the object's metadata",
};

/** The fields of `dated` in words: `33,000 by EXIF, 300 by their names, 14 unknown`. */
export function datesInWords(dated: Readonly<Record<string, number>>): string {
  const known = Object.entries(dated)
    .filter(([origin, number]) => origin !== "unknown" && number > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([origin, number]) => `${count(number)} by ${ORIGINS[origin] ?? origin}`);
  const unknown = dated.unknown ?? 0;
  return [...known, ...(unknown > 0 ? [`${count(unknown)} unknown`] : [])].join(", ");
}

/** What is doubtful about dates, the worst first; the names are the fields of `doubts`. */
export const DOUBTS_IN_WORDS = [
  ["conflict", "contradicted by another source"],
  ["odd", "hard to believe"],
  ["guess", "partly guessed"],
] as const;

/** `3 contradicted by another source, 12 partly guessed`; "" where nothing is doubtful. */
export function doubtsInWords(doubts: Readonly<Record<Doubt, number>>): string {
  return DOUBTS_IN_WORDS.filter(([doubt]) => doubts[doubt] > 0)
    .map(([doubt, words]) => `${count(doubts[doubt])} ${words}`)
    .join(", ");
}

/** Kinds that occur: `33,334 originals, 66,668 renditions`. */
export function kindsInWords(kinds: Readonly<Record<Kind, number>>): string {
  return [
    counted(kinds.original, "original"),
    ...(kinds.rendition > 0 ? [counted(kinds.rendition, "rendition")] : []),
    ...(kinds.sidecar > 0 ? [counted(kinds.sidecar, "sidecar")] : []),
    ...(kinds.other > 0 ? [`${count(kinds.other)} other`] : []),
  ].join(", ");
}

/** What each target cannot hold, a sentence each: how much, and why, and what to do about it before the transfer. */
export function tooLargeInWords({ perTarget = [] }: Pick<Planned, "perTarget">): string[] {
  return perTarget.flatMap(({ target, tooLarge }) => {
    if (tooLarge === undefined) return [];
    const { photos, bytes: size, most } = tooLarge;
    return [`${counted(photos, "photo")}, ${bytes(size)}: ${tooLargeReason(target, most)}`];
  });
}

/** @param most bytes of the largest file that the target takes */
export function tooLargeReason(target: string, most: number): string {
  return `no file on ${target} can have more than ${bytes(most)}. To be named as failed, and not fetched; add another target, or use a drive with exFAT`;
}

/** `mirror s3://photos → /media/usb`, `verify /media/usb`; a key that was typed in the place of a name is not shown. */
export function runInWords({ command, source, targets }: Pick<StartEvent, "command" | "source" | "targets">): string {
  const to = targets.join(source === "" ? " " : ", ");
  return redacted([command, source, source !== "" && to !== "" ? "→" : "", to].filter(Boolean).join(" "));
}

/** What a run that ended with 3 counted. */
export interface SomeFailed {
  readonly outcomes?: { readonly failed?: number | undefined };
  /** Targets whose lists did not agree with one another. */
  readonly mended?: readonly string[] | undefined;
  readonly unread?: number | undefined;
  readonly unlisted?: number | undefined;
}

/** What else than photos that failed it ended so for, a sentence each, with what to do. */
export function besidesFailed({ mended = [], unread = 0, unlisted = 0 }: SomeFailed): string[] {
  return [
    ...(mended.length === 0
      ? []
      : [
          `The lists of ${mended.join(" and ")} were not as they were written, and are mended. photohaul verify reads the photos there.`,
        ]),
    ...(unread === 0
      ? []
      : [
          `ExifTool cannot run here, so ${counted(unread, "photo")} may have no date, or a vaguer one. On Linux it needs Perl; once it can run, the same line dates them again.`,
        ]),
    ...(unlisted === 0
      ? []
      : ["The listing named objects twice, or without a key: a warning of that run says which were not fetched."]),
  ];
}

/** How a run ended, as far as it says what to do next. */
export interface Ending extends SomeFailed {
  readonly command: string;
  readonly source: string;
  readonly dryRun: boolean;
  readonly exit: number;
  /** What an archive of the source holds. */
  readonly archive?: { readonly photos: number; readonly waiting: number; readonly undecided?: number | undefined };
}

/** What to type or do next, in one sentence; null where there is nothing to do. */
export function nextStep(summary: Ending): string | null {
  if (summary.command === "inventory" && summary.exit === EXIT.ok) {
    return `Nothing was written. To bring the originals home, with the same options: photohaul mirror ${summary.source} FOLDER`;
  }
  if (summary.dryRun && summary.exit === EXIT.ok) {
    return "Nothing was written. The same line without --dry-run fetches the photos.";
  }
  if (summary.exit === EXIT.someFailed) {
    const others = besidesFailed(summary);
    if (others.length > 0 && summary.outcomes?.failed === 0) return others.join(" ");
    const again =
      "Run the same line again: it fetches only what is missing. What fails every time needs a look at the source.";
    return [again, ...others].join(" ");
  }
  if (summary.exit === EXIT.limit && summary.archive !== undefined) return archiveStep(summary.archive);
  if (summary.exit === EXIT.limit) return "A limit was reached. Run the same line again for the rest.";
  if (summary.exit === EXIT.interrupted) {
    return "Interrupted. What is stored is whole and written down; run the same line again for the rest.";
  }
  return null;
}

function archiveStep({ photos, waiting, undecided = photos }: NonNullable<Ending["archive"]>): string {
  const says: string[] = [];
  if (waiting > 0) {
    says.push(
      `${counted(waiting, "photo")} on the way back from the archive: the same line fetches them in the next run.`,
    );
  }
  if (undecided > 0) {
    const what = `${counted(photos, "photo")} in the archive that nobody asked for`;
    says.push(
      `${what}: the same line with --restore-tier bulk says what that costs, and asks; with --restore-tier never it leaves them there.`,
    );
  } else if (photos > 0) says.push(`${counted(photos, "photo")} in the archive, not asked for in this run.`);
  return says.length > 0 ? says.join(" ") : "Run the same line again for the rest.";
}

/** The question whether a family is renditions, as a terminal puts it: what was found, some pairs, yes or no. */
export interface FamilyDoubt extends Amount {
  /** For people: `thumbs/…`. */
  readonly looks: string;
  /** What speaks for it, and what the pictures say. */
  readonly reasons: readonly string[];
  readonly pairs: ProvenFamily["shown"];
}

const PAIRS = 6;
const KEY_LENGTH = 44;

/** What stands above the question. */
export function doubtSection({ looks, reasons, pairs, keys, bytes: size }: FamilyDoubt): Section {
  const rows = pairs.slice(0, PAIRS).map(({ child, parent, note }) => [name(parent), name(child), note]);
  return {
    id: "doubt",
    title: `${looks} may be smaller copies of other photos (${counted(keys, "key")}, ${bytes(size)}):`,
    notes: reasons,
    ...(rows.length > 0 && {
      table: { columns: columns("original?", "copy?", ""), rows, more: 0, tones: rows.map(() => "faint" as const) },
    }),
  };
}

/** The question itself. */
export const DOUBT_QUESTION = "Leave them out as copies? No fetches them like all other photos. [y/N] ";

/** A key's end tells more than its beginning. */
function name(key: string): string {
  const chars = Array.from(key);
  return chars.length > KEY_LENGTH ? shortened(`…${chars.slice(1 - KEY_LENGTH).join("")}`, KEY_LENGTH) : key;
}
