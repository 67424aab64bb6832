/** Verify's two lists of a target held against each other: its manifest, and what lies there. */

import type { CheckLog } from "../catalogue/check-log.ts";
import type { ManifestIndex } from "../catalogue/manifest-index.ts";
import type { ManifestEntry } from "../model.ts";
import { folded } from "../naming/name.ts";
import type { OnBroken, Sum, Target } from "./target.ts";

const BATCH = 1000;

/** What is read is entered so many lines at a time, in one transaction each. */
export async function inBatches<T>(items: AsyncIterable<T>, take: (batch: readonly T[]) => void): Promise<void> {
  let batch: T[] = [];
  for await (const item of items) {
    if (batch.push(item) < BATCH) continue;
    take(batch);
    batch = [];
  }
  take(batch);
}

/** An entry of the manifest and its number there, from 0. */
export interface Numbered {
  readonly entry: ManifestEntry;
  readonly line: number;
}

/** The manifest of a target, numbered the same way each time it is read. */
export async function* numbered(
  target: Pick<Target, "entries">,
  signal: AbortSignal,
  onBroken?: OnBroken,
): AsyncGenerator<Numbered> {
  let line = 0;
  for await (const entry of target.entries(signal, onBroken)) {
    yield { entry, line };
    line += 1;
  }
}

/**
 * Enters the whole manifest into the log.
 * @param nameOf under which name the log is to know a photo; where it lies on the target when absent
 * @returns how many of its lines cannot be read, and 1 where the last one was cut
 */
export async function readManifest(
  target: Pick<Target, "entries" | "traits">,
  log: Pick<ManifestIndex, "enter">,
  signal: AbortSignal,
  nameOf: (entry: ManifestEntry) => string = ({ path }) => path,
): Promise<{ readonly brokenLines: number; readonly cutLines: number }> {
  const lines = { unreadable: 0, cut: 0, flawed: 0, form: 0 };
  const onBroken: OnBroken = (how) => {
    lines[how] += 1;
  };
  await inBatches(target.entries(signal, onBroken), (entries) =>
    log.enter(entries.map((entry) => ({ entry, folded: folded(nameOf(entry), target.traits) }))),
  );
  return { brokenLines: lines.unreadable + lines.flawed, cutLines: lines.cut };
}

/**
 * Holds SHA256SUMS against the manifest that was entered.
 * @returns photos that one of the two names and the other does not
 */
export async function holdSums(
  target: Pick<Target, "lists">,
  log: Pick<CheckLog, "sum" | "unlisted" | "unsummed">,
  signal: AbortSignal,
): Promise<{ readonly unlisted: number; readonly unsummed: number }> {
  await inBatches(target.lists.sums(signal), (sums: readonly Sum[]) => log.sum(sums));
  return { unlisted: log.unlisted(), unsummed: log.unsummed() };
}

/** Files of the target that its manifest does not name: counted, never touched. */
export async function countExtras(
  target: Pick<Target, "traits" | "list">,
  log: Pick<ManifestIndex, "names">,
  signal: AbortSignal,
): Promise<number> {
  let extras = 0;
  for await (const { objects } of target.list({}, signal)) {
    for (const { key } of objects) if (!log.names(folded(key, target.traits))) extras += 1;
  }
  return extras;
}
