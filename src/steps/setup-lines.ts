/** From the answers of `photohaul init` to the lines that do it. Pure: nothing is kept but what is printed. */

import { shellWord } from "../schedule/job.ts";

export interface SetupAnswers {
  readonly source: string;
  /** How the source is reached: `--endpoint` and the like, a word each. */
  readonly reach: readonly string[];
  /** A drive first, as a rule. */
  readonly targets: readonly string[];
  /** The target that is to be sealed; null for none. */
  readonly sealed: string | null;
  /** Options of the targets in buckets, a word each. */
  readonly more: readonly string[];
  /** Time of day, `03:30`. */
  readonly at: string;
}

export interface SetupLine {
  /** What it is for, in a clause. */
  readonly what: string;
  readonly line: string;
}

/** Recipients of the sealed copy; the keys themselves are printed, and taken off this computer. */
const RECIPIENTS = "photohaul.pub";

/** In the order in which they are to be typed. */
export function setupLines({ source, reach, targets, sealed, more, at }: SetupAnswers): SetupLine[] {
  const seal = sealed === null ? [] : ["--encrypt-to", `${sealed}=${RECIPIENTS}`];
  const words = [source, ...targets, ...reach, ...more, ...seal];
  const typed = (...line: string[]) => ["photohaul", ...line].map(shellWord).join(" ");
  return [
    ...(sealed === null ? [] : [1, 2].map(keyLine)),
    {
      what: "see what is there, and whether it fits; nothing is written",
      line: typed("mirror", ...words, "--dry-run"),
    },
    { what: "bring it home; the same line again brings what is new", line: typed("mirror", ...words) },
    { what: `do that every day at ${at}`, line: typed("schedule", ...words, "--at", at, "--install") },
    { what: "what needs doing, for you or for monitoring", line: typed("status", "--check") },
    ...(source.startsWith("s3://") && !reach.includes("--endpoint")
      ? [{ what: "the smallest rights that it needs, for who manages the bucket", line: typed("policy", source) }]
      : []),
  ];
}

/** Two keys, as one that is lost must not lose the photos. */
function keyLine(number: number): SetupLine {
  const file = `photohaul-${number}`;
  const into = number === 1 ? ">" : ">>";
  return {
    what: `a key for the sealed copy: print ${file}.html, put it away, and take ${file}.key off this computer`,
    line: `photohaul keys new ${file}.key --paper ${file}.html ${into} ${RECIPIENTS}`,
  };
}
