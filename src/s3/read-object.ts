/** Reads one object to its end; and lists what begins with a prefix. */

import { HaulError } from "../errors.ts";
import { bytesOf, readSpan } from "../http/object-body.ts";
import { type Known, type Part, readWhole } from "../http/whole-object.ts";
import { type Asked, readBody } from "../http/wire.ts";
import type { Listed } from "../model.ts";
import { retrying } from "../retry.ts";
import type { Bucket } from "./bucket.ts";
import { type ListPage, readListPage } from "./list-page.ts";
import { readHead } from "./object-head.ts";
import { MalformedXml } from "./xml.ts";

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

/** Everything whose key begins so, in the order of the store; for few keys. @throws HaulError */
export async function listKeys(
  bucket: Bucket,
  prefix: string,
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  let at: Record<string, string> = {};
  for (;;) {
    const page = await retrying(() => listPage(bucket, prefix, at, signal), { signal });
    found.push(...page.objects);
    if (!page.truncated) return found;
    const last = page.objects.at(-1)?.key;
    const next: Record<string, string> =
      page.token === "" ? { marker: last ?? "" } : { "continuation-token": page.token };
    if (JSON.stringify(next) === JSON.stringify(at)) {
      throw new HaulError("listing", `s3://${bucket.name}/${prefix}: the listing does not go on`);
    }
    at = next;
  }
}

async function listPage(
  bucket: Bucket,
  prefix: string,
  at: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ListPage> {
  const asked: Asked = { kind: "listing", name: `s3://${bucket.name}/${prefix}` };
  const second = "marker" in at ? {} : { "list-type": "2" };
  const query = { "encoding-type": "url", prefix, ...second, ...at };
  const answer = await bucket.ask({ asked, query }, signal);
  const body = await readBody(answer, asked, signal);
  try {
    return readListPage(body);
  } catch (cause) {
    if (!(cause instanceof MalformedXml)) throw cause;
    const says = `${asked.name}: a page of the listing cannot be trusted (${cause.message})`;
    throw new HaulError("listing", says, { retry: true, cause });
  }
}
