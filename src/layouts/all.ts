/** The layouts that photohaul knows, in the order of their names. */

import { DRIVES } from "./drives.ts";
import { EXPORTS } from "./exports.ts";
import { FRAMEWORKS } from "./frameworks.ts";
import { GALLERIES } from "./galleries.ts";
import { IMAGE_SERVERS } from "./image-servers.ts";
import { defineLayout, type Layout } from "./layout.ts";
import { PHOTO_LIBRARIES } from "./photo-libraries.ts";
import { PUBLISHING } from "./publishing.ts";
import { SOCIAL } from "./social.ts";

/** Services of one kind, which lay out their photos much alike, are one file of data. */
const LAYOUTS: readonly Layout[] = [
  ...PHOTO_LIBRARIES,
  ...GALLERIES,
  ...PUBLISHING,
  ...SOCIAL,
  ...FRAMEWORKS,
  ...IMAGE_SERVERS,
  ...EXPORTS,
  ...DRIVES,
]
  .map(defineLayout)
  .toSorted((a, b) => (a.id < b.id ? -1 : 1));

export function allLayouts(): readonly Layout[] {
  return LAYOUTS;
}

/** The layout of that name, in any case; null where there is none. */
export function findLayout(name: string): Layout | null {
  const wanted = name.toLowerCase();
  return LAYOUTS.find(({ id }) => id === wanted) ?? null;
}
