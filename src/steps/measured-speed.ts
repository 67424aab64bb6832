/** How fast the line was, as earlier runs tell. */

import { z } from "zod";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { jsonOf } from "../manifest-entry.ts";

/** Fewer bytes say more of the way there than of the way itself. */
const TELLING_BYTES = 50_000_000;
const RUNS = 20;

/** Bytes a second of the last mirror run that brought enough to tell; null where there was none. */
export async function measuredSpeed({ runs }: Pick<Catalogue, "runs">): Promise<number | null> {
  for (const { command, summary } of await runs.last(RUNS)) {
    if (command !== "mirror" || summary === null) continue;
    const { storedBytes, seconds } = SPEED.parse(jsonOf(summary) ?? {});
    if (storedBytes >= TELLING_BYTES && seconds > 0) return storedBytes / seconds;
  }
  return null;
}

/** Earlier versions may have said less. */
const SPEED = z.object({ storedBytes: z.number().catch(0), seconds: z.number().catch(0) });
