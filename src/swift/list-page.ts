/**
 * One page of a listing of a container, read strictly: whatever is not a whole page throws, so that a cut
 * answer or an error page of a proxy is never taken for the end of a container.
 */

import { z } from "zod";
import { bareEtag } from "../http/header.ts";
import { decodeKey } from "../key.ts";
import type { Listed } from "../model.ts";

/** Thrown where the text is no page. */
export class MalformedPage extends Error {}

/** An entry that has no bytes of its own: it may be a list of others (a DLO), which only its head tells. */
export interface Row {
  readonly object: Listed;
  readonly mayBeList: boolean;
}

const Entry = z.object({
  name: z.string().min(1),
  bytes: z.number().int().nonnegative(),
  hash: z.string(),
  last_modified: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/),
  content_type: z.string().nullish(),
  /** Of an SLO: the ETag that a GET will have; `hash` is that of its list. */
  slo_etag: z.string().nullish(),
});
const Entries = z.array(Entry);

/** @throws MalformedPage */
export function readListPage(body: Buffer): Row[] {
  if (body.length === 0) return [];
  const read = Entries.safeParse(parsed(body.toString("utf8")));
  if (!read.success) throw new MalformedPage("an entry without name, size or date");
  return read.data.map((entry) => ({
    object: {
      key: decodeKey(Buffer.from(entry.name, "utf8")),
      size: entry.bytes,
      etag: bareEtag(entry.slo_etag ?? entry.hash),
      modified: `${entry.last_modified}Z`,
      storageClass: "STANDARD",
    },
    mayBeList: entry.bytes === 0 && entry.content_type !== "application/directory",
  }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedPage("it is no JSON");
  }
}
