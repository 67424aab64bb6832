/**
 * One page of a listing of a container, read strictly: whatever is not a whole page throws, so that a cut
 * answer or an error page of a proxy is never taken for the end of a container.
 */

import { z } from "zod";
import { HaulError } from "../../errors.ts";
import { decodeKey } from "../../key.ts";
import type { Listed } from "../../model.ts";
import { bareEtag, isoDate } from "../http/header.ts";

import { readBody } from "../http/wire.ts";
import type { Container } from "./account.ts";

/** Thrown where the text is no page. */
export class MalformedPage extends Error {}

export interface ContainerEntry {
  /** Its date is "" where the store names none, and its size 0. */
  readonly object: Listed;
  /**
   * True where only the object's head tells: an entry that has no bytes of its own may be a list of others (a DLO), and
   * one may name no size.
   */
  readonly asksHead: boolean;
}

const Entries = z.array(z.object({ name: z.string().min(1) }).loose());
const Size = z.number().int().nonnegative();
const Text = z.string().catch("");

/**
 * An entry costs nobody but itself what it does not say well.
 * @throws MalformedPage
 */
export function readListPage(body: Buffer): ContainerEntry[] {
  if (body.length === 0) return [];
  const read = Entries.safeParse(parsed(body.toString("utf8")));
  if (!read.success) throw new MalformedPage("an entry without a name");
  return read.data.map((entry) => {
    const size = Size.safeParse(entry.bytes);
    // Of an SLO `slo_etag` is what a GET will have; `hash` is that of its list.
    const etag = Text.parse(entry.slo_etag) || Text.parse(entry.hash);
    return {
      object: {
        key: decodeKey(Buffer.from(entry.name, "utf8")),
        size: size.data ?? 0,
        etag: bareEtag(etag),
        modified: inUtc(Text.parse(entry.last_modified)),
        storageClass: "STANDARD",
      },
      asksHead: (size.data ?? 0) === 0 && entry.content_type !== "application/directory",
    };
  });
}

/** Swift leaves the zone out, which is UTC; Ceph writes it. ISO 8601; "" for what is no date. */
function inUtc(text: string): string {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
  // What it says to the microsecond is kept.
  return isoDate(zoned) !== "" && zoned.endsWith("Z") ? zoned : isoDate(zoned);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedPage("it is no JSON");
  }
}

/** One attempt. @throws HaulError `listing` for a page that is none */
export async function listPage(
  container: Container,
  query: Readonly<Record<string, string>>,
  name: string,
  signal: AbortSignal,
): Promise<readonly ContainerEntry[]> {
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
