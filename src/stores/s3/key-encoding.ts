/** Keys as listings write them, percent-encoded with `encoding-type=url` or as they are. */

import { decodeKey } from "../../key.ts";

const PLAIN = /^[\x20-\x7e]*$/;

/** A key as XML text holds it (one character a byte) → the key. */
export function keyFromText(text: string): string {
  return PLAIN.test(text) ? text : decodeKey(Buffer.from(text, "latin1"));
}

/**
 * How a listing writes its keys where it says that it encodes them.
 *
 * | form | blank | plus  | who                                                                                  |
 * |------|-------|-------|--------------------------------------------------------------------------------------|
 * | form | `+`   | `%2B` | Amazon, MinIO, most others                                                           |
 * | path | `%20` | `+`   | Go's `url.PathEscape` (apache/ozone#2834, versity/versitygw#1985)                    |
 * | raw  | ` `   | `+`   | stores that say so and encode nothing                                                |
 */
export type KeyForm = "form" | "path" | "raw";

/** What was seen in the keys of pages, by which their form is told; an example where one is of use. */
export interface FormSigns {
  /** A `%` that no encoder leaves: no two hex digits follow it. */
  loose: boolean;
  blank: boolean;
  /** `%20` */
  escapedBlank: boolean;
  /** `%2B` */
  escapedPlus: boolean;
  /** The first key with a `+` in it, as written. */
  plus: string | null;
  /** The first key with a percent sign and two hex digits in it, as written. */
  escape: string | null;
}

export function noSigns(): FormSigns {
  return {
    loose: false,
    blank: false,
    escapedBlank: false,
    escapedPlus: false,
    plus: null,
    escape: null,
  };
}

/** Takes down what a key as written says of the form. */
export function noteForm(signs: FormSigns, text: string): void {
  if (text.includes("+")) signs.plus ??= text;
  if (text.includes(" ")) signs.blank = true;
  if (!text.includes("%")) return;
  if (/%[0-9a-f]{2}/i.test(text)) signs.escape ??= text;
  signs.loose ||= /%(?![0-9a-f]{2})/i.test(text);
  signs.escapedBlank ||= text.includes("%20");
  signs.escapedPlus ||= /%2b/i.test(text);
}

/**
 * A key as a listing with `encoding-type=url` has it → the key. A `%` that no two hex digits follow stands for
 * itself.
 */
export function keyFromUrl(text: string, form: KeyForm = "form"): string {
  if (form === "raw" || (!text.includes("%") && !text.includes("+"))) return keyFromText(text);
  const spaced = form === "form" ? text.replaceAll("+", " ") : text;
  const quick = PLAIN.test(spaced) ? decoded(spaced) : null;
  if (quick !== null && !CARRIED.test(quick)) return quick;
  const bytes = spaced.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return keyFromText(bytes);
}

/** Characters that a key cannot hold as themselves (key.ts). */
const CARRIED = /[\uef80-\uefff]/;

/** Null where the text is no percent-encoded UTF-8. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
