/** A program that lives no longer than this process, however that ends. */

import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A shell waits beside the program for a line that says that all is well. Where none comes, whoever would have sent it was
 * killed: it ends the program, and takes its folder away. `$$` is the program's own number, which takes the shell's place.
 */
const BESIDE = `
(read -r word <&3 || {
  kill -TERM $$
  for second in 1 2 3 4 5; do kill -0 $$ && sleep 1; done
  kill -KILL $$
  rm -rf -- "$0"
}) >/dev/null 2>&1 &
exec "$@" 3<&-`;

/** How long a program has to end when it is asked to, in milliseconds. */
const END_MS = 5000;
/** Of what it says, so many of the last characters are kept. */
const WORDS = 8000;

export type Env = Readonly<Record<string, string | undefined>>;

export interface TiedProcess {
  readonly child: ChildProcess;
  /** With its exit code; null where a signal ended it, or it never began. */
  readonly ended: Promise<number | null>;
  /** The last that it said on its standard error. */
  readonly said: () => string;
  stop(): Promise<void>;
  /** Ends it at once, with all that it began. */
  readonly kill: () => void;
}

/**
 * Begins a program, which no Ctrl-C on this terminal reaches.
 * @param folder its own, taken away where this process is killed
 */
export function begin(program: string, args: readonly string[], folder: string, env: Env): TiedProcess {
  const child = spawn("/bin/sh", ["-c", BESIDE, folder, program, ...args], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: true,
    env,
  });
  let words = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    words = (words + chunk).slice(-WORDS);
  });
  const line = child.stdio[3];
  line?.on("error", () => undefined);
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("exit", (code) => resolve(code));
  });
  void ended.then(() => {
    if (line !== null && line !== undefined && "end" in line) line.end("well\n");
  });
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL");
    }
  };
  const stop = async () => {
    child.kill("SIGTERM");
    const late = new AbortController();
    await Promise.race([ended, sleep(END_MS, undefined, { signal: late.signal }).catch(() => undefined)]);
    late.abort();
    kill();
    await ended;
  };
  return { child, ended, said: () => words, stop, kill };
}
