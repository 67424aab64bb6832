/** The hands of a run, each a thread that takes whole photos (hand.ts), and what asks them. */

import { getCompileCacheDir } from "node:module";
import { availableParallelism } from "node:os";
import type { Emit } from "../events.ts";
import type { Listed, Taken } from "../model.ts";
import { Body, type Exchanged } from "../stores/http/exchange.ts";
import { networkTrouble } from "../stores/http/network-trouble.ts";
import { WIRE } from "../stores/http/wire.ts";
import type { Hand as Asking, PlainGet } from "../stores/source.ts";
import type { DraftsFolder, Target } from "../targets/target.ts";
import type { DateRules } from "./decide-date.ts";
import type { HandAsk, PlainError } from "./hand.ts";
import { type FinalAnswer, HandThread, type LinkOptions } from "./hand-link.ts";

/** So many photos are fetched without hands, which take 0.2 s of CPU to begin (measured). */
const FEW = 32;
/** The main thread, which plans and keeps, has more to do than a fifth could give it. */
const MOST_THREADS = 4;
const HUNG =
  "a thread that takes photos has not answered for 30 s: its photos are asked for again. Where that goes on, a drive hangs: look at its cable and at the system's log";

export interface HandsOptions {
  readonly rules: DateRules;
  /** How long nothing may come before a connection counts as broken, in milliseconds; absent for as long as elsewhere. */
  readonly stallMs?: number;
  /** How many there are to be, from the first photo on; absent for as many as the processors and the photos are worth. */
  readonly threads?: number | undefined;
  readonly emit?: Emit;
  /** For tests. */
  readonly link?: Pick<LinkOptions, "file" | "lookMs">;
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
  /** Those that did not answer, and end when the system lets them. */
  readonly #hung: HandThread[] = [];

  /** @param places where photos are kept; by their order they are asked for */
  constructor(places: readonly { readonly target: Pick<Target, "draftsFolder"> }[], options: HandsOptions) {
    this.#options = options;
    this.#folders = places.map(({ target }) => target.draftsFolder ?? null);
    this.#most = options.threads ?? Math.max(1, Math.min(availableParallelism() - 1, MOST_THREADS));
    this.#left = options.threads === undefined ? FEW : -1;
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
    this.#left -= 1;
    const thread = this.threadFor(folders);
    if (thread === null) return null;
    const ask = (get: PlainGet) =>
      new Promise<FinalAnswer>((onAnswer, onFailure) => {
        thread.ask(askOf(object, get, folders, dates), { onAnswer, onFailure, onMoved });
      });
    return (get, asked, signal) => {
      this.heed(signal);
      return answered(ask(get), `${asked.name} at ${get.origin}`, signal);
    };
  }

  /**
   * The thread that has least to do, for photos that are asked for without a promise for each (by-hand.ts).
   * @returns null where none is there yet, or may write into all of these folders
   */
  threadFor(folders: readonly number[]): HandThread | null {
    if (this.#most === 0 || this.#left >= 0 || folders.some((at) => (this.#folders[at] ?? null) === null)) return null;
    while (this.#mayBegin()) this.#begin();
    let least: HandThread | null = null;
    for (const thread of this.#threads) {
      const isIdle = thread.isReady || this.#options.threads !== undefined;
      if (isIdle && (least === null || thread.asked < least.asked)) least = thread;
    }
    return least;
  }

  /** What ends one photo's waiting ends that of all: a run asks with one signal. */
  heed(signal: AbortSignal): void {
    if (this.#signals.has(signal)) return;
    this.#signals.add(signal);
    if (signal.aborted) this.#stop();
    else signal.addEventListener("abort", this.#stop, { once: true });
  }

  async close(): Promise<void> {
    for (const signal of this.#signals) signal.removeEventListener("abort", this.#stop);
    await Promise.all([...this.#threads, ...this.#hung].map((thread) => thread.close()));
  }

  #begin(): void {
    const { rules, stallMs = WIRE.stallMs, emit, link } = this.#options;
    const folders = this.#folders.map((folder) => folder ?? NOWHERE);
    const compiled = getCompileCacheDir();
    const settings = { folders, rules, compiled, wire: { ...WIRE, stallMs, oneBuffer: true } };
    const thread: HandThread = new HandThread(settings, {
      ...link,
      onHung: () => {
        this.#threads = this.#threads.filter((one) => one !== thread);
        this.#hung.push(thread);
        emit?.({ type: "warning", code: "hung", message: HUNG });
      },
    });
    this.#threads.push(thread);
  }

  /** Each is replaced once: where that hangs, too, photos are fetched in this thread. */
  #mayBegin(): boolean {
    return this.#threads.length < this.#most && this.#threads.length + this.#hung.length < 2 * this.#most;
  }

  readonly #stop = (): void => {
    for (const thread of this.#threads) thread.stop();
  };
}

/** Which folders want a photo, by number. @param places in the order in which hands were given them */
export function foldersOf<Place>(
  wanted: readonly { readonly place: Place }[],
  places: readonly Place[],
): readonly number[] {
  return wanted.map(({ place }) => places.indexOf(place));
}

export function askOf(object: Listed, get: PlainGet, folders: readonly number[], dates: boolean): Omit<HandAsk, "id"> {
  const { key, size, etag, modified, storageClass } = object;
  return { ...get, object: { key, size, etag, modified, storageClass }, folders, dates };
}

/** As hands, of which the first that asks is given an answer that came before. */
export function answeredBefore(
  { answer, folders, thread }: AnswerThere,
  hands: Pick<Hands, "for">,
): Pick<Hands, "for"> {
  let left: FinalAnswer | null = answer;
  return {
    for(object, wanted, dates, onMoved) {
      const there = left;
      left = null;
      if (there === null) return hands.for(object, wanted, dates, onMoved);
      if (wanted.join() === folders.join()) {
        return (get, asked, signal) => answered(Promise.resolve(there), `${asked.name} at ${get.origin}`, signal);
      }
      // A target has left the run since: what lies where does not fit any more.
      thread.drop(there);
      return hands.for(object, wanted, dates, onMoved);
    },
  };
}

export interface AnswerThere {
  readonly answer: FinalAnswer;
  /** For which it was asked. */
  readonly folders: readonly number[];
  readonly thread: Pick<HandThread, "drop">;
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
export function revived(taken: Taken): Taken {
  const { date } = taken;
  return date === null ? taken : { ...taken, date: { ...date, mtime: new Date(date.mtime) } };
}

function errorOf({ name, code, message }: PlainError): Error {
  return Object.assign(new Error(message), { name, ...(code === "" ? {} : { code }) });
}
