/** Verify one photo: read it whole, and where it is not what was kept, read it once more before saying so. */

import { createHash } from "node:crypto";
import type { Shelved } from "../catalogue/check-log.ts";
import { HaulError } from "../errors.ts";
import type { Condition } from "../summaries.ts";
import type { Target } from "../targets/target.ts";

export interface Checked {
  readonly condition: Condition;
  /** What both readings gave; null where the first was right. */
  readonly reason: string | null;
  /** The first reading was wrong and the second right: what stands between drive and program is failing. */
  readonly unsteady: boolean;
}

/** What one reading gave: "right", or in words what was wrong with it. */
interface Reading {
  readonly condition: Condition;
  readonly said: string;
}

/**
 * @param onBytes told of each piece that was read, in bytes, second readings included
 * @throws HaulError `interrupted`, and what ends a run
 */
export async function checkPhoto(
  photo: Shelved,
  target: Pick<Target, "open">,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Checked> {
  const first = await read(photo, target, signal, onBytes);
  if (first.condition === "whole") return { condition: "whole", reason: null, unsteady: false };
  if (first.condition === "archived") {
    return { condition: "archived", reason: first.said, unsteady: false };
  }
  const second = await read(photo, target, signal, onBytes);
  if (second.condition === "whole") {
    const reason = `first reading: ${first.said}; second reading: right`;
    return { condition: "whole", reason, unsteady: true };
  }
  const reason =
    first.said === second.said
      ? `${first.said}; the same when read again`
      : `first reading: ${first.said}; second reading: ${second.said}`;
  return { condition: second.condition, reason, unsteady: false };
}

async function read(
  photo: Shelved,
  target: Pick<Target, "open">,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Reading> {
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const chunk of target.open(photo.path, signal)) {
      hash.update(chunk);
      size += chunk.length;
      onBytes(chunk.length);
    }
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    const condition = error.code === "missing" || error.code === "archived" ? error.code : "unreadable";
    return { condition, said: causeOf(error) };
  }
  const sha256 = hash.digest("hex");
  if (sha256 === photo.sha256) return { condition: "whole", said: "right" };
  const said =
    size === photo.size
      ? `its SHA-256 is ${sha256.slice(0, 16)}…, kept was ${photo.sha256.slice(0, 16)}…`
      : `it has ${size} bytes, kept were ${photo.size}`;
  return { condition: "rotten", said };
}

function causeOf(error: HaulError): string {
  const { cause } = error;
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
}
