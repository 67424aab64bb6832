/** Who hears a run: the terminal or the pipe, the log file, and the tally that becomes the summary. */

import type { Emit, RunEvent } from "../events.ts";
import type { NotifyOptions } from "../notify/notify.ts";
import type { Troubles } from "../report/findings.ts";
import { count, startSummary, type Tally } from "../report/summary.ts";
import { NO_TROUBLES, notice } from "../report/troubles.ts";
import type { Process } from "./command.ts";
import { type Console, openConsole } from "./console.ts";
import { LOG_LIMITS, openLogFile } from "./log-file.ts";

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly noProgress: boolean;
  /** File that every event is appended to, mode 0600. */
  readonly log: string | null;
  /** Who is told how it ended. */
  readonly told: NotifyOptions;
}

export interface Output {
  readonly emit: Emit;
  readonly page: Console["page"];
  /** Lines for standard error, above whatever bar stands there. */
  readonly trouble: Console["trouble"];
  readonly tally: () => Tally;
  readonly troubles: () => Troubles;
  close(): void;
}

/** @throws HaulError `usage` when the log file cannot be opened */
export function openOutput(run: RunEvent, options: OutputOptions, process: Process): Output {
  const onTrouble = (message: string) => void process.stderr.write(`${message}\n`);
  const log = openLogFile(options.log, { ...LOG_LIMITS, onTrouble });
  const console = openConsole({
    json: options.json,
    verbosity: options.quiet ? "quiet" : options.verbose ? "verbose" : "normal",
    progress: !options.noProgress,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  let tally = startSummary(run);
  let troubles = NO_TROUBLES;
  return {
    emit(event) {
      tally = count(tally, event);
      troubles = notice(troubles, event);
      log.write(event);
      console.emit(event);
    },
    page: console.page,
    trouble: console.trouble,
    tally: () => tally,
    troubles: () => troubles,
    close() {
      console.close();
      log.close();
    },
  };
}
