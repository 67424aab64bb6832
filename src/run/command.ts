/** What a verb is to the command line: its options and words as data, and one function. */

import { readFileSync } from "node:fs";
import type { z } from "zod";
import { HaulError } from "../errors.ts";

declare module "zod" {
  /** What an option says of itself in `--help`, besides `description`. */
  interface GlobalMeta {
    /** The heading below which it stands. */
    group?: string;
    /** Its default, where the schema does not say it. */
    shown?: string;
    /** One letter that stands for its name. */
    alias?: string;
    /** What the name alone stands for, where a value may be left out. A value is then a number. */
    bare?: string;
  }
}

/** Everything of the process that a command may touch. */
export interface Process {
  /** Absent where nobody can be asked anything. */
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Aborted by Ctrl-C or a termination signal. */
  readonly signal: AbortSignal;
  /** Called once the code of the command is loaded, before it runs. */
  readonly loaded?: () => void;
}

/** What was typed, by option name; positional arguments under their own names. */
export type Typed = Readonly<Record<string, unknown>>;

interface Words<S extends z.ZodObject> {
  /** Positional arguments as yargs writes them: `<source> <target...>`. */
  readonly positional: string;
  /** What it will do, in a sentence or two. */
  readonly description: string;
  /** Every option and positional argument once: what it takes, its default, and its help as `.meta()`. */
  readonly options: S;
  /** Two or three real lines, each with what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
}

export interface Command<S extends z.ZodObject = z.ZodObject> extends Words<S> {
  /**
   * @returns the exit code
   * @throws HaulError `usage` for what is not understood, and what cli.ts turns into words and an exit code
   */
  run(typed: Typed, process: Process): Promise<number>;
}

export function createCommand<S extends z.ZodObject>(
  words: Words<S>,
  run: (options: z.output<S>, process: Process, typed: Typed) => Promise<number>,
): Command<S> {
  return { ...words, run: async (typed, process) => run(parse(words.options, typed), process, typed) };
}

/** @throws HaulError `usage` naming the option and what it takes */
function parse<S extends z.ZodObject>(options: S, typed: Typed): z.output<S> {
  refusePasswords(typed);
  const parsed = options.safeParse(typed);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const option = String(issue?.path[0] ?? "");
  // Of an option that is given for each, the one that is wrong.
  const [, nth] = issue?.path ?? [];
  const all = typed[option];
  const value = Array.isArray(all) && typeof nth === "number" ? all[nth] : all;
  if (Array.isArray(value) && value.length > 1 && nth === undefined)
    throw new HaulError("usage", `--${option} is given ${value.length} times`);
  const given = typeof value === "string" && !SECRET.has(option) ? ` ${value}` : "";
  throw new HaulError("usage", `--${option}${given}: ${issue?.message ?? "is not understood"}`);
}

/** Options whose value is nobody else's business: it stands in no message. */
const SECRET = new Set(["ping", "notify-command"]);

/** What names a place; a key, a glob or a template may look like anything. */
const PLACES = ["source", "target", "folder", "what", "repair-from", "endpoint", "target-endpoint"] as const;
const WITH_PASSWORD =
  /^(?:https?:\/\/[^/@]*@|[a-z][a-z0-9+.-]*:\/\/[^/@]*:[^/@]*@|rclone:[^/]*\b(?:pass|password|secret|token|key)=)/i;
/** What may be set in its stead, by the beginning of the address. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/^sftp:/i, "Name a key (--ssh-identity FILE), or set PHOTOHAUL_SSH_PASSWORD"],
  [/^rclone:/i, "Write it into rclone's own configuration (`rclone config`), and name the remote"],
  [/^swift:/i, "Set ST_USER and ST_KEY, or OS_USERNAME and OS_PASSWORD"],
  [/^/, "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile of ~/.aws"],
];

/** Whoever lists the processes of a computer reads its command lines; so do logs, schedules and shell histories. */
function refusePasswords(typed: Typed): void {
  for (const place of PLACES) {
    const values = [typed[place]].flat();
    const open = values.find((value): value is string => typeof value === "string" && WITH_PASSWORD.test(value));
    if (open === undefined) continue;
    const [, instead = ""] = INSTEAD.find(([begins]) => begins.test(open)) ?? [];
    const says = `the address of the ${place} holds a user or a password, which others could read`;
    throw new HaulError("usage", `${says}. ${instead}`);
  }
}

/** The version in package.json, two folders above in a checkout and one in a bundle. */
export function version(): string {
  for (const above of ["../../package.json", "../package.json"]) {
    try {
      const found: { name?: string; version?: string } = JSON.parse(
        readFileSync(new URL(above, import.meta.url), "utf8"),
      );
      if (found.name === "photohaul" && found.version !== undefined) return found.version;
    } catch {
      // not there: the other one
    }
  }
  return "unknown";
}
