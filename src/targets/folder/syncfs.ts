/**
 * Forces a whole drive to the medium, by a shell that was begun while this process was small. To start a program
 * copies the tables of all memory, and makes every page be copied that is written to afterwards: done for each
 * batch by a process of 300 MB it cost half of all CPU of a run (measured, Linux 6). The shell ends with its
 * standard input, and so with this process however that ends.
 */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

const LOOP = 'while read -r _; do if sync -f "$1" 2>/dev/null; then echo y; else echo n; fi; done';

type Shell = ChildProcessByStdio<Writable, Readable, null>;

export class SyncFs {
  readonly #shell: Shell;
  /** Who waits for an answer; null where the shell has ended. */
  #waiting: ((forced: boolean) => void)[] | null = [];

  /** @param folder on the drive */
  constructor(folder: string) {
    this.#shell = spawn("sh", ["-c", LOOP, "sh", folder], {
      stdio: ["pipe", "pipe", "ignore"],
      cwd: "/",
      // Ctrl-C is for this process, which still has photos to force then.
      detached: true,
    });
    this.#shell.unref();
    this.#shell.on("error", () => this.#end());
    this.#shell.on("exit", () => this.#end());
    this.#shell.stdin.on("error", () => this.#end());
    this.#shell.stdout.on("data", (said: Buffer) => {
      for (const one of said) if (one !== NEWLINE) this.#waiting?.shift()?.(one === YES);
    });
  }

  /** @returns false where the drive cannot be forced so: its files are to be forced one by one */
  force(): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#waiting === null) return resolve(false);
      this.#waiting.push(resolve);
      this.#shell.stdin.write("\n");
    });
  }

  close(): void {
    this.#shell.stdin.destroy();
    this.#shell.stdout.destroy();
    this.#end();
  }

  #end(): void {
    for (const answer of this.#waiting ?? []) answer(false);
    this.#waiting = null;
  }
}

const NEWLINE = 0x0a;
const YES = "y".charCodeAt(0);
