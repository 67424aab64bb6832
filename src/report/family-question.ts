/** The question whether a family is renditions, as a terminal puts it: what was found, some pairs, yes or no. Pure. */

import type { ProvenFamily } from "../originals/saved-layout.ts";
import { forTerminal, shortened } from "./escape.ts";
import type { Amount } from "./findings.ts";
import type { Paint } from "./tone.ts";
import { bytes, counted } from "./units.ts";

export interface Doubt extends Amount {
  /** For people: `thumbs/…`. */
  readonly looks: string;
  /** What speaks for it, and what the pictures say. */
  readonly reasons: readonly string[];
  readonly pairs: ProvenFamily["shown"];
}

const PAIRS = 6;
const KEY_LENGTH = 44;

/** The lines above the question. */
export function doubtLines(doubt: Doubt, paint: Paint): string[] {
  const { looks, reasons, pairs } = doubt;
  const amount = `${counted(doubt.keys, "key")}, ${bytes(doubt.bytes)}`;
  const shown = pairs.slice(0, PAIRS).map(({ child, parent, note }) => ({
    child: name(child),
    parent: name(parent),
    words: forTerminal(note),
  }));
  const wide = Math.max(...shown.map(({ parent }) => parent.length), "original?".length);
  const narrow = Math.max(...shown.map(({ child }) => child.length), "copy?".length);
  const head = `  ${"original?".padEnd(wide)}  ${"copy?".padEnd(narrow)}`;
  return [
    "",
    `${paint("strong", forTerminal(looks))} may be smaller copies of other photos (${amount}):`,
    ...reasons.map((reason) => `  ${forTerminal(reason)}`),
    ...(shown.length > 0 ? [paint("faint", head)] : []),
    ...shown.map(
      ({ parent, child, words }) => `  ${parent.padEnd(wide)}  ${child.padEnd(narrow)}  ${paint("faint", words)}`,
    ),
  ];
}

/** The question itself. */
export const DOUBT_QUESTION = "Leave them out as copies? No fetches them like all other photos. [y/N] ";

function name(key: string): string {
  const short = key.length > KEY_LENGTH ? `…${key.slice(1 - KEY_LENGTH)}` : key;
  return shortened(forTerminal(short), KEY_LENGTH);
}
