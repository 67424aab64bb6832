/**
 * Which of the photos that are not kept yet does this run take, and which does the user not want?
 *
 * | rule                          | does not hold                                   |
 * |-------------------------------|-------------------------------------------------|
 * | no --include, or one matches  | skipped: "no --include matches"                 |
 * | no --exclude matches          | skipped: "excluded by <glob>"                   |
 * | --since ≤ LastModified        | skipped: "last written before <date>"           |
 *
 * A glob without `/` is held against the last part of the key, as in .gitignore; one with `/` against the
 * whole key. `*` does not cross `/`, `**` does, case counts.
 */

import picomatch from "picomatch";
import type { Listed } from "../model.ts";

export interface KeyRules {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** ISO 8601 UTC; null for no bound. */
  readonly since: string | null;
}

/** Null: take it. A string: why not, for people. */
export type Refusal = (object: Listed) => string | null;

/** Compiles the rules once for a run; what comes back is pure. */
export function refusing(rules: KeyRules): Refusal {
  const included = rules.include.map(matcher);
  const excluded = rules.exclude.map((glob) => ({ glob, matches: matcher(glob) }));
  return (object) => {
    if (included.length > 0 && !included.some((matches) => matches(object.key))) {
      return "no --include matches";
    }
    const exclusion = excluded.find(({ matches }) => matches(object.key));
    if (exclusion !== undefined) return `excluded by ${exclusion.glob}`;
    // What has no date may be as new as any.
    if (rules.since !== null && object.modified !== "" && object.modified < rules.since) {
      return `last written before ${rules.since.slice(0, 10)}`;
    }
    return null;
  };
}

function matcher(glob: string): (key: string) => boolean {
  const pattern = glob.startsWith("/") ? glob.slice(1) : glob;
  const matches = picomatch(pattern, { dot: true, nonegate: true });
  if (glob.includes("/")) return (key) => matches(key);
  return (key) => matches(key.slice(key.lastIndexOf("/") + 1));
}
