/** The thread of one hand, as it is seen from here: what it was asked, and who waits for what. */

import { unlink } from "node:fs/promises";
import { extname } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { HandDraft } from "../model.ts";
import type { HandAnswer, HandAsk, HandSettings } from "./hand.ts";

/**
 * The megabytes of V8's space for new objects, of threads that begin from now on: it stays as it begins (main.ts), and of
 * one the collector took a sixth of a hand's time (measured).
 */
const NURSERY = "--min-semi-space-size=8";
/** How long a thread may take to end, in milliseconds: one that waits for a drive that hangs never does. */
const ENDING_MS = 2000;
/** How often one that has something to do is asked whether it is alive, and how often in vain until it is given up: 30 s. */
const LOOK_MS = 5000;
const MOST_LOOKS = 6;

export type FinalAnswer = Exclude<HandAnswer, { readonly kind: "moved" }>;

export interface LinkOptions {
  /** The module that runs there; another one in tests. */
  readonly file?: URL | undefined;
  readonly lookMs?: number | undefined;
  /** Told once when it is given up: it does not answer. */
  readonly onHung: () => void;
}

/** Who waits for what becomes of an ask; one of `onAnswer` and `onFailure` is called, once. */
export interface Awaiting {
  onAnswer(answer: FinalAnswer): void;
  /** The thread takes nothing any more: it was stopped, or it ended, which is a bug. */
  onFailure(error: unknown): void;
  /** Told of bytes of a large one while they come; in the end of as many fewer, as whoever has it counts them. */
  onMoved(bytes: number): void;
}

interface Waiting {
  readonly by: Awaiting;
  moved: number;
}

export class HandThread {
  isReady = false;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<unknown>;
  readonly #dropping = new Set<Promise<void>>();
  #asks: HandAsk[] = [];
  #last = 0;
  #failure: unknown = null;
  readonly #onHung: () => void;
  readonly #watch: NodeJS.Timeout;
  /** Looks since something was heard of it. */
  #looks = 0;
  #isHung = false;

  constructor(workerData: HandSettings, { file = besideThis(), lookMs = LOOK_MS, onHung }: LinkOptions) {
    setFlagsFromString(NURSERY);
    this.#worker = new Worker(file, { workerData });
    this.#onHung = onHung;
    this.#watch = setInterval(() => this.#look(), lookMs).unref();
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

  ask(ask: Omit<HandAsk, "id">, by: Awaiting): void {
    if (this.#isHung) {
      by.onAnswer(LEFT);
      return;
    }
    if (this.#failure !== null) {
      by.onFailure(this.#failure);
      return;
    }
    this.#last += 1;
    this.#waiting.set(this.#last, { by, moved: 0 });
    if (this.#asks.push({ ...ask, id: this.#last }) === 1) setImmediate(() => this.#send());
  }

  /** Nobody waits for anything any more. */
  stop(): void {
    this.#order("stop");
    this.#fail(new Error("stopped"));
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
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

  /** One whose drive hangs, or that goes in circles, hears nothing; that computer sleeps or main is busy is one look. */
  #look(): void {
    if (!this.isReady || this.#isHung || this.#failure !== null) return;
    this.#looks = this.#waiting.size === 0 ? 0 : this.#looks + 1;
    if (this.#looks > MOST_LOOKS) this.#giveUp();
    else if (this.#looks > 0) this.#order("alive");
  }

  /** What it was asked goes another way. It ends when the system lets it. */
  #giveUp(): void {
    this.#isHung = true;
    clearInterval(this.#watch);
    void this.#worker.terminate();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#onHung();
    for (const { by, moved } of waiting) {
      if (moved > 0) by.onMoved(-moved);
      by.onAnswer(LEFT);
    }
  }

  #take(answers: readonly HandAnswer[]): void {
    this.isReady = true;
    this.#looks = 0;
    for (const answer of answers) {
      const waiting = this.#waiting.get(answer.id);
      if (answer.kind === "moved") {
        if (waiting !== undefined) waiting.moved += answer.bytes;
        waiting?.by.onMoved(answer.bytes);
        continue;
      }
      if (waiting !== undefined && waiting.moved > 0) waiting.by.onMoved(-waiting.moved);
      this.#waiting.delete(answer.id);
      if (waiting !== undefined) waiting.by.onAnswer(answer);
      else this.drop(answer);
    }
  }

  /** Gives back what was written for nobody. */
  drop(answer: FinalAnswer): void {
    for (const { file } of answer.kind === "taken" ? answer.taken.drafts : NONE) {
      const gone = unlink(file)
        .catch(() => undefined)
        .finally(() => this.#dropping.delete(gone));
      this.#dropping.add(gone);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { by } of waiting) by.onFailure(this.#failure);
  }
}

const NONE: readonly HandDraft[] = [];

/** It is to be asked for without a hand. */
const LEFT: FinalAnswer = { id: 0, kind: "left" };

/** Of its kind: a source in a checkout, compiled in a package. */
function besideThis(): URL {
  return new URL(`hand-thread${extname(import.meta.url)}`, import.meta.url);
}
