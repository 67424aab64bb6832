/** Reads one object to its end, going on where a connection broke; and lists what begins with a prefix. */

import { HaulError } from "../errors.ts";
import { networkTrouble } from "../http/network-trouble.ts";
import type { Listed } from "../model.ts";
import { ATTEMPTS, retrying } from "../retry.ts";
import { type Answer, type Bucket, readBody } from "./bucket.ts";
import { type ListPage, readListPage } from "./list-page.ts";
import { readHead, readSpan } from "./object-head.ts";
import type { Asked } from "./refusal.ts";
import { MalformedXml } from "./xml.ts";

/** @throws HaulError `missing`, `archived`, …; a break only after it was mended in vain */
export async function* readObject(
  bucket: Bucket,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const asked: Asked = { kind: "object", name: `s3://${bucket.name}/${key}` };
  let known = { etag: "", size: -1 };
  let offset = 0;
  for (let breaks = 0; ; ) {
    const start = offset;
    try {
      const opened = await retrying(() => openAt({ bucket, key, known, asked }, offset, signal), {
        signal,
      });
      known = opened.known;
      for await (const chunk of opened.bytes) {
        offset += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      if (!(error instanceof HaulError) || !error.retry) throw error;
      breaks = offset > start ? 1 : breaks + 1;
      if (breaks >= ATTEMPTS) throw error;
    }
  }
}

interface Reading {
  readonly bucket: Bucket;
  readonly key: string;
  /** The object whose beginning was read; "" and -1 where nothing was. */
  readonly known: { readonly etag: string; readonly size: number };
  readonly asked: Asked;
}

async function openAt(reading: Reading, offset: number, signal: AbortSignal) {
  const { bucket, key, known, asked } = reading;
  const headers = {
    ...(known.etag === "" ? {} : { "if-match": `"${known.etag}"` }),
    ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
  };
  const answer = await bucket.ask({ asked, key, query: {}, headers }, signal, [416]);
  const listed: Listed = { key, ...known, modified: "", storageClass: "" };
  const span = readSpan(answer, listed, offset, asked);
  const { etag } = readHead(answer.headers, span.size, offset);
  // Everything had come when the connection broke: there is nothing to ask for.
  if (answer.status === 416) answer.body.destroy();
  const bytes = answer.status === 416 ? [] : bodyFrom(answer, offset, span, asked, signal);
  return { known: { etag: etag || known.etag, size: span.size }, bytes };
}

/** A store that answers a range with the whole object is read up to the offset first. */
async function* bodyFrom(
  answer: Answer,
  offset: number,
  span: { readonly start: number; readonly size: number },
  asked: Asked,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let at = span.start;
  try {
    for await (const chunk of answer.body) {
      const from = Math.max(0, offset - at);
      at += chunk.length;
      if (from < chunk.length) yield chunk.subarray(from);
    }
  } catch (error) {
    throw networkTrouble(error, asked.name, signal);
  }
  if (span.size < 0 || at === span.size) return;
  const says = `${asked.name}: the answer ended after ${at} of ${span.size} bytes`;
  throw new HaulError("broken", says, { retry: true });
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
