/**
 * Keys, EXIF fields and answers of servers are written by strangers. Whatever is shown passes through one of
 * these first, so that no name can move a cursor, turn text around, run as a formula or open a tag. Pure.
 */

/** Bytes of a key that are not UTF-8, as key.ts carries them. */
const CARRIED = "\\uef80-\\uefff";
/** C0 and C1 controls, line separators, marks that turn the direction of writing or cannot be seen, tags. */
const UNSEEN =
  "\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e0fff}";
const unsafe = new RegExp(`[${UNSEEN}${CARRIED}]|\\p{Surrogate}`, "gu");
const unsafeInJson = new RegExp(`(?!\\n)[${UNSEEN}]`, "gu");

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** One line that any terminal can show: what cannot be seen is written out as `\n`, `\x1b` or `\u{202e}`. */
export function forTerminal(text: string): string {
  return text.replace(unsafe, (char) => SHORT[char] ?? writtenOut(char.codePointAt(0) ?? 0));
}

function writtenOut(code: number): string {
  if (code >= 0xef80 && code <= 0xefff) return `\\x${(code - 0xef00).toString(16)}`;
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.padStart(2, "0")}` : `\\u{${digits}}`;
}

/**
 * JSON that means exactly `value`, with nothing in it that a terminal would act upon.
 * @param indent spaces for each level; 0 for all on one line
 */
export function forJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(unsafeInJson, (char) =>
    Array.from({ length: char.length }, (_, at) => {
      return `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`;
    }).join(""),
  );
}

/** What a spreadsheet takes for a formula when a cell starts with it (OWASP, "CSV injection"), and our own mark. */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20']/;

/**
 * A cell of text that no spreadsheet runs: one that looks like a formula, or starts with an apostrophe itself, gets an
 * apostrophe before it. Take one leading apostrophe away and the text is back.
 */
export function guarded(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** The text of a cell that was `guarded`. */
export function unguarded(cell: string): string {
  return cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;
}

const ENTITY: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an element or a quoted attribute of HTML. */
export function forHtml(text: string): string {
  return forTerminal(text).replace(/[&<>"']/g, (char) => ENTITY[char] ?? char);
}

/** Anywhere in a line, or only where it starts one, or where GitHub would make a link or a mention of it. */
const markup = /[\\`*_[\]<>|~&@]|^(?:[#+=-]|\s)|(?<=^\d+)[.)](?=\s|$)|(?<=https?|ftp):(?=\/\/)|(?<=www)\./gi;

/** Text for a table cell or a line of Markdown, where it means nothing but itself. */
export function forMarkdown(text: string): string {
  return forTerminal(text).replace(markup, (char) =>
    char === "<" || char === ">" || char === "&" ? (ENTITY[char] ?? char) : `\\${char}`,
  );
}

/** At most `length` characters, cut in the middle, where a path says least. */
export function shortened(text: string, length: number): string {
  const chars = Array.from(text);
  if (chars.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${chars.slice(0, length - 1 - tail).join("")}…${chars.slice(chars.length - tail).join("")}`;
}

/** An error as a person reads it: what happened, what it means for the photos, what to do next. @param lines as `explainError` gives them */
export function errorPage(lines: readonly string[]): string {
  const [what = "", ...rest] = lines.map((line) => forTerminal(line));
  return [`photohaul: ${what}`, ...rest.map((line) => `  ${line}`)].join("\n");
}
