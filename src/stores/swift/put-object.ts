/** Writes one object in one request, asks what lies under a key, and takes a segment back. */

import type { ObjectHead } from "../../model.ts";
import { bareEtag, one } from "../http/header.ts";
import type { Put, Writing } from "../http/request-body.ts";
import { readBody } from "../http/wire.ts";
import type { Container } from "./container.ts";
import { readHead } from "./object-head.ts";

/** One attempt. @throws HaulError, as the table in swift-error-map.ts says */
export async function putObject(
  container: Container,
  { key, body, md5, headers, onlyNew }: Writing,
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
