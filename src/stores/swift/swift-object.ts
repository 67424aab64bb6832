/** One object in one request: written, opened at an offset, looked at; and what the store takes. */

import { z } from "zod";
import type { ObjectHead } from "../../model.ts";
import { bareEtag, type Headers, type HeadForm, headOf, isoTime, one, utf8 } from "../http/header.ts";
import { type OpenOptions, openBody, openedObject } from "../http/object-body.ts";
import type { Put, SmallPut } from "../http/request-body.ts";
import { readBody } from "../http/wire.ts";
import type { Meant, Opened } from "../source.ts";
import type { Container, SwiftAccount } from "./account.ts";

/** One attempt. @throws HaulError, as the table in swift-error-map.ts says */
export async function putObject(
  container: Container,
  { key, body, md5, headers, onlyNew }: SmallPut,
  signal: AbortSignal,
): Promise<Put> {
  const asked = container.asked("write", key);
  const sent = { ...headers, etag: md5, ...(onlyNew ? { "if-none-match": "*" } : {}) };
  const request = { asked, method: "PUT" as const, key, body, headers: sent };
  const answer = await container.ask(request, signal, [412]);
  await readBody(answer, asked, signal);
  if (answer.status === 412) return "taken";
  return { etag: bareEtag(one(answer.headers, "etag")), opaque: false };
}

/** What lies under a key; null where nothing does. One attempt. */
export async function headObject(container: Container, key: string, signal: AbortSignal): Promise<ObjectHead | null> {
  const asked = container.asked("object", key);
  const answer = await container.ask({ asked, method: "HEAD", key }, signal, [404]);
  await readBody(answer, asked, signal);
  if (answer.status === 404) return null;
  const length = one(answer.headers, "content-length");
  return readHead(answer.headers, /^\d+$/.test(length) ? Number(length) : -1);
}

/** Takes one segment of a large object back, if it is there; nothing else is ever deleted. One attempt. */
export async function deleteSegment(container: Container, key: string, signal: AbortSignal): Promise<void> {
  const asked = container.asked("write", key);
  const answer = await container.ask({ asked, method: "DELETE", key }, signal, [404]);
  await readBody(answer, asked, signal);
}

/** One attempt. @throws HaulError, as the table in swift-error-map.ts says */
export async function openObject(
  container: Container,
  { key, etag, size }: Meant,
  offset: number,
  { signal, atOnce }: OpenOptions,
): Promise<Opened> {
  const asked = { ...container.asked("object", key), ...(atOnce && offset === 0 ? { atOnce: size } : {}) };
  const headers = {
    ...(etag === "" ? {} : { "if-match": `"${etag}"` }),
    ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
  };
  const answer = await container.ask({ asked, key, headers }, signal, [416]);
  const opened = openBody(answer, { key, etag, size }, offset, { asked, signal, undoing: container.undoing });
  return openedObject(opened, readHead(opened.headers, opened.size));
}

const FORM: HeadForm = { metadata: "x-object-meta-", text: utf8 };

/** @param size of the whole object, in bytes */
function readHead(headers: Headers, size: number): ObjectHead {
  const head = headOf(headers, size, FORM);
  return {
    ...head,
    modified: exactly(one(headers, "x-timestamp")) || head.modified,
    ...(isLarge(headers) ? { opaqueEtag: true } : {}),
  };
}

/** True for objects that are made of others: their ETag is that of a list (SLO), or of names (DLO). */
function isLarge(headers: Headers): boolean {
  const isStatic = one(headers, "x-static-large-object").toLowerCase() === "true";
  return isStatic || one(headers, "x-object-manifest") !== "";
}

/** Seconds since 1970, which Last-Modified has rounded up, as ISO 8601; "" where the text is none. */
function exactly(seconds: string): string {
  return /^\d{1,12}(\.\d+)?$/.test(seconds) ? isoTime(Number(seconds) * 1000) : "";
}

export interface Limits {
  /** Bytes of an object in one piece. */
  readonly largestPiece: number;
  /** Bytes of an object's name. */
  readonly longestName: number;
  /** Pieces of a static large object; 0 where the store makes none. */
  readonly mostSegments: number;
}

/** Defaults of swift/common/constraints.py and middleware/slo.py. */
export const USUAL_LIMITS: Limits = { largestPiece: 5_368_709_122, longestName: 1024, mostSegments: 1000 };

const Info = z.object({
  swift: z.object({
    max_file_size: z.number().int().positive().default(USUAL_LIMITS.largestPiece),
    max_object_name_length: z.number().int().positive().default(USUAL_LIMITS.longestName),
  }),
  slo: z.object({ max_manifest_segments: z.number().int().default(USUAL_LIMITS.mostSegments) }).optional(),
});

/** Asks once. @throws HaulError where the store cannot be reached */
export async function readLimits(account: SwiftAccount, signal: AbortSignal): Promise<Limits> {
  const read = Info.safeParse(await account.info(signal));
  if (!read.success) return USUAL_LIMITS;
  const { swift, slo } = read.data;
  return {
    largestPiece: swift.max_file_size,
    longestName: swift.max_object_name_length,
    mostSegments: slo?.max_manifest_segments ?? 0,
  };
}
