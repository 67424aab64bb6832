/** What a command is to the command line: its words as data, and one function. */

export interface OptionWords {
  /** Shown in `--help`. */
  readonly describe: string;
  readonly type: "string" | "boolean";
  /** May be given several times. */
  readonly array?: boolean;
  readonly choices?: readonly string[];
  /** What the name alone stands for, where a value may be left out. A value is then a number. */
  readonly bare?: string;
  /** Shown as the default; the parser of the command is what applies it. */
  readonly shown?: string;
  /** How the value is named in `--help`. */
  readonly group?: string;
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

export interface Command {
  /** Positional arguments as yargs writes them: `<source> <target>`. */
  readonly positional: string;
  readonly positionals: Readonly<Record<string, string>>;
  /** What it will do, in a sentence or two. */
  readonly description: string;
  readonly options: Readonly<Record<string, OptionWords>>;
  /** Two or three real lines, each with what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /**
   * @returns the exit code
   * @throws HaulError that the table in cli.ts turns into words and an exit code
   */
  run(typed: Typed, process: Process): Promise<number>;
}
