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

/**
 * Files by floor, the lowest first; a file imports only from strictly lower floors, types included. Tenths
 * are stairs inside a room that has several files. `*` stands for any name; an exact name wins over it.
 */
const FLOORS: readonly (readonly [floor: number, files: string])[] = [
  [0, "model.ts errors.ts key.ts catalogue/schema.ts targets/traits.ts"],
  [1, "events.ts retry.ts pace.ts lock.ts"],
  [1, "sources/source.ts targets/target.ts layouts/layout.ts"],
  [1, "catalogue/catalogue.ts catalogue/rows.ts"],
  [1.1, "catalogue/*-table.ts"],
  [1.2, "catalogue/*.ts"],
  [1, "metadata/*.ts"],
  [1.1, "s3/*.ts"],
  [1, "decide/family-words.ts decide/file-kinds.ts"],
  [1, "decide/date-candidate.ts decide/written-time.ts decide/zone.ts"],
  [1.1, "decide/date-sanity.ts decide/name-date.ts decide/xmp-date.ts decide/tag-date.ts"],
  [1.2, "decide/date-reading.ts decide/object-date.ts"],
  [1.3, "decide/date-moment.ts"],
  [1.1, "layouts/token.ts"],
  [1, "report/escape.ts report/units.ts report/findings.ts report/media-type.ts report/prices.ts"],
  [1, "report/whole-file.ts"],
  [2, "decide/*.ts layouts/*.ts sources/*.ts targets/*.ts"],
  [2, "report/summary.ts report/troubles.ts report/inventory.ts report/estimate.ts"],
  [3, "decide/plan.ts layouts/all.ts sources/all.ts targets/all.ts"],
  [3, "steps/*.ts"],
  [3.1, "steps/plan.ts"],
  [3, "report/*.ts"],
  [3.1, "report/text.ts"],
  [3.2, "report/console.ts"],
  [4, "mirror.ts verify.ts restore.ts redate-folder.ts"],
  [5, "commands/*.ts"],
  [6, "cli.ts"],
  [7, "main.ts"],
];

/** Packages that one room keeps to itself, so that everything above it can be read without knowing them. */
const OWNED: readonly (readonly [module: RegExp, owners: RegExp])[] = [
  [/^node:sqlite$/, /^(catalogue\/|lock\.ts$)/],
  [/^@(aws-sdk|smithy)\//, /^s3\//],
  [/^(exifreader|exiftool-vendored)$/, /^metadata\//],
];

const EMPTY_NAMES = /^(utils?|helpers?|common|base|manager|service|handler)s?$/i;
const MOST_LINES = 300;

/** decide/ answers from its arguments alone: no I/O, no clock, no chance. */
const IMPURE_MODULE = /^node:(?!crypto$|buffer$|path(\/posix)?$|util$)|^undici$/;
const IMPURE_CALL = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bfetch\(/;

/** Everything in these files that the house forbids, one sentence each; empty when all is well. */
export function violations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [
    ...shape(file),
    ...purity(file),
    ...importsOf(file.text).flatMap((specifier) => forbidden(file.path, specifier)),
  ]);
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
  if (!path.startsWith("decide/")) return [];
  const call = IMPURE_CALL.exec(withoutComments(text));
  const modules = importsOf(text).filter((specifier) => IMPURE_MODULE.test(specifier));
  return [...(call === null ? [] : [call[0]]), ...modules].map(
    (it) => `${path} is not pure: ${it}`,
  );
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
  const there = floorOf(imported);
  // What lies outside src (the sample bucket) is data for the top of the house only.
  if (imported.startsWith("../")) {
    return (here ?? 0) >= 5 ? [] : [`${path} imports ${imported} from outside the house`];
  }
  if (here === undefined || (there !== undefined && there < here)) return [];
  return [`${path} (floor ${here}) imports ${imported} (floor ${there ?? "none"})`];
}

/** The floor of a file, or undefined where the table has no place for it. */
function floorOf(path: string): number | undefined {
  const places = FLOORS.flatMap(([floor, names]) =>
    names.split(" ").map((name) => ({ floor, name })),
  );
  const exact = places.find(({ name }) => name === path);
  const place = exact ?? places.find(({ name }) => name.includes("*") && matches(name, path));
  return place?.floor;
}

function matches(pattern: string, path: string): boolean {
  const [before = "", after = ""] = pattern.split("*");
  const middle = path.slice(before.length, path.length - after.length);
  return path === `${before}${middle}${after}` && !middle.includes("/");
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
