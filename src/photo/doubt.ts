/** What speaks against bytes that no digest proves. */

import type { Fetching } from "./fetch.ts";
import { mayBePacked } from "./packed.ts";
import type { Received } from "./receive.ts";

const PAGES = /\.(x?html?|mht(ml)?|svg)$/i;

/** The page that a network or a proxy answers with, whatever was asked for. */
function isPage(firstBytes: Buffer): boolean {
  return /^(\xef\xbb\xbf)?\s*<(!doctype\s+html|html)[\s>]/i.test(firstBytes.toString("latin1", 0, 200));
}

type Doubtful = Pick<Fetching, "object" | "joined" | "another" | "head"> & Pick<Received, "firstBytes">;

/** Why bytes of the right length are not taken where nothing else proves them; null where they may be. */
export async function doubtOf({ object, joined, another, head, firstBytes }: Doubtful): Promise<string | null> {
  const first = await firstBytes();
  if (isPage(first) && !PAGES.test(object.key)) return "a page of HTML came in its place, perhaps that of a login";
  if (joined) return "the connection broke, and nothing proves that what came after it is of the same object";
  if (!another || !mayBePacked(head, first)) return null;
  return "it was overwritten since it was listed, and comes packed: only the next listing tells whether it lies so";
}
