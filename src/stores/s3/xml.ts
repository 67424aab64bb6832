/**
 * Reads the XML that S3 answers with: elements, no attributes that matter, no mixed content, no element within one of
 * the same name. A scan with indexOf that makes no tree: a page of 1,000 keys takes a fifth of the time
 * that the SDK's parser takes. The text is the body as latin1, so that every byte of it survives. What is written
 * otherwise throws here, and is made regular first (regular-xml.ts).
 */

import { fromOutside } from "../../secrets.ts";

/** Thrown where the text is not well-formed, or cut. */
export class MalformedXml extends Error {
  /** @param says may quote the text */
  constructor(says: string) {
    super(fromOutside(says));
  }
}

const SPACE = /^[\s]*$/;

/** Calls back for the root element, with the bounds of what it holds. @throws MalformedXml */
export function readRoot<T>(text: string, visit: (name: string, start: number, end: number) => T): T {
  let from = text.startsWith("\xef\xbb\xbf") ? 3 : 0;
  const declaration = text.indexOf("<?xml", from);
  if (declaration >= 0 && SPACE.test(text.slice(from, declaration))) {
    const end = text.indexOf("?>", declaration);
    if (end < 0) throw new MalformedXml("the XML declaration does not end");
    from = end + 2;
  }
  const found: T[] = [];
  readChildren(text, from, text.length, (name, start, end) => {
    if (found.length > 0) throw new MalformedXml("more than one document");
    found.push(visit(name, start, end));
  });
  const [root] = found;
  if (root === undefined) throw new MalformedXml("no XML at all");
  return root;
}

/** Calls back for each element directly within the bounds, in order. @throws MalformedXml */
export function readChildren(
  text: string,
  from: number,
  to: number,
  visit: (name: string, start: number, end: number) => void,
): void {
  let at = from;
  for (;;) {
    at = skipSpace(text, at, to);
    if (at >= to) return;
    const open = text.indexOf(">", at);
    if (text.charCodeAt(at) !== 0x3c || open < 0 || open >= to) {
      throw new MalformedXml(`no element at ${at}`);
    }
    const name = tagName(text, at + 1, open);
    if (text.charCodeAt(open - 1) === 0x2f) {
      visit(name, open, open);
      at = open + 1;
      continue;
    }
    const close = closing(text, name, open + 1);
    const after = close + name.length + 3;
    if (close < 0 || after > to) throw new MalformedXml(`<${name}> does not end`);
    visit(name, open + 1, close);
    at = after;
  }
}

function skipSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    if (code !== 0x0a && code !== 0x20 && code !== 0x0d && code !== 0x09) break;
    at += 1;
  }
  return at;
}

const ATTRIBUTES = /^(?:\s+[^\s"'=<]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*\/?$/;

function tagName(text: string, from: number, to: number): string {
  let end = from;
  while (end < to) {
    const code = text.charCodeAt(end);
    if (code === 0x2f || code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) break;
    end += 1;
  }
  if (end === from || text.charCodeAt(from) === 0x21) throw new MalformedXml("not an element");
  // A `>` within a value would have ended the tag too early.
  if (end < to && !ATTRIBUTES.test(text.slice(end, to))) throw new MalformedXml("attributes that are none");
  return text.slice(from, end);
}

/** Where `</name>` is; the next `<` is looked at first, as most elements hold text only. */
function closing(text: string, name: string, from: number): number {
  const next = text.indexOf("<", from);
  if (next < 0) return -1;
  const leaf =
    text.charCodeAt(next + 1) === 0x2f &&
    text.startsWith(name, next + 2) &&
    text.charCodeAt(next + 2 + name.length) === 0x3e;
  return leaf ? next : text.indexOf(`</${name}>`, next);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** A character beyond the first 65,536 as the two halves that UTF-16 makes of it, as Java and .NET may write it. */
const PAIR = /&#(?:x(d[89ab][0-9a-f]{2})|(5[56]\d{3}));&#(?:x(d[c-f][0-9a-f]{2})|(5[67]\d{3}));/gi;

function onePoint(whole: string, ...halves: (string | undefined)[]): string {
  const [high = Number.NaN, low = Number.NaN] = [0, 2].map((at) =>
    halves[at] === undefined ? Number(halves[at + 1]) : Number.parseInt(halves[at], 16),
  );
  const pair = high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
  return pair ? `&#${String.fromCharCode(high, low).codePointAt(0)};` : whole;
}

/**
 * The text within bounds with its entities replaced; still one character a byte.
 * @throws MalformedXml at an entity that is none
 */
export function readText(text: string, start: number, end: number): string {
  const raw = text.slice(start, end);
  if (raw.includes("<")) throw new MalformedXml("an element where text should be");
  if (!raw.includes("&")) return raw;
  return raw.replace(PAIR, onePoint).replace(/&([^;&]*);?/g, (whole, name: string) => {
    const plain = ENTITIES[name];
    if (plain !== undefined && whole.endsWith(";")) return plain;
    const code = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
    const point =
      code === null ? Number.NaN : Number.parseInt(code[1] ?? code[2] ?? "", code[1] === undefined ? 10 : 16);
    if (!(point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff) || !whole.endsWith(";"))
      throw new MalformedXml(`no entity: ${whole}`);
    return Buffer.from(String.fromCodePoint(point), "utf8").toString("latin1");
  });
}

const PIECE = 64 * 1024;
/** Stands in the text around the entries where they were; no element of XML can be named so. */
const CUT_OUT = "\0";

/** An element directly within the root: its name, and where in which text what it holds begins and ends. */
export type Visit = (name: string, text: string, start: number, end: number) => void;

/**
 * The text of a page in pieces. To make one text of a page of 1,000 keys takes 2 ms, as memory for it is asked of the
 * system anew each time; pieces as small as these lie in memory that is there: 0.1 ms (measured, Node 24).
 */
export class PageText {
  readonly #body: Buffer;
  readonly #close: string;
  readonly #start: number;
  readonly #end: number;
  /** All but what lies from the first entry to the last. */
  readonly around: string;

  /** @param entry the name of the element of which there are many */
  constructor(body: Buffer, entry: string) {
    this.#body = body;
    this.#close = `</${entry}>`;
    const start = body.indexOf(`<${entry}>`);
    const end = body.lastIndexOf(this.#close) + this.#close.length;
    [this.#start, this.#end] = start >= 0 && end > start ? [start, end] : [0, 0];
    const [before, after] = [body.toString("latin1", 0, this.#start), body.toString("latin1", this.#end)];
    this.around = this.#end === 0 ? after : `${before}<${CUT_OUT}/>${after}`;
  }

  /**
   * Calls back for each element directly within the root, in order.
   * @param quick reads a text of whole entries at once, or answers false where it is not written as most are
   * @throws MalformedXml where the page is not whole, or another root than wanted
   */
  read(wanted: string, visit: Visit, quick: (entries: string) => boolean = () => false): void {
    const whole = readRoot(this.around, (root, from, to) => {
      if (root !== wanted) throw new MalformedXml(`<${root}> instead of <${wanted}>`);
      let found = this.#end === 0;
      readChildren(this.around, from, to, (name, start, end) => {
        if (name !== CUT_OUT) return visit(name, this.around, start, end);
        found = true;
        for (const text of this.#pieces()) {
          if (quick(text)) continue;
          readChildren(text, 0, text.length, (each, first, last) => visit(each, text, first, last));
        }
      });
      return found;
    });
    if (!whole) throw new MalformedXml("the entries lie deeper than they should");
  }

  /** Each ends with the end of an entry. */
  *#pieces(): Generator<string> {
    for (let at = this.#start; at < this.#end; ) {
      const found = this.#body.indexOf(this.#close, at + PIECE);
      const next = found < 0 ? this.#end : found + this.#close.length;
      yield this.#body.toString("latin1", at, next);
      at = next;
    }
  }
}
