/**
 * The properties of an XMP packet that are the picture's own. A packet is RDF: a description of the picture holds
 * properties, and a property may hold descriptions of other things, dates and all: the pictures that it was made
 * of (xmpMM:Pantry, xmpMM:Ingredients), its history, its versions. Those are passed over.
 */

import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from "saxes";

/** No property that is asked for is longer. */
const LONGEST_VALUE = 200;

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const ENVELOPES = new Set(["adobe:ns:meta/xmpmeta", "adobe:ns:meta/xapmeta", `${RDF}RDF`]);

/** What prefixes mean that are not declared, as in a packet that a sloppy program cut out. */
const USUAL_PREFIXES: Readonly<Record<string, string>> = {
  rdf: RDF,
  x: "adobe:ns:meta/",
  exif: "http://ns.adobe.com/exif/1.0/",
  photoshop: "http://ns.adobe.com/photoshop/1.0/",
  xmp: "http://ns.adobe.com/xap/1.0/",
  xap: "http://ns.adobe.com/xap/1.0/",
  xmpDM: "http://ns.adobe.com/xmp/1.0/DynamicMedia/",
  acdsee: "http://ns.acdsee.com/iptc/1.0/",
};

/**
 * The values of properties, by namespace and name in one, as RDF names them: `http://ns.adobe.com/exif/1.0/DateTimeOriginal`.
 * Never throws.
 * @param wanted what to look for; each that is there once, the first of several
 */
export function propertiesIn(xmp: string, wanted: ReadonlySet<string>): ReadonlyMap<string, string> {
  const reader = new PropertyReader(wanted);
  readXml(xmp, {
    open: (tag) => reader.open(tag),
    close: () => reader.close(),
    text: (text) => reader.text(text),
    namespaces: USUAL_PREFIXES,
  });
  return reader.values();
}

/**
 * `envelope`: x:xmpmeta, rdf:RDF. `node`: the description of something that is named, which is the picture.
 * `property`: of a node. `inside`: whatever lies in the value of a property.
 */
type XmlLevel = "envelope" | "node" | "property" | "inside";

class PropertyReader {
  readonly #wanted: ReadonlySet<string>;
  readonly #levels: XmlLevel[] = [];
  /** By what they are said of (rdf:about). */
  readonly #found = new Map<string, Map<string, string>>();
  #about = "";
  /** The property that is read now, and its value so far; null outside of those that are wanted. */
  #reading: { readonly name: string; value: string } | null = null;
  /** How deep the element lies whose text is the value: the property itself, or an rdf:value in it. */
  #valueAt = 0;

  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  open(tag: SaxesTagNS): void {
    const name = `${tag.uri}${tag.local}`;
    const level = this.#levelOf(name);
    this.#levels.push(level);
    if (level === "node") this.#openNode(Object.values(tag.attributes));
    if (level === "property" && this.#wanted.has(name)) {
      this.#reading = { name, value: "" };
      this.#valueAt = this.#levels.length;
    }
    // A value with qualifiers: <exif:DateTimeOriginal><rdf:Description><rdf:value>…
    if (level !== "inside") return;
    if (name === `${RDF}value`) this.#valueAt = this.#levels.length;
    else if (this.#valueAt === this.#levels.length) this.#valueAt = 0;
  }

  close(): void {
    if (this.#levels.pop() !== "property" || this.#reading === null) return;
    this.#put(this.#reading.name, this.#reading.value);
    this.#reading = null;
  }

  text(text: string): void {
    const reading = this.#reading;
    if (reading === null || this.#levels.length !== this.#valueAt) return;
    if (reading.value.length <= LONGEST_VALUE) reading.value += text.slice(0, LONGEST_VALUE);
  }

  /** What is said of "" is of the picture; of other things that are named side by side, the first is meant. */
  values(): ReadonlyMap<string, string> {
    const [first] = this.#found.values();
    return this.#found.get("") ?? first ?? new Map();
  }

  #levelOf(name: string): XmlLevel {
    const above = this.#levels.at(-1) ?? "envelope";
    if (above === "envelope") {
      if (ENVELOPES.has(name)) return "envelope";
      return this.#wanted.has(name) ? "property" : "node";
    }
    return above === "node" ? "property" : "inside";
  }

  #openNode(attributes: readonly SaxesAttributeNS[]): void {
    const about = attributes.find(({ uri, local }) => local === "about" && (uri === RDF || uri === ""));
    this.#about = about?.value ?? "";
    this.#said();
    for (const { uri, local, value } of attributes) this.#put(`${uri}${local}`, value);
  }

  #put(name: string, value: string): void {
    const text = value.trim();
    if (!this.#wanted.has(name) || text === "" || text.length > LONGEST_VALUE) return;
    const values = this.#said();
    if (!values.has(name)) values.set(name, text);
  }

  /** What is said of that which is read now. */
  #said(): Map<string, string> {
    const values = this.#found.get(this.#about) ?? new Map<string, string>();
    this.#found.set(this.#about, values);
    return values;
  }
}

/** A packet in a JPEG is at most 64 KB; sidecars of much edited photos reach some hundred. */
const LONGEST_XML = 1 << 20;
/** No value of a property is known to nest more than ten deep. */
const DEEPEST_XML = 64;
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

/**
 * Reads XML that anybody may have written: strict about nothing, no entity of a document's own is resolved, and a
 * document made to exhaust its reader is left where it goes too deep, is too wrong or too long; what was read until
 * then stands. Never throws.
 */
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
    if (depth > DEEPEST_XML) throw new Enough();
    reader.open(tag);
  });
  parser.on("closetag", () => {
    depth -= 1;
    reader.close?.();
  });
  parser.on("text", (said) => reader.text?.(said));
  parser.on("cdata", (said) => reader.text?.(said));
  try {
    parser.write(text.slice(0, LONGEST_XML).replace(BARE, "&amp;")).close();
  } catch (error) {
    // saxes itself throws where it can make nothing at all of it
    if (!(error instanceof Error)) throw error;
  }
}
