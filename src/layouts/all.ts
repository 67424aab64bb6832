/** The layouts that photohaul knows, in the order in which `layouts` prints them. */

import type { Layout } from "./layout.ts";

const LAYOUTS: readonly Layout[] = [];

export function allLayouts(): readonly Layout[] {
  return LAYOUTS;
}

/** The layout of that name; null where there is none. */
export function findLayout(name: string): Layout | null {
  const wanted = name.toLowerCase();
  return LAYOUTS.find(({ id }) => id === wanted) ?? null;
}
