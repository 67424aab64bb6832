/** A key taken apart, and what pieces of keys have in common. Keys are in the spelling of `normalStem`. */

/** A key in its parts. */
export interface KeyParts {
  readonly folders: readonly string[];
  readonly base: string;
  /** Without the dot; "" where there is none. */
  readonly extension: string;
}

const EXTENSION = /^(.+)\.([a-z0-9]{1,5})$/;

/** Takes a key in the spelling of `normalStem` apart. */
export function keyParts(text: string): KeyParts {
  const folders = text.split("/");
  const file = folders.pop() ?? "";
  const [, base, extension] = EXTENSION.exec(file) ?? [];
  return { folders, base: base ?? file, extension: extension ?? "" };
}

/** Where a name stands in another between breaks; −1 where it does not. */
export function standsIn(text: string, name: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = at === 0 || isBreak(text[at - 1] ?? "");
    const after = text[at + name.length];
    if (before && (after === undefined || isBreak(after))) return at;
  }
  return -1;
}

function isBreak(char: string): boolean {
  return char < "\x80" && !/[a-z0-9]/.test(char);
}

/** How many items two lists have in common from their beginning. */
export function alike(a: readonly string[], b: readonly string[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n += 1;
  return n;
}
