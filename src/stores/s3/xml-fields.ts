/** The fields of a small answer of S3: of an error, of an upload in parts, of a copy; written as any store may write XML. */

import { readEither } from "./regular-xml.ts";
import { MalformedXml, readChildren, readRoot, readText } from "./xml.ts";

/** The elements directly within the root, by name, their text trimmed. */
export type Fields = ReadonlyMap<string, string>;

/** @returns none for a body that is no such thing */
export function fieldsOf(body: Buffer): Fields {
  return documentOf(body).fields;
}

/** What stands in `<Error>`. @returns none for anything that is not one */
export function errorFieldsOf(body: Buffer): Fields {
  const { root, fields } = documentOf(body);
  return root === "Error" ? fields : new Map();
}

function documentOf(body: Buffer): { readonly root: string; readonly fields: Fields } {
  try {
    return readEither(body, (document, made) => {
      const text = document.toString("latin1");
      const fields = new Map<string, string>();
      const root = readRoot(text, (name, from, to) => {
        readChildren(text, from, to, (field, start, end) => fields.set(field, readText(text, start, end).trim()));
        return name;
      });
      const prefixed = [root, ...fields.keys()].some((name) => name.includes(":"));
      if (prefixed && !made) throw new MalformedXml("its names have prefixes");
      return { root, fields };
    });
  } catch {
    // A page of a proxy, or nothing: whoever asks goes by the status, or misses what is looked for.
    return { root: "", fields: new Map() };
  }
}
