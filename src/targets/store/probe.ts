/** What a store can do, found out by doing it with the README, which is written anyway. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HaulError } from "../../errors.ts";
import { retrying } from "../../retry.ts";
import type { Bucket } from "../../s3/bucket.ts";
import { putInParts } from "../../s3/multipart.ts";
import { bodyOfBytes, type Put, putObject } from "../../s3/put-object.ts";
import type { Abilities } from "./marker.ts";
import { textParcel } from "./shelf.ts";
import { targetTrouble } from "./target-trouble.ts";

/** Where the README is to lie. */
interface Place {
  readonly bucket: Bucket;
  readonly prefix: string;
  readonly readme: string;
}

export const README_PATH = ".photohaul/README.txt";

/**
 * Writes the README, and then again only where nothing lies: a store that takes the second as well would
 * overwrite. Whatever it does, the README lies there afterwards.
 * @throws HaulError a target's troubles
 */
export async function probeStore(place: Place, signal: AbortSignal): Promise<Abilities> {
  try {
    const sha256 = await takes(() => writeReadme(place, { sum: true }, signal));
    if (!sha256) await writeReadme(place, { sum: false }, signal);
    const onlyNew = await refusesSecond(() => writeReadme(place, { onlyNew: true }, signal));
    const onlyNewInParts = onlyNew && (await refusesSecond(() => inParts(place, signal)));
    return { onlyNew, onlyNewInParts, sha256 };
  } catch (error) {
    throw targetTrouble(error);
  }
}

interface How {
  readonly sum?: boolean;
  readonly onlyNew?: boolean;
}

function writeReadme(place: Place, how: How, signal: AbortSignal): Promise<Put> {
  const { bytes, digests, headers } = textParcel(README_PATH, place.readme);
  const sum = Buffer.from(digests.sha256, "hex").toString("base64");
  const writing = {
    key: place.prefix + README_PATH,
    body: bodyOfBytes(bytes, digests.sha256),
    md5: digests.md5,
    headers: { ...headers, ...(how.sum ? { "x-amz-checksum-sha256": sum } : {}) },
    onlyNew: how.onlyNew ?? false,
  };
  return retrying(() => putObject(place.bucket, writing, signal), { signal });
}

async function inParts({ bucket, prefix, readme }: Place, signal: AbortSignal): Promise<Put> {
  const folder = await mkdtemp(join(tmpdir(), "photohaul-probe-"));
  try {
    const file = join(folder, "README.txt");
    await writeFile(file, readme);
    const { digests, headers } = textParcel(README_PATH, readme);
    const upload = { key: prefix + README_PATH, file, size: digests.size, headers, onlyNew: true };
    const again = <T>(attempt: () => Promise<T>) => retrying(attempt, { signal });
    return await putInParts(bucket, upload, again, signal);
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
    if (error instanceof HaulError && error.trouble === "server" && !error.retry) return false;
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
