/**
 * A hand: it takes whole photos. It asks for each, digests what comes, reads its date and writes it into the folders of
 * drafts, all of it in the callbacks of the connection: no promise and no object for a chunk. It runs in a thread of its
 * own (hand-thread.ts). What crosses threads is plain data, and never the bytes of a photo; what an answer means is
 * decided where it is decided for every other (`Bucket.ask`, fetch.ts, transfer.ts).
 */

import type { Dispatcher } from "undici";
import { MIB } from "../measures.ts";
import type { Listed, Taken } from "../model.ts";
import { Connections, type Route } from "../stores/http/connections.ts";
import { isUnpacked } from "../stores/http/content-coding.ts";
import { isAsItLies, Pace, type Patience, promising } from "../stores/http/exchange.ts";
import type { Headers } from "../stores/http/header.ts";
import { networkCodeOf } from "../stores/http/network-trouble.ts";
import { MOST_OF_REFUSAL, type WireOptions, WORDS_MS } from "../stores/http/wire.ts";
import { readHead } from "../stores/s3/s3-object.ts";
import type { PlainGet } from "../stores/source.ts";
import type { DraftsFolder } from "../targets/target.ts";
import type { DateRules } from "./decide-date.ts";
import { Md5Company } from "./md5-company.ts";
import { type Bench, type ComingPhoto, comingPhoto } from "./take-photo.ts";

export interface HandSettings {
  readonly folders: readonly DraftsFolder[];
  readonly rules: DateRules;
  readonly wire: WireOptions;
  /** Where what was compiled is remembered; absent where it is not. */
  readonly compiled?: string | undefined;
}

/** One photo to be taken. */
export interface HandAsk extends PlainGet {
  readonly id: number;
  readonly object: Listed;
  /** Which folders want it, by number. */
  readonly folders: readonly number[];
  /** False where more is to be asked for its date than its head and its key. */
  readonly dates: boolean;
}

/** What undici or the system said. */
export interface PlainError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** What became of an ask. */
export type HandAnswer =
  /** All of it came, as it lies in the store, and lies among the drafts. */
  | { readonly id: number; readonly kind: "taken"; readonly status: number; readonly taken: Taken }
  /** It was refused, in these words. */
  | {
      readonly id: number;
      readonly kind: "refused";
      readonly status: number;
      readonly headers: Headers;
      /** Base64. */
      readonly body: string;
    }
  /** It came, and broke off; nothing is kept of it. */
  | {
      readonly id: number;
      readonly kind: "broke";
      readonly status: number;
      readonly headers: Headers;
      readonly error: PlainError;
    }
  /** No answer came. */
  | { readonly id: number; readonly kind: "failed"; readonly error: PlainError; readonly through: string }
  /** So much more of it came, of a large one; the answer follows. */
  | { readonly id: number; readonly kind: "moved"; readonly bytes: number }
  /** What came is none that a hand takes: packed, or of another length. */
  | { readonly id: number; readonly kind: "left" };

export class Hand {
  readonly #settings: HandSettings;
  readonly #answer: (answer: HandAnswer) => void;
  readonly #line: Connections;
  readonly #bench: Bench;
  /** By origin, once they are known. */
  readonly #routes = new Map<string, Route>();
  readonly #coming = new Set<Coming>();
  #stopped = false;

  constructor(settings: HandSettings, answer: (answer: HandAnswer) => void) {
    this.#settings = settings;
    this.#answer = answer;
    this.#line = new Connections(settings.wire);
    this.#bench = { md5: new Md5Company(), rules: settings.rules, spare: [] };
  }

  /** How many answers are awaited. */
  get underWay(): number {
    return this.#coming.size;
  }

  ask(asks: readonly HandAsk[]): void {
    for (const ask of asks) {
      const route = this.#routes.get(ask.origin);
      if (route !== undefined) this.#dispatch(ask, route);
      else void this.#findRoute(ask);
    }
  }

  /** Nothing more is wanted: what comes is given up. */
  stop(): void {
    this.#stopped = true;
    for (const coming of this.#coming) coming.stop();
  }

  async close(): Promise<void> {
    this.stop();
    await this.#line.close();
  }

  async #findRoute(ask: HandAsk): Promise<void> {
    const route = await this.#line.wayTo(ask.origin);
    this.#routes.set(ask.origin, route);
    this.#dispatch(ask, route);
  }

  #dispatch(ask: HandAsk, { dispatcher, through }: Route): void {
    if (this.#stopped) return;
    const { origin, path, headers } = ask;
    const folders = ask.folders.flatMap((at) => this.#settings.folders[at] ?? []);
    const patience = this.#line.patience({ kind: "object" });
    const coming = new Coming(ask, { bench: this.#bench, folders, patience, through }, (answer) => {
      if (answer?.kind !== "moved") this.#coming.delete(coming);
      if (answer !== null) this.#answer(answer);
    });
    this.#coming.add(coming);
    dispatcher.dispatch({ origin, path, method: "GET", headers }, coming);
  }
}

/** Of a large photo it is told whenever so many bytes more have come. */
const TOLD_EACH = MIB;

interface ComingPorts {
  readonly bench: Bench;
  readonly folders: readonly DraftsFolder[];
  readonly patience: Patience;
  /** For messages. */
  readonly through: string;
}

/** One answer while it comes, as undici tells of it. */
class Coming implements Dispatcher.DispatchHandler {
  readonly #ask: HandAsk;
  readonly #ports: ComingPorts;
  readonly #end: (answer: HandAnswer | null) => void;
  #controller: Dispatcher.DispatchController | null = null;
  #over = false;
  #promisedAt: number | null = null;
  #status = 0;
  #headers: Headers = {};
  #photo: ComingPhoto | null = null;
  /** What a refusal says, as far as it came; null where it is none. */
  #refusal: Uint8Array[] | null = null;
  #length = 0;
  /** So much of it was told of. */
  #told = 0;
  /** Null where it may come as slowly as it likes, and before it comes. */
  #pace: Pace | null = null;

  constructor(ask: HandAsk, ports: ComingPorts, end: (answer: HandAnswer | null) => void) {
    this.#ask = ask;
    this.#ports = ports;
    this.#end = end;
  }

  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#photo?.drop();
    this.#controller?.abort(new Error("stopped"));
    this.#end(null);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error("stopped"));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) {
      this.#promisedAt ??= performance.now();
      const late = promising(status, performance.now() - this.#promisedAt, this.#ports.patience);
      if (late !== null) controller.abort(late);
      return;
    }
    this.#status = status;
    this.#headers = headers;
    const { object } = this.#ask;
    if (isAsItLies({ status, headers }, object.size) && !isUnpacked({ status, headers })) {
      const { least } = this.#ports.patience;
      if (least !== undefined) this.#pace = new Pace(least);
      const head = readHead(headers, object.size, 0);
      this.#photo = comingPhoto({ object, head, dates: this.#ask.dates }, this.#ports.folders, this.#ports.bench);
    } else if (status < 300 || status === 416) {
      this.#answer({ id: this.#ask.id, kind: "left" }, true);
    } else {
      this.#refusal = [];
      setTimeout(() => this.#refused(true), WORDS_MS).unref();
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#over) return;
    this.#length += chunk.length;
    if (this.#refusal !== null) {
      this.#refusal.push(Uint8Array.from(chunk));
      if (this.#length >= MOST_OF_REFUSAL) this.#refused(true);
      return;
    }
    if (this.#length > this.#ask.object.size) {
      controller.abort(otherLength(`more came than ${this.#ask.object.size} bytes`));
      return;
    }
    this.#photo?.push(chunk);
    if (this.#photo?.isLost === true) this.#take(true);
    else this.#mustBeFast(controller, chunk.length);
    if (this.#over || this.#length - this.#told < TOLD_EACH) return;
    this.#end({ id: this.#ask.id, kind: "moved", bytes: this.#length - this.#told });
    this.#told = this.#length;
  }

  onResponseEnd(): void {
    if (this.#over) return;
    const { size } = this.#ask.object;
    if (this.#refusal !== null) this.#refused(false);
    else if (this.#length === size) this.#take(false);
    else this.#broke(otherLength(`the answer ended after ${this.#length} of ${size} bytes`));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#over) return;
    const { through } = this.#ports;
    if (this.#refusal !== null) this.#refused(false);
    else if (this.#photo !== null) this.#broke(error);
    else this.#answer({ id: this.#ask.id, kind: "failed", error: plain(error), through }, false);
  }

  #mustBeFast(controller: Dispatcher.DispatchController, bytes: number): void {
    this.#pace?.came(bytes);
    const slow = this.#pace?.passed() ?? null;
    if (slow !== null) controller.abort(slow);
  }

  /** @param early true where nothing can be written any more */
  #take(early: boolean): void {
    const { id } = this.#ask;
    const status = this.#status;
    this.#over = true;
    if (early) this.#controller?.abort(new Error("nobody can keep it"));
    this.#photo?.end((taken) => this.#end({ id, kind: "taken", status, taken }));
  }

  #broke(error: Error): void {
    this.#photo?.drop();
    const { id } = this.#ask;
    this.#answer({ id, kind: "broke", status: this.#status, headers: this.#headers, error: plain(error) }, false);
  }

  #refused(early: boolean): void {
    if (this.#over || this.#refusal === null) return;
    const body = Buffer.concat(this.#refusal).toString("base64");
    const { id } = this.#ask;
    this.#answer({ id, kind: "refused", status: this.#status, headers: this.#headers, body }, early);
  }

  /** @param early true to close the connection, on which more would come */
  #answer(answer: HandAnswer, early: boolean): void {
    if (this.#over) return;
    this.#over = true;
    if (early) this.#controller?.abort(new Error("the rest is not wanted"));
    this.#end(answer);
  }
}

function otherLength(message: string): Error {
  return Object.assign(new Error(message), { code: "OTHER_LENGTH" });
}

function plain(error: Error): PlainError {
  return { name: error.name, code: networkCodeOf(error), message: error.message };
}
