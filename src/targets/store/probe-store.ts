/** What a store can do, found out by doing it with the README, which is written anyway. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HaulError } from "../../errors.ts";
import { OWN_FOLDER } from "../../manifest-entry.ts";
import { retrying } from "../../retry.ts";
import type { Put } from "../../stores/http/request-body.ts";
import type { ObjectToPut, Store } from "../../stores/store.ts";
import type { Abilities, Folds } from "../target-json.ts";
import { targetTrouble } from "../target-trouble.ts";
import { textUpload } from "./prefix-writer.ts";

export const README_PATH = `${OWN_FOLDER}/README.txt`;

/**
 * Writes the README, and then again only where nothing lies: a store that takes the second as well would
 * overwrite. Whatever it does, the README lies there afterwards.
 * @param prefix below which the README is to lie
 * @throws HaulError a target's troubles
 */
export async function probeStore(
  store: Store,
  prefix: string,
  readme: string,
  signal: AbortSignal,
): Promise<Abilities> {
  const { path, ...upload } = textUpload(README_PATH, readme);
  const plain = { lasting: false, onlyNew: false, copies: false, checked: false };
  const writing = { ...upload, key: prefix + path, ...plain };
  const write = (how: Partial<ObjectToPut>) => retrying(() => store.put({ ...writing, ...how }, signal), { signal });
  try {
    const sha256 = store.traits.mayCheckSha256 && (await takes(() => write({ checked: true })));
    if (!sha256) await write({});
    const onlyNew = await refusesSecond(() => write({ onlyNew: true }));
    const parts = () => inParts(store, { ...writing, onlyNew: true }, prefix, readme, signal);
    const onlyNewInParts = onlyNew && store.putInParts !== undefined && (await refusesSecond(parts));
    const copies = await copiesSafely(store, { ...writing, onlyNew }, signal);
    return { onlyNew, onlyNewInParts, copies, sha256 };
  } catch (error) {
    throw targetTrouble(error, store.name);
  }
}

/** Another case of the README's name. */
const OTHER_CASE = ".photohaul/rEADME.TXT";
const COMPOSED = ".photohaul/probe-\u00e9";
const DECOMPOSED = ".photohaul/probe-e\u0301";
const WHY = "Written once, to see whether this place takes two ways to write one name for one.\n";

/**
 * Whether the store takes names for one that differ in case or Unicode form, as one does that keeps its objects as files
 * of such a drive. The README must lie there.
 * @throws HaulError a target's troubles
 */
export async function probeFolds(
  store: Store,
  prefix: string,
  { onlyNew }: Pick<Abilities, "onlyNew">,
  signal: AbortSignal,
): Promise<Folds> {
  const lies = async (path: string) => (await retrying(() => store.head(prefix + path, signal), { signal })) !== null;
  const { path, ...upload } = textUpload(COMPOSED, WHY);
  const plain = { lasting: false, onlyNew, copies: false, checked: false };
  const writing = { ...upload, key: prefix + path, ...plain };
  try {
    const foldsCase = await lies(OTHER_CASE);
    const held = await takes(() => retrying(() => store.put(writing, signal), { signal }));
    return { foldsCase, foldsUnicode: held && (await lies(DECOMPOSED)) };
  } catch (error) {
    throw targetTrouble(error, store.name);
  }
}

/**
 * Copies the README onto itself: it must be possible, and refused where another object is meant. Where writes spare
 * what lies there copies must, too (Ceph and moto pass over both conditions).
 */
async function copiesSafely(store: Store, writing: ObjectToPut, signal: AbortSignal): Promise<boolean> {
  const { key, digests, onlyNew } = writing;
  const copy = (etag: string, how: Partial<ObjectToPut>) =>
    retrying(() => store.copyHere?.({ ...writing, ...how }, { key, etag }, signal), { signal });
  try {
    return (
      (await copy(digests.md5, { onlyNew: false })) === true &&
      (await copy(digests.sha256.slice(0, 32), { onlyNew: false })) === false &&
      (!onlyNew || (await copy(digests.md5, { onlyNew: true })) === false)
    );
  } catch (error) {
    if (error instanceof HaulError && error.code !== "interrupted") return false;
    throw error;
  }
}

async function inParts(
  store: Store,
  writing: ObjectToPut,
  prefix: string,
  readme: string,
  signal: AbortSignal,
): Promise<Put> {
  const folder = await mkdtemp(join(tmpdir(), "photohaul-probe-"));
  try {
    const file = join(folder, "README.txt");
    await writeFile(file, readme);
    const again = <T>(attempt: () => Promise<T>) => retrying(attempt, { signal });
    const put = await store.putInParts?.({ ...writing, bytes: { file } }, { again, prefix }, signal);
    return put ?? "taken";
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** False where the store does not know what was asked for (B2 answers 501 or 400). */
async function takes(write: () => Promise<Put>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof HaulError && error.code === "server" && !error.retry) return false;
    throw error;
  }
}

async function refusesSecond(write: () => Promise<Put>): Promise<boolean> {
  let put: Put | null = null;
  const known = await takes(async () => {
    put = await write();
    return put;
  });
  return known && put === "taken";
}
