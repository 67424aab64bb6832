/** The command line: the list of commands, each loaded only when it is asked for. */

import { cwd } from "node:process";
import { EXITS, explainError } from "./error-messages.ts";
import { HaulError } from "./errors.ts";
import { LEAST_OPEN, mostOpenFiles } from "./local/open-files.ts";
import { errorPage } from "./report/escape.ts";
import { fitted, type Screen, screenOf, twoColumns, wrapped } from "./report/screen.ts";
import { type Command, type Process, version } from "./run/command.ts";
import { holdsAgeKey, holdsCap, keepSecretsOfEnvironment } from "./secrets.ts";

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
    name: "init",
    summary: "questions with an answer each, and the lines that set all of it up",
    load: () => import("./commands/init.ts"),
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
    name: "gallery",
    summary: "a page on the drive that shows its photos by year, offline",
    load: () => import("./commands/gallery.ts"),
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
    name: "cold",
    summary: "what an archive holds, what bringing it back costs, and a list of it for S3 Batch Operations",
    load: () => import("./commands/cold.ts"),
  },
  {
    name: "keys",
    summary: "make a key for sealed targets, in a file and on paper",
    load: () => import("./commands/keys.ts"),
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
    keepSecretsOfEnvironment(process.env);
    mustBeSomewhere();
    refuseKeys(argv);
    const [first = "", ...rest] = argv;
    const entry = COMMANDS.find(({ name }) => name === first);
    if (entry !== undefined) return await particular(entry, rest, process);
    const [about] = first === "help" ? rest : [];
    const asked = COMMANDS.find(({ name }) => name === about);
    if (asked !== undefined) return await particular(asked, ["--help"], process);
    if (first === "completion" || first === "--get-yargs-completions") return await completed(argv, process);
    if (first === "man") return await manual(process);
    return await general(about === undefined ? argv : [about], process);
  } catch (error) {
    const { lines, exit } = explainError(error);
    process.stderr.write(`${fitted(errorPage(lines), process.stderr)}\n`);
    return exit;
  }
}

/** Threads of Node never begin in a folder that is gone, and a name that is relative means nothing there. */
function mustBeSomewhere(): void {
  try {
    cwd();
  } catch (cause) {
    const says = "the folder in which photohaul was started is gone: change to another one, as with `cd ~`";
    throw new HaulError("usage", says, { cause });
  }
}

const SEEN = "what is typed stands in the list of processes and in the history of the shell";

/** Before anything of the line is said again. @throws HaulError `usage` for a cap of Tahoe or a secret key of age in it */
function refuseKeys(argv: readonly string[]): void {
  if (argv.some(holdsAgeKey)) {
    const says = `a secret key of age was typed: ${SEEN}. Write it into a file, \`chmod 600\` that, and name the file; to seal, name its recipient, age1…`;
    throw new HaulError("usage", says);
  }
  if (!argv.some(holdsCap)) return;
  const says = `a cap of Tahoe-LAFS was typed: it is a key, and ${SEEN}. Write it into a file, \`chmod 600\` that, and name the file: tahoe:./photos.cap/2012. Or make an alias (\`tahoe add-alias photos\`, which asks for it), and name that: tahoe:photos/2012`;
  throw new HaulError("usage", says);
}

/**
 * `--help`, `--version`, no command, or one that does not exist. Help and version are said without yargs, which loads for
 * longer (70 ms) than all of this takes.
 */
async function general(argv: readonly string[], process: Process): Promise<number> {
  const given = (...words: readonly string[]) => words.some((word) => argv.includes(word));
  const word = argv.find((one) => !one.startsWith("-"));
  if (given("--version", "-V") || word === "version") process.stdout.write(`${version()}\n`);
  else if (argv.length === 0 || given("--help", "-h") || word === "help")
    process.stdout.write(overview(screenOf(process.stdout)));
  else if (word === undefined) throw new HaulError("usage", `${argv[0] ?? ""} needs a command before it`);
  else {
    const { didYouMean } = await import("./run/full-line.ts");
    const meant = didYouMean(word, ["help", "version", "completion", "man", ...COMMANDS.map(({ name }) => name)]);
    throw new HaulError("usage", `there is no command ${word}${meant === null ? "" : `. Did you mean ${meant}?`}`);
  }
  return 0;
}

function overview({ width }: Screen): string {
  const lines = (text: string) => wrapped(text, "", "  ", width);
  return [
    ...lines("photohaul brings your photos home: every original out of a photo service's bucket."),
    "",
    "Usage: photohaul <command> [options]",
    "",
    "Commands:",
    ...twoColumns(
      COMMANDS.map(({ name, summary }) => [`photohaul ${name}`, summary]),
      width,
    ),
    "",
    "Options:",
    ...twoColumns(
      [
        ["-h, --help", "show this; of a command: photohaul help COMMAND"],
        ["-V, --version", "show the version"],
      ],
      width,
    ),
    "",
    "Examples:",
    ...twoColumns(
      [
        ["photohaul mirror s3://my-photos /media/usb --dry-run", "what is there, and does it fit?"],
        ["photohaul mirror s3://my-photos /media/usb", "bring everything home"],
      ],
      width,
    ),
    "",
    ...lines("`photohaul <command> --help` tells more. `photohaul demo` needs no bucket of your own."),
    ...lines("`photohaul completion bash` (or zsh, fish) prints what lets your shell complete these words."),
    ...lines("`photohaul man | man -l -` shows all of it as a manual."),
    "",
  ].join("\n");
}

async function particular(entry: Entry, argv: readonly string[], process: Process): Promise<number> {
  mayOpenFiles();
  const [{ command }, { readLine }] = await Promise.all([entry.load(), import("./run/command-line.ts")]);
  process.loaded?.();
  const typed = await readLine(entry.name, command, argv, process);
  return typed === null ? 0 : command.run(typed, process);
}

/** For a shell that completes the words of a line, whose options are those of its command. */
async function completed(argv: readonly string[], process: Process): Promise<number> {
  const { complete } = await import("./run/full-line.ts");
  const entry = COMMANDS.find(({ name }) => name === argv[2] && argv.length > 3);
  await complete(argv, COMMANDS, entry === undefined ? null : (await entry.load()).command, process);
  return 0;
}

async function manual({ stdout }: Process): Promise<number> {
  const { manPage } = await import("./run/man-page.ts");
  const loaded = COMMANDS.map(async (entry) => ({ ...entry, command: (await entry.load()).command }));
  stdout.write(manPage(await Promise.all(loaded), version(), EXITS));
  return 0;
}

/** @throws HaulError `usage` where the process may hold too few files open to do anything */
function mayOpenFiles(): void {
  const most = mostOpenFiles();
  if (most === null || most >= LEAST_OPEN) return;
  const says = `this process may hold ${most} files open at once, and photohaul needs ${LEAST_OPEN}`;
  throw new HaulError("usage", `${says}. Allow it more, as with \`ulimit -n 1024\``);
}
