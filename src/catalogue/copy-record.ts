/** What a catalogue remembers of a copy of a target besides its photos: where it was found last. */

import { z } from "zod";
import { jsonOf } from "../json-text.ts";

const where = z.object({ holder: z.string(), within: z.string() });
const names = {
  /** As it was typed last, and whole. */
  name: z.string(),
  /** Links resolved. */
  root: z.string(),
};
const shape = z.union([
  z.object({ ...names, location: where }),
  // As earlier versions wrote it.
  z.object({ ...names, berth: where }).transform(({ berth: location, ...named }) => ({ ...named, location })),
]);

export type CopyRecord = z.output<typeof shape>;

/** Null where nothing is remembered, or nothing that can be read. */
export function parseCopy(text: string | null): CopyRecord | null {
  return shape.safeParse(text === null ? null : jsonOf(text)).data ?? null;
}
