/** Writes one object in one request, and asks what lies under a key. */

import type { ObjectHead } from "../../model.ts";
import { bareEtag, type Headers } from "../http/header.ts";
import type { Put, Writing } from "../http/request-body.ts";
import { type Asked, readBody } from "../http/wire.ts";
import type { Bucket } from "./bucket.ts";
import { readHead } from "./object-head.ts";
import { readErrorResponse, toError } from "./s3-error-map.ts";

/** One attempt. @throws HaulError, as the table in s3-error-map.ts says */
export async function putObject(bucket: Bucket, writing: Writing, signal: AbortSignal): Promise<Put> {
  const asked: Asked = { kind: "write", name: `s3://${bucket.name}/${writing.key}` };
  const answer = await bucket.ask(
    {
      asked,
      method: "PUT",
      key: writing.key,
      query: {},
      body: writing.body,
      headers: {
        ...writing.headers,
        "content-md5": Buffer.from(writing.md5, "hex").toString("base64"),
        ...(writing.onlyNew ? { "if-none-match": "*" } : {}),
      },
    },
    signal,
    [412],
  );
  const body = await readBody(answer, asked, signal);
  if (answer.status === 412) return "taken";
  // S3 may begin a 200 before it knows how the write will end.
  const refusal = readErrorResponse(answer.status, answer.headers, body);
  if (refusal.code !== "") throw toError(refusal, asked);
  return etagOf(answer.headers);
}

/** The ETag of an answer, and whether it can be the MD5 of the bytes (not with SSE-KMS or SSE-C). */
export function etagOf(headers: Headers): {
  readonly etag: string;
  readonly opaque: boolean;
} {
  const head = readHead(headers, 0, 0);
  return { etag: bareEtag(head.etag), opaque: head.opaqueEtag ?? false };
}

/** What lies under a key; null where nothing does. One attempt. */
export async function headObject(bucket: Bucket, key: string, signal: AbortSignal): Promise<ObjectHead | null> {
  const asked: Asked = { kind: "object", name: `s3://${bucket.name}/${key}` };
  const headers = { "x-amz-checksum-mode": "ENABLED" };
  const answer = await bucket.ask({ asked, method: "HEAD", key, query: {}, headers }, signal, [404]);
  await readBody(answer, asked, signal);
  if (answer.status === 404) return null;
  const length = Number(answer.headers["content-length"]);
  return readHead(answer.headers, Number.isSafeInteger(length) ? length : -1, 0);
}
