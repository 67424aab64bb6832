/**
 * The programs that give keys (credential_process of a profile). The SDK starts them and hands out no way to end them, so
 * one that hangs would go on after the run.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { ChildProcess, spawnSync } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { kill } from "node:process";

const starting = new AsyncLocalStorage<KeyPrograms>();
let watching = false;

function watch(): void {
  if (watching) return;
  watching = true;
  subscribe("child_process", (message) => {
    const started: unknown = typeof message === "object" && message !== null ? Reflect.get(message, "process") : null;
    if (started instanceof ChildProcess) starting.getStore()?.add(started);
  });
}

/** Those of one account. */
export class KeyPrograms {
  readonly #running = new Set<ChildProcess>();

  /** Does what may start some, and knows them from then on. */
  during<T>(work: () => Promise<T>): Promise<T> {
    watch();
    return starting.run(this, work);
  }

  add(program: ChildProcess): void {
    this.#running.add(program);
    program.once("exit", () => this.#running.delete(program));
  }

  /** Ends those that still run, and what they started: the shell that the SDK puts around each does not do so. */
  end(): void {
    for (const program of this.#running) {
      const below = program.pid === undefined ? [] : descendantsOf(program.pid, childrenByParent());
      program.kill();
      for (const pid of below) endProcess(pid);
    }
  }
}

function endProcess(pid: number): void {
  try {
    kill(pid, "SIGTERM");
  } catch {
    // It ended by itself, or with the one above it.
  }
}

function descendantsOf(pid: number, children: ReadonlyMap<number, readonly number[]>): number[] {
  return (children.get(pid) ?? []).flatMap((child) => [child, ...descendantsOf(child, children)]);
}

/** The children of each process, as `ps` of POSIX tells them; none where there is no such program. */
function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  const asked = { encoding: "utf8", timeout: 2000 } as const;
  const { stdout }: { readonly stdout: string | null } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], asked);
  for (const [, pid, parent] of (stdout ?? "").matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm)) {
    const siblings = children.get(Number(parent));
    if (siblings === undefined) children.set(Number(parent), [Number(pid)]);
    else siblings.push(Number(pid));
  }
  return children;
}
