/** Keys on the wire: percent-encoded bytes in addresses and in listings with `encoding-type=url`. */

import { decodeKey, encodeKey } from "../key.ts";

const HEX = Array.from({ length: 256 }, (_, byte) =>
  `%${byte.toString(16).padStart(2, "0")}`.toUpperCase(),
);
/** RFC 3986 unreserved: what SigV4 leaves as it is. */
const UNRESERVED = /^[A-Za-z0-9\-._~]*$/;
const UNRESERVED_OR_SLASH = /^[A-Za-z0-9\-._~/]*$/;

/** A key as the path of an address: everything but unreserved characters and `/` encoded. */
export function keyToPath(key: string): string {
  return UNRESERVED_OR_SLASH.test(key) ? key : percentEncode(key).replaceAll("%2F", "/");
}

/** Parameters as a query, in the order that SigV4 wants them; values are keys or plain text. */
export function toQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.keys(parameters)
    .sort()
    .map((name) => `${percentEncode(name)}=${percentEncode(parameters[name] ?? "")}`)
    .join("&");
}

function percentEncode(text: string): string {
  if (UNRESERVED.test(text)) return text;
  let out = "";
  for (const byte of encodeKey(text)) {
    const char = String.fromCharCode(byte);
    out += byte < 0x80 && UNRESERVED.test(char) ? char : HEX[byte];
  }
  return out;
}

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
