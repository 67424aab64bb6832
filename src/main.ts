/** The process: arguments in, exit code out; Ctrl-C once stops cleanly, twice stops at once. */

import { setFlagsFromString } from "node:v8";
import { cli } from "./cli.ts";
import { EXIT } from "./error-messages.ts";

/**
 * From here on the heap stays about as small as what it holds: its nursery (V8's space for new objects) keeps the size
 * that loading gave it, and the rest may double before it is cleared. Listing 100,000 keys then takes 220 MB and not 370,
 * and no more CPU, as fresh memory costs too; a mirror 330 and not 520 (measured, Node 24). Said before the code is
 * loaded, the nursery would be of 1 MB, and clearing it would cost a tenth of a listing's CPU.
 */
function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=100");
}

const UNPRINTED =
  "  What was to be printed is not whole; the photos are not concerned.\n  Free some space, or print to another place, and run the same line again.";
let unprinted = false;

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort(signal);
  });
}
process.stderr.on("error", () => undefined);
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader that went away (`photohaul … | head`) wants no more; a full disk behind `>` loses what was to be read.
  if (error.code === "EPIPE" || unprinted) return;
  unprinted = true;
  const why = error.code === "ENOSPC" ? "its disk is full" : error.message;
  process.stderr.write(`photohaul: standard output could not be written: ${why}\n${UNPRINTED}\n`);
});
process.on("exit", (code) => {
  if (unprinted && code === EXIT.ok) process.exitCode = EXIT.full;
});

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
  loaded: keepHeapSmall,
});

/** How long what is left of a run may keep its process, in milliseconds: a program of a profile, a folder that hangs. */
const LEFT_OVER_MS = 5000;

function endAnyway(): void {
  const unread = process.stdout.writableLength + process.stderr.writableLength;
  if (unread > 0 && !unprinted) setTimeout(endAnyway, LEFT_OVER_MS).unref();
  else process.exit();
}
setTimeout(endAnyway, LEFT_OVER_MS).unref();
