/** Time that passes only when nothing else can happen: an hour of waiting takes a moment, and always the same way. */

export class VirtualClock {
  #now = 0;
  #order = 0;
  readonly #waiting: { readonly at: number; readonly order: number; readonly wake: () => void }[] = [];

  readonly now = (): number => this.#now;

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#waiting.push({ at: this.#now + ms, order: this.#order++, wake });
    });
  }

  /** Lets time pass until the work is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const settled = work.finally(() => {
      done = true;
    });
    settled.catch(() => undefined);
    for (;;) {
      await new Promise(setImmediate);
      if (done) return settled;
      this.#waiting.sort((a, b) => a.at - b.at || a.order - b.order);
      const next = this.#waiting.shift();
      if (next === undefined) throw new Error("everything waits for nothing");
      this.#now = next.at;
      next.wake();
      while (this.#waiting[0]?.at === this.#now) this.#waiting.shift()?.wake();
    }
  }
}
