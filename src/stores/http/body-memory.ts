/**
 * Memory for bodies that is used again: fresh memory is asked of the system each time, which costs more than to fill it,
 * and counts for V8 as a reason to clear its heap.
 */

/** What is allocated at least, so that the next page, a little longer, fits too. */
const LEAST = 384 * 1024;
/** Kept at most: as many pages as are asked for at once. */
const MOST = 64;

export class BodyMemory {
  readonly #idle: Buffer[] = [];
  readonly #lent = new WeakMap<Buffer, Buffer>();

  /** A buffer of so many bytes, with whatever in it. */
  take(size: number): Buffer {
    const at = this.#idle.findLastIndex((one) => one.length >= size);
    const [found] = at < 0 ? [] : this.#idle.splice(at, 1);
    const whole = found ?? Buffer.allocUnsafeSlow(Math.max(size, LEAST));
    const taken = whole.subarray(0, size);
    this.#lent.set(taken, whole);
    return taken;
  }

  /** Of a buffer that nobody reads any more; one that was not taken here is left alone. */
  give(taken: Buffer): void {
    const whole = this.#lent.get(taken);
    this.#lent.delete(taken);
    if (whole !== undefined && this.#idle.length < MOST) this.#idle.push(whole);
  }
}
