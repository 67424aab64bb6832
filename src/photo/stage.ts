/** Stage: the bytes of one photo on every target that wants them; and bytes that must be what a manifest says. */

import { createHash } from "node:crypto";
import { cancel } from "../cancel.ts";
import { HaulError } from "../errors.ts";
import type { HandDraft, ManifestEntry } from "../model.ts";
import type { Bytes, Draft, LargePhoto, Target } from "../targets/target.ts";
import type { Destination, TargetSet } from "./target-set.ts";

export interface StagePorts {
  readonly targetSet: TargetSet;
  readonly signal: AbortSignal;
}

/** What each target reads: a tee, or copies of a buffer. */
interface Branches {
  readonly branches: readonly { readonly bytes: Bytes; leave(): void }[];
  failedWith(error: unknown): boolean;
}

export interface Staged {
  /** In the order asked; null where a target did not take the photo. */
  readonly drafts: readonly (Draft | null)[];
  /** Targets that cannot hold this photo, and why; those that left the run are not among them. */
  readonly failures: readonly { readonly place: Destination; readonly reason: string }[];
}

/**
 * Writes the bytes to all targets at once.
 * @param bytes a buffer is given away; what hands wrote, in the order of the targets
 * @throws what the bytes throw, after the space was given back; HaulError that ends the run
 */
export async function stageEverywhere(
  bytes: AsyncIterable<Uint8Array> | Uint8Array<ArrayBuffer> | readonly HandDraft[],
  size: number,
  wanted: readonly { readonly place: Destination }[],
  { targetSet, signal }: StagePorts,
  large?: LargePhoto,
): Promise<Staged> {
  const [only] = wanted;
  if (only !== undefined && wanted.length === 1) {
    const { place } = only;
    const [first = NOTHING] = isWritten(bytes) ? bytes : [bytes];
    const draft = await targetSet.attempt(place, () => place.target.stage(first, size, signal, large));
    return { drafts: [draft], failures: [] };
  }
  const stream = branchesOf(bytes, wanted.length);
  const staged = await Promise.allSettled(
    wanted.map(async ({ place }, at) => {
      const branch = stream.branches[at];
      if (branch === undefined) throw new TypeError("a target without a branch");
      try {
        return await targetSet.attempt(place, () => place.target.stage(branch.bytes, size, signal, large));
      } finally {
        branch.leave();
      }
    }),
  );
  const drafts = staged.map((one) => (one.status === "fulfilled" ? one.value : null));
  const failures: { place: Destination; reason: string }[] = [];
  for (const [at, { place }] of wanted.entries()) {
    const one = staged[at];
    if (one?.status !== "rejected") continue;
    const { reason: error } = one;
    const ofThisCopy = error instanceof HaulError && !error.endsRun && !stream.failedWith(error);
    if (!ofThisCopy) {
      for (const draft of drafts) await draft?.discard();
      throw error;
    }
    failures.push({ place, reason: error.message });
  }
  return { drafts, failures };
}

const NOTHING = new Uint8Array();

function isWritten(bytes: Parameters<typeof stageEverywhere>[0]): bytes is readonly HandDraft[] {
  return Array.isArray(bytes);
}

function branchesOf(bytes: Parameters<typeof stageEverywhere>[0], readers: number): Branches {
  if (isWritten(bytes)) return branches(bytes);
  if (!(bytes instanceof Uint8Array)) return tee(bytes, readers);
  // A buffer that is given away cannot be given to two; `slice` of a Buffer would be the same memory.
  return branches(Array.from({ length: readers }, (_, at) => (at === 0 ? bytes : Uint8Array.from(bytes))));
}

function branches(each: readonly Bytes[]): Branches {
  return { branches: each.map((bytes) => ({ bytes, leave: () => undefined })), failedWith: () => false };
}

export interface Branch {
  /** The same bytes, to be read once. A chunk is good until the next is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The reader has stopped, or never begun. Safe to call twice, and after the end. */
  leave(): void;
}

export interface Tee {
  readonly branches: readonly Branch[];
  /** True when the stream itself failed: every reader was thrown that same error. */
  failedWith(error: unknown): boolean;
}

/**
 * One stream for several readers, which go on together; one that stops early is not waited for.
 * @param readers how many; the stream is read at the pace of the slowest, and closed when all have left
 */
export function tee(bytes: AsyncIterable<Uint8Array>, readers: number): Tee {
  const iterator = bytes[Symbol.asyncIterator]();
  let turn = Promise.withResolvers<IteratorResult<Uint8Array>>();
  let asking = 0;
  let left = 0;
  let failure: { readonly error: unknown } | null = null;

  /** Goes on when every reader that is still there has asked. */
  const advance = () => {
    if (left === readers) void Promise.resolve(iterator.return?.()).catch(() => undefined);
    else if (asking === readers - left) {
      const now = turn;
      asking = 0;
      turn = Promise.withResolvers();
      iterator.next().then(now.resolve, (error: unknown) => {
        failure = { error };
        now.reject(error);
      });
    }
  };
  const branch = (): Branch => {
    let gone = false;
    const leave = () => {
      if (gone) return;
      gone = true;
      left += 1;
      advance();
    };
    async function* read() {
      for (;;) {
        asking += 1;
        const mine = turn.promise;
        advance();
        const next = await mine;
        if (next.done === true) return;
        yield next.value;
      }
    }
    return { bytes: read(), leave };
  };
  return {
    branches: Array.from({ length: readers }, branch),
    failedWith: (error) => failure !== null && failure.error === error,
  };
}

/**
 * Stages bytes on a target, and holds them against what the manifest says that they are.
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
