/** The thread that works on a drive: begun with the first job, ended with the target. */

import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Answer, Job } from "./folder-worker.ts";

export class FolderThread {
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Does a job after those asked for before. The bytes of files to be written are given away with it.
   * @throws whatever ended the thread, which is a bug
   */
  do(job: Job): Promise<Answer> {
    const answer = this.#last.then(() => this.#ask(job));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Waits for the job under way. */
  async close(): Promise<void> {
    await this.#last;
    await this.#worker?.terminate();
    this.#worker = null;
  }

  async #ask(job: Job): Promise<Answer> {
    // Beside this file, and of its kind: a source in a checkout, compiled in a package.
    this.#worker ??= new Worker(new URL(`folder-worker${extname(import.meta.url)}`, import.meta.url));
    const given = job.kind === "write" ? job.files.map(({ bytes }) => bytes.buffer) : [];
    const answered = once(this.#worker, "message");
    this.#worker.postMessage(job, given);
    const [answer]: Answer[] = await answered;
    if (answer === undefined) throw new TypeError("the drive's thread said nothing");
    return answer;
  }
}

/** What a failed job says, as an error of the system. */
export function errorOf({ failure }: Answer): Error | null {
  return failure === null ? null : Object.assign(new Error(failure.message), { code: failure.code });
}
