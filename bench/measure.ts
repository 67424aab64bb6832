/** Runs one command line and says what it cost, as the kernel counts it (GNU time, wait4). */

import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where its standard output goes; nowhere when absent. */
  readonly output?: string;
}

/** One run, or the median of several, each figure on its own. */
export interface Cost {
  /** Seconds, process start included. */
  readonly wall: number;
  /** Seconds of CPU, user and system, of the process and its children. */
  readonly cpu: number;
  /** Peak resident memory of its largest process, in megabytes (10⁶ bytes). */
  readonly rss: number;
}

/** @throws Error with the end of its standard error when it does not exit with 0 */
export async function measure(command: Command, scratch: string): Promise<Cost> {
  const cost = join(scratch, `cost-${process.hrtime.bigint()}`);
  const errors = `${cost}.stderr`;
  const stdout = command.output === undefined ? "ignore" : openSync(command.output, "w");
  const stderr = openSync(errors, "w");
  const start = performance.now();
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn("/usr/bin/time", ["-f", "%U %S %M", "-o", cost, ...command.argv], {
      env: { ...process.env, ...command.env },
      stdio: ["ignore", stdout, stderr],
    });
    child.on("error", reject);
    child.on("exit", resolve);
  });
  const wall = (performance.now() - start) / 1000;
  if (typeof stdout === "number") closeSync(stdout);
  closeSync(stderr);
  const said = readFileSync(errors, "utf8").slice(-2000);
  rmSync(errors);
  if (code !== 0) throw new Error(`exit ${code}: ${command.argv.join(" ")}\n${said}`);
  const line = readFileSync(cost, "utf8").trim().split("\n").at(-1) ?? "";
  rmSync(cost);
  const [user = 0, system = 0, kilobytes = 0] = line.split(" ").map(Number);
  return { wall, cpu: user + system, rss: (kilobytes * 1024) / 1e6 };
}

export function medianCost(costs: readonly Cost[]): Cost {
  const of = (field: keyof Cost) => median(costs.map((cost) => cost[field]));
  return { wall: of("wall"), cpu: of("cpu"), rss: of("rss") };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
