/**
 * `node killed-after.ts N ARGUMENTS…`: photohaul with these arguments and --json, killed by SIGKILL the
 * instant it has said its Nth event: nothing of the process runs after that, no handler and no flush.
 */

import { cli } from "../../../src/cli.ts";

const [count = "", ...args] = process.argv.slice(2);
let said = 0;
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (line: string | Uint8Array): boolean => {
  const going = write(line);
  said += String(line).split("\n").length - 1;
  if (said >= Number(count)) process.kill(process.pid, "SIGKILL");
  return going;
};

process.exitCode = await cli(args, {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  platform: process.platform,
  signal: new AbortController().signal,
});
