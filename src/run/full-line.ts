/**
 * The whole of yargs, for what few lines need: help, the words for a mistake, and what a shell completes. It loads for
 * 40 ms of CPU (measured), so command-line.ts reads every other line with its parser alone.
 */

import yargs, { type Argv } from "yargs";
import { HaulError } from "../errors.ts";
import { twoColumns, wrapped } from "../report/screen.ts";
import type { Command, Process, Typed } from "./command.ts";
import { optionsOf, PARSING, positionalsOf } from "./command-options.ts";

/** Something that yargs knows besides the options of commands. */
export interface CommandName {
  readonly name: string;
  readonly summary: string;
}

/**
 * Reads a line that asks for help, or that the parser alone makes nothing of.
 * @returns the help, or what was typed
 * @throws HaulError `usage` for what the command does not take
 */
export async function readInFull(
  name: string,
  command: Command,
  words: readonly string[],
  columns: number,
): Promise<Typed | string> {
  const width = Math.min(100, columns);
  const parser = withOptions(bare([...words]), command)
    .wrap(width)
    .strictOptions()
    .fail((message, error) => {
      throw new HaulError(
        "usage",
        withHint(
          message ?? error.message,
          optionsOf(command).map(({ name: one }) => one),
        ),
        { cause: error },
      );
    });
  for (const [line, what] of command.examples) parser.example(line, what);
  const typed = await parser.parse();
  return typed.help === true ? `${usageOf(name, command, width)}\n\n${await parser.getHelp()}` : typed;
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
  commands: readonly CommandName[],
  command: Command | null,
  { stdout }: Process,
): Promise<void> {
  const [first, shell] = argv;
  if (first === "completion" && shell === "fish") {
    stdout.write(FISH);
    return;
  }
  // yargs has a script for bash and one for zsh, and takes the one of this shell.
  if (first === "completion" && shell !== undefined) process.env.SHELL = shell;
  const parser = bare([]).completion("completion", "a script that lets your shell complete words: see its end");
  if (command === null) for (const { name, summary } of commands) parser.command(name, summary);
  else withOptions(parser, command);
  await parser.parse([...argv], {}, (_error, _typed, answer) => {
    if (answer !== "") stdout.write(`${answer.trim()}\n`);
  });
}

const FISH = `# photohaul completion fish > ~/.config/fish/completions/photohaul.fish
complete -c photohaul -a '(SHELL=bash photohaul --get-yargs-completions (commandline -opc) (commandline -ct))'
`;

/** yargs with nothing of its own to print, exit or guess. */
function bare(argv: string[]): Argv<{ help: boolean | undefined; version: boolean | undefined }> {
  return yargs(argv)
    .scriptName("photohaul")
    .locale("en")
    .help(false)
    .version(false)
    .option("help", { type: "boolean", alias: "h", describe: "show this" })
    .option("version", { type: "boolean", alias: "V", describe: "show the version" })
    .parserConfiguration(PARSING)
    .exitProcess(false);
}

function withOptions<T>(parser: Argv<T>, command: Command): Argv<T> {
  for (const { name, ...option } of optionsOf(command)) parser.option(name, option);
  return parser;
}

/** What the parser would print itself, but for the lines of an argument, which it would not indent. */
function usageOf(name: string, command: Command, width: number): string {
  const about = positionalsOf(command);
  return [
    ...wrapped(`Usage: photohaul ${name} ${command.positional} [options]`, "", "  ", width),
    ...(about.length === 0 ? [] : ["", ...twoColumns(about, width)]),
    "",
    ...wrapped(command.description, "", "", width),
  ].join("\n");
}

/** An option that there is not was misspelt more often than not; a wrong choice is told in one line. */
function withHint(message: string, names: readonly string[]): string {
  const [, name = "", given = "", choices] = /Argument: (\S+), Given: (.*), Choices: (.*)$/.exec(message) ?? [];
  if (choices !== undefined) return `--${name} ${given}: one of ${choices}`;
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]?.split(", ");
  if (unknown === undefined) return message;
  const says = `there is no option ${unknown.map((one) => (one.length === 1 ? `-${one}` : `--${one}`)).join(" and no ")}`;
  const meant = unknown.length > 1 ? null : didYouMean(unknown[0] ?? "", names);
  return meant === null ? says : `${says}. Did you mean --${meant}?`;
}
