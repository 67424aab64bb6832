/**
 * From the words of one command line to what was typed, by the parser of yargs, fed from the options of a command. Yargs
 * itself, which loads for 40 ms of CPU (measured), is asked where there is something to say.
 */

import parseWords from "yargs-parser";
import { z } from "zod";
import { HaulError } from "../errors.ts";
import { screenOf } from "../report/screen.ts";
import { type Command, type Process, type Typed, version } from "./command.ts";
import { optionsOf, PARSING } from "./command-options.ts";

/**
 * @param argv without the program and the command
 * @returns null where help or the version was asked for, and is printed
 * @throws HaulError `usage` for what the command does not take
 */
export async function readLine(
  name: string,
  command: Command,
  argv: readonly string[],
  { stdout }: Process,
): Promise<Typed | null> {
  const words = withValues(argv, command);
  const inFull = async () => (await import("./full-line.ts")).readInFull(name, command, words, screenOf(stdout).width);
  const typed = readPlain(words, command) ?? (await inFull());
  if (typeof typed === "string" || typed.version === true) {
    stdout.write(`${typeof typed === "string" ? typed : version()}\n`);
    return null;
  }
  return { ...typed, ...positionals(command, Array.isArray(typed._) ? typed._ : []) };
}

/** Null for a line with anything in it that yargs has to say something about. */
export function readPlain(words: readonly string[], command: Command): Typed | null {
  const options = optionsOf(command);
  const named = (which: (option: (typeof options)[number]) => boolean): string[] =>
    options.filter(which).map(({ name }) => name);
  const strings = named(({ type }) => type === "string");
  const aliases = options.flatMap(({ name, alias }) => (alias === undefined ? [] : [[name, String(alias)] as const]));
  const { argv, error } = parseWords.detailed([...words], {
    alias: Object.fromEntries(aliases),
    boolean: named(({ type }) => type === "boolean"),
    string: strings,
    array: named(({ array }) => array === true),
    narg: Object.fromEntries(strings.map((name) => [name, Number.NaN])),
    configuration: PARSING,
  });
  const known = new Set(["_", ...aliases.flat(), ...named(() => true)]);
  const meant = error === null && Object.keys(argv).every((name) => known.has(name));
  const chosen = options.every(
    ({ name, choices }) => choices === undefined || [argv[name] ?? []].flat().every((value) => choices.includes(value)),
  );
  return meant && chosen ? argv : null;
}

/** `--nice s3://photos` names a source, and no number: what may be left out is put in before yargs takes the next word. */
function withValues(argv: readonly string[], { options }: Command): readonly string[] {
  return argv.map((word, at) => {
    const schema = options.shape[word.replace(/^--/, "")];
    const alone = word.startsWith("--") && !/^\d+$/.test(argv[at + 1] ?? "");
    const value = schema === undefined ? undefined : z.globalRegistry.get(schema)?.bare;
    return value !== undefined && alone ? `${word}=${value}` : word;
  });
}

/** `<a> <b>`, `[c]` and `<d...>` (one or more, the last) in the order they stand; one too many or too few is wrong use. */
function positionals(
  command: Command,
  words: readonly (string | number)[],
): Record<string, string | readonly string[]> {
  const wanted = [...command.positional.matchAll(/([<[])([\w-]+)(\.\.\.)?/g)];
  const named: Record<string, string | readonly string[]> = {};
  for (const [at, [, bracket, name = "", several]] of wanted.entries()) {
    const word = words[at];
    if (word !== undefined) named[name] = several === undefined ? String(word) : words.slice(at).map(String);
    else if (bracket === "<") {
      const schema = command.options.shape[name];
      const what = schema === undefined ? undefined : z.globalRegistry.get(schema)?.description;
      throw new HaulError("usage", `<${name}> is missing: ${what ?? ""}`);
    }
  }
  if (words.length > wanted.length && wanted.at(-1)?.[3] === undefined) {
    throw new HaulError("usage", `one word too many: ${String(words[wanted.length])}`);
  }
  return named;
}
