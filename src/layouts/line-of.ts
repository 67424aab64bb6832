/** Finds the line of a text on which a value of the data that was read from it stands, for error messages. */

type DataPath = readonly (string | number)[];

/** 1 is the first line. Where the value itself is absent, the line of what should have held it. */
export function lineInJson(text: string, path: DataPath): number {
  let best = 0;
  let depth = 0;
  visitJson(text, (at, place) => {
    if (place.length < depth || place.length > path.length) return;
    if (!place.every((part, i) => part === path[i])) return;
    best = at;
    depth = place.length;
  });
  return text.slice(0, best).split("\n").length;
}

/** Like `lineInJson`, for TOML as people write it: tables, arrays of tables, `name = value`. */
export function lineInToml(text: string, path: DataPath): number {
  const lines = text.split("\n");
  const names = path.filter((part) => typeof part === "string");
  const [table, index] = path;
  const field = names.at(-1);
  let start = 0;
  if (typeof table === "string" && typeof index === "number") {
    const headers = lines.flatMap((line, at) => (header(line) === table ? [at] : []));
    start = headers[index] ?? lines.findIndex((line) => assigns(line, table));
    if (names.length < 2) return Math.max(start, 0) + 1;
  }
  for (let at = Math.max(start, 0); at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (at > start && header(line) === table && typeof index === "number") break;
    if (field !== undefined && (assigns(line, field) || header(line) === field)) return at + 1;
  }
  return Math.max(start, 0) + 1;
}

function header(line: string): string | null {
  return /^\s*\[\[?\s*(?:[\w-]+\.)*([\w-]+)\s*\]\]?/.exec(line)?.[1] ?? null;
}

function assigns(line: string, name: string): boolean {
  return new RegExp(`(?:^|[{,.])\\s*"?${name}"?\\s*=`).test(line);
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Calls `see` with the offset and path of every value of a text that is JSON. */
function visitJson(text: string, see: (at: number, path: DataPath) => void): void {
  const path: (string | number)[] = [];
  const arrays: boolean[] = [];
  let expectsName = false;
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    if (token === "}" || token === "]") {
      arrays.pop();
      path.pop();
      expectsName = false;
    } else if (token === ",") {
      const last = path.at(-1);
      if (arrays.at(-1) === true && typeof last === "number") path[path.length - 1] = last + 1;
      expectsName = arrays.at(-1) === false;
    } else if (token === ":") {
      expectsName = false;
    } else if (expectsName) {
      path[path.length - 1] = String(JSON.parse(token));
    } else {
      see(match.index, [...path]);
      if (token !== "{" && token !== "[") continue;
      arrays.push(token === "[");
      path.push(token === "[" ? 0 : "");
      expectsName = token === "{";
    }
  }
}
