/** Gives up uploads in parts, so that nobody pays for parts that no object is made of. */

import { HaulError } from "../../errors.ts";
import { retrying } from "../../retry.ts";
import type { Begun } from "../http/request-body.ts";
import { type Asked, readBody } from "../http/wire.ts";
import type { Bucket } from "./bucket.ts";
import { readUploadPage, type UploadEntry } from "./list-page.ts";

/** How long it may take to give an upload up, in milliseconds: also a run that was interrupted waits so long. */
const PATIENCE_MS = 10_000;
/** By how much our clock and the store's may differ, in milliseconds: beyond that it takes no signature of ours. */
const CLOCKS = 15 * 60_000;

/**
 * Takes back the parts of an upload. Of one that was completed there is nothing left, and the store says so: that
 * is as well.
 * @returns false when the store could not be told; it forgets uploads by its own rules, if it has any
 */
export async function abortUpload(bucket: Bucket, { key, id }: Begun): Promise<boolean> {
  const asked: Asked = { kind: "write", name: `s3://${bucket.name}/${key}` };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const query = { uploadId: id };
  try {
    await retrying(
      async () => {
        const answer = await bucket.ask({ asked, method: "DELETE", key, query }, signal, [404]);
        await readBody(answer, asked, signal);
      },
      { signal },
    );
    return true;
  } catch {
    return false;
  }
}

/** Uploads of a key that were begun by requests whose answers were lost. */
export interface Lost {
  readonly key: string;
  /** The upload of that key whose answer came; "" for none. */
  readonly known: string;
  /** When the first was asked for, by our clock. */
  readonly since: string;
  /** How many answers were lost. */
  readonly most: number;
}

/**
 * Which of the uploads that a store lists are ours, and lost. Its list says neither who began one nor why, so it takes
 * all of these; and others than ours are left alone.
 *
 *   key    upload             begun                     how many such              then
 *   other                                                                          left
 *   ours   the one we know                                                         left
 *   ours   another            before we asked, by more                             left
 *                             than clocks may differ
 *   ours   another            since                     at most as many as         given up
 *                                                       answers were lost
 *   ours   another            since                     more: some are not ours    all are left
 */
export function lostUploads(listed: readonly UploadEntry[], { key, known, since, most }: Lost): string[] {
  const earliest = Date.parse(since) - CLOCKS;
  const found = listed.filter(
    (upload) => upload.key === key && upload.id !== known && Date.parse(upload.begun) >= earliest,
  );
  return found.length > most ? [] : found.map(({ id }) => id);
}

/**
 * Asks for the uploads of the key, and gives up those that are ours and lost.
 * @returns false when that may be worth another try; true also where the store lets nobody list uploads
 */
export async function abortLost(bucket: Bucket, lost: Lost): Promise<boolean> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const listed = await retrying(() => listUploads(bucket, lost.key, signal), { signal });
    let all = true;
    for (const id of lostUploads(listed, lost)) {
      all = (await abortUpload(bucket, { key: lost.key, id })) && all;
    }
    return all;
  } catch (error) {
    return error instanceof HaulError && !error.retry && error.code !== "interrupted";
  }
}

/** A page is enough: the uploads of a key come before those of longer ones. */
async function listUploads(bucket: Bucket, key: string, signal: AbortSignal): Promise<readonly UploadEntry[]> {
  const asked: Asked = { kind: "write", name: `s3://${bucket.name}/${key}` };
  const query = { uploads: "", prefix: key, "encoding-type": "url" };
  const answer = await bucket.ask({ asked, query }, signal);
  return readUploadPage(await readBody(answer, asked, signal));
}
