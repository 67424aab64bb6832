/** Undo times: what the last run of `dates` changed gets the time that it had. */

import { existsSync, realpathSync, statSync } from "node:fs";
import { stopIf } from "../cancel.ts";
import type { Redated } from "../events.ts";
import { failure } from "../photo/apply-times.ts";
import { isDrivesFirst, isoTime, sameTime, setModificationTime } from "../photo/file-times.ts";
import { pathOf } from "../photo/photo-files.ts";
import { type DamagedLine, lastRun } from "../photo/undo-record.ts";
import { type ExactTime, utimens } from "../targets/folder/utimens.ts";
import type { RedateOptions, RedatePorts } from "./date-files.ts";

/** Times that are finer than a microsecond are set together. */
const EXACT_AT_ONCE = 1000;

/**
 * Takes back what the last run changed that was not taken back yet. A file whose time was changed since by
 * somebody else keeps it. A line of the record that is damaged is told as a failure; as long as there is one, or a file
 * that is there could not get its time, the record stands as not taken back.
 * @returns the record that was followed, for people; null where there is none
 * @throws HaulError `interrupted`; doing it again is safe
 */
export async function undoRedate(
  folder: string,
  ports: Pick<RedatePorts, "onFile" | "signal">,
  options: Pick<RedateOptions, "dryRun">,
): Promise<string | null> {
  const run = lastRun(folder);
  if (run === null) return null;
  let exact: ExactTime[] = [];
  let isDone = true;
  try {
    for await (const made of run.changes) {
      stopIf(ports.signal, "interrupted while undoing");
      if ("line" in made) {
        isDone = false;
        ports.onFile(damaged(made, run.path));
        continue;
      }
      const { file, old, new: set } = made;
      const change = { file, old: BigInt(old), set: BigInt(set) };
      const undone = takeBack(folder, change, options.dryRun);
      if (undone.outcome === "set" && !options.dryRun)
        exact.push({ path: pathOf(realpathSync.native(folder, "buffer"), file), time: change.old });
      if (exact.length >= EXACT_AT_ONCE) exact = setAll(exact);
      // What is gone gets no time back, ever.
      if (undone.outcome === "failed" && existsSync(pathOf(folder, file))) isDone = false;
      ports.onFile(undone);
    }
  } finally {
    setAll(exact);
  }
  if (!options.dryRun && isDone) run.finish();
  return run.path;
}

function damaged({ line, about }: DamagedLine, record: string): Redated {
  const says = `line ${line} of ${record} is damaged, so what it says is not taken back. Mend that line and run this again, or rename the file to end in .undone to be done with it`;
  return failure(about === "" ? `line ${line}` : about, says);
}

function setAll(exact: readonly ExactTime[]): [] {
  utimens(exact);
  return [];
}

function takeBack(
  folder: string,
  { file, old, set }: { file: string; old: bigint; set: bigint },
  dryRun: boolean,
): Redated {
  try {
    const path = pathOf(realpathSync.native(folder, "buffer"), file);
    if (!realpathSync.native(path, "buffer").equals(path)) {
      return failure(file, "a link lies where the photo was");
    }
    const { atimeNs, mtimeNs: now } = statSync(path, { bigint: true });
    const row = { file, old: isoTime(now), new: null, captured: null };
    if (sameTime(now, old)) return { ...row, outcome: "already" };
    // What a drive cannot hold it put at its first time.
    const clamped = isDrivesFirst(now) && now > set;
    if (!sameTime(now, set) && !clamped) return { ...row, outcome: "unknown", reason: "changed since" };
    if (!dryRun) setModificationTime(path, atimeNs, old);
    return { ...row, outcome: "set", new: isoTime(old) };
  } catch (error) {
    return failure(file, String(error));
  }
}
