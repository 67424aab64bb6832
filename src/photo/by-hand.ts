/**
 * Photos that go by hand from the plan to the commit without a promise for each: those of a plan that has their names are
 * asked for as the limiter allows, and of what comes whole, right and dated as much is added to the next batch at once as
 * there were answers. All else goes the way of a single photo (transfer.ts), with the answer that it got.
 */

import type { Limiter } from "../limiter.ts";
import type { Listed, Taken } from "../model.ts";
import type { Source } from "../stores/source.ts";
import { compareDigests, tellingEtag } from "./checksum.ts";
import type { Pending } from "./commit.ts";
import { type AnswerThere, askOf, foldersOf, type Hands, revived } from "./hands.ts";
import type { Transfer } from "./merge-plans.ts";
import { isTooLarge } from "./merge-plans.ts";
import { mayBeResumed } from "./receive.ts";
import type { Destination } from "./target-set.ts";
import { entryOf } from "./tell-copy.ts";
import type { TransferPorts } from "./transfer.ts";

type Photo = Transfer<Destination>;

export type ByHandPorts = Pick<
  TransferPorts,
  "targetSet" | "dater" | "dateWriter" | "sidecars" | "bandwidth" | "meter" | "onProof" | "signal"
> & {
  readonly source: Pick<Source, "plainGet" | "took">;
  readonly limiter: Pick<Limiter, "fetching" | "moved">;
  /** Absent where every photo goes by itself. */
  readonly hands?: Pick<Hands, "threadFor" | "heed">;
};

/** A photo that goes by itself. */
export interface Single {
  readonly photo: Photo;
  /** What a hand was answered; null where none was asked. */
  readonly before: AnswerThere | null;
}

/** One that came. */
interface Ready {
  readonly photo: Photo;
  /** In the order of its targets. */
  readonly copies: readonly Pending[];
}

export class ByHand {
  readonly #ports: ByHandPorts;
  #singles: Single[] = [];
  #came: Ready[] = [];
  /** Asked for, and not kept or passed on yet. */
  #underWay = 0;
  readonly #keeping = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | null = null;
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(ports: ByHandPorts) {
    this.#ports = ports;
    ports.limiter.fetching.onRoom = () => this.#wake();
  }

  /**
   * @param admits asked of each in the order of the plan, when its turn has come; others are passed over
   * @returns those that go by themselves, as soon as that is known; ends when all others are kept
   * @throws what ends the run
   */
  async *singles(plan: AsyncIterable<readonly Photo[]>, admits: (photo: Photo) => boolean): AsyncGenerator<Single> {
    try {
      for await (const chunk of plan) {
        const isPlain = await this.#isPlainRun();
        for (const photo of chunk) {
          if (this.#mustEnd()) return;
          if (!admits(photo)) continue;
          let asked = isPlain ? this.#ask(photo) : "never";
          for (; asked === "later"; asked = this.#ask(photo)) {
            yield* this.#passOn();
            if (this.#mustEnd()) return;
            if (this.#singles.length === 0) await this.#news();
          }
          if (asked === "never") yield { photo, before: null };
        }
        yield* this.#passOn();
      }
      while (!this.#mustEnd() && this.#underWay + this.#singles.length > 0) {
        yield* this.#passOn();
        if (this.#underWay > 0 && this.#singles.length === 0) await this.#news();
      }
    } finally {
      this.#isOver = true;
      for (const { before } of this.#passOn()) before?.thread.drop(before.answer);
      await Promise.all(this.#keeping);
    }
  }

  /** Nothing more is asked for: something ended the run. */
  stop(): void {
    this.#isOver = true;
    this.#wake();
  }

  #onAnswer(photo: Photo, there: AnswerThere): void {
    const { answer, thread } = there;
    const ready = answer.kind === "taken" && !this.#isOver ? this.#readyOf(photo, revived(answer.taken)) : null;
    if (ready !== null) {
      if (this.#came.push(ready) === 1) queueMicrotask(() => this.#keep());
      return;
    }
    this.#underWay -= 1;
    this.#ports.limiter.fetching.end(false);
    if (this.#isOver) thread.drop(answer);
    else this.#singles.push({ photo, before: there });
    this.#wake();
  }

  readonly #onFailure = (error: unknown): void => {
    this.#underWay -= 1;
    this.#ports.limiter.fetching.end(false);
    this.#fail(error);
  };

  readonly #onMoved = (bytes: number): void => {
    this.#ports.meter.moved(bytes);
    this.#ports.limiter.moved(bytes);
  };

  /** @throws what ended the run, where that was here */
  #mustEnd(): boolean {
    if (this.#failure !== null && !this.#ports.signal.aborted) throw this.#failure.error;
    return this.#isOver || this.#ports.signal.aborted;
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  *#passOn(): Generator<Single> {
    for (let next = this.#singles.shift(); next !== undefined; next = this.#singles.shift()) yield next;
  }

  /** Whether heads alone date photos, and all come as fast as they can. */
  async #isPlainRun(): Promise<boolean> {
    const { hands, source, bandwidth, dateWriter, sidecars } = this.#ports;
    if (hands === undefined || source.plainGet === undefined || bandwidth.limited || dateWriter !== undefined)
      return false;
    return !(await sidecars.any());
  }

  #ask(photo: Photo): "asked" | "later" | "never" {
    const { hands, source, targetSet, limiter, signal } = this.#ports;
    if (!this.#isPlain(photo)) return "never";
    const folders = foldersOf(photo.wanted, targetSet.destinations);
    const thread = hands?.threadFor(folders) ?? null;
    if (hands === undefined || thread === null) return "never";
    if (!limiter.fetching.begin()) return "later";
    const get = source.plainGet?.(photo.object) ?? null;
    if (get === null) {
      limiter.fetching.end(false);
      return "never";
    }
    hands.heed(signal);
    this.#underWay += 1;
    thread.ask(askOf(photo.object, get, folders, true), {
      onAnswer: (answer) => this.#onAnswer(photo, { answer, folders, thread }),
      onFailure: this.#onFailure,
      onMoved: this.#onMoved,
    });
    return "asked";
  }

  #isPlain({ object, wanted }: Photo): boolean {
    const { dater, targetSet } = this.#ports;
    if (object.size === 0 || object.replaces || object.version !== undefined || mayBeResumed(object)) return false;
    for (const { place, photo } of wanted) {
      const { target, namer } = place;
      if (photo.path === null || photo.object.replaces || namer.lying.size > 0) return false;
      if (isTooLarge(object.size, target) || target.takeDraft === undefined) return false;
    }
    return targetSet.takers({ object, wanted }).length === wanted.length && !dater.isTold(object.key);
  }

  /** Null where something has to be asked or told first, or it is not right. */
  #readyOf(photo: Photo, { head, digests, drafts, date }: Taken): Ready | null {
    const { object, wanted } = photo;
    const { targetSet, dater, onProof } = this.#ports;
    if (date === null || date.unread === true || head.contentEncoding !== undefined) return null;
    if (isAnother(object, head) || drafts.some(({ failure }) => failure !== null)) return null;
    if (targetSet.takers(photo).length !== wanted.length) return null;
    const verdict = compareDigests(object, head, digests);
    if (!verdict.right || verdict.proof === "unprovable") return null;
    const names: string[] = [];
    const copies: Pending[] = [];
    const { captured, mtime } = dater.found(object, date);
    for (const [at, { place, photo: planned }] of wanted.entries()) {
      const written = drafts[at];
      const draft = written && place.target.takeDraft?.(written);
      if (draft === undefined || planned.path === null) throw new TypeError("a target that takes no drafts");
      const entry = entryOf(object, planned.path, captured, digests, null);
      copies.push({ draft, entry, mtime, replaces: false });
      names.push(place.target.name);
    }
    targetSet.fates.expect(object.key, names);
    onProof(verdict.proof);
    return { photo, copies };
  }

  #keep(): void {
    const came = this.#came;
    this.#came = [];
    const keeping = this.#keepAll(came)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#keeping.delete(keeping);
        this.#wake();
      });
    this.#keeping.add(keeping);
  }

  async #keepAll(came: readonly Ready[]): Promise<void> {
    const { source, targetSet, meter, limiter } = this.#ports;
    for (const { photo } of came) {
      source.took?.(photo.object);
      this.#onMoved(photo.object.size);
    }
    try {
      const places = targetSet.destinations.map(async (place) => {
        const copies = came.flatMap((ready) => copyFor(place, ready));
        const done = await targetSet.attempt(place, async () => {
          await place.committer.addAll(copies);
          return true;
        });
        if (done === null) await Promise.all(copies.map(({ draft }) => draft.discard()));
      });
      const settled = await Promise.allSettled(places);
      for (const one of settled) if (one.status === "rejected") throw one.reason;
    } finally {
      this.#underWay -= came.length;
      for (const _ of came) {
        limiter.fetching.end(true);
        meter.done();
      }
    }
  }
}

function copyFor(place: Destination, { photo: { wanted }, copies }: Ready): readonly Pending[] {
  const at = wanted.findIndex((one) => one.place === place);
  const copy = copies[at];
  return copy === undefined ? [] : [copy];
}

/** As `fetchObject` tells it. */
function isAnother({ etag }: Listed, head: Taken["head"]): boolean {
  return etag !== "" && tellingEtag(etag, head) !== etag;
}
