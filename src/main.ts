/** The process: arguments in, exit code out; Ctrl-C once stops cleanly, twice stops at once. */

import { totalmem } from "node:os";
import { setFlagsFromString } from "node:v8";
import { cli } from "./cli.ts";
import { EXIT } from "./error-words.ts";

/**
 * Bytes of memory below which the heap is kept small: a listing of 100,000 keys then needs 220 MB and not 350, a
 * mirror 330 and not 550, for an eighth more CPU (measured, Node 24). A NAS has more CPU to spare than memory.
 */
const LITTLE = 4 * 1024 ** 3;

if (totalmem() < LITTLE) {
  setFlagsFromString("--heap-growing-percent=100");
  setFlagsFromString("--semi-space-growth-factor=1");
}

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort(signal);
  });
}
// A reader that went away (`photohaul … | head`) is no reason to lose a run.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

process.exitCode = await cli(process.argv.slice(2), {
  // Opened only when it is read: a run under cron has none.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  platform: process.platform,
  signal: stop.signal,
});
