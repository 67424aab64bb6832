/** Opens objects at an offset, reads one to its end, and lists what begins with a prefix. */

import { HaulError } from "../../errors.ts";
import type { Listed } from "../../model.ts";
import { retrying } from "../../retry.ts";
import { openBody } from "../http/object-body.ts";
import { type Meant, type OpenedObject, readWhole } from "../http/whole-object.ts";
import { readBody } from "../http/wire.ts";
import type { Container } from "./container.ts";
import { MalformedPage, type Row, readListPage } from "./list-page.ts";
import { readHead } from "./object-head.ts";

/** One attempt. @throws HaulError, as the table in refusal.ts says */
export async function openObject(
  container: Container,
  { key, etag, size }: Meant,
  offset: number,
  signal: AbortSignal,
): Promise<OpenedObject> {
  const asked = container.asked("object", key);
  const headers = {
    ...(etag === "" ? {} : { "if-match": `"${etag}"` }),
    ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
  };
  const answer = await container.ask({ asked, key, headers }, signal, [416]);
  const opened = openBody(answer, { key, etag, size }, offset, { asked, signal, undoing: container.undoing });
  return { head: readHead(opened.headers, opened.size), bytes: opened.bytes };
}

/** @throws HaulError `missing`, `archived`, …; a break only after it was mended in vain */
export function readObject(container: Container, key: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  return readWhole(
    async (known, offset) => {
      const { head, bytes } = await openObject(container, { key, ...known }, offset, signal);
      return { known: head, bytes };
    },
    container.asked("object", key).name,
    signal,
  );
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

/** Everything whose key begins so, in the order of the store; for little. @throws HaulError */
export async function listObjects(
  container: Container,
  prefix: string,
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  const { name } = container.asked("listing", prefix);
  const found: Listed[] = [];
  for (;;) {
    const marker = found.at(-1)?.key;
    const query = { prefix, ...(marker === undefined ? {} : { marker }) };
    const rows = await retrying(() => listPage(container, query, name, signal), { signal });
    const last = rows.at(-1)?.object.key;
    if (last === undefined) return found;
    if (last === marker) throw new HaulError("listing", `${name}: the listing does not go on`);
    found.push(...rows.map(({ object }) => object));
  }
}
