/**
 * XML as few stores write it → as xml.ts reads it: comments, CDATA, prefixes of namespaces, attributes with any
 * characters, other encodings than UTF-8. It reads strictly: what is no XML throws. Beyond what XML 1.0 takes are bytes
 * that are no UTF-8, and control characters, for keys may have them.
 */

import { MalformedXml } from "./xml.ts";

const DECLARED = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']/;
/** These are read byte by byte. Where `utf-16` is said of bytes that plainly are not, it is not believed. */
const BYTES = /^(utf-?8|us-ascii|ascii|utf-?16(le|be)?)$/i;
const BOM = "\xef\xbb\xbf";

/** True for a page without anything that the regular reader would take for something else. One byte is found fast. */
export function isRegular(body: Buffer): boolean {
  const declared = DECLARED.exec(headOf(body))?.[1];
  if (body.includes(0) || (body.includes(0x21) && body.includes("<!"))) return false;
  const begun = body.indexOf("?>") + 2;
  if (body.includes(0x3f, begun) && body.includes("<?", begun)) return false;
  return declared === undefined || BYTES.test(declared);
}

function headOf(body: Buffer): string {
  const head = body.toString("latin1", 0, 200);
  return head.startsWith(BOM) ? head.slice(BOM.length) : head;
}

/** A comment, CDATA (1), instruction, tag (2 to 5: its slash, name, attributes, slash at the end), or text (6). */
const TOKEN =
  /<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\?.*?\?>|<(\/?)([^\s<>/!?"'=\0]+)((?:\s+[^\s<>/"'=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/sy;
/** Root, entry, field: what lies within a field is never read. */
const DEEPEST = 3;
/** An element that must not lie so deep. */
const ENTRY = /^(Contents|Version|DeleteMarker)$/;

/** The same document, regular. @throws MalformedXml */
export function regularXml(body: Buffer): Buffer {
  const text = inUtf8(body);
  const names = new Names();
  const out: string[] = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (token === null) throw new MalformedXml(`no XML at ${at}`);
    const [, data, slash, name, attributes = "", empty, plain] = token;
    if (name !== undefined) {
      if (slash !== "/") out.push(entered(names, name, attributes));
      if (slash === "/" || empty === "/") out.push(left(names, name));
    } else if (names.depth <= DEEPEST) {
      out.push(plain ?? (data ?? "").replaceAll("&", "&amp;").replaceAll("<", "&lt;"));
    }
  }
  if (names.depth > 0) throw new MalformedXml("the document does not end");
  return Buffer.from(out.join(""), "latin1");
}

/**
 * What a reader makes of a document as it is, or else made regular.
 * @param read is told whether it was made so
 * @throws MalformedXml
 */
export function readEither<T>(body: Buffer, read: (body: Buffer, made: boolean) => T): T {
  if (isRegular(body)) {
    try {
      return read(body, false);
    } catch (error) {
      if (!(error instanceof MalformedXml)) throw error;
    }
  }
  return read(regularXml(body), true);
}

/** The tag, or nothing where it lies too deep to be read. */
function entered(names: Names, written: string, attributes: string): string {
  const name = names.enter(written, attributes);
  if (names.depth <= DEEPEST) return `<${name}>`;
  if (ENTRY.test(name)) throw new MalformedXml("the entries lie deeper than they should");
  return "";
}

function left(names: Names, written: string): string {
  const name = names.leave(written);
  return names.depth < DEEPEST ? `</${name}>` : "";
}

/** The text as UTF-8, one character a byte. */
function inUtf8(body: Buffer): string {
  const [first, second] = body;
  const little = (first === 0xff && second === 0xfe) || (first === 0x3c && second === 0);
  const big = (first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c);
  const declared = DECLARED.exec(headOf(body))?.[1] ?? "utf-8";
  const coded = little ? "utf-16le" : big ? "utf-16be" : BYTES.test(declared) ? null : declared;
  if (coded === null) {
    const text = body.toString("latin1");
    return text.startsWith(BOM) ? text.slice(BOM.length) : text;
  }
  try {
    return Buffer.from(new TextDecoder(coded, { fatal: true }).decode(body), "utf8").toString("latin1");
  } catch {
    throw new MalformedXml(`its text is not in ${coded}, as it says`);
  }
}

interface Open {
  readonly written: string;
  readonly name: string;
  /** Prefixes of namespaces that hold within it. */
  readonly spaces: ReadonlyMap<string, string>;
}

const SPACE = /\sxmlns(?::([^\s=]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** The elements that are open, by the names that S3 gives them: what has no prefix, or one that stands for the root's namespace. */
class Names {
  readonly #open: Open[] = [];
  #done = false;

  get depth(): number {
    return this.#open.length;
  }

  enter(written: string, attributes: string): string {
    if (this.depth === 0 && this.#done) throw new MalformedXml("more than one document");
    const outer: ReadonlyMap<string, string> = this.#open.at(-1)?.spaces ?? new Map();
    const spaces = attributes.includes("xmlns") ? new Map(outer) : outer;
    if (spaces instanceof Map && spaces !== outer) {
      for (const [, prefix = "", double, single] of attributes.matchAll(SPACE))
        spaces.set(prefix, double ?? single ?? "");
    }
    const name = this.#nameOf(written, spaces);
    this.#open.push({ written, name, spaces });
    return name;
  }

  /** @throws MalformedXml unless it is the innermost one */
  leave(written: string): string {
    const open = this.#open.pop();
    if (open?.written !== written) throw new MalformedXml(`</${written}> ends nothing`);
    this.#done = true;
    return open.name;
  }

  #nameOf(written: string, spaces: ReadonlyMap<string, string>): string {
    const at = written.indexOf(":");
    if (at < 0) return written;
    const local = written.slice(at + 1);
    const [root] = this.#open;
    if (root === undefined) return local;
    const rootAt = root.written.indexOf(":");
    const rootPrefix = rootAt < 0 ? "" : root.written.slice(0, rootAt);
    const prefix = written.slice(0, at);
    const space = spaces.get(prefix);
    const ours = prefix === rootPrefix || (space !== undefined && space === root.spaces.get(rootPrefix));
    return ours ? local : written.replaceAll(":", ".");
  }
}
