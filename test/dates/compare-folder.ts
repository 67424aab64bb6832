/** Holds photohaul's dates against ExifTool's, file by file. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { relative } from "node:path";
import { promisify } from "node:util";
import { exiftoolPath } from "exiftool-vendored";
import { impossible } from "../../src/dates/implausible.ts";
import { formatClock, readWritten } from "../../src/dates/written-time.ts";
import type { Captured } from "../../src/model.ts";
import { createDater, type Dater } from "../../src/photo/date.ts";
import type { Dated } from "../../src/photo/decide-date.ts";

type Tags = Readonly<Record<string, unknown>>;

/** `other tag`: ExifTool finds no date that can be true. `refused`: it finds one that cannot. The last two are failures. */
type Verdict = "agree" | "other tag" | "refused" | "no date" | "differ" | "missing";
export const VERDICTS: readonly Verdict[] = ["agree", "other tag", "refused", "no date", "differ", "missing"];

export interface Comparison {
  readonly file: string;
  readonly format: string;
  readonly verdict: Verdict;
  /** For people; "" where there is nothing to say. */
  readonly reason: string;
}

const DATES =
  "DateTimeOriginal CreateDate DateCreated DateTimeDigitized CreationDate CreationTime ContentCreateDate MediaCreateDate TrackCreateDate GPSDateTime ModifyDate".split(
    " ",
  );
/** Groups that speak of the file, of a colour profile, of a thumbnail, or repeat other groups. */
const BESIDE = /^(System|File|ICC|IFD[1-9]|Composite|ExifTool)/;
const HEAD_BYTES = 128 * 1024;

async function exiftoolSays(folder: string): Promise<Tags[]> {
  const args = ["-r", "-json", "-G1", "-a", "-q", "-q", "-FileType", ...DATES.map((tag) => `-${tag}`)];
  const command = await exiftoolPath();
  const options = { maxBuffer: 1 << 30, env: { ...process.env, TZ: "UTC" } };
  const { stdout } = await promisify(execFile)(command, [...args, folder], options).catch(
    // It ends with 1 where a single file could not be read, and has answered for all others.
    (error: { stdout: string }) => error,
  );
  const answer: unknown = JSON.parse(stdout === "" ? "[]" : stdout);
  return Array.isArray(answer) ? answer : [];
}

async function ours(path: string, dater: Dater): Promise<Dated> {
  const file = await open(path);
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0).finally(() => file.close());
  const modified = new Date().toISOString();
  return dater.date(
    {
      object: { key: "photo", size: bytesRead, etag: "", modified, storageClass: "" },
      head: { contentDisposition: "", metadata: {} },
      firstBytes: head.subarray(0, bytesRead),
      file: path,
    },
    new AbortController().signal,
  );
}

/** ExifTool's dates in the order of trust that it has itself: as DATES stand. */
function datesOf(tags: Tags): { name: string; written: string }[] {
  return DATES.flatMap((date) =>
    Object.entries(tags)
      .filter(([name]) => name.endsWith(`:${date}`) && !BESIDE.test(name))
      .map(([name, value]) => ({ name, written: text(value) })),
  );
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** As photohaul's `local`, or why it cannot be true. */
function wallClock(written: string): { local: string } | { reason: string } {
  const time = readWritten(written);
  if (typeof time === "string") return { reason: time };
  const never = impossible([time.clock]);
  if (never !== null) return { reason: never };
  if (time.clock > Date.now() + 26 * 3_600_000) return { reason: "in the future" };
  return { local: formatClock(time.clock, "") };
}

async function compare(tags: Tags, folder: string, dater: Dater): Promise<Comparison> {
  const path = text(tags.SourceFile);
  const dated = await ours(path, dater);
  const format = text(tags["File:FileType"]) || "unknown";
  const file = relative(folder, path);
  const dates = datesOf(tags);
  const original = dates.find(({ name }) => name.endsWith(":DateTimeOriginal"));
  const sane = dates.filter(({ written }) => "local" in wallClock(written));
  const { captured } = dated;
  const found = captured === null || captured.source === "modified" ? null : captured;
  const mine = found === null ? "nothing" : `${found.tag} ${found.local}`;
  const judged = (verdict: Verdict, reason = "") => ({ file, format, verdict, reason });

  if (found === null) {
    if (sane[0] !== undefined) return judged("missing", `${sane[0].name} ${sane[0].written}`);
    const refused = dates.map(({ name, written }) => `${name} ${JSON.stringify(written)}`);
    return refused.length === 0 ? judged("no date") : judged("refused", refused.join(", "));
  }
  if (original === undefined) {
    const same = sane.some(({ written }) => agrees(written, found));
    return same ? judged("agree") : judged("other tag", `${mine}, of which ExifTool says nothing`);
  }
  if (agrees(original.written, found)) return judged("agree");
  const clock = wallClock(original.written);
  const said = `${original.name} ${JSON.stringify(original.written)}`;
  if ("reason" in clock) return judged("refused", `${said}: ${clock.reason}; instead ${mine}`);
  const fate = dated.candidates.find(({ candidate }) => candidate.written === original.written);
  return judged("differ", `${said}: ${fate?.lost ?? "not read"}; instead ${mine}`);
}

/** The same wall clock, or the same in UTC where ExifTool prints that, as far as both are known. */
function agrees(written: string, { local, utc }: Captured): boolean {
  const clock = wallClock(written);
  if (!("local" in clock)) return false;
  const known = clock.local.endsWith("T00:00:00") ? 10 : 19;
  return [local, utc].some((time) => time.slice(0, known) === clock.local.slice(0, known));
}

export interface Compared {
  readonly comparisons: readonly Comparison[];
  /** Left out, as in a name that is no UTF-8 ExifTool's JSON has question marks. */
  readonly unnamed: number;
  /** Files that ExifTool crashed or hung on. */
  readonly faults: number;
}

/** All files below a folder in which ExifTool knows the format. */
export async function compareFolder(folder: string): Promise<Compared> {
  const dater = createDater({ zone: "UTC", emit: () => undefined });
  const comparisons: Comparison[] = [];
  let unnamed = 0;
  try {
    for (const tags of await exiftoolSays(folder)) {
      if (existsSync(text(tags.SourceFile))) comparisons.push(await compare(tags, folder, dater));
      else unnamed += 1;
    }
    return { comparisons, unnamed, faults: dater.faults };
  } finally {
    await dater.close();
  }
}

/** Another date than a DateTimeOriginal that can be true, or none where ExifTool finds one that can. */
export function isFailure({ verdict }: Comparison): boolean {
  return verdict === "differ" || verdict === "missing";
}
