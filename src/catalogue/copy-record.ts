/** What a catalogue remembers of a copy of a target besides its photos: where it was found last. */

import { z } from "zod";
import { jsonOf } from "../json-text.ts";

const shape = z.object({
  /** As it was typed last, and whole. */
  name: z.string(),
  /** Links resolved. */
  root: z.string(),
  berth: z.object({ holder: z.string(), within: z.string() }),
});

export type CopyRecord = z.output<typeof shape>;

/** Null where nothing is remembered, or nothing that can be read. */
export function parseCopy(text: string | null): CopyRecord | null {
  return shape.safeParse(text === null ? null : jsonOf(text)).data ?? null;
}
