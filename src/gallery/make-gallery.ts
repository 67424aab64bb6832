/**
 * Makes the gallery of a target, or brings it up to date: reads the manifest, looks at the photos that no earlier gallery
 * looked at, and writes the data of the years in which something is new. Memory does not grow with the photos.
 */

import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { stopIf } from "../cancel.ts";
import { GalleryIndex, type InYear } from "../catalogue/gallery-index.ts";
import { HaulError } from "../errors.ts";
import { inParallel } from "../in-parallel.ts";
import { GALLERY_PAGE } from "../manifest-entry.ts";
import { HEAD_BYTES } from "../measures.ts";
import { pictureIn } from "../metadata/picture-head.ts";
import { bytes as inBytes } from "../report/units.ts";
import type { Target } from "../targets/target.ts";
import type { GalleryPlace } from "./gallery-place.ts";
import { fixedFiles, indexText, type PartOfIndex, pageText } from "./page-files.ts";
import {
  dataFile,
  dataText,
  type Look,
  lookOf,
  looksIn,
  MARKS,
  PART,
  placedEntry,
  type Row,
  rowOf,
  UNKNOWN_YEAR,
} from "./row.ts";

export interface GalleryPorts {
  /** Opened for reading, or for more. */
  readonly target: Pick<Target, "name" | "entries" | "open" | "manifestMark">;
  readonly place: GalleryPlace;
  /** True where the photos themselves lie beside the page. */
  readonly originals: boolean;
  /** Makes a thumbnail where the photo brings none; null where it cannot. Absent where photos are not read whole. */
  readonly shrink?: (photo: Buffer) => Promise<Uint8Array | null>;
  /** Whether a photo is a rendition that stands in for its original; absent where nobody knows, and an earlier gallery is believed. */
  readonly standsIn?: (key: string) => Promise<boolean>;
  /** Told how many photos are to be looked at, then of each. */
  readonly meter: { start(photos: number, bytes: number): void; done(): void };
  /** True to leave a gallery as it is whose lists did not change. */
  readonly onlyWhatIsNew?: boolean;
  readonly signal: AbortSignal;
}

/** Filled in as the work goes on. */
export interface GalleryReport {
  photos: number;
  bytes: number;
  years: number;
  /** Photos that were looked at in this run. */
  looked: number;
  /** Photos of the gallery that have a thumbnail. */
  thumbnails: number;
  /** Photos that do not lie there as the manifest says, or cannot be read. */
  unread: number;
  /** Data files that were written anew. */
  written: number;
}

export function emptyGallery(): GalleryReport {
  return { photos: 0, bytes: 0, years: 0, looked: 0, thumbnails: 0, unread: 0, written: 0 };
}

const ENTERED_AT_ONCE = 1000;
const LOOKED_AT_ONCE = 8;
/** Bytes that a thumbnail takes on a drive, more often than not less. */
const ROOM_OF_EACH = 16 * 1024;
const ROOM_OF_PAGE = 4 * 1024 * 1024;
/** More of a photo is not read for its thumbnail, bytes. */
const LARGEST_SHRUNK = 64 * 1024 * 1024;

/**
 * @throws HaulError `usage` where something else has the name of the page, `full` before anything is written that would not
 *   fit, and as the target and its drive do; what was there before stays usable
 */
export async function makeGallery(ports: GalleryPorts, report: GalleryReport): Promise<void> {
  const { target, place, originals, meter, signal } = ports;
  await place.make();
  const fixed = await fixedFiles();
  const of = madeOf(await target.manifestMark(signal), fixed);
  if (ports.onlyWhatIsNew === true && (await place.isMadeOf(of))) return;
  const index = new GalleryIndex();
  try {
    await readAll(index, ports, report);
    if (originals && index.has(GALLERY_PAGE)) throw keptThere(place.page);
    const years = index.years();
    await mustFit(place, index.unseen());
    meter.start(report.photos, report.bytes);
    for (const [name, text] of fixed) await place.put(name, text);
    const parts: PartOfIndex[] = [];
    for (const year of years) {
      let part = 0;
      for (const photos of index.parts(year, PART)) {
        part += 1;
        stopIf(signal);
        parts.push(await writePart({ year, part, photos }, ports, report));
      }
    }
    report.years = years.filter((year) => year !== UNKNOWN_YEAR).length;
    const { photos, bytes } = report;
    // What could not be read is tried again.
    const made = report.unread === 0 ? { of } : {};
    await place.put("index.js", indexText({ ...made, target: target.name, photos, bytes, originals, parts }));
    await place.putPage(pageText(place.below, target.name));
  } finally {
    index.close();
  }
}

/** Another text as soon as the lists of the target are others, or the page. */
function madeOf(mark: string, fixed: readonly (readonly string[])[]): string {
  return createHash("sha256").update(mark).update(JSON.stringify(fixed)).digest("hex");
}

async function readAll(index: GalleryIndex, { target, place, signal }: GalleryPorts, report: GalleryReport) {
  let placed = [];
  for await (const entry of target.entries(signal)) {
    placed.push(placedEntry(entry));
    if (placed.length < ENTERED_AT_ONCE) continue;
    index.enter(placed);
    placed = [];
    await setImmediate();
  }
  index.enter(placed);
  for await (const text of place.earlier()) index.remember(looksIn(text));
  Object.assign(report, index.totals());
}

function keptThere(page: string): HaulError {
  const says = `${page} is what was kept there for a photo, and is not written over. Name another folder with --out`;
  return new HaulError("usage", says);
}

async function mustFit(place: GalleryPlace, unseen: number): Promise<void> {
  const free = await place.freeBytes();
  const wanted = unseen * ROOM_OF_EACH + ROOM_OF_PAGE;
  if (free === null || free >= wanted) return;
  const says = `the gallery may take ${inBytes(wanted)} and ${inBytes(free)} are free where ${place.page} is to lie`;
  throw new HaulError("full", `${says}. Nothing of it was written`);
}

interface Part {
  readonly year: string;
  readonly part: number;
  readonly photos: readonly InYear[];
}

async function writePart({ year, part, photos }: Part, ports: GalleryPorts, report: GalleryReport) {
  const rows: Row[] = [];
  const marks: Record<string, number> = {};
  const months: [string, number][] = [];
  await inParallel(photos.entries(), LOOKED_AT_ONCE, async ([at, photo]) => {
    const look = await standing(photo, lookOf(photo.look) ?? (await lookAt(photo, ports, report)), ports);
    ports.meter.done();
    rows[at] = rowOf(photo, look, photo.versions);
  });
  for (const row of rows) count(row, year, marks, months);
  report.thumbnails += marks[MARKS.thumbnail] ?? 0;
  const file = dataFile(year, part);
  if (await ports.place.put(file, dataText(year, part, rows))) report.written += 1;
  return { file, year, part, photos: photos.length, marks, months };
}

async function standing({ key }: InYear, look: Look, { standsIn }: GalleryPorts): Promise<Look> {
  if (standsIn === undefined) return look;
  const others = look.marks & ~MARKS.standsIn;
  return { ...look, marks: (await standsIn(key)) ? others | MARKS.standsIn : others };
}

/** What the page is told of a part before it loads it. */
function count(row: Row, year: string, marks: Record<string, number>, months: [string, number][]): void {
  const [, local, , , , , all] = row;
  for (const mark of Object.values(MARKS)) if ((all & mark) !== 0) marks[mark] = (marks[mark] ?? 0) + 1;
  const month = year === UNKNOWN_YEAR || local.length < "2012-06".length ? "" : local.slice(0, "2012-06".length);
  const last = months.at(-1);
  if (last?.[0] === month) last[1] += 1;
  else months.push([month, 1]);
}

async function lookAt(photo: InYear, ports: GalleryPorts, report: GalleryReport): Promise<Look> {
  const { place } = ports;
  const folder = `t/${photo.id.slice(0, 2)}`;
  const name = `${photo.id}.jpg`;
  const isThere = await place.has(`${folder}/${name}`);
  report.looked += 1;
  const seen = await readPhoto(photo.path, isThere, ports).catch((error: unknown) => {
    if (!(error instanceof HaulError) || error.endsRun) throw error;
    report.unread += 1;
    return null;
  });
  if (seen === null) return { width: 0, height: 0, marks: MARKS.unseen };
  const { width, height, thumbnail } = seen;
  if (thumbnail !== null && !isThere) await place.putNew(folder, name, thumbnail);
  return { width, height, marks: isThere || thumbnail !== null ? MARKS.thumbnail : 0 };
}

async function readPhoto(path: string, isThere: boolean, { target, shrink, signal }: GalleryPorts) {
  const seen = pictureIn(await readStart(target.open(path, signal), HEAD_BYTES));
  if (seen.thumbnail !== null || isThere || shrink === undefined || !seen.isPicture) return seen;
  const whole = await readStart(target.open(path, signal), LARGEST_SHRUNK);
  return whole.length === LARGEST_SHRUNK ? seen : { ...seen, thumbnail: await shrink(whole) };
}

async function readStart(bytes: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const read: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    // A chunk is good until the next is asked for.
    read.push(Buffer.from(chunk));
    length += chunk.length;
    if (length >= most) break;
  }
  return Buffer.concat(read).subarray(0, most);
}
