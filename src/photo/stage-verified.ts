/** Stages bytes on a target, and holds them against what the manifest says that they are. */

import { createHash } from "node:crypto";
import { cancel } from "../cancel.ts";
import { HaulError } from "../errors.ts";
import type { ManifestEntry } from "../model.ts";
import type { Draft, Target } from "../targets/target.ts";

/**
 * @param onBytes told of each piece, in bytes
 * @returns a draft whose length and SHA-256 are those of the entry
 * @throws HaulError `wrong-bytes` when they are not; nothing is left behind then
 */
export async function stageVerified(
  entry: Pick<ManifestEntry, "size" | "sha256">,
  bytes: AsyncIterable<Uint8Array>,
  target: Pick<Target, "stage">,
  signal: AbortSignal,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<Draft> {
  const hash = createHash("sha256");
  async function* digesting() {
    for await (const chunk of bytes) {
      hash.update(chunk);
      onBytes(chunk.length);
      yield chunk;
    }
  }
  const draft = await target
    .stage(digesting(), entry.size, signal)
    // A target that fails before it reads leaves the bytes where they are.
    .finally(() => cancel(bytes));
  const sha256 = hash.digest("hex");
  if (draft.size === entry.size && sha256 === entry.sha256) return draft;
  await draft.discard();
  const found =
    draft.size === entry.size
      ? `its SHA-256 is ${sha256.slice(0, 16)}…, kept was ${entry.sha256.slice(0, 16)}…`
      : `it has ${draft.size} bytes, kept were ${entry.size}`;
  throw new HaulError("wrong-bytes", `the bytes are not those that were kept: ${found}`);
}
