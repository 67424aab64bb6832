/** Reads one object to its end. */

import { bytesOf, readSpan } from "../http/object-body.ts";
import { type Known, type Part, readWhole } from "../http/whole-object.ts";
import type { Asked } from "../http/wire.ts";
import type { Bucket } from "./bucket.ts";
import { readHead } from "./object-head.ts";

/** @throws HaulError `missing`, `archived`, …; a break only after it was mended in vain */
export function readObject(
  bucket: Bucket,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  return readWhole((known, offset) => openAt(bucket, key, known, offset, signal), signal);
}

async function openAt(
  bucket: Bucket,
  key: string,
  known: Known,
  offset: number,
  signal: AbortSignal,
): Promise<Part> {
  const asked: Asked = { kind: "object", name: `s3://${bucket.name}/${key}` };
  const headers = {
    ...(known.etag === "" ? {} : { "if-match": `"${known.etag}"` }),
    ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
  };
  const answer = await bucket.ask({ asked, key, query: {}, headers }, signal, [416]);
  const span = readSpan(answer, known.size, offset, asked);
  const { etag } = readHead(answer.headers, span.size, offset);
  // Everything had come when the connection broke: there is nothing to ask for.
  if (answer.status === 416) answer.body.destroy();
  const bytes = answer.status === 416 ? [] : bytesOf(answer, span, asked, signal);
  return { known: { etag: etag || known.etag, size: span.size }, bytes };
}
