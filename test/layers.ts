/**
 * The house: which file stands on which floor, and what no file may do. Data and one function; the test
 * beside it runs the function over src and over planted violations.
 */

import { posix } from "node:path";

export interface SourceFile {
  /** Relative to src, `/` between the segments. */
  readonly path: string;
  readonly text: string;
}

/** The rooms: a folder directly below src is one, whatever its subfolders; and so are the files that lie in src itself. */
const ROOMS: readonly (readonly [floor: number, rooms: string, holds: string])[] = [
  [0, ".", "errors, events with their schemas, the model, keys, limiter, retry: what everything speaks of"],
  [1, "local layouts", "files of this computer; layouts of photo services as data"],
  [
    2,
    "stores catalogue metadata pictures naming keys seal",
    "what is asked over the network; the only SQL; the readers; names and keys; files of age",
  ],
  [3, "targets", "where photos are kept, over folders and stores"],
  [4, "originals dates", "pure: what is an original, when a photo was taken"],
  [5, "report", "what people and programs read"],
  [6, "photo notify schedule gallery", "the way of one photo; who is told; when it runs; a page of photos"],
  [7, "steps", "one verb each"],
  [8, "run", "the frame of every verb"],
  [9, "mirror.ts verify.ts restore.ts dates.ts", "the stories"],
  [10, "commands", "a verb each: its options, its ports"],
  [11, "cli.ts", "the list of commands"],
  [12, "main.ts", "the process"],
];

/** Packages that one room keeps to itself, so that everything above it can be read without knowing them. */
const OWNED: readonly (readonly [module: RegExp, owners: RegExp])[] = [
  [/^node:sqlite$/, /^(catalogue\/|local\/lock\.ts$)/],
  [/^@(aws-sdk|smithy)\//, /^stores\/s3\//],
  [/^(exifreader|exiftool-vendored)$/, /^metadata\//],
  [/^photoswipe/, /^gallery\//],
  [/^(sharp|libheif-js)/, /^pictures\/decode-picture\.ts$/],
  [/^ssh2$/, /^stores\/sftp\//],
  [/^(age-encryption|@scure\/base)$/, /^seal\//],
  [/^saxes$/, /^dates\/xmp-properties\.ts$/],
];

const EMPTY_NAMES = /^(utils?|helpers?|common|base|manager|service|handler)s?$/i;
const MOST_LINES = 300;

/** The pure rooms answer from their arguments alone: no I/O, no clock, no chance. */
const PURE = /^(?:(?:originals|dates|naming|keys)\/(?!layout-file\.)|pictures\/(?:planes|likeness|places|pair)\.)/;
const IMPURE_MODULE = /^node:(?!crypto$|buffer$|path(\/posix)?$|util$)|^undici$/;
const IMPURE_CALL = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bfetch\(/;

/** Everything in these files that the house forbids, one sentence each; empty when all is well. */
export function violations(files: readonly SourceFile[]): string[] {
  return [
    ...files.flatMap((file) => [
      ...shape(file),
      ...purity(file),
      ...importsOf(file.text).flatMap((specifier) => forbidden(file.path, specifier)),
    ]),
    ...circles(files),
    ...namesakes(files),
  ];
}

/** Files of one name are told apart by nobody who searches; `all.ts` lists its room, and a story has its command. */
function namesakes(files: readonly SourceFile[]): string[] {
  const named = Map.groupBy(files, ({ path }) => posix.basename(path));
  return [...named].flatMap(([name, all]) => {
    const commands = all.filter(({ path }) => path.startsWith("commands/"));
    const isStory = all.length === 2 && commands.length === 1;
    if (name === "all.ts" || all.length === 1 || isStory) return [];
    return [`${all.map(({ path }) => path).join(" and ")} have one name`];
  });
}

/** Files of one room may import each other, but not in a circle: told once for each file that closes one. */
function circles(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  const imports = new Map(
    files.map(({ path, text }) => [path, importsOf(text).map((it) => posix.join(posix.dirname(path), it))]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) found.push(`${[...above.slice(above.indexOf(path)), path].join(" imports ")}: a circle`);
    if (done.has(path)) return;
    done.add(path);
    for (const next of imports.get(path) ?? []) if (paths.has(next)) walk(next, [...above, path]);
  };
  for (const path of paths) walk(path, []);
  return found;
}

function shape({ path, text }: SourceFile): string[] {
  const found: string[] = [];
  const lines = text.replace(/\n$/, "").split("\n").length;
  if (floorOf(path) === undefined) found.push(`${path} stands on no floor`);
  if (lines > MOST_LINES) found.push(`${path} has ${lines} lines`);
  for (const word of path.replace(/\.ts$/, "").split(/[/-]/)) {
    if (EMPTY_NAMES.test(word)) found.push(`${path} is named "${word}", which says nothing`);
  }
  return found;
}

function purity({ path, text }: SourceFile): string[] {
  if (!PURE.test(path)) return [];
  const call = IMPURE_CALL.exec(withoutComments(text));
  const modules = importsOf(text).filter((specifier) => IMPURE_MODULE.test(specifier));
  return [...(call === null ? [] : [call[0]]), ...modules].map((it) => `${path} is not pure: ${it}`);
}

function forbidden(path: string, specifier: string): string[] {
  if (specifier === COMPUTED) return [`${path} imports what cannot be read from its text`];
  if (specifier.startsWith(".")) return upward(path, specifier);
  return OWNED.filter(([module, owners]) => module.test(specifier) && !owners.test(path)).map(
    () => `${path} uses ${specifier}, which another room keeps to itself`,
  );
}

function upward(path: string, specifier: string): string[] {
  const imported = posix.join(posix.dirname(path), specifier);
  const here = floorOf(path);
  // What lies outside src (the sample bucket) is data for the top of the house only.
  if (imported.startsWith("../")) {
    return (here ?? 0) >= 10 ? [] : [`${path} imports ${imported} from outside the house`];
  }
  const there = floorOf(imported);
  if (roomOf(path) === roomOf(imported) || here === undefined || (there !== undefined && there < here)) return [];
  return [`${path} (floor ${here}) imports ${imported} (floor ${there ?? "none"})`];
}

const FLOORS: ReadonlyMap<string, number> = new Map(
  ROOMS.flatMap(([floor, rooms]) => rooms.split(" ").map((room) => [room, floor] as const)),
);

/** The room of a file: its folder directly below src, or the file itself where it has a floor of its own. */
function roomOf(path: string): string {
  const [first = ""] = path.split("/");
  return first === path && !FLOORS.has(path) ? "." : first;
}

/** The floor of a file; undefined where the house has no such room. */
function floorOf(path: string): number | undefined {
  return FLOORS.get(roomOf(path));
}

const COMPUTED = "\0computed";

/** Every module a file names: static, re-exported, `import type`, `import("…")` as a call or a type. */
function importsOf(text: string): string[] {
  const code = withoutComments(text);
  const statement = /^\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/gm;
  const effect = /^\s*import\s*["']([^"']+)["']/gm;
  const call = /\bimport\(\s*(?:["']([^"'`]+)["']\s*\))?/g;
  const required = /\brequire\(\s*(?:["']([^"'`]+)["']\s*\))?/g;
  return [statement, effect, call, required].flatMap((pattern) =>
    Array.from(code.matchAll(pattern), (match) => match[1] ?? COMPUTED),
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, " ").replace(/(^|[\s;{}()])\/\/.*$/gm, "$1");
}
