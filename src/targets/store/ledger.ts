/**
 * The manifest and the sums of a target in a bucket: numbered parts that are written once, one pair for each
 * batch, the sums first, so that they name all that the manifest names. Always in the store's usual class:
 * lists in cold storage could not be read when they are needed.
 */

import { parseEntryLine } from "../../entry-line.ts";
import type { ManifestEntry } from "../../model.ts";
import { sumsLine } from "../folder/ledger.ts";
import { type Shelf, textParcel } from "./shelf.ts";

const MANIFEST = ".photohaul/manifest-";
const SUMS = ".photohaul/SHA256SUMS-";
const MANIFEST_PART = /^\.photohaul\/manifest-(\d{6,})\.ndjson$/;
/** Lines of a part that is written without sums. */
const LINES = 1000;
const SUMS_PART = /^\.photohaul\/SHA256SUMS-(\d{6,})$/;

export class PartedLedger {
  readonly #shelf: Shelf;
  #next: number;
  #parts: number;

  private constructor(shelf: Shelf, next: number, parts: number) {
    this.#shelf = shelf;
    this.#next = next;
    this.#parts = parts;
  }

  static async open(shelf: Shelf, signal: AbortSignal): Promise<PartedLedger> {
    const manifest = await partsOf(shelf, signal);
    const sums = await shelf.list(SUMS, signal);
    const numbers = sums.map((path) => Number(SUMS_PART.exec(path)?.[1] ?? 0));
    for (const { number } of manifest) numbers.push(number);
    const last = numbers.reduce((most, one) => Math.max(most, one), 0);
    return new PartedLedger(shelf, last + 1, manifest.length);
  }

  /** How many parts the manifest had at the opening, and those written since: as no part is ever taken away, its mark. */
  get parts(): number {
    return this.#parts;
  }

  /** Writes a part of each list. After an error no entry counts, and the same call may be made again. */
  async add(entries: readonly ManifestEntry[], signal: AbortSignal): Promise<void> {
    if (entries.length === 0) return;
    await this.#write((number) => `${SUMS}${number}`, entries.map(sumsLine).join(""), signal);
    await this.#writeManifest(entries, signal);
  }

  /** Writes parts of the manifest alone: their photos are in the sums already. As `add`. */
  async amend(entries: readonly ManifestEntry[], signal: AbortSignal): Promise<void> {
    for (let at = 0; at < entries.length; at += LINES) {
      await this.#writeManifest(entries.slice(at, at + LINES), signal);
    }
  }

  async #writeManifest(entries: readonly ManifestEntry[], signal: AbortSignal): Promise<void> {
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    await this.#write((number) => `${MANIFEST}${number}.ndjson`, lines, signal);
    this.#next += 1;
    this.#parts += 1;
  }

  /** Under the next number that is free: another computer may write to the same target. */
  async #write(path: (number: string) => string, text: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const parcel = textParcel(path(String(this.#next).padStart(6, "0")), text);
      if ((await this.#shelf.put(parcel, signal)).kept !== "occupied") return;
      this.#next += 1;
    }
  }
}

/** The parts of the manifest, by number. @throws HaulError a target's troubles */
export async function partsOf(
  shelf: Shelf,
  signal: AbortSignal,
): Promise<readonly { readonly path: string; readonly number: number }[]> {
  return (await shelf.list(MANIFEST, signal))
    .map((path) => ({ path, number: Number(MANIFEST_PART.exec(path)?.[1] ?? 0) }))
    .filter(({ number }) => number > 0)
    .sort((a, b) => a.number - b.number);
}

/** All entries in the order they were written. @throws HaulError a target's troubles */
export async function* entriesOf(
  shelf: Shelf,
  signal: AbortSignal,
  onBroken: () => void,
): AsyncGenerator<ManifestEntry> {
  for (const { path } of await partsOf(shelf, signal)) {
    const lines = ((await shelf.readText(path, signal)) ?? "").split("\n");
    if (lines.pop() !== "") onBroken();
    for (const line of lines) {
      const read = parseEntryLine(line);
      if (read === null || read.flawed) onBroken();
      if (read !== null) yield read.entry;
    }
  }
}
