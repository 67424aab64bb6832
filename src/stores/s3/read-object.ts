/** Opens objects at an offset, and reads one to its end. */

import type { Exchanged } from "../http/exchange.ts";
import { one } from "../http/header.ts";
import { bytesOf, NOTHING, readSpan } from "../http/object-body.ts";
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
  const span = readSpan(answer, meant.size, offset, asked);
  const head = readHead(answer.headers, span.size, offset);
  if (answer.status !== 416) return { head, bytes: bytesOf(answer, span, asked, signal) };
  // Everything had come when the connection broke: there is nothing to ask for.
  answer.body.destroy();
  return { head, bytes: NOTHING };
}

/**
 * True where a store unpacked on the way what lies packed there, as Google's and Cloudflare's do for whoever takes no
 * gzip (rclone#2658, rclone#8137): other bytes than were listed, of a length that nobody says.
 */
function isUnpacked({ status, headers }: Exchanged): boolean {
  if (status === 416 || one(headers, "content-encoding") !== "") return false;
  const stored = one(headers, "x-goog-stored-content-encoding");
  if (stored !== "" && stored !== "identity") return true;
  if (/^\s*214\b/.test(one(headers, "warning"))) return true;
  return one(headers, "content-length") === "" && one(headers, "etag").startsWith("W/");
}
