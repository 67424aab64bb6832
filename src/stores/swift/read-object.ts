/** Opens objects at an offset, and asks for pages of the listing. */

import { HaulError } from "../../errors.ts";
import { type OpenOptions, openBody, openedObject } from "../http/object-body.ts";
import type { Meant } from "../http/whole-object.ts";
import { readBody } from "../http/wire.ts";
import type { Opened } from "../source.ts";
import type { Container } from "./container.ts";
import { MalformedPage, type Row, readListPage } from "./list-page.ts";
import { readHead } from "./object-head.ts";

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

/** One attempt. @throws HaulError `listing` for a page that is none */
export async function listPage(
  container: Container,
  query: Readonly<Record<string, string>>,
  name: string,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const asked = { kind: "listing" as const, name };
  const answer = await container.ask({ asked, query: { format: "json", ...query } }, signal);
  const body = await readBody(answer, asked, signal);
  try {
    return readListPage(body);
  } catch (cause) {
    if (!(cause instanceof MalformedPage)) throw cause;
    const says = `${name}: the store sent a page of its listing that cannot be trusted (${cause.message})`;
    throw new HaulError("listing", says, { retry: true, cause });
  }
}
