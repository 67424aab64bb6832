/** The hands of a run, each a thread that takes whole photos (hand.ts), and what asks them. */

import { unlink } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { HandDraft, Listed, Taken } from "../model.ts";
import { Body, type Exchanged } from "../stores/http/exchange.ts";
import { networkTrouble } from "../stores/http/network-trouble.ts";
import { WIRE } from "../stores/http/wire.ts";
import type { Hand as Asking, PlainGet } from "../stores/source.ts";
import type { DraftsFolder, Target } from "../targets/target.ts";
import type { DateRules } from "./decide-date.ts";
import type { HandAnswer, HandAsk, HandSettings, PlainError } from "./hand.ts";

/** So many photos are fetched without hands, which take 0.2 s of CPU to begin (measured). */
const FEW = 32;
/** The main thread, which plans and keeps, has more to do than a fifth could give it. */
const MOST_THREADS = 4;
/**
 * The megabytes of V8's space for new objects, of threads that begin from now on: it stays as it begins (main.ts), and of
 * one the collector took a sixth of a hand's time (measured).
 */
const NURSERY = "--min-semi-space-size=8";
/** How long a thread may take to end, in milliseconds: one that waits for a drive that hangs never does. */
const ENDING_MS = 2000;

export interface HandsOptions {
  readonly rules: DateRules;
  /** How long nothing may come before a connection counts as broken, in milliseconds; absent for as long as elsewhere. */
  readonly stallMs?: number;
  /** How many there are to be, from the first photo on; absent for as many as the processors and the photos are worth. */
  readonly threads?: number | undefined;
}

/** `PHOTOHAUL_HANDS`: how many threads there are to be, from the first photo on; 0 for none. */
export function handsOf(env: NodeJS.ProcessEnv): number | undefined {
  const said = env.PHOTOHAUL_HANDS ?? "";
  return /^\d$/.test(said) ? Number(said) : undefined;
}

export class Hands {
  readonly #options: HandsOptions;
  /** Null where hands can write none. */
  readonly #folders: readonly (DraftsFolder | null)[];
  readonly #most: number;
  #left: number;
  readonly #signals = new Set<AbortSignal>();
  #threads: HandThread[] = [];

  /** @param places where photos are kept; by their order they are asked for */
  constructor(places: readonly { readonly target: Pick<Target, "draftsFolder"> }[], options: HandsOptions) {
    this.#options = options;
    this.#folders = places.map(({ target }) => target.draftsFolder ?? null);
    this.#most = options.threads ?? Math.max(1, Math.min(availableParallelism() - 1, MOST_THREADS));
    this.#left = options.threads === undefined ? FEW : 0;
  }

  /**
   * Who asks for a photo in the place of this thread.
   * @param folders which want it, by number
   * @param dates false where more is to be asked for its date than its head and its key
   * @param onMoved told of bytes of a large one while they come; in the end of as many fewer, as whoever has it counts them
   * @returns null where nobody does
   */
  for(
    object: Listed,
    folders: readonly number[],
    dates: boolean,
    onMoved: (bytes: number) => void = () => undefined,
  ): Asking | null {
    if (this.#most === 0 || folders.some((at) => (this.#folders[at] ?? null) === null)) return null;
    this.#left -= 1;
    if (this.#left >= 0) return null;
    if (this.#threads.length === 0) this.#begin();
    const idle = this.#threads.filter(({ isReady }) => isReady || this.#options.threads !== undefined);
    const thread = idle.reduce<HandThread | null>((a, b) => (a === null || b.asked < a.asked ? b : a), null);
    if (thread === null) return null;
    const { key, size, etag, modified, storageClass } = object;
    const plain = { key, size, etag, modified, storageClass };
    const ask = (get: PlainGet) => thread.ask({ ...get, object: plain, folders, dates }, onMoved);
    return (get, asked, signal) => {
      this.#heed(signal);
      return answered(ask(get), `${asked.name} at ${get.origin}`, signal);
    };
  }

  async close(): Promise<void> {
    for (const signal of this.#signals) signal.removeEventListener("abort", this.#stop);
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #begin(): void {
    const { rules, stallMs = WIRE.stallMs } = this.#options;
    const folders = this.#folders.map((folder) => folder ?? NOWHERE);
    const settings = { folders, rules, wire: { ...WIRE, stallMs, oneBuffer: true } };
    this.#threads = Array.from({ length: this.#most }, () => new HandThread(settings));
  }

  /** What ends one photo's waiting ends that of all: a run asks with one signal. */
  #heed(signal: AbortSignal): void {
    if (this.#signals.has(signal)) return;
    this.#signals.add(signal);
    if (signal.aborted) this.#stop();
    else signal.addEventListener("abort", this.#stop, { once: true });
  }

  readonly #stop = (): void => {
    for (const thread of this.#threads) thread.stop();
  };
}

/** Is never asked for. */
const NOWHERE: DraftsFolder = { folder: "", earliestTime: "" };

/** What a thread answers, in the form of an answer that came here. */
async function answered(answering: Promise<FinalAnswer>, at: string, signal: AbortSignal): Promise<Exchanged | null> {
  const answer = await answering;
  const body = new Body();
  switch (answer.kind) {
    case "left":
      return null;
    case "failed":
      throw networkTrouble(errorOf(answer.error), `${at}${answer.through}`, signal);
    case "taken":
      return { status: answer.status, headers: {}, body, taken: revived(answer.taken) };
    case "refused":
      body.push(Buffer.from(answer.body, "base64"));
      body.end();
      return { status: answer.status, headers: answer.headers, body };
    default:
      body.fail(errorOf(answer.error));
      return { status: answer.status, headers: answer.headers, body };
  }
}

/** JSON has no dates. */
function revived(taken: Taken): Taken {
  const { date } = taken;
  return date === null ? taken : { ...taken, date: { ...date, mtime: new Date(date.mtime) } };
}

function errorOf({ name, code, message }: PlainError): Error {
  return Object.assign(new Error(message), { name, ...(code === "" ? {} : { code }) });
}

type FinalAnswer = Exclude<HandAnswer, { readonly kind: "moved" }>;

interface Waiting extends PromiseWithResolvers<FinalAnswer> {
  readonly onMoved: (bytes: number) => void;
  moved: number;
}

/** One thread, and what it was asked. */
class HandThread {
  isReady = false;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<unknown>;
  readonly #dropping = new Set<Promise<void>>();
  #asks: HandAsk[] = [];
  #last = 0;
  #failure: unknown = null;

  constructor(workerData: HandSettings) {
    // Beside this file, and of its kind: a source in a checkout, compiled in a package.
    const file = new URL(`hand-thread${extname(import.meta.url)}`, import.meta.url);
    setFlagsFromString(NURSERY);
    this.#worker = new Worker(file, { workerData });
    this.#worker.on("message", (answers: string) => this.#take(JSON.parse(answers)));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#ended = new Promise((resolve) => {
      this.#worker.on("exit", () => resolve(this.#fail(new Error("a thread that takes photos has ended"))));
    });
  }

  /** How much it has to do. */
  get asked(): number {
    return this.#waiting.size;
  }

  /** @throws what ended the thread, which is a bug; an Error once it was stopped */
  ask(ask: Omit<HandAsk, "id">, onMoved: (bytes: number) => void): Promise<FinalAnswer> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    this.#last += 1;
    const waiting = Promise.withResolvers<FinalAnswer>();
    this.#waiting.set(this.#last, Object.assign(waiting, { onMoved, moved: 0 }));
    if (this.#asks.push({ ...ask, id: this.#last }) === 1) setImmediate(() => this.#send());
    return waiting.promise;
  }

  /** Nobody waits for anything any more. */
  stop(): void {
    this.#order("stop");
    this.#fail(new Error("stopped"));
  }

  async close(): Promise<void> {
    this.#fail(new Error("closed"));
    this.#order("close");
    const late = new Promise((resolve) => {
      setTimeout(resolve, ENDING_MS).unref();
    });
    await Promise.race([this.#ended, late]);
    void this.#worker.terminate();
    await Promise.all(this.#dropping);
  }

  #send(): void {
    const asks = this.#asks;
    this.#asks = [];
    if (this.#failure === null) this.#order(JSON.stringify(asks));
  }

  #order(order: string): void {
    this.#worker.postMessage(order, []);
  }

  #take(answers: readonly HandAnswer[]): void {
    this.isReady = true;
    for (const answer of answers) {
      const waiting = this.#waiting.get(answer.id);
      if (answer.kind === "moved") {
        if (waiting !== undefined) waiting.moved += answer.bytes;
        waiting?.onMoved(answer.bytes);
        continue;
      }
      if (waiting !== undefined && waiting.moved > 0) waiting.onMoved(-waiting.moved);
      this.#waiting.delete(answer.id);
      if (waiting !== undefined) waiting.resolve(answer);
      else if (answer.kind === "taken") this.#drop(answer.taken.drafts);
    }
  }

  /** What was written for nobody. */
  #drop(drafts: readonly HandDraft[]): void {
    for (const { file } of drafts) {
      const gone = unlink(file)
        .catch(() => undefined)
        .finally(() => this.#dropping.delete(gone));
      this.#dropping.add(gone);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
