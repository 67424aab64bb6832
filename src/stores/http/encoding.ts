/** Keys in addresses: percent-encoded bytes. */

import { encodeKey } from "../../key.ts";

const HEX = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).padStart(2, "0")}`.toUpperCase());
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
