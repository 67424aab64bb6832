/** The layouts that photohaul knows, in the order in which `layouts` prints them. */

import * as known from "./known.ts";
import type { Layout } from "./layout.ts";

const LAYOUTS: readonly Layout[] = Object.values(known);

export function allLayouts(): readonly Layout[] {
  return LAYOUTS;
}

/** The layout of that name, in any case; null where there is none. */
export function findLayout(name: string): Layout | null {
  const wanted = name.toLowerCase();
  return LAYOUTS.find(({ id }) => id === wanted) ?? null;
}
