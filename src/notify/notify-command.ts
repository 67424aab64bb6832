/** `--notify-command`: a command of the user's own that reads the summary. */

import { spawn } from "node:child_process";

/** A command that takes longer is ended, in milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * Runs the command in the system's shell with the summary on its standard input. What it prints goes to
 * standard error, since standard output may be JSON lines.
 * @returns null when it ended with 0, else what happened
 */
export function runNotifyCommand(command: string, summary: string, patienceMs = PATIENCE_MS): Promise<string | null> {
  return new Promise((resolve) => {
    // A group of its own, so that what the shell started is ended with it.
    const child = spawn(command, { shell: true, detached: true, stdio: ["pipe", 2, 2] });
    const clock = setTimeout(() => endGroup(child.pid), patienceMs);
    // A command that does not read its input is no fault.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(`${summary}\n`);
    child.on("error", (error) => {
      clearTimeout(clock);
      resolve(`--notify-command could not be started: ${error.message}`);
    });
    child.on("exit", (code, signal) => {
      clearTimeout(clock);
      if (code === 0) return resolve(null);
      const how = signal === null ? `with ${code}` : `by ${signal}`;
      resolve(`--notify-command ended ${how}`);
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended just now.
  }
}
