/** An error as a person reads it: what happened, what it means for the photos, what to do next. */

import { forTerminal } from "../report/escape.ts";

/** @param lines as `explainError` gives them */
export function errorPage(lines: readonly string[]): string {
  const [what = "", ...rest] = lines.map((line) => forTerminal(line));
  return [`photohaul: ${what}`, ...rest.map((line) => `  ${line}`)].join("\n");
}
