/** Opens objects at an offset, and reads one to its end. */

import { isUnpacked } from "../http/content-coding.ts";
import { type OpenOptions, openBody, openedObject } from "../http/object-body.ts";
import type { Asked } from "../http/wire.ts";
import type { Opened } from "../source.ts";
import type { MeantObject } from "../store.ts";
import type { Bucket } from "./bucket.ts";
import { readHead } from "./object-head.ts";

/**
 * One attempt.
 * @param onRequest told of each request
 * @throws HaulError, as the table in s3-error-map.ts says
 */
export async function openObject(
  bucket: Bucket,
  meant: MeantObject,
  offset: number,
  { signal, atOnce }: OpenOptions,
  onRequest: () => void,
): Promise<Opened> {
  const asked: Asked = {
    kind: "object",
    name: `s3://${bucket.name}/${meant.key}`,
    ...(atOnce && offset === 0 ? { atOnce: meant.size } : {}),
  };
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
  const opened = openBody(answer, meant, offset, { asked, signal, undoing: bucket.undoing });
  return openedObject(opened, readHead(opened.headers, opened.size, offset));
}
