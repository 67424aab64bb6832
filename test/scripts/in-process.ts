/**
 * One command line in this very process: what a process of its own costs (0.4 s of CPU to load everything) is most
 * of a short run. The environment and the working folder are the run's while it lasts, as the SDK, SQLite's relative
 * paths and dates in local time look there and nowhere else; so one run waits for the one before it.
 */

import { PassThrough, Writable } from "node:stream";
import { cli } from "../../src/cli.ts";

export interface Printed {
  /** Exit code. */
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The path of the program, as `schedule` writes it into a crontab. */
  readonly program: string;
  /** At a terminal of 60 columns, where that is typed; in a pipe where absent. */
  readonly typed?: string;
}

let last: Promise<unknown> = Promise.resolve();

/** @throws Error when the run leaves something behind that would keep its own process alive, or listens to signals */
export function runHere(args: readonly string[], around: Surroundings): Promise<Printed> {
  const run = last.then(() => runNow(args, around));
  last = run.catch(() => undefined);
  return run;
}

async function runNow(args: readonly string[], around: Surroundings): Promise<Printed> {
  const before = held();
  const giveBack = lend(around, args);
  const terminal = around.typed === undefined ? {} : { isTTY: true, columns: 60 };
  const stdout = sink(terminal);
  const stderr = sink();
  try {
    const exit = await cli(args, {
      ...(around.typed === undefined ? {} : { stdin: typing(around.typed) }),
      stdout: stdout.stream,
      stderr: stderr.stream,
      env: process.env,
      platform: process.platform,
      signal: new AbortController().signal,
    });
    return { exit, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    giveBack();
    await nothingLeft(before, args);
  }
}

/** @returns what puts everything back as it was */
function lend({ env, cwd, program }: Surroundings, args: readonly string[]): () => void {
  const own = { ...process.env };
  const { argv } = process;
  const folder = process.cwd();
  setEnvironment(env);
  process.chdir(cwd);
  process.argv = [process.execPath, program, ...args];
  return () => {
    setEnvironment(own);
    process.chdir(folder);
    process.argv = argv;
  };
}

/** In place: a new object would be no environment, and TZ would change nothing. */
function setEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  for (const [name, value] of Object.entries(env)) if (value !== undefined) process.env[name] = value;
}

function typing(text: string): NodeJS.ReadStream {
  const stream = Object.assign(new PassThrough(), { isTTY: true });
  stream.write(`${text}\n`);
  return stream as unknown as NodeJS.ReadStream;
}

function sink(terminal: object = {}): { stream: NodeJS.WriteStream; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      done();
    },
  });
  // A pipe has nothing that a terminal has beyond this, and nothing else is asked of one.
  return {
    stream: Object.assign(stream, terminal) as NodeJS.WriteStream,
    text: () => Buffer.concat(chunks).toString(),
  };
}

/** Children and threads that go on, and who listens to signals. */
function held(): Readonly<Record<string, number>> {
  const going = process.getActiveResourcesInfo();
  const number = (kind: string) => going.filter((one) => one === kind).length;
  return {
    children: number("ProcessWrap"),
    threads: number("MessagePort"),
    SIGINT: process.listenerCount("SIGINT"),
    SIGTERM: process.listenerCount("SIGTERM"),
  };
}

/** ExifTool and threads are told to end and take a moment. */
async function nothingLeft(before: Readonly<Record<string, number>>, args: readonly string[]): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const left = Object.entries(held()).filter(([what, number]) => number > (before[what] ?? 0));
    if (left.length === 0) return;
    if (tries === 100) throw new Error(`${args.join(" ")} left behind: ${JSON.stringify(left)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
