/** The layout that a catalogue remembers, so that no later listing changes what counts as an original. */

import type { Layout } from "./layout.ts";
import { layoutData, parseLayout } from "./layout-data.ts";

export interface FrozenLayout {
  readonly layout: Layout;
  /** Why it was chosen, for people. */
  readonly reason: string;
  /** True where the user named it. */
  readonly chosen: boolean;
}

/** As text for the catalogue. */
export function freeze({ layout, reason, chosen }: FrozenLayout): string {
  return JSON.stringify({ layout: layoutData(layout), reason, chosen });
}

/** Reads what `freeze` wrote; null where the text is not that (another version may have written it). */
export function thaw(text: string): FrozenLayout | null {
  try {
    const data: { layout?: unknown; reason?: unknown; chosen?: unknown } = JSON.parse(text);
    const { layout } = parseLayout(data.layout);
    if (layout === null) return null;
    return { layout, reason: String(data.reason), chosen: data.chosen === true };
  } catch {
    return null;
  }
}

/** True where two layouts have the same rules, however they were written down. */
export function sameRules(a: Layout, b: Layout): boolean {
  return rulesOf(a) === rulesOf(b);
}

/** Reading data back puts its fields in one order; the order of tokens says nothing. */
function rulesOf(layout: Layout): string {
  const { originals, renditions, tokens } = parseLayout(layoutData(layout)).layout ?? layout;
  const rules = [...originals, ...renditions].map((rule) => ({
    ...rule,
    regex: rule.regex.source,
  }));
  return JSON.stringify([rules, tokens.map((rule) => JSON.stringify(rule)).sort()]);
}
