/** Reads one object to its end. */

import { bytesOf, NOTHING, readSpan } from "../http/object-body.ts";
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
  const name = `s3://${bucket.name}/${key}`;
  return readWhole((known, offset) => openAt(bucket, key, known, offset, signal), name, signal);
}

async function openAt(
  bucket: Bucket,
  key: string,
  before: Known,
  offset: number,
  signal: AbortSignal,
): Promise<Part> {
  const asked: Asked = { kind: "object", name: `s3://${bucket.name}/${key}` };
  const headers = {
    ...(before.etag === "" ? {} : { "if-match": `"${before.etag}"` }),
    ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
  };
  const answer = await bucket.ask({ asked, key, query: {}, headers }, signal, [416]);
  const span = readSpan(answer, before.size, offset, asked);
  const known = readHead(answer.headers, span.size, offset);
  // Everything had come when the connection broke: there is nothing to ask for.
  if (answer.status === 416) answer.body.destroy();
  const bytes = answer.status === 416 ? NOTHING : bytesOf(answer, span, asked, signal);
  return { known, bytes };
}
