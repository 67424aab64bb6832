/** Opens objects at an offset, and reads one to its end. */

import { isUnpacked } from "../http/content-coding.ts";
import { openBody } from "../http/object-body.ts";
import { type Known, type Meant, type OpenedObject, readWhole } from "../http/whole-object.ts";
import type { Asked } from "../http/wire.ts";
import type { Bucket } from "./bucket.ts";
import { readHead } from "./object-head.ts";

/** @throws HaulError `missing`, `archived`, …; a break only after it was mended in vain */
export function readObject(bucket: Bucket, key: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const name = `s3://${bucket.name}/${key}`;
  const openAt = async ({ etag, size }: Known, offset: number) => {
    const { head, bytes } = await openObject(bucket, { key, etag, size }, offset, signal);
    return { known: head, bytes };
  };
  return readWhole(openAt, name, signal);
}

export interface MeantVersion extends Meant {
  readonly version?: string | undefined;
}

/**
 * One attempt.
 * @param onRequest told of each request
 * @throws HaulError, as the table in refusal.ts says
 */
export async function openObject(
  bucket: Bucket,
  meant: MeantVersion,
  offset: number,
  signal: AbortSignal,
  onRequest: () => void = () => undefined,
): Promise<OpenedObject> {
  const asked: Asked = { kind: "object", name: `s3://${bucket.name}/${meant.key}` };
  const ask = (more: Readonly<Record<string, string>>) => {
    onRequest();
    const headers = {
      "x-amz-checksum-mode": "ENABLED",
      ...(meant.etag === "" ? {} : { "if-match": `"${meant.etag}"` }),
      ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
      ...more,
    };
    const query = meant.version === undefined ? {} : { versionId: meant.version };
    return bucket.ask({ asked, key: meant.key, query, headers }, signal, [416]);
  };
  let answer = await ask({});
  if (isUnpacked(answer)) {
    answer.body.destroy();
    answer = await ask({ "accept-encoding": "gzip" });
  }
  const { headers, size, bytes } = openBody(answer, meant, offset, { asked, signal, undoing: bucket.undoing });
  return { head: readHead(headers, size, offset), bytes };
}
