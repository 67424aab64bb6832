/** What the inference of a layout had to say, remembered beside the layout: a later run does not infer again. */

import { z } from "zod";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Choice } from "../decide/layout-choice.ts";
import { jsonOf } from "../json-text.ts";

export type Told = Pick<Choice, "suspects" | "evidence">;

/** The name under which the catalogue remembers it. */
const SETTING = "layout-told";

const SHAPE = z.object({
  evidence: z.array(z.tuple([z.string(), z.string()])),
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

export async function rememberTold(
  catalogue: Catalogue,
  { evidence, suspects }: Told,
): Promise<void> {
  await catalogue.remember(SETTING, JSON.stringify({ evidence: [...evidence], suspects }));
}

/** Nothing where nothing was inferred, or by a version that remembered otherwise. */
export async function toldBefore(catalogue: Catalogue): Promise<Told> {
  const text = await catalogue.setting(SETTING);
  const { data } = SHAPE.safeParse(text === null ? null : jsonOf(text));
  return { suspects: data?.suspects ?? [], evidence: new Map(data?.evidence) };
}
