/** Who hears a run: the terminal or the pipe, the log file, and the tally that becomes the summary. */

import { appendFileSync, closeSync, openSync } from "node:fs";
import { HaulError } from "../errors.ts";
import type { Emit, HaulEvent, RunEvent } from "../events.ts";
import { type Console, openConsole } from "../report/console.ts";
import { forJson } from "../report/escape.ts";
import type { Troubles } from "../report/findings.ts";
import { count, startSummary, type Tally } from "../report/summary.ts";
import { NO_TROUBLES, notice } from "../report/troubles.ts";
import type { Process } from "./command.ts";

export interface VoiceOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly noProgress: boolean;
  /** File that every event is appended to, mode 0600. */
  readonly log: string | null;
}

export interface Voice {
  readonly emit: Emit;
  readonly page: Console["page"];
  /** Lines for standard error, above whatever bar stands there. */
  readonly trouble: Console["trouble"];
  readonly tally: () => Tally;
  readonly troubles: () => Troubles;
  close(): void;
}

/** @throws HaulError `usage` when the log file cannot be opened */
export function openVoice(run: RunEvent, options: VoiceOptions, process: Process): Voice {
  const log = openLog(options.log);
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

interface Log {
  write(event: HaulEvent): void;
  close(): void;
}

function openLog(file: string | null): Log {
  if (file === null) return { write: () => undefined, close: () => undefined };
  let handle: number;
  try {
    handle = openSync(file, "a", 0o600);
  } catch (error) {
    throw new HaulError("usage", `--log ${file} cannot be written`, { cause: error });
  }
  return {
    write(event) {
      if (event.type === "progress" || event.type === "listing") return;
      appendFileSync(handle, `${forJson({ at: new Date().toISOString(), ...event })}\n`);
    },
    close: () => closeSync(handle),
  };
}
