/** Runs the command line, in this process or as a person does in one of its own, and says what it printed. */

import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEMO_CREDENTIALS, type S3Options, type S3Server, startS3 } from "../../fixtures/s3/server.ts";
import type { MirrorSummary, PhotoEvent, RunEvent } from "../../src/events.ts";
import { mustBeDocumented } from "../json/lines.ts";
import { runHere } from "./in-process.ts";
import { sample } from "./sample.ts";

const BIN = new URL("../../bin/photohaul", import.meta.url).pathname;
/** What was compiled for one process serves all: each home is new, and compiling takes half of a short run's time. */
export const COMPILED = join(tmpdir(), "photohaul-test-compiled");

/** Memory that is a file system, where a Linux has so much of it free that no test can fill it. */
const MEMORY = "/dev/shm";
const ENOUGH = 2 * 1024 ** 3;

/**
 * Where the folders of tests lie. A run forces what it keeps to the medium some twenty times, which takes half its
 * time on a disk and none in memory. The targets by themselves are tested on the disk, and `npm run test:servers`
 * runs all of it on real file systems.
 */
function scratch(): string {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize >= ENOUGH) return MEMORY;
  } catch {
    // no such thing here
  }
  return tmpdir();
}

export interface Ran {
  /** Exit code; 128 + the signal's number where one ended it. */
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** With --json. */
  readonly events: readonly RunEvent[];
  readonly photos: readonly PhotoEvent[];
  readonly summary: MirrorSummary;
}

export interface Rig extends AsyncDisposable {
  readonly server: S3Server;
  /** A folder that is gone after the test. */
  readonly folder: string;
  /** What the command line sees: the server's credentials, a home of its own, UTC. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--endpoint URL` of the server. */
  readonly endpoint: readonly string[];
  run(args: readonly string[], more?: RunOptions): Promise<Ran>;
  /** `mirror s3://photos FOLDER/photos --json` and what else is given. */
  mirror(...more: string[]): Promise<Ran>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What is answered at a terminal of 60 columns. */
  readonly typed?: string;
  /** In a process of its own, for what is about processes: priorities, limits, signals, locks, the entry point. */
  readonly spawned?: boolean;
  /** Called with each event as it comes, and with the means to stop the process, which is one of its own. */
  readonly onEvent?: (event: RunEvent, kill: (signal: NodeJS.Signals) => void) => void;
}

/** The environment of a computer of its own: its home is a folder, what it remembers lies in a folder there, and it has UTC. */
export function computerIn(folder: string, state = "state") {
  return { PATH: process.env.PATH, HOME: folder, XDG_STATE_HOME: join(folder, state), TZ: "UTC" };
}

/** An embedded server whose bucket `photos` holds the sample, unless `fill` says otherwise. */
export async function rig(options: S3Options = {}, fill: (server: S3Server) => void = fillSample): Promise<Rig> {
  const server = await startS3(options);
  fill(server);
  const folder = mkdtempSync(join(scratch(), "photohaul-test-"));
  const endpoint = ["--endpoint", server.endpoint];
  const env = {
    ...computerIn(folder),
    // All tests can be run with hands, or without.
    PHOTOHAUL_HANDS: process.env.PHOTOHAUL_HANDS,
    AWS_ACCESS_KEY_ID: DEMO_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: DEMO_CREDENTIALS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const run = (args: readonly string[], more: RunOptions = {}) =>
    runProcess(args, { ...more, env: { ...env, ...more.env } }, folder);
  return {
    server,
    folder,
    env,
    endpoint,
    run,
    mirror: (...more) => run(["mirror", "s3://photos", join(folder, "photos"), ...endpoint, "--json", ...more]),
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function fillSample(server: S3Server): void {
  const bucket = server.bucket("photos");
  for (const { key, body, ...facts } of sample()) bucket.put(key, body, facts);
}

/** Without a server. */
export async function runProcess(args: readonly string[], options: RunOptions, cwd: string): Promise<Ran> {
  if (options.spawned === true || options.onEvent !== undefined) return await spawned(args, options, cwd);
  const { exit, stdout, stderr } = await runHere(args, {
    // Threads of a run look for it here, as in a process of its own.
    env: { NODE_COMPILE_CACHE: COMPILED, ...options.env },
    cwd,
    program: BIN,
    ...(options.typed === undefined ? {} : { typed: options.typed }),
  });
  mustBeDocumented(args, stdout);
  return ranOf(exit, stdout, stderr);
}

/** The environment in which a process of its own runs that module before all else. */
export function running(module: string): { readonly NODE_OPTIONS: string } {
  const text = Buffer.from(module).toString("base64");
  return { NODE_OPTIONS: `--import=data:text/javascript;base64,${text}` };
}

function spawned(args: readonly string[], options: RunOptions, cwd: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd,
      env: { NODE_COMPILE_CACHE: COMPILED, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    let seen = 0;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      const lines = stdout.split("\n");
      for (; seen < lines.length - 1; seen += 1) {
        const line = lines[seen] ?? "";
        if (options.onEvent && line.startsWith("{")) options.onEvent(JSON.parse(line), (signal) => child.kill(signal));
      }
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const exit = code ?? 128 + (signal === "SIGKILL" ? 9 : 15);
      resolve(ranOf(exit, stdout, stderr));
    });
  });
}

function ranOf(exit: number, stdout: string, stderr: string): Ran {
  const events: RunEvent[] = stdout
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line));
  return {
    exit,
    stdout,
    stderr,
    events,
    photos: events.filter((event) => event.type === "photo"),
    get summary() {
      const last = events.at(-1);
      // Most of them are of mirrors; the tests of others name what they read.
      if (last?.type === "summary") return last as MirrorSummary;
      throw new Error(`the last line is no summary: ${stdout.slice(-500)} ${stderr}`);
    },
  };
}
