/** The question whether a family is renditions, as a terminal puts it: what was found, some pairs, yes or no. Pure. */

import type { ProvenFamily } from "../originals/saved-layout.ts";
import { shortened } from "./escape.ts";
import type { Amount } from "./inventory-data.ts";
import { columns, type Section } from "./section.ts";
import { bytes, counted } from "./units.ts";

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
