/**
 * Verify: which photos a run reads (all, a slice, or the share that makes every photo's turn come in time), and each of
 * them whole; where it is not what was kept, it is read once more before that is said.
 */

import { createHash } from "node:crypto";
import type { Due, Shelved } from "../catalogue/check-log.ts";
import { HaulError } from "../errors.ts";
import { damagedIn, type TargetReport } from "../events.ts";
import { keyHash } from "../key.ts";
import { DAY } from "../measures.ts";
import type { Condition } from "../model.ts";
import type { Target } from "../targets/target.ts";

export interface Checked {
  readonly condition: Condition;
  /** What both readings gave; null where the first was right. */
  readonly reason: string | null;
  /** The first reading was wrong and the second right: what stands between drive and program is failing. */
  readonly unsteady: boolean;
  /** It is whole by another line of the lists than the one that was to hold. */
  readonly contradicted: boolean;
}

/** What one reading gave: "right", or in words what was wrong with it. */
interface CopyRead {
  readonly condition: Condition;
  readonly said: string;
}

export const WHOLE: Checked = { condition: "whole", reason: null, unsteady: false, contradicted: false };
const RIGHT = "right";

/**
 * @param onBytes told of each piece that was read, in bytes, second readings included
 * @param others the bytes that other lines of the lists give that file: what they name rightly is no rot
 * @throws HaulError `interrupted`, and what ends a run
 */
export async function checkPhoto(
  photo: Shelved,
  target: Pick<Target, "open">,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
  others: () => readonly string[] = () => [],
): Promise<Checked> {
  const first = await read(photo, target, signal, onBytes, others);
  const is = { ...WHOLE, condition: first.condition };
  if (first.condition === "whole") {
    return first.said === RIGHT ? WHOLE : { ...is, reason: first.said, contradicted: true };
  }
  if (first.condition === "archived") return { ...is, reason: first.said };
  const second = await read(photo, target, signal, onBytes, others);
  if (second.condition === "whole") {
    const reason = `first reading: ${first.said}; second reading: ${second.said}`;
    return { ...WHOLE, reason, unsteady: true, contradicted: second.said !== RIGHT };
  }
  const reason =
    first.said === second.said
      ? `${first.said}; the same when read again`
      : `first reading: ${first.said}; second reading: ${second.said}`;
  return { ...WHOLE, condition: second.condition, reason };
}

async function read(
  photo: Shelved,
  target: Pick<Target, "open">,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
  others: () => readonly string[],
): Promise<CopyRead> {
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const chunk of target.open(photo.path, signal)) {
      hash.update(chunk);
      size += chunk.length;
      onBytes(chunk.length);
    }
  } catch (error) {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    const condition = error.code === "missing" || error.code === "archived" ? error.code : "unreadable";
    return { condition, said: causeOf(error) };
  }
  const sha256 = hash.digest("hex");
  if (sha256 === photo.sha256) return { condition: "whole", said: RIGHT };
  if (others().includes(sha256)) {
    return {
      condition: "whole",
      said: "the lists name it with these bytes, and a later line or the other list with others",
    };
  }
  const said =
    size === photo.size
      ? `its SHA-256 is ${sha256.slice(0, 16)}…, kept was ${photo.sha256.slice(0, 16)}…`
      : `it has ${size} bytes, kept were ${photo.size}`;
  return { condition: "rotten", said };
}

function causeOf(error: HaulError): string {
  const { cause } = error;
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
}

/** Photos whose path falls into part `part` (from 1) of `of`; the same photo falls into the same part every time. */
export interface Slice {
  readonly part: number;
  readonly of: number;
}

/**
 * Photos that wait longest, until a number of bytes is reached, at least one. What was damaged when it was read
 * last comes on top, so that damage that nobody mends keeps no other photo from its turn.
 */
export interface Share {
  readonly bytes: number;
}

export type SliceChoice = "all" | Slice | Share;

/** The photos of `due` that the choice takes, in the same order. */
export function* sliceOf(due: Iterable<readonly Due[]>, choice: SliceChoice): Generator<Due> {
  let taken = 0;
  for (const chunk of due) {
    for (const photo of chunk) {
      if (choice !== "all" && "of" in choice && !isIn(choice, photo)) continue;
      yield photo;
      if (!photo.damaged) taken += Math.max(1, photo.size);
      if (choice !== "all" && "bytes" in choice && taken > 0 && taken >= choice.bytes) return;
    }
  }
}

function isIn(slice: Slice, photo: Due): boolean {
  return keyHash(photo.path) % slice.of === slice.part - 1;
}

/**
 * How many bytes are due today, so that everything is read once in so many days whenever runs come: the part
 * of the days that went by since the last run, of all bytes. A day's part where there was no such run, or
 * where the clock was set back.
 * @param total bytes of everything
 * @param since when the last run began, ISO 8601; null before the first
 */
export function shareOf(total: number, days: number, since: string | null, now: number): Share {
  const gone = since === null ? DAY : now - Date.parse(since);
  const part = (gone <= 0 ? DAY : gone) / (days * DAY);
  return { bytes: Math.ceil(total * Math.min(1, part)) };
}

/** A slice is known in proportion only; what it holds exactly shows while it is read. */
export function expectedOf(
  { photos, bytes }: { readonly photos: number; readonly bytes: number },
  choice: SliceChoice,
): [number, number] {
  if (choice === "all") return [photos, bytes];
  const part = "of" in choice ? 1 / choice.of : Math.min(1, choice.bytes / Math.max(1, bytes));
  return [Math.ceil(photos * part), Math.ceil(bytes * part)];
}

/** What `verify` says of one target, filled in as it goes on, so that it is true however the run ends. */
export type ReportDraft = { -readonly [Field in keyof TargetReport]: TargetReport[Field] };

export function emptyReport(target: Pick<Target, "name" | "id">): ReportDraft {
  return {
    target: target.name,
    id: target.id,
    photos: 0,
    bytes: 0,
    checked: { photos: 0, bytes: 0 },
    vouched: { photos: 0, bytes: 0 },
    conditions: { whole: 0, rotten: 0, unreadable: 0, missing: 0, archived: 0 },
    unsteady: 0,
    repaired: 0,
    broughtOver: 0,
    notBrought: 0,
    extra: 0,
    brokenLines: 0,
    cutLines: 0,
    unlisted: 0,
    unsummed: 0,
    contradicted: 0,
    forgotten: 0,
    oldestCheck: null,
  };
}

/** Counts a photo that was checked. @param vouched true where the service itself proved it, and nothing was read */
export function countChecked(
  report: ReportDraft,
  photo: Due,
  { condition, unsteady, contradicted }: Checked,
  vouched: boolean,
): void {
  report.conditions = { ...report.conditions, [condition]: report.conditions[condition] + 1 };
  report.unsteady += Number(unsteady);
  report.contradicted += Number(contradicted);
  report.checked = plus(report.checked, photo);
  if (vouched) report.vouched = plus(report.vouched, photo);
}

function plus(sum: { readonly photos: number; readonly bytes: number }, { size }: Due) {
  return { photos: sum.photos + 1, bytes: sum.bytes + size };
}

/** Photos that are damaged now. */
export function damagedNow({ conditions, repaired }: TargetReport): number {
  return damagedIn(conditions) - repaired;
}

/** What the lists of a target do not say as they should. */
export function wrongInLists(report: TargetReport): number {
  const { brokenLines, forgotten, unlisted, unsummed, contradicted } = report;
  return brokenLines + forgotten + unlisted + unsummed + contradicted + Number(hasLostItsLists(report));
}

/** A marker, files beside it, and no list that names one: what was kept there is known no more. */
export function hasLostItsLists({ photos, extra }: TargetReport): boolean {
  return photos === 0 && extra > 0;
}
