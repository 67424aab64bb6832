/** A source that refuses every photo refuses them all: that is told once, and not for each of a hundred thousand. */

import { HaulError } from "../errors.ts";
import type { Source } from "./source.ts";

/** So many refusals before the first photo that may be read. */
const REFUSALS = 20;

/**
 * The same source, until that many objects in a row could not be read for want of permission and none could.
 * Then opening throws `denied`, which ends the run. One that was read, and refusals are those of single photos.
 */
export function noticingRefusal(source: Source): Source {
  const open = source.open.bind(source);
  let refused = 0;
  let allowed = false;
  source.open = async (...asked) => {
    try {
      const opened = await open(...asked);
      allowed = true;
      return opened;
    } catch (error) {
      if (!(error instanceof HaulError) || error.trouble !== "forbidden" || allowed) throw error;
      refused += 1;
      if (refused < REFUSALS) throw error;
      const says = `${source.name}: none of the first ${refused} photos may be read. ${error.message}`;
      throw new HaulError("denied", says, { cause: error });
    }
  };
  return source;
}
