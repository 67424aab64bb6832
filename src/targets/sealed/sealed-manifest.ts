/**
 * The manifest of a sealed target: numbered parts, each a file of age like the photos, one for each batch. A part is
 * written before its photos are, and what it names counts as far as the lists of the target within, which are in clear and
 * name the sealed files by their digests, name the same. So a cut at any instant leaves nothing that is believed too much.
 *
 * The computer that writes it holds no key and cannot read it: what it wrote it has in `SealedLines`, and believes of
 * that too what the lists within name. What they name and nobody knows is told, and needs the key.
 */

import type { SealedLines } from "../../catalogue/catalogue.ts";
import { HaulError } from "../../errors.ts";
import { isDigests, jsonOf, parseEntryLine } from "../../manifest-entry.ts";
import type { Digests, ManifestEntry, SealedLine } from "../../model.ts";
import type { Opener, Sealer } from "../../seal/age-file.ts";
import { entryAnew, linesOf } from "../list-lines.ts";
import { digestsOf, once, Passing } from "../passing.ts";
import type { OnBroken, OwnFiles, Sum, Target } from "../target.ts";
import { damagedParts, markOf, SealedParts } from "./sealed-parts.ts";

/** Of every sealed file, after the name of its photo. */
export const SUFFIX = ".age";
const BATCH = 1000;

/** A line as a part has it: without `sealed` it gives another date to a photo whose file nobody knows. */
export interface PartLine {
  readonly entry: ManifestEntry;
  readonly sealed: Digests | null;
}

export interface SealedPlace {
  /** The target within, whose photos are the sealed files. */
  readonly inner: Target;
  readonly own: OwnFiles;
  /** Null when it was opened for reading. */
  readonly sealer: Sealer | null;
  /** Null where there is no key. */
  readonly opener: Opener | null;
  readonly lines: () => SealedLines;
  readonly warn: (message: string) => void;
}

export class SealedManifest {
  readonly #place: SealedPlace;
  readonly #parts: SealedParts;
  #isRead = false;
  /** True where parts were lost or damaged. */
  #isAltered = false;

  constructor(place: SealedPlace) {
    this.#place = place;
    this.#parts = new SealedParts(place.own);
  }

  /** Writes down what is to lie there, durably, here and there. */
  async add(lines: readonly PartLine[], signal: AbortSignal): Promise<void> {
    if (lines.length === 0) return;
    const known = lines.flatMap(({ entry, sealed }) => (sealed === null ? [] : [{ entry, sealed }]));
    await this.#place.lines().add(known);
    await this.#parts.write(await this.#sealed(lines), signal);
  }

  /** Writes anew all that is known of what lies there, where parts of it were lost: what was there before counts no more. */
  async renew(signal: AbortSignal): Promise<void> {
    let from = 0;
    let batch: PartLine[] = [];
    for await (const { path, sha256 } of this.#place.inner.entries(signal)) {
      const line = await this.line(photoPath(path) ?? "", sha256);
      if (line === null || batch.push(line) < BATCH) continue;
      from ||= await this.#parts.write(await this.#sealed(batch), signal);
      batch = [];
    }
    await this.#parts.write(await this.#sealed(batch), signal, from === 0 ? "itself" : from);
  }

  async #sealed(lines: readonly PartLine[]): Promise<Buffer> {
    const { sealer } = this.#place;
    if (sealer === null) throw new TypeError("a target that was opened for reading is written to");
    const text = lines.map(({ entry, sealed }) => JSON.stringify(sealed === null ? entry : { ...entry, sealed }));
    return collected(sealer.seal([Buffer.from(text.map((line) => `${line}\n`).join(""))]));
  }

  /** As `Target.entries`. */
  async *entries(signal: AbortSignal, onBroken: OnBroken = () => undefined): AsyncGenerator<ManifestEntry> {
    if (this.#place.opener === null) yield* this.#remembered(signal, onBroken);
    else yield* this.#opened(this.#place.opener, signal, onBroken);
  }

  /** As `Lists.sums`: the photos' own digests, for those of the sealed files that stand there. */
  async *sums(signal: AbortSignal, onBroken?: OnBroken): AsyncGenerator<Sum> {
    const { inner, opener } = this.#place;
    if (opener !== null && !this.#isRead) for await (const _ of this.entries(signal));
    let unknown = 0;
    for await (const { path, sha256 } of inner.lists.sums(signal, onBroken)) {
      const photo = photoPath(path);
      const line = photo === null ? null : await this.line(photo, sha256);
      if (line !== null) yield { path: line.entry.path, sha256: line.entry.sha256 };
      else if (photo !== null) unknown += 1;
    }
    if (unknown > 0 && opener === null) throw this.#unknown(unknown);
  }

  /** What is known of a sealed file at the path of a photo. */
  line(path: string, sha256: string): Promise<SealedLine | null> {
    return this.#place.lines().find(path, sha256);
  }

  /** What is known of those bytes at that path: sealed more than once, more than one. */
  async linesOf({ path, sha256 }: Sum): Promise<readonly SealedLine[]> {
    return (await this.#place.lines().at(path)).filter(({ entry }) => entry.sha256 === sha256);
  }

  /** How far it has got: another text as soon as a byte of a part is. */
  async mark(signal: AbortSignal): Promise<string> {
    return markOf(await this.#parts.list(signal));
  }

  /** @param others true where the lists within follow too: else it may be an older image, whose parts are whole */
  async follows(mark: string, others: boolean, signal: AbortSignal): Promise<boolean> {
    const [count = ""] = mark.split(" ");
    if (markOf((await this.#parts.list(signal)).slice(0, Number(count))) === mark) return true;
    this.#isAltered = others || (await damagedParts(this.#place, signal)).length > 0;
    return false;
  }

  async *#remembered(signal: AbortSignal, onBroken: OnBroken): AsyncGenerator<ManifestEntry> {
    let unknown = 0;
    for await (const { path, sha256 } of this.#place.inner.entries(signal, onBroken)) {
      const photo = photoPath(path);
      const line = photo === null ? null : await this.line(photo, sha256);
      if (line !== null) yield line.entry;
      else if (photo !== null) unknown += 1;
    }
    if (unknown > 0) throw this.#unknown(unknown);
    // Nobody here can read what is left of them; what they said is known.
    if (this.#isAltered) onBroken("unreadable");
  }

  #unknown(photos: number): HaulError {
    const { name } = this.#place.inner;
    const says = `${name} holds ${photos} sealed ${photos === 1 ? "photo" : "photos"} that this computer knows nothing of: its catalogue was lost, or another computer wrote there`;
    const hint = `Add --identity FILE with the key that opens ${name} to the same line, once: what lies there is known again then, and no photo is sent twice.`;
    return new HaulError("sealed", says, { hint });
  }

  async *#opened(opener: Opener, signal: AbortSignal, onBroken: OnBroken): AsyncGenerator<ManifestEntry> {
    const lying = await this.#lying(signal, onBroken);
    let batch: SealedLine[] = [];
    const damaged: string[] = [];
    for await (const { entry, sealed } of this.#read(opener, damaged, signal, onBroken)) {
      if (sealed !== null && batch.push({ entry, sealed }) >= BATCH) {
        await this.#place.lines().add(batch);
        batch = [];
      }
      if (sealed === null || lying.claim(entry.path, sealed)) yield entry;
    }
    await this.#place.lines().add(batch);
    this.#isRead = true;
    for (const { path, is } of lying.unclaimed()) {
      const { warn } = this.#place;
      for (const says of damaged.splice(0))
        warn(`${says}: what it alone said of photos is made out from their own files`);
      const known = (await this.#place.lines().at(path)).find(({ sealed }) => is(sealed));
      const entry = known?.entry ?? (await this.#rebuilt(path, is, opener, signal));
      onBroken("unreadable");
      if (entry !== null) yield entry;
    }
  }

  /** What the lists within name; where they name nothing, and photos are to be read only, what lies there. */
  async #lying(signal: AbortSignal, onBroken: OnBroken): Promise<Lying> {
    const { inner, sealer } = this.#place;
    const lying = new Lying();
    for await (const { path, sha256 } of inner.entries(signal, onBroken)) lying.add(path, sha256);
    for await (const { path, sha256 } of inner.lists.sums(signal, onBroken)) lying.add(path, sha256);
    if (lying.any || sealer !== null) return lying;
    for await (const { objects } of inner.list({}, signal)) {
      for (const { key, size } of objects) lying.add(key, String(size));
    }
    return lying;
  }

  /** Opens a file that no part tells of. @returns null where it cannot be opened, or is not the one that is meant */
  async #rebuilt(path: string, is: (sealed: Digests) => boolean, opener: Opener, signal: AbortSignal) {
    const { inner, lines } = this.#place;
    const sealed = new Passing();
    try {
      const lies = await inner.look(path + SUFFIX, signal);
      const bytes = sealed.through(inner.open(path + SUFFIX, signal));
      const plain = await digestsOf(opener.open(bytes, `${path + SUFFIX} on ${inner.name}`));
      const line = { entry: entryAnew(path, plain, lies?.modified ?? ""), sealed: sealed.digests() };
      if (!is(line.sealed)) return null;
      await lines().add([line]);
      return line.entry;
    } catch (error) {
      if (error instanceof HaulError && !error.endsRun) return null;
      throw error;
    }
  }

  /** @param damaged is told what cannot be opened: another part may say the same */
  async *#read(opener: Opener, damaged: string[], signal: AbortSignal, onBroken: OnBroken): AsyncGenerator<PartLine> {
    const { inner } = this.#place;
    let refused: HaulError | null = null;
    let opened = 0;
    for (const part of await this.#parts.list(signal)) {
      const what = `${inner.name}/.photohaul/${part.name}`;
      const bytes = (await this.#parts.read(part, signal)) ?? Buffer.alloc(0);
      try {
        const text = await collected(opener.open(once(bytes), what));
        opened += 1;
        for await (const line of linesOf([text], UNTOLD)) {
          const read = parseEntryLine(line);
          const value = jsonOf(line);
          const sealed: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "sealed") : null;
          if (read === null) onBroken("unreadable");
          else yield { entry: without(read.entry), sealed: isDigests(sealed) ? sealed : null };
        }
      } catch (error) {
        if (!(error instanceof HaulError) || error.endsRun) throw error;
        if (error.code === "sealed") refused = error;
        damaged.push(error.message);
      }
    }
    if (opened === 0 && refused !== null) throw notOpened(inner, refused);
  }
}

/** Sealed files by what is known of them, and whether a part tells of each. */
class Lying {
  readonly #claimed = new Map<string, boolean>();

  get any(): boolean {
    return this.#claimed.size > 0;
  }

  /** @param what its SHA-256, or its size */
  add(file: string, what: string): void {
    const path = photoPath(file);
    if (path !== null) this.#claimed.set(`${what} ${path}`, false);
  }

  /** @returns whether that file is there */
  claim(path: string, { sha256, size }: Digests): boolean {
    const is = [`${sha256} ${path}`, `${size} ${path}`].filter((name) => this.#claimed.has(name));
    for (const name of is) this.#claimed.set(name, true);
    return is.length > 0;
  }

  *unclaimed() {
    for (const [name, claimed] of this.#claimed) {
      if (claimed) continue;
      const [what = ""] = name.split(" ");
      const is = ({ sha256, size }: Digests) => what === sha256 || what === String(size);
      yield { path: name.slice(what.length + 1), is };
    }
  }
}

/** `2012/a.jpg.age` → `2012/a.jpg`; null for what is no sealed file. */
export function photoPath(file: string): string | null {
  return file.endsWith(SUFFIX) && file.length > SUFFIX.length ? file.slice(0, -SUFFIX.length) : null;
}

/** What the lists within say of a sealed file: nothing of its photo but the name. */
export function entryWithin({ path, storedAt }: ManifestEntry, { size, sha256, md5 }: Digests): ManifestEntry {
  const file = path + SUFFIX;
  return { path: file, key: file, etag: "", size, sha256, md5, captured: null, modified: storedAt, storedAt };
}

function without(entry: ManifestEntry): ManifestEntry {
  const { sealed: _sealed, ...plain } = Object.assign({ sealed: null }, entry);
  return plain;
}

function notOpened({ name, memory }: Target, cause: HaulError): HaulError {
  const to = memory.sealed ?? [];
  const hint = `Name the key file of ${to.length === 0 ? "one of its recipients" : to.join(" or of ")} with --identity.`;
  return new HaulError("sealed", `no key that was given opens ${name}: it is sealed to others`, { cause, hint });
}

async function collected(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

const UNTOLD = { onRest: () => undefined, onForm: () => undefined };
