/** The command line: the list of commands, each loaded only when it is asked for. */

import type { Argv } from "yargs";
import { LATER_OPTIONS } from "./commands/options.ts";
import { explainError } from "./error-messages.ts";
import { HaulError } from "./errors.ts";
import { LEAST_OPEN, mostOpenFiles } from "./local/open-files.ts";
import { errorPage } from "./report/escape.ts";
import type { Command, OptionWords, Process } from "./run/command.ts";
import { version } from "./run/version.ts";

interface Entry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

const COMMANDS: readonly Entry[] = [
  {
    name: "mirror",
    summary: "bring every original home, checked and dated; again: only what is new",
    load: () => import("./commands/mirror.ts"),
  },
  {
    name: "inventory",
    summary: "what a bucket holds, and which of it are originals",
    load: () => import("./commands/inventory.ts"),
  },
  {
    name: "verify",
    summary: "read again what was kept, name what is damaged, and put it back",
    load: () => import("./commands/verify.ts"),
  },
  {
    name: "restore",
    summary: "copy photos back from a target, proven, dated, under their own names",
    load: () => import("./commands/restore.ts"),
  },
  {
    name: "dates",
    summary: "give a folder of photos its dates back; no bucket needed",
    load: () => import("./commands/dates.ts"),
  },
  {
    name: "status",
    summary: "when each source was mirrored and verified last, and what needs mending",
    load: () => import("./commands/status.ts"),
  },
  {
    name: "forget",
    summary: "take a source out of what is remembered; nothing on a target changes",
    load: () => import("./commands/forget.ts"),
  },
  {
    name: "schedule",
    summary: "what makes a mirror run every day: for cron, systemd or launchd",
    load: () => import("./commands/schedule.ts"),
  },
  {
    name: "explain",
    summary: "why a key is an original or not, where it would go, and what dates it",
    load: () => import("./commands/explain.ts"),
  },
  {
    name: "layouts",
    summary: "the layouts of photo services that are known",
    load: () => import("./commands/layouts.ts"),
  },
  {
    name: "policy",
    summary: "the smallest IAM policy that a mirror needs",
    load: () => import("./commands/policy.ts"),
  },
  {
    name: "demo",
    summary: "a sample bucket on this computer, and the main job on it",
    load: () => import("./commands/demo.ts"),
  },
];

/**
 * Runs one command line.
 * @param argv without the program's own name
 * @returns the exit code; nothing is thrown
 */
export async function cli(argv: readonly string[], process: Process): Promise<number> {
  try {
    refuseLater(argv);
    const entry = COMMANDS.find(({ name }) => name === argv[0]);
    return entry === undefined ? general(argv, process) : await particular(entry, argv, process);
  } catch (error) {
    const { lines, exit } = explainError(error);
    process.stderr.write(`${errorPage(lines)}\n`);
    return exit;
  }
}

function refuseLater(argv: readonly string[]): void {
  for (const word of argv) {
    const option = /^--(?:no-)?([a-z-]+)/.exec(word)?.[1] ?? "";
    const what = Object.hasOwn(LATER_OPTIONS, option) ? LATER_OPTIONS[option] : undefined;
    if (what !== undefined) {
      throw new HaulError("usage", `--${option}: ${what} comes in a later version of photohaul`);
    }
  }
}

/**
 * `--help`, `--version`, no command, or one that does not exist. Said without yargs, which loads for longer (70 ms)
 * than all of this takes.
 */
function general(argv: readonly string[], process: Process): number {
  const word = argv.find((one) => !one.startsWith("-"));
  if (argv.includes("--version")) process.stdout.write(`${version()}\n`);
  else if (argv.length === 0 || argv.includes("--help") || argv.includes("-h")) process.stdout.write(overview());
  else if (word !== undefined) throw new HaulError("usage", `there is no command ${word}`);
  else throw new HaulError("usage", `${argv[0] ?? ""} needs a command before it`);
  return 0;
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return `photohaul brings your photos home: every original out of a photo service's bucket.

Usage: photohaul <command> [options]

Commands:
${COMMANDS.map(({ name, summary }) => `  photohaul ${name.padEnd(width)}  ${summary}`).join("\n")}

Options:
  -h, --help     show this
      --version  show the version

Examples:
  photohaul mirror s3://my-photos /media/usb --dry-run  what is there, and does it fit?
  photohaul mirror s3://my-photos /media/usb            bring everything home

\`photohaul <command> --help\` tells more. \`photohaul demo\` needs no bucket of your own.
`;
}

async function particular(entry: Entry, argv: readonly string[], process: Process): Promise<number> {
  mayOpenFiles();
  const { command } = await entry.load();
  process.loaded?.();
  let parser = (await parserFor(withValues(argv.slice(1), command.options), process))
    .usage(usageOf(entry.name, command))
    .strictOptions();
  for (const [name, words] of Object.entries(command.options)) parser = parser.option(name, optionOf(words));
  for (const [line, what] of command.examples) parser = parser.example(line, what);
  const parsed = await parser.parse();
  if (parsed.help === true) {
    process.stdout.write(`${await parser.getHelp()}\n`);
    return 0;
  }
  return command.run({ ...parsed, ...positionals(command, parsed._) }, process);
}

/** @throws HaulError `usage` where the process may hold too few files open to do anything */
function mayOpenFiles(): void {
  const most = mostOpenFiles();
  if (most === null || most >= LEAST_OPEN) return;
  const says = `this process may hold ${most} files open at once, and photohaul needs ${LEAST_OPEN}`;
  throw new HaulError("usage", `${says}. Allow it more, as with \`ulimit -n 1024\``);
}

/** `--nice s3://photos` names a source, and no number: what may be left out is put in before yargs takes the next word. */
function withValues(argv: readonly string[], options: Command["options"]): readonly string[] {
  return argv.map((word, at) => {
    const bare = options[word.replace(/^--/, "")]?.bare;
    const alone = word.startsWith("--") && !/^\d+$/.test(argv[at + 1] ?? "");
    return bare !== undefined && alone ? `${word}=${bare}` : word;
  });
}

function usageOf(name: string, command: Command): string {
  const words = Object.entries(command.positionals).map(([word, what]) => `\n  ${word.padEnd(10)}  ${what}`);
  const about = words.length === 0 ? "" : `\n${words.join("")}`;
  return `Usage: photohaul ${name} ${command.positional} [options]${about}\n\n${command.description}`;
}

/** yargs with nothing of its own to print, exit or guess. */
async function parserFor(
  argv: readonly string[],
  process: Process,
): Promise<Argv<{ help: boolean | undefined; version: boolean | undefined }>> {
  const { default: yargs } = await import("yargs");
  return yargs([...argv])
    .scriptName("photohaul")
    .help(false)
    .version(false)
    .option("help", { type: "boolean", alias: "h", describe: "show this" })
    .option("version", { type: "boolean", describe: "show the version" })
    .parserConfiguration({
      "camel-case-expansion": false,
      "boolean-negation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "dot-notation": false,
      "greedy-arrays": false,
    })
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => {
      throw new HaulError("usage", message ?? error.message, { cause: error });
    });
}

function optionOf(words: OptionWords) {
  const { describe, type, array, choices, shown, group } = words;
  return {
    describe,
    type,
    requiresArg: type === "string",
    ...(array === undefined ? {} : { array }),
    ...(choices === undefined ? {} : { choices }),
    ...(group === undefined ? {} : { group }),
    ...(shown === undefined ? {} : { defaultDescription: shown }),
  };
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
    else if (bracket === "<") throw new HaulError("usage", `<${name}> is missing: ${command.positionals[name] ?? ""}`);
  }
  if (words.length > wanted.length && wanted.at(-1)?.[3] === undefined) {
    throw new HaulError("usage", `one word too many: ${String(words[wanted.length])}`);
  }
  return named;
}
