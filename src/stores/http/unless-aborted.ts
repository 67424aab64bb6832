import { HaulError } from "../../errors.ts";

/**
 * What a promise comes to, unless the signal aborts first; others may go on waiting for the same promise.
 * @throws HaulError `interrupted`; whatever the promise is rejected with
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new HaulError("interrupted", "interrupted"));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop);
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
