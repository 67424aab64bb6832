/**
 * The one rclone of this process, asked over a socket in a folder that nobody else can enter: whoever reaches its remote
 * control has this user's files. It is begun when it is asked first, begun again where it dies, and ended with the last who
 * uses it.
 */

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { stopIf, unlessAborted } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import { fromOutside } from "../../secrets.ts";
import { Connections } from "../http/connections.ts";
import type { Exchanged } from "../http/exchange.ts";
import { networkTrouble } from "../http/network-trouble.ts";
import { type Asked, readBody, WIRE } from "../http/wire.ts";
import { environmentOf, mustBeNew } from "./rclone-program.ts";
import { messagesIn, rcloneTrouble } from "./rclone-trouble.ts";
import { begin, type TiedProcess } from "./tied-process.ts";

const ORIGIN = "http://rclone";
/** Photos under way at once (targets/store): what is sent to Dropbox in batches goes in one of these. */
const AT_ONCE = 16;
/** Longer than any photo takes; by itself rclone hangs up after an hour. */
const LONGEST = "240h";
const OPTIONS = [
  "rcd --rc-no-auth --rc-serve --ask-password=false --use-json-log --log-level NOTICE",
  `--transfers ${AT_ONCE} --checkers ${AT_ONCE} --contimeout 30s`,
  `--rc-server-read-timeout ${LONGEST} --rc-server-write-timeout ${LONGEST}`,
].flatMap((words) => words.split(" "));
/** How long it may take to answer at first, in milliseconds. */
const START_MS = 30_000;
/** How long an answer to a short question may take: rclone asks a service ten times before it gives up. */
const ANSWER_MS = 300_000;
/** How long it may take to say that it lives. */
const ALIVE_MS = 15_000;
/** So often in a row it may die: what answered so many questions before was well. */
const MOST_DEATHS = 5;
const WELL = 100;
/** How long a listing may say nothing, in milliseconds. */
const SILENCE_MS = 600_000;
/** Bytes of the path of a socket that every system takes. */
const LONGEST_SOCKET = 100;

/** A question of rclone's remote control. */
export interface Call {
  readonly verb: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly asked: Asked;
  /** How long the answer may take, in milliseconds; 0 for as long as it likes. */
  readonly withinMs?: number;
}

interface Alive {
  readonly process: TiedProcess;
  readonly line: Connections;
}

const shared = new Map<string, Rclone>();

export class Rclone {
  readonly #program: string;
  /** Holds the socket, and what is small on its way. */
  readonly folder: string;
  #users = 0;
  #deaths = 0;
  #answered = 0;
  #alive: Promise<Alive> | null = null;
  /** Aborts what nobody waits for any more. */
  readonly #life = new AbortController();

  private constructor(program: string) {
    this.#program = program;
    const base = Buffer.byteLength(tmpdir()) > LONGEST_SOCKET - 40 ? "/tmp" : tmpdir();
    this.folder = mkdtempSync(join(base, "photohaul-rclone-"));
    chmodSync(this.folder, 0o700);
  }

  /** To be given back. @param program its name or path */
  static share(program: string): Rclone {
    const rclone = shared.get(program) ?? new Rclone(program);
    shared.set(program, rclone);
    rclone.#users += 1;
    return rclone;
  }

  async giveBack(): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return;
    shared.delete(this.#program);
    this.#life.abort();
    const alive = await this.#alive?.catch(() => null);
    await alive?.line.close();
    await alive?.process.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Asks once. @throws HaulError as the table in rclone-trouble.ts says; `broken` where rclone died meanwhile */
  async call({ verb, input, asked, withinMs = ANSWER_MS }: Call, signal: AbortSignal): Promise<unknown> {
    const body = JSON.stringify(input);
    const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
    const request = { path: `/${verb}`, method: "POST" as const, headers, body, headersTimeout: withinMs };
    const answer = await this.#send(request, asked, signal);
    return this.#read(answer, asked, signal, nothingOf(input));
  }

  /** The bytes of a file, as HTTP has them. One attempt. */
  async get(path: string, range: string, asked: Asked, signal: AbortSignal): Promise<Exchanged> {
    const headers = { "accept-encoding": "identity", ...(range === "" ? {} : { range }) };
    const request = { path, method: "GET" as const, headers, headersTimeout: ANSWER_MS };
    const answer = await this.#send(request, asked, signal);
    if (answer.status === 200 || answer.status === 206 || answer.status === 416) return answer;
    await this.#read(answer, asked, signal, [decodeURIComponent(path)]);
    throw new TypeError(`${asked.name}: an answer of ${answer.status}`);
  }

  /** The lines that another process of this rclone prints. @throws HaulError where it did not end well */
  async *lines(args: readonly string[], at: string, signal: AbortSignal): AsyncGenerator<string, string> {
    stopIf(signal);
    const process = begin(this.#program, args, this.folder, environmentOf(globalThis.process.env));
    const silence = setTimeout(process.kill, SILENCE_MS);
    signal.addEventListener("abort", process.kill, { once: true });
    try {
      if (process.child.stdout !== null) {
        for await (const line of createInterface({ input: process.child.stdout })) {
          silence.refresh();
          yield line;
        }
      }
      const code = await process.ended;
      stopIf(signal);
      if (code === 0) return process.said();
      const said = messagesIn(process.said()).at(-1) ?? `it ended by itself (${code ?? "killed"})`;
      throw rcloneTrouble(said, { doing: "listing", at, status: 500, names: args });
    } finally {
      signal.removeEventListener("abort", process.kill);
      clearTimeout(silence);
      await process.stop();
    }
  }

  async #read(answer: Exchanged, asked: Asked, signal: AbortSignal, names: readonly string[]): Promise<unknown> {
    const text = await textOf(answer, asked, signal);
    const read = parsed(text);
    if (answer.status === 200 && read !== undefined) return read;
    const { error = text }: { error?: unknown } = read !== null && typeof read === "object" ? read : {};
    const doing = asked.kind === "login" ? "listing" : asked.kind;
    throw rcloneTrouble(String(error), { doing, at: asked.name, status: answer.status, names });
  }

  async #send(
    request: Omit<Parameters<Connections["send"]>[0], "origin">,
    asked: Asked,
    signal: AbortSignal,
  ): Promise<Exchanged> {
    stopIf(signal);
    this.#alive ??= this.#begin();
    const mine = this.#alive;
    const alive = await unlessAborted(mine, signal);
    try {
      const answer = await alive.line.send({ ...request, origin: ORIGIN }, asked, signal);
      this.#answered += 1;
      return answer;
    } catch (error) {
      if (signal.aborted || (await isWell(alive, signal)) || signal.aborted) throw error;
      await alive.process.stop();
      await alive.line.close();
      if (this.#alive === mine) {
        this.#alive = null;
        this.#deaths = this.#answered > WELL ? 1 : this.#deaths + 1;
        this.#answered = 0;
      }
      const last = messagesIn(alive.process.said()).at(-1);
      const says = `${asked.name}: rclone ended in the midst of it${last === undefined ? "" : `: ${fromOutside(last)}`}`;
      const again = this.#deaths < MOST_DEATHS;
      throw new HaulError(again ? "broken" : "unreachable", says, { retry: again, place: "rclone", cause: error });
    }
  }

  async #begin(): Promise<Alive> {
    try {
      const { signal } = this.#life;
      await mustBeNew(this.#program, signal);
      // A folder of its own each time: what a killed one left is in nobody's way.
      const socket = join(await mkdtemp(join(this.folder, "s")), "rc");
      const args = [...OPTIONS, "--rc-addr", `unix://${socket}`];
      const process = begin(this.#program, args, this.folder, environmentOf(globalThis.process.env));
      process.child.stdout?.resume();
      const alive = { process, line: new Connections({ ...WIRE, connections: 128, socketPath: socket }) };
      const until = performance.now() + START_MS;
      while (!(await answers(alive, signal))) {
        if (signal.aborted) process.kill();
        stopIf(signal);
        const ended = await Promise.race([process.ended.then(() => true), sleep(20, false)]);
        if (!ended && performance.now() < until) continue;
        await process.stop();
        const why = messagesIn(process.said()).at(-1) ?? "it says nothing";
        throw rcloneTrouble(why, { doing: "listing", at: "rclone cannot be begun", status: 400, names: [] });
      }
      return alive;
    } catch (error) {
      this.#alive = null;
      throw error;
    }
  }
}

const PING: Asked = { kind: "login", name: "rclone" };

async function answers({ line }: Alive, until: AbortSignal): Promise<boolean> {
  const signal = AbortSignal.any([until, AbortSignal.timeout(ALIVE_MS)]);
  try {
    const headers = { "content-length": "0" };
    const answer = await line.send({ origin: ORIGIN, path: "/rc/noop", method: "POST", headers }, PING, signal);
    await readBody(answer, PING, signal);
    return answer.status === 200;
  } catch {
    return false;
  }
}

async function isWell(alive: Alive, signal: AbortSignal): Promise<boolean> {
  const { child } = alive.process;
  return child.exitCode === null && child.signalCode === null && (await answers(alive, signal));
}

/** The names that a question quotes: what an error says of them says nothing of the trouble. */
function nothingOf(input: Readonly<Record<string, unknown>>): string[] {
  return Object.values(input).filter((value) => typeof value === "string");
}

/** Of any length: the lists of a target that is years old are many files. */
async function textOf({ body }: Exchanged, { name }: Asked, signal: AbortSignal): Promise<string> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of body) parts.push(part);
  } catch (error) {
    throw networkTrouble(error, name, signal);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
