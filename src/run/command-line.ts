/** From the words of one command line to what was typed: yargs, fed from the options of a command. */

import yargs, { type Argv, type Options } from "yargs";
import { z } from "zod";
import { HaulError } from "../errors.ts";
import { type Command, type Process, type Typed, version } from "./command.ts";

/** Something that yargs knows besides the options of commands. */
export interface Named {
  readonly name: string;
  readonly summary: string;
}

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
  const parser = withOptions(bare([...words]), command)
    .usage(usageOf(name, command))
    .wrap(Math.min(100, stdout.columns ?? 100))
    .strictOptions()
    .fail((message, error) => {
      throw new HaulError("usage", withHint(message ?? error.message, optionsOf(command)), { cause: error });
    });
  for (const [line, what] of command.examples) parser.example(line, what);
  const typed = await parser.parse();
  if (typed.help !== true && typed.version !== true) return { ...typed, ...positionals(command, typed._) };
  stdout.write(`${typed.help === true ? await parser.getHelp() : version()}\n`);
  return null;
}

/** So few letters are near to some name always. */
const LEAST = 3;

/** The name that was meant, where one of them is spelled nearly so; null where none is. */
export function didYouMean(word: string, names: readonly string[]): string | null {
  if (word.length <= LEAST) return null;
  const parser = bare([word]).recommendCommands();
  for (const name of names) parser.command(name, name);
  let meant: string | null = null;
  parser.fail((message: string | null) => {
    meant ??= names.find((name) => message?.endsWith(` ${name}?`)) ?? null;
  });
  parser.parseSync();
  return meant;
}

/**
 * Answers a shell: with the script that lets it complete words (`completion`), or with the words that may come next.
 * @param command that the line begins with; null where it has none yet
 */
export async function complete(
  argv: readonly string[],
  commands: readonly Named[],
  command: Command | null,
  { stdout }: Process,
): Promise<void> {
  const parser = bare([]).completion("completion", "a script that lets your shell complete words: see its end");
  if (command === null) for (const { name, summary } of commands) parser.command(name, summary);
  else withOptions(parser, command);
  await parser.parse([...argv], {}, (_error, _typed, answer) => {
    if (answer !== "") stdout.write(`${answer.trim()}\n`);
  });
}

/** yargs with nothing of its own to print, exit or guess. */
function bare(argv: string[]): Argv<{ help: boolean | undefined; version: boolean | undefined }> {
  return yargs(argv)
    .scriptName("photohaul")
    .locale("en")
    .help(false)
    .version(false)
    .option("help", { type: "boolean", alias: "h", describe: "show this" })
    .option("version", { type: "boolean", alias: "V", describe: "show the version" })
    .parserConfiguration({
      "camel-case-expansion": false,
      "boolean-negation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "dot-notation": false,
      "greedy-arrays": false,
    })
    .exitProcess(false);
}

function withOptions<T>(parser: Argv<T>, command: Command): Argv<T> {
  for (const [name, schema] of Object.entries(command.options.shape)) {
    if (!isPositional(name, command)) parser.option(name, optionOf(schema));
  }
  return parser;
}

function isPositional(name: string, { positional }: Command): boolean {
  return new RegExp(`[<[]${name}(\\.\\.\\.)?[>\\]]`).test(positional);
}

export function optionsOf(command: Command): string[] {
  return Object.keys(command.options.shape).filter((name) => !isPositional(name, command));
}

/** What a schema says of its option, whatever wraps it. */
export function optionOf(schema: z.core.$ZodType): Options {
  const { description, group, shown, alias } = z.globalRegistry.get(schema) ?? {};
  const { inner, initial } = unwrapped(schema);
  const type = inner instanceof z.ZodBoolean ? "boolean" : "string";
  const said = shown ?? (typeof initial === "string" || typeof initial === "number" ? String(initial) : undefined);
  return {
    type,
    requiresArg: type === "string",
    ...(description === undefined ? {} : { describe: description }),
    ...(alias === undefined ? {} : { alias }),
    ...(inner instanceof z.ZodArray ? { array: true } : {}),
    ...(inner instanceof z.ZodEnum ? { choices: inner.options } : {}),
    ...(group === undefined ? {} : { group }),
    ...(said === undefined ? {} : { defaultDescription: said }),
  };
}

function unwrapped(schema: z.core.$ZodType): { readonly inner: z.core.$ZodType; readonly initial: unknown } {
  if (schema instanceof z.ZodDefault) {
    const { inner } = unwrapped(schema.def.innerType);
    return { inner, initial: schema.def.defaultValue };
  }
  if (schema instanceof z.ZodNullable) return unwrapped(schema.def.innerType);
  return { inner: schema, initial: undefined };
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

function usageOf(name: string, command: Command): string {
  const words = Object.entries(command.options.shape)
    .filter(([word]) => isPositional(word, command))
    .map(([word, schema]) => `\n  ${word.padEnd(10)}  ${z.globalRegistry.get(schema)?.description ?? ""}`);
  const about = words.length === 0 ? "" : `\n${words.join("")}`;
  return `Usage: photohaul ${name} ${command.positional} [options]${about}\n\n${command.description}`;
}

/** An option that there is not was misspelt more often than not. */
function withHint(message: string, names: readonly string[]): string {
  const unknown = /^Unknown argument: (\S+)$/.exec(message)?.[1];
  const meant = unknown === undefined ? null : didYouMean(unknown, names);
  return meant === null ? message : `${message}. Did you mean --${meant}?`;
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
