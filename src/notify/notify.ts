/** Tells others how a run went: a health check, a command, a metrics file. None of them can fail a run. */

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { wentWell } from "../error-messages.ts";
import { HaulError } from "../errors.ts";
import type { SummaryEvent } from "../events.ts";
import { mustBeOurs, writeWhole } from "../local/files.ts";
import { forJson } from "../report/escape.ts";
import { retrying } from "../retry.ts";
import { keepSecretsOf } from "../secrets.ts";
import { isMetrics, metricsText } from "./metrics.ts";

export interface NotifyOptions {
  readonly ping: string | null;
  readonly notifyCommand: string | null;
  /** A file. */
  readonly metrics: string | null;
}

export interface Notifier {
  /** Does not wait for anybody. */
  started(): void;
  /** Comes back when all are told, or cannot be; also after an interruption. */
  ended(summary: SummaryEvent): Promise<void>;
}

/**
 * @param trouble told in a sentence of what could not be sent or written
 * @throws HaulError `usage` where the metrics would be written onto another file
 */
export function createNotifier(options: NotifyOptions, trouble: (message: string) => void): Notifier {
  const report = (failure: string | null) => {
    if (failure !== null) trouble(failure);
  };
  if (options.metrics !== null) mustBeOurs("--metrics", options.metrics, isMetrics);
  let begun: Promise<void> = Promise.resolve();
  return {
    started() {
      if (options.ping !== null) begun = ping(options.ping, "start", "").then(report);
    },
    async ended(summary) {
      const text = forJson(summary);
      // A start that arrives after the end would set the clock of the check going again.
      await begun;
      if (options.ping !== null) {
        report(await ping(options.ping, wentWell(summary) ? "success" : "fail", text));
      }
      if (options.metrics !== null) report(await writeMetrics(options.metrics, summary));
      if (options.notifyCommand !== null) report(await runNotifyCommand(options.notifyCommand, text));
    },
  };
}

async function writeMetrics(file: string, summary: SummaryEvent): Promise<string | null> {
  try {
    mustBeOurs("--metrics", file, isMetrics);
    const before = await readFile(file, "utf8").catch(() => "");
    const text = metricsText(summary, Math.round(Date.now() / 1000), before);
    await writeWhole(file, [text], new AbortController().signal);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `--metrics ${file} could not be written: ${why}`;
  }
}

/** A command that takes longer is ended, in milliseconds. */
const COMMAND_MS = 60_000;

/**
 * `--notify-command`: runs a command of the user's own in the system's shell, with the summary on its standard input. What
 * it prints goes to standard error, since standard output may be JSON lines.
 * @returns null when it ended with 0, else what happened
 */
export function runNotifyCommand(command: string, summary: string, patienceMs = COMMAND_MS): Promise<string | null> {
  return new Promise((resolve) => {
    // A group of its own, so that what the shell started is ended with it.
    const child = spawn(command, { shell: true, detached: true, stdio: ["pipe", 2, 2] });
    const clock = setTimeout(() => endGroup(child.pid), patienceMs);
    // A command that does not read its input is no fault.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(`${summary}\n`);
    child.on("error", (error) => {
      clearTimeout(clock);
      resolve(`--notify-command could not be started: ${error.message}`);
    });
    child.on("exit", (code, signal) => {
      clearTimeout(clock);
      if (code === 0) return resolve(null);
      const how = signal === null ? `with ${code}` : `by ${signal}`;
      resolve(`--notify-command ended ${how}`);
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended just now.
  }
}

/**
 * Health-check pings as healthchecks.io and its kin understand them: URL/start when a run begins, URL when it
 * went well, URL/fail when it did not, with the summary as the body. A check that hears nothing raises the alarm
 * by itself, which is how a run that never began is noticed.
 */
export type PingMoment = "start" | "success" | "fail";

/** Longest a ping may take, in milliseconds: photos do not wait for a health check. */
const PING_MS = 10_000;
const ATTEMPTS = 3;

/** `https://hc.example/uuid?x=1` and "fail" → `https://hc.example/uuid/fail?x=1` */
export function pingUrl(url: string, moment: PingMoment): string {
  const address = new URL(url);
  const path = address.pathname.replace(/\/+$/, "");
  address.pathname = moment === "success" ? path || "/" : `${path}/${moment}`;
  return address.href;
}

/**
 * @param body sent as JSON
 * @returns null when the ping was taken, else why not, in words that name the host and not the address, which is a secret
 */
export async function ping(
  url: string,
  moment: PingMoment,
  body: string,
  patienceMs = PING_MS,
): Promise<string | null> {
  keepSecretsOf(new URL(url));
  const address = pingUrl(url, moment);
  const signal = AbortSignal.timeout(patienceMs);
  try {
    await retrying(() => post(address, body, signal), { signal, attempts: ATTEMPTS });
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `the ping to ${new URL(url).host} did not arrive: ${why}`;
  }
}

async function post(url: string, body: string, signal: AbortSignal): Promise<void> {
  const { address, authorization } = withoutPassword(url);
  const headers = { "content-type": "application/json", ...authorization };
  // Loaded when it is needed: a mirror between folders speaks no HTTP.
  const [{ Connections }, { WIRE }] = await Promise.all([
    import("../stores/http/connections.ts"),
    import("../stores/http/wire.ts"),
  ]);
  const { origin, pathname, search } = address;
  const asked = { kind: "login", name: "the health check" } as const;
  const line = new Connections({ ...WIRE, connections: 1 });
  try {
    const sent = { origin, path: pathname + search, method: "POST", headers, body } as const;
    const { status, body: page } = await line.send(sent, asked, signal).catch((cause: unknown) => {
      if (cause instanceof HaulError && !cause.retry) throw cause;
      throw new HaulError("unreachable", "no answer", { retry: true, cause });
    });
    page.destroy();
    mustBeTaken(status);
  } finally {
    await line.close();
  }
}

/**
 * The summary names buckets, drives and what went wrong: it goes to the address that was typed, and to no other.
 * @throws HaulError for an answer other than 2xx
 */
function mustBeTaken(status: number): void {
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400) {
    const says = `the answer was ${status}, a way to another address, which no ping goes: give the address that it names`;
    throw new HaulError("server", says);
  }
  const retry = status >= 500 || status === 429;
  throw new HaulError("server", `the answer was ${status}`, { retry });
}

/** The server expects user and password of an address in a header. */
function withoutPassword(url: string) {
  const address = new URL(url);
  const { username, password } = address;
  if (username === "" && password === "") return { address, authorization: {} };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
  return { address, authorization };
}
