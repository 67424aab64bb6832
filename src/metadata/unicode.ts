/**
 * Text that may be in any form of Unicode: XML says which by its first bytes (XML 1.0, appendix F), and what an
 * editor on Windows saved begins with a mark.
 */

type TextForm = "utf8" | "utf16le" | "utf16be" | "utf32le" | "utf32be";

/** [form, its first bytes, how many of them are a mark]; the longer first. */
const TEXT_FORMS: readonly (readonly [form: TextForm, start: readonly number[], mark: number])[] = [
  ["utf32le", [0xff, 0xfe, 0, 0], 4],
  ["utf32be", [0, 0, 0xfe, 0xff], 4],
  ["utf32le", [0x3c, 0, 0, 0], 0],
  ["utf32be", [0, 0, 0, 0x3c], 0],
  ["utf8", [0xef, 0xbb, 0xbf], 3],
  ["utf16le", [0xff, 0xfe], 2],
  ["utf16be", [0xfe, 0xff], 2],
  ["utf16le", [0x3c, 0], 0],
  ["utf16be", [0, 0x3c], 0],
  ["utf16le", [0x7b, 0], 0],
  ["utf16be", [0, 0x7b], 0],
];

/** The text, without the mark; never throws: what is no character is U+FFFD. */
export function unicodeText(bytes: Uint8Array): string {
  const known = TEXT_FORMS.find(([, start]) => start.every((byte, at) => bytes[at] === byte));
  const [form, , mark] = known ?? ["utf8", [], 0];
  const rest = Buffer.from(bytes.buffer, bytes.byteOffset + mark, bytes.byteLength - mark);
  switch (form) {
    case "utf8":
      return rest.toString("utf8");
    case "utf16le":
      return rest.toString("utf16le");
    case "utf16be":
      return Buffer.from(rest.subarray(0, rest.length & ~1))
        .swap16()
        .toString("utf16le");
    default:
      return wide(rest, form === "utf32le");
  }
}

function wide(bytes: Buffer, little: boolean): string {
  let text = "";
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    text += point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
  }
  return text;
}
