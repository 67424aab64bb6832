/** The process: arguments in, exit code out; Ctrl-C once stops cleanly, twice stops at once. */

import { cli } from "./cli.ts";
import { EXIT } from "./error-words.ts";

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
