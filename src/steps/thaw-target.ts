/**
 * Thaw of a target: what of it lies in an archive is asked for, each once, and given back as it comes; of all else it is
 * said why it does not come. As a mirror does with its source (thaw.ts), but without a plan: what was asked for, the store
 * alone remembers.
 */

import { HaulError } from "../errors.ts";
import type { ArchiveEvent, Emit } from "../events.ts";
import { inParallel } from "../in-parallel.ts";
import { HOUR } from "../measures.ts";
import type { Listed } from "../model.ts";
import { ClassTally, forecastTier, forecastTiers, lacksTier } from "../report/archive-forecast.ts";
import { counted } from "../report/units.ts";
import type { Target } from "../targets/target.ts";
import { heldReason } from "./archive-reasons.ts";
import { hoursOf, noSuchTier, type ThawOptions } from "./ask-archive.ts";
import { AskEach, lookInto, type Refusal } from "./ask-each.ts";

interface ThawTargetPorts {
  readonly target: Pick<Target, "archive" | "list">;
  readonly thawing: ThawOptions;
  /** Photos at most that are asked for; null for all. */
  readonly limit: number | null;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** Requests under way at once. */
const AT_ONCE = 16;
/** Of what waits, so many are looked at, at least, each time; where one of them came, so many more. */
const LOOKS = 256;

export class TargetThawing {
  readonly #ports: ThawTargetPorts;
  readonly #each: AskEach | null;
  readonly #until: number;
  /** What is on its way, and what is said of it; what was looked at last stands last. */
  readonly #waiting = new Map<string, { readonly photo: Listed; readonly reason: string }>();
  /** What came back and was not given on. */
  #back: string[] = [];
  #refusal: Refusal | null = null;

  constructor(ports: ThawTargetPorts) {
    this.#ports = ports;
    const { thawing, target, now } = ports;
    this.#each = target.archive && thawing.thaw ? new AskEach(target.archive, thawing.thaw) : null;
    this.#until = now() + thawing.waitMs;
  }

  /**
   * Finds out what of these photos is on its way, and asks for the others where that was said.
   * @throws HaulError `usage` where nobody agreed to what it would cost, and what ends a run
   */
  async ask(paths: readonly string[]): Promise<void> {
    const { target, thawing, emit, limit } = this.#ports;
    const { thaw, prices } = thawing;
    if (target.archive === undefined || paths.length === 0) return;
    const cold = await this.#look(await this.#listed(paths));
    const { stored, photos, bytes } = tallied(cold);
    const event: ArchiveEvent = {
      type: "archive",
      photos,
      bytes,
      waiting: this.#waiting.size,
      ready: this.#back.length,
      asked: 0,
      forecast: forecastTiers(stored, thawing.days, prices),
    };
    emit(event);
    if (thaw === null || cold.length === 0) return;
    const able = cold.filter(({ storageClass }) => !lacksTier(prices, storageClass, thaw.tier));
    if (able.length === 0) throw this.#refused(noSuchTier(stored, thaw));
    const wanted = able.slice(0, limit ?? able.length);
    const asking = tallied(wanted);
    const forecast = forecastTier(asking.stored, thaw.tier, thaw.days, prices);
    try {
      if (!(await thawing.agree(asking, forecast))) return;
    } catch (error) {
      throw error instanceof HaulError ? this.#refused(error) : error;
    }
    await inParallel(wanted, AT_ONCE, (photo) => this.#one(photo));
    const back = new Set(this.#back);
    const left = tallied(cold.filter(({ key }) => !this.#waiting.has(key) && !back.has(key)));
    const { asked, refusal } = this.#each ?? { asked: 0, refusal: null };
    emit({ ...event, photos: left.photos, bytes: left.bytes, waiting: this.#waiting.size, asked, forecast: [] });
    if (refusal === null) return;
    const message = `the archive was not asked for ${counted(left.photos, "photo")}: ${refusal.reason}`;
    emit({ type: "warning", code: "not-asked", message });
  }

  /** Waits, as long as was said, for what can be read; none where nothing comes any more in this run. */
  async next(): Promise<readonly string[]> {
    const { thawing, signal, now } = this.#ports;
    while (this.#back.length === 0 && this.#waiting.size > 0 && now() < this.#until) {
      await thawing.sleep(Math.min(thawing.pollMs, this.#until - now()), signal);
      await this.#lookAgain();
    }
    const back = this.#back;
    this.#back = [];
    return back;
  }

  /** Why a photo does not come in this run. Null where nobody asked for it. */
  fateOf(path: string): Refusal | null {
    const waits = this.#waiting.get(path);
    if (waits !== undefined) return { reason: waits.reason, failed: false };
    const { thaw } = this.#ports.thawing;
    if (this.#refusal !== null) return this.#refusal;
    if (this.#each === null || thaw === null) return null;
    const reason = heldReason(null, this.#ports.now(), this.#ports.thawing);
    return this.#each.refusalOf({ key: path }) ?? { reason, failed: false };
  }

  #refused(error: HaulError): HaulError {
    this.#refusal = { reason: "archived, and not asked for", failed: true };
    return error;
  }

  async #one(photo: Listed): Promise<void> {
    const { thawing, signal, now } = this.#ports;
    const said = await this.#each?.ask(photo, { signal });
    if (said === null || said === undefined || thawing.thaw === null) return;
    if (said === "ready" || said === "live") this.#back.push(photo.key);
    else this.#wait(photo, now() + hoursOf(photo, thawing.thaw, thawing.prices) * HOUR, said === "asked");
  }

  /** @param due in milliseconds; null where nobody said */
  #wait(photo: Listed, due: number | null, asked: boolean): void {
    const { thawing, now } = this.#ports;
    const at = now();
    const readyBy = due === null ? null : new Date(due).toISOString();
    const own = { askedAt: new Date(at).toISOString(), tier: thawing.thaw?.tier ?? "" };
    const known = { ...(asked ? own : { askedAt: null, tier: "" }), readyBy, state: "ongoing", until: "" } as const;
    this.#waiting.set(photo.key, { photo, reason: heldReason(known, at, thawing) });
  }

  /** @returns those that nobody asked for */
  async #look(photos: readonly Listed[]): Promise<Listed[]> {
    const { target, signal } = this.#ports;
    const cold = new Set<string>();
    await inParallel(photos, AT_ONCE, async (photo) => {
      const returning = await lookInto(target.archive, photo, signal);
      if (returning === null) cold.add(photo.key);
      else if (returning.ongoing) this.#wait(photo, null, false);
      else this.#back.push(photo.key);
    });
    return photos.filter(({ key }) => cold.has(key));
  }

  async #lookAgain(): Promise<void> {
    const { target, signal } = this.#ports;
    for (let left = this.#waiting.size; left > 0; left -= LOOKS) {
      const some = [...this.#waiting.entries().take(Math.min(LOOKS, left))];
      await inParallel(some, AT_ONCE, async ([path, waits]) => {
        const returning = await lookInto(target.archive, waits.photo, signal);
        this.#waiting.delete(path);
        if (returning?.ongoing === false) this.#back.push(path);
        else this.#waiting.set(path, waits);
      });
      if (this.#back.length === 0) return;
    }
  }

  /** With the classes that the store lists them in. */
  async #listed(paths: readonly string[]): Promise<Listed[]> {
    const { target, signal } = this.#ports;
    const wanted = new Set(paths);
    const found = new Map<string, Listed>();
    for await (const { objects } of target.list({}, signal)) {
      for (const object of objects) if (wanted.has(object.key)) found.set(object.key, object);
    }
    const unknown = { size: 0, etag: "", modified: "", storageClass: "" };
    return paths.map((key) => found.get(key) ?? { key, ...unknown });
  }
}

/** Asks for what the archive holds, and takes what comes out of `held` and gives it on. @throws as `ask` and `bring` */
export async function bringHeld<T>(
  held: Map<string, T>,
  thawing: Pick<TargetThawing, "ask" | "next">,
  bring: (back: readonly T[]) => Promise<void>,
): Promise<void> {
  await thawing.ask([...held.keys()]);
  for (let back = await thawing.next(); back.length > 0; back = await thawing.next()) {
    const came = back.flatMap((path) => held.get(path) ?? []);
    for (const path of back) held.delete(path);
    await bring(came);
  }
}

function tallied(photos: readonly Listed[]) {
  const classes = new ClassTally();
  for (const photo of photos) classes.add(photo);
  return classes.sum();
}
