/** What a store says in its listing of what its archive gives back, written down. */

import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Source } from "../stores/source.ts";

/** One listing. @returns true where the store said anything of that */
export async function hearStates(
  { archive }: Pick<Source, "archive">,
  { archive: known }: Pick<Catalogue, "archive">,
  signal: AbortSignal,
): Promise<boolean> {
  let tells = false;
  await known.begin();
  for await (const { objects } of archive?.list({}, signal) ?? []) {
    const told = objects.flatMap(({ returning, ...object }) => (returning ? [{ ...object, returning }] : []));
    if (told.length === 0) continue;
    tells = true;
    await known.say(told);
  }
  return tells;
}
