/** Starts one server of the rig as a process of its own and knows how to be rid of it. */

import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

export interface ServerKind {
  readonly name: string;
  /** In this folder. */
  readonly script: string;
  /** How many ports the script takes. */
  readonly ports: number;
  /** Variables for the script. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What must be installed for it, with the Debian package of each. */
  readonly programs: Readonly<Record<string, string>>;
}

const Line = z.object({
  endpoint: z.url(),
  accessKey: z.string().default(""),
  secretKey: z.string().default(""),
  /** Swift's own authentication, where there is one. */
  auth: z.url().optional(),
  /** Of an SSH server: a folder with the key that it lets in and its known_hosts, and where less can be done. */
  ssh: z.string().optional(),
  limited: z.url().optional(),
  /** Of a grid: a client that wants more servers than there are, and the folder with all nodes. */
  greedy: z.url().optional(),
  nodes: z.string().optional(),
});

/** How a running server is reached: what its script printed. */
export type Running = z.infer<typeof Line>;

const START_MS = 240_000;
const STOP_MS = 20_000;

/** Debian packages that are missing for a server. */
export function missingPackages({ programs }: ServerKind): string[] {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const here = (program: string) => folders.some((folder) => isExecutable(join(folder, program)));
  return Object.entries(programs)
    .filter(([program]) => !here(program))
    .map(([, debian]) => debian);
}

/**
 * Waits until the server answers. It ends when `stop` is called and, should this process be killed, by
 * itself: its standard input ends then.
 * @throws Error with what the script said, when it ends or takes too long
 */
export async function startServer(kind: ServerKind): Promise<{ running: Running; stop: () => Promise<void> }> {
  const around = mkdtempSync(join(tmpdir(), `photohaul-${kind.name}-`));
  const ports = await freePorts(kind.ports);
  const script = join(import.meta.dirname, kind.script);
  const child = spawn("bash", [script, join(around, "server"), ...ports.map(String)], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    env: { ...process.env, ...kind.environment },
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-10_000);
  });
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const stop = async () => {
    child.stdin.end();
    await Promise.race([exited, later(STOP_MS)]);
    killGroup(child);
    await exited;
    rmSync(around, { recursive: true, force: true });
  };
  try {
    const line = await Promise.race([
      firstLine(child),
      exited.then(() => Promise.reject(new Error(`ended before it was ready`))),
      later(START_MS).then(() => Promise.reject(new Error(`not ready after ${START_MS} ms`))),
    ]);
    return { running: Line.parse(JSON.parse(line)), stop };
  } catch (cause) {
    await stop();
    throw new Error(`${kind.name}: ${cause instanceof Error ? cause.message : ""}\n${said}`, {
      cause,
    });
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (child.stdout !== null) createInterface(child.stdout).once("line", resolve);
  });
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** Only what the script left in its own group; its daemons it has ended itself. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, "SIGKILL");
}

/** Ports that were free a moment ago, all of them held at once so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer().once("error", reject);
          server.listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
