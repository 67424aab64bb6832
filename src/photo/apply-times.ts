/**
 * Settle dates: judges the files of a folder one by one, and changes their times in batches, what they were written
 * down first. A photo that carries no zone waits until all were read, and may be lent one then.
 */

import { statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { stopIf } from "../cancel.ts";
import type { WaitingDate, WaitingDates } from "../catalogue/zone-lending.ts";
import { inferZone } from "../dates/infer-zone.ts";
import { formatClock } from "../dates/written-time.ts";
import { offsetAt } from "../dates/zone.ts";
import type { Redated } from "../events.ts";
import type { Captured } from "../model.ts";
import { type ExactTime, utimens } from "../targets/folder/utimens.ts";
import type { Dated } from "./decide-date.ts";
import { isDrivesFirst, isoTime, nanoseconds, sameTime, setModificationTime } from "./file-times.ts";
import { type FileStart, type PhotoFile, pathOf } from "./photo-files.ts";
import type { UndoRecord } from "./undo-record.ts";

/** So many files are changed after one write to the record. */
const BATCH = 500;
/** From here on every drive holds times: FAT counts from 1980 on, by the clock of some zone. */
const SURELY_HELD = nanoseconds("1980-01-02T00:00:00Z");
const FIRST_OF_FAT = nanoseconds("1980-01-01T00:00:00Z");
/** After so many files others get their turn: ExifTool's answers, Ctrl-C. */
const TURN = 50;

export interface SettlingPorts {
  readonly folder: string;
  readonly record: UndoRecord;
  readonly waiting: WaitingDates;
  /** Told of every file, once. */
  readonly onFile: (file: Redated) => void;
  readonly signal: AbortSignal;
}

export interface SettlingOptions {
  readonly dryRun: boolean;
  /** IANA zone in which wall clocks are read whose zone nobody recorded. */
  readonly zone: string;
  /** ISO 8601, now: nothing was taken more than 26 hours later. */
  readonly startedAt: string;
}

/** The candidates are those of a photo that was read in this run. */
export type Judging = Pick<Dated, "captured"> &
  Partial<Pick<Dated, "candidates">> & {
    /** True where a date is taken back that a photo was kept with: its file gets the time of its upload. */
    readonly withdrawn?: boolean;
  };

/** One clause for people: the most trusted of what could have been the date, and why it is not. */
function whyUnknown(candidates: Dated["candidates"]): string {
  const [refused] = candidates.filter(({ candidate }) => candidate.row !== "modified");
  if (refused === undefined) return "nothing says when it was taken";
  const { candidate, lost } = refused;
  return `nothing believable says when it was taken: ${candidate.tag} is ${candidate.written} (${lost ?? ""})`;
}

interface Change extends WaitingDate {
  readonly time: bigint;
}

export class TimeWriter {
  readonly #ports: SettlingPorts;
  readonly #options: SettlingOptions;
  #batch: Change[] = [];
  /** Files whose time was changed. */
  changed = 0;

  constructor(ports: SettlingPorts, options: SettlingOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  /** A photo that carries no zone waits until all were read, and may be lent one then. */
  judge(
    { key }: Pick<PhotoFile, "key">,
    { accessed, modified: old }: Omit<FileStart, "bytes">,
    { captured, candidates = [], withdrawn = false }: Judging,
  ): void {
    const photo = { key, accessed, old, captured };
    if (!this.#ports.waiting.add(photo)) this.#settle({ ...photo, candidates, withdrawn });
  }

  /** Decides what waits. @throws HaulError `interrupted`, and as `flush` */
  async lendZones(): Promise<void> {
    let settled = 0;
    const modified = this.#options.startedAt;
    for (const { around, ...photo } of this.#ports.waiting.all()) {
      settled += 1;
      if (settled % TURN === 0) await setImmediate();
      stopIf(this.#ports.signal, "interrupted at the end");
      const captured = inferZone({ ...photo, modified }, around) ?? photo.captured;
      this.#settle({ ...photo, captured });
    }
  }

  #settle({
    key,
    accessed,
    old,
    captured,
    candidates = [],
    withdrawn = false,
  }: Omit<WaitingDate, "captured"> & Judging): void {
    const stays = { file: key, old: isoTime(old), new: null };
    if (captured === null || (captured.source === "modified" && !withdrawn)) {
      const reason = whyUnknown(candidates);
      this.#ports.onFile({ ...stays, outcome: "unknown", captured: null, reason });
      return;
    }
    const time = nanoseconds(captured.utc);
    if (sameTime(old, time) || within(captured, old, this.#options.zone)) {
      this.#ports.onFile({ ...stays, outcome: "already", captured });
      return;
    }
    this.#batch.push({ key, captured, accessed, old, time });
    if (this.#batch.length >= BATCH) this.flush();
  }

  /** @throws HaulError `read-only`, `full`; then nothing of the batch was changed */
  flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length === 0) return;
    if (!this.#options.dryRun) {
      this.#ports.record.append(
        batch.map(({ key, old, time }) => ({ file: key, old: String(old), new: String(time) })),
      );
    }
    const { folder } = this.#ports;
    const exact: ExactTime[] = [];
    for (const [at, change] of batch.entries()) {
      const look = at === 0 || change.time < SURELY_HELD;
      const told = this.#options.dryRun ? changed(change) : apply(folder, change, look);
      if (told.outcome === "set") this.changed += 1;
      if (told.outcome === "set" && told.reason === undefined && !this.#options.dryRun)
        exact.push({ path: pathOf(folder, change.key), time: change.time });
      this.#ports.onFile(told);
    }
    utimens(exact);
  }
}

/** @param look whether to look what the drive made of it: one of a batch, and what a drive may not be able to hold */
function apply(folder: string, change: Change, look: boolean): Redated {
  const { key, captured, accessed, old, time } = change;
  const path = pathOf(folder, key);
  try {
    setModificationTime(path, accessed, time);
    let now = look ? timeOf(path) : time;
    if (sameTime(now, time)) return changed(change);
    if (!isDrivesFirst(now)) {
      // Some drivers of FAT make 2086 of 1958: its first time is nearer, else what it was.
      setModificationTime(path, accessed, time < SURELY_HELD ? FIRST_OF_FAT : old);
      now = timeOf(path);
      if (!isDrivesFirst(now)) setModificationTime(path, accessed, old);
    }
    return otherwise(change, now);
  } catch (error) {
    return { ...failure(key, String(error)), old: isoTime(old), captured };
  }
}

function timeOf(path: Buffer): bigint {
  return statSync(path, { bigint: true }).mtimeNs;
}

/** The drive made another time of it: its first where it can hold none so early, or it took none at all. */
function otherwise(change: Change, now: bigint): Redated {
  const { key, captured, old, time } = change;
  const early = isDrivesFirst(now) && now > time;
  const reason = early
    ? `the drive holds no time before ${isoTime(now).slice(0, 10)}`
    : "the drive takes no other time";
  if (!early) return { ...failure(key, reason), old: isoTime(old), captured };
  if (!sameTime(now, old)) return { ...changed({ ...change, time: now }), reason };
  return { file: key, outcome: "already", old: isoTime(old), new: null, captured, reason };
}

function changed({ key, captured, old, time }: Change): Redated {
  const [before, after] = [isoTime(old), isoTime(time)];
  return { file: key, outcome: "set", old: before, new: after, captured };
}

export function failure(file: string, reason: string): Redated {
  return { file, outcome: "failed", old: null, new: null, captured: null, reason };
}

const KNOWN: Readonly<Record<string, number>> = { day: 10, month: 7, year: 4 };

/** True where only a day, month or year is known and the time that the file has lies in it: it knows more. */
function within({ local, precision }: Captured, time: bigint, zone: string): boolean {
  const known = KNOWN[precision];
  if (known === undefined || isoTime(time) === "") return false;
  const instant = Number(time / 1_000_000n);
  const clock = instant + offsetAt(zone, instant) * 60_000;
  return formatClock(clock, "").slice(0, known) === local.slice(0, known);
}
