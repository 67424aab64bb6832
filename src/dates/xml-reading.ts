/**
 * Reads XML that anybody may have written: strict about nothing, no entity of a document's own is resolved, and a
 * document made to exhaust its reader is left where it goes too deep, is too wrong or too long; what was read until
 * then stands.
 */

import { SaxesParser, type SaxesTagNS } from "saxes";

/** A packet in a JPEG is at most 64 KB; sidecars of much edited photos reach some hundred. */
const LONGEST = 1 << 20;
/** No value of a property is known to nest more than ten deep. */
const DEEPEST = 64;
/** Each costs some microseconds; a document of a sloppy program has a few. */
const MOST_ERRORS = 100;
/** An ampersand that begins no entity, as in a caption of a sloppy program; the parser looks for its end however far. */
const BARE = /&(?!(?:[A-Za-z]\w{0,30}|#\w{1,8});)/g;

/** What is called back; namespaces are resolved. */
export interface XmlReader {
  readonly open: (tag: SaxesTagNS) => void;
  readonly close?: () => void;
  readonly text?: (text: string) => void;
  /** What prefixes mean that are not declared. */
  readonly namespaces?: Readonly<Record<string, string>>;
}

/** Thrown within the parser only: the document is not worth reading on. */
class Enough extends Error {}

/** Never throws. */
export function readXml(text: string, reader: XmlReader): void {
  const { namespaces = {} } = reader;
  const options = { xmlns: true, position: false, additionalNamespaces: namespaces } as const;
  const parser = new SaxesParser(options);
  let errors = 0;
  let depth = 0;
  parser.on("error", () => {
    errors += 1;
    if (errors > MOST_ERRORS) throw new Enough();
  });
  parser.on("opentag", (tag) => {
    depth += 1;
    if (depth > DEEPEST) throw new Enough();
    reader.open(tag);
  });
  parser.on("closetag", () => {
    depth -= 1;
    reader.close?.();
  });
  parser.on("text", (said) => reader.text?.(said));
  parser.on("cdata", (said) => reader.text?.(said));
  try {
    parser.write(text.slice(0, LONGEST).replace(BARE, "&amp;")).close();
  } catch (error) {
    // saxes itself throws where it can make nothing at all of it
    if (!(error instanceof Error)) throw error;
  }
}
