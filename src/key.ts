/**
 * Keys are bytes; JavaScript has strings. A key that is valid UTF-8 is that string. Bytes that are not
 * are carried one by one as U+EF80…U+EFFF (the private-use convention of MirOS's OPTU-8), and a key that
 * truly holds such a character has its three bytes carried the same way, so `decodeKey` and `encodeKey`
 * are inverse to each other for every sequence of bytes.
 */

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const OCTET = 0xef00;
const SURROGATES = 0xd800;
const carried = /[\uef80-\uefff]/;

/** Bytes of a key → the string that stands for it everywhere in photohaul. */
export function decodeKey(bytes: Uint8Array): string {
  try {
    const text = strictUtf8.decode(bytes);
    if (!carried.test(text)) return text;
  } catch {
    // not UTF-8: carried below, sequence by sequence
  }
  let out = "";
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    const piece = bytes.subarray(at, at + length);
    out += decodeSequence(piece);
    at += length;
  }
  return out;
}

/** The string → the bytes of the key. */
export function encodeKey(key: string): Buffer {
  if (!carried.test(key)) return Buffer.from(key, "utf8");
  const parts: Buffer[] = [];
  for (const char of key) {
    const code = char.codePointAt(0) ?? 0;
    parts.push(carried.test(char) ? Buffer.from([code - OCTET]) : Buffer.from(char, "utf8"));
  }
  return Buffer.concat(parts);
}

/** Order of keys in a listing: by their bytes, which is not the order of JavaScript strings. */
export function compareKeys(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === most) return Math.sign(a.length - b.length);
  const [first, second] = [a.charCodeAt(at), b.charCodeAt(at)];
  // Below the surrogates, and what is carried above them, the order of UTF-16 is that of UTF-8.
  if (first < SURROGATES && second < SURROGATES) return first < second ? -1 : 1;
  return Buffer.compare(encodeKey(a), encodeKey(b));
}

/** The folder that a key or path lies in, without a slash at its end; "" at the top. */
export function folderOf(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf("/")));
}

/** False for a key that is no path below a folder: an empty part, one that leads up or nowhere, a NUL. */
export function isPlainPath(key: string): boolean {
  return !key.includes("\0") && key.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const wanted = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  try {
    if (at + wanted <= bytes.length) {
      strictUtf8.decode(bytes.subarray(at, at + wanted));
      return wanted;
    }
  } catch {
    // not a sequence: one byte on its own
  }
  return 1;
}

function decodeSequence(piece: Uint8Array): string {
  try {
    const text = strictUtf8.decode(piece);
    if (!carried.test(text)) return text;
  } catch {
    // carried below
  }
  return Array.from(piece, (byte) => String.fromCharCode(OCTET + byte)).join("");
}

/**
 * A hash that is the same on every run and machine, for samples that must come out the same: FNV-1a with a final mix,
 * so that the low bits are as good as the high ones; 32 bits, not negative.
 */
export function keyHash(text: string): number {
  return endHash(hashOn(text));
}

/** FNV-1a without the final mix; of a text in pieces, each goes on from the one `before`. */
export function hashOn(text: string, before = 0x811c9dc5): number {
  let h = before;
  for (let at = 0; at < text.length; at += 1) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  return h;
}

/** The `keyHash` of a text whose pieces gave this. */
export function endHash(hash: number): number {
  const h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

/** How many items two lists have in common from their beginning: parts of keys, or their characters. */
export function alike<T>(a: readonly T[], b: readonly T[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n += 1;
  return n;
}
