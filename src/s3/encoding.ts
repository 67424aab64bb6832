/** Keys as listings write them, percent-encoded with `encoding-type=url` or as they are. */

import { decodeKey } from "../key.ts";

const PLAIN = /^[\x20-\x7e]*$/;

/** A key as XML text holds it (one character a byte) → the key. */
export function keyFromText(text: string): string {
  return PLAIN.test(text) ? text : decodeKey(Buffer.from(text, "latin1"));
}

/**
 * A key as a listing with `encoding-type=url` has it → the key. `+` is a space there, as Amazon and most
 * others write it; a `%` that no two hex digits follow stands for itself.
 */
export function keyFromUrl(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return keyFromText(text);
  const spaced = text.replaceAll("+", " ");
  const quick = PLAIN.test(spaced) ? decoded(spaced) : null;
  if (quick !== null && !CARRIED.test(quick)) return quick;
  const bytes = spaced.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
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
