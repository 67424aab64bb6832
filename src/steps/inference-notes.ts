/** Suspects that were never proposed, remembered beside the layout: a later run does not look for them again. */

import { z } from "zod";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { jsonOf } from "../json-text.ts";
import type { Suspect } from "../originals/layout-choice.ts";

/** The name under which the catalogue remembers them. */
const SETTING = "layout-told";

const SHAPE = z.object({
  suspects: z.array(
    z.object({
      family: z.string(),
      looks: z.string(),
      keys: z.number(),
      bytes: z.number(),
      reason: z.string(),
      option: z.string(),
    }),
  ),
});

export async function rememberNotes(catalogue: Catalogue, suspects: readonly Suspect[]): Promise<void> {
  await catalogue.remember(SETTING, JSON.stringify({ suspects }));
}

/** Nothing where nothing was inferred, or by a version that remembered otherwise. */
export async function notedBefore(catalogue: Catalogue): Promise<readonly Suspect[]> {
  const text = await catalogue.setting(SETTING);
  return SHAPE.safeParse(text === null ? null : jsonOf(text)).data?.suspects ?? [];
}
