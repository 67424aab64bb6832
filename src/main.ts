/** The process: arguments in, exit code out; Ctrl-C once stops cleanly, twice stops at once. */

import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { cli } from "./cli.ts";
import { EXIT } from "./error-messages.ts";

/**
 * Keeps the heap about as small as what it holds. Its nursery (V8's space for new objects) grows with what survives in
 * it: left to itself, it had any size from 8 to 64 MB when the code was loaded, by the machine and by how busy it was,
 * and a listing of 100,000 keys took 210 to 340 MB. So it stays as it is while the code is loaded, grows once by a
 * factor, and no more.
 */
function holdNursery(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/**
 * A nursery of 8 MB takes no more CPU than a larger one; one of 2 MB a tenth more for a listing. The rest of the heap may
 * double before it is cleared. (Measured, Node 24.)
 */
function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=100");
  setFlagsFromString("--semi-space-growth-factor=4");
  const before = nursery();
  const surviving: object[] = [];
  while (nursery() === before && surviving.length < MOST_SURVIVING)
    surviving.push(...Array.from({ length: 1000 }, () => ({})));
  holdNursery();
}

/** It grows when it is cleared and more than its size survived: some thousands of these, after what was loaded. */
const MOST_SURVIVING = 200_000;

function nursery(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === "new_space")?.space_size ?? 0;
}

const UNPRINTED =
  "  What was to be printed is not whole; the photos are not concerned.\n  Free some space, or print to another place, and run the same line again.";
let unprinted = false;

/**
 * A signal to a whole group (`timeout`, systemd, a terminal that is not ours) comes twice where another Node began this
 * one: by itself, and passed on (bin/photohaul). So two of one kind count as one for so many milliseconds.
 */
const ONE_SIGNAL_MS = 500;

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  let counted = Number.NEGATIVE_INFINITY;
  process.on(signal, () => {
    const now = performance.now();
    if (now - counted < ONE_SIGNAL_MS) return;
    counted = now;
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

holdNursery();
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
