/**
 * The place of a target in a store of objects: below a prefix, each written only where nothing lies. A write
 * whose answer was lost is looked at before it is made again, so that it counts once.
 */

import { createHash } from "node:crypto";
import { HaulError } from "../../errors.ts";
import type { Digests, ObjectHead } from "../../model.ts";
import { retrying } from "../../retry.ts";
import type { Put } from "../../stores/http/request-body.ts";
import { readObject } from "../../stores/read-object.ts";
import type { Page } from "../../stores/source.ts";
import type { KeysBelow, ObjectFacts, ObjectToPut, Origin, Store } from "../../stores/store.ts";
import type { Placed } from "../medium.ts";
import type { Kept, Lying, Vouched } from "../target.ts";
import type { Abilities } from "../target-json.ts";
import { asTarget, targetTrouble } from "../target-trouble.ts";
import { editionIn, editionOf } from "./editions.ts";
import { disproves, holdsPhoto, isOfParts, mustBe, provesPhoto, timeIn } from "./object-facts.ts";
import type { UploadJournal } from "./upload-journal.ts";

/** What is to be written. */
export interface Upload {
  /** Below the prefix. */
  readonly path: string;
  readonly digests: Digests;
  readonly bytes: ObjectToPut["bytes"];
  readonly facts: ObjectFacts;
  /** Where the source has the same bytes, if its ETag proves them. */
  readonly origin?: Origin | undefined;
  readonly photo: boolean;
}

export interface PlacedObject extends Placed {
  /** What the store called what it wrote just now; absent where it wrote nothing. */
  readonly said?: string;
}

/** So many bytes are dear enough to look first whether they are wanted. */
const DEAR = 64 * 1024 * 1024;

export interface UploadPrefix {
  readonly store: Store;
  /** Before every path: "" or one that ends in a slash. */
  readonly prefix: string;
  readonly journal?: UploadJournal;
}

export class PrefixWriter {
  /** As people would type it. */
  readonly name: string;
  /** True where any part of the listing costs all of it. */
  readonly listsAll: boolean;
  readonly #store: Store;
  readonly #prefix: string;
  readonly #can: Abilities;
  readonly #journal: UploadJournal | undefined;

  constructor({ store, prefix, journal }: UploadPrefix, can: Abilities) {
    this.name = `${store.name}/${prefix}`.replace(/\/$/, "");
    this.listsAll = store.oneByOne === true;
    this.#store = store;
    this.#prefix = prefix;
    this.#can = can;
    this.#journal = journal;
  }

  /**
   * Writes where nothing lies.
   * @param unseen true for a caller who has `notThere` see that it lies there then
   * @returns with the ETag that the store found for the parts of it, where it went in parts
   * @throws HaulError after as many attempts as retry.ts allows; a target's troubles only
   */
  async put(upload: Upload, signal: AbortSignal, unseen = false): Promise<PlacedObject> {
    let begun = false;
    return this.#asTarget(() =>
      retrying(
        async () => {
          const again = begun;
          const found = await this.#before(upload, again, signal);
          if (found !== null) return { kept: found === "same" && again ? "stored" : found };
          begun = true;
          const put = await this.#send(upload, signal);
          if (put === "taken") return { kept: await this.#judge(upload, signal) };
          mustBe(put, upload, this.name);
          if (!unseen) await this.#seeThere(upload, signal);
          // Of a file the length was looked at before it had its name, and the rename said that it has it.
          const said = this.#store.files === undefined ? { said: put.etag.toLowerCase() } : {};
          return { kept: "stored", ...said, ...(isOfParts(put) ? { etag: put.etag } : {}) };
        },
        { signal },
      ),
    );
  }

  /** Writes over what lies there, or its next edition where nothing is written over: for our own files, which are no photos. */
  async replace(path: string, text: string, onlyNew: boolean, signal: AbortSignal): Promise<Put> {
    if (this.#store.traits.writesOnce === true) return this.#putNext(editionIn(path).path, text, signal);
    const how = { lasting: false, onlyNew, checked: false };
    const writing = { ...this.#writing(textUpload(path, text)), ...how };
    return this.#asTarget(() => retrying(() => this.#store.put(writing, signal), { signal }));
  }

  /** Writes several where nothing lies, for a store that takes them together. @throws as `put` */
  async putTogether(uploads: readonly Upload[], signal: AbortSignal): Promise<readonly Placed[]> {
    const writings = uploads.map((upload) => ({ ...this.#writing(upload), onlyNew: true }));
    return this.#asTarget(async () => (await this.#store.putTogether?.(writings, signal)) ?? []);
  }

  /** Where one of our own files is now; the path itself where nothing lies, or things are written over. */
  async lastEdition(path: string, signal: AbortSignal): Promise<string> {
    return this.#store.traits.writesOnce === true ? editionOf(path, await this.#editions(path, signal)) : path;
  }

  rename(from: string, to: string, signal: AbortSignal): Promise<boolean> {
    return this.#asTarget(async () => (await this.#store.rename?.(this.keyOf(from), this.keyOf(to), signal)) ?? false);
  }

  /** As `Target.vouchesFor`. */
  async vouchesFor(photo: Vouched, signal: AbortSignal): Promise<boolean> {
    const { path, size, etag = "" } = photo;
    if (this.#store.vouches !== undefined) {
      const object = { key: this.keyOf(path), prefix: this.#prefix, size, etag };
      return this.#asTarget(() =>
        retrying(async () => (await this.#store.vouches?.(object, signal)) ?? false, { signal }),
      );
    }
    const head = await this.headOf(photo.path, signal);
    return head !== null && provesPhoto(head, photo);
  }

  /** @throws HaulError `missing`, `archived`, `broken`, …; a target's troubles only */
  async *read(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      yield* readObject(this.#store, this.keyOf(path), signal);
    } catch (error) {
      throw targetTrouble(error, this.name);
    }
  }

  /** What the store says of what lies at a path; null where nothing does. */
  async headOf(path: string, signal: AbortSignal): Promise<ObjectHead | null> {
    const key = this.keyOf(path);
    return this.#asTarget(() => retrying(() => this.#store.head(key, signal), { signal }));
  }

  /** What lies at a path, and its time as `factsOf` wrote it, else when it was written; null where nothing does. */
  async look(path: string, signal: AbortSignal): Promise<Lying | null> {
    const head = await this.headOf(path, signal);
    return head === null || head.size < 0 ? null : { size: head.size, modified: timeIn(head) };
  }

  /** Of small objects. Null where nothing lies. */
  async readBytes(path: string, signal: AbortSignal): Promise<Buffer | null> {
    const parts: Uint8Array[] = [];
    try {
      for await (const part of this.read(path, signal)) parts.push(part);
    } catch (error) {
      if (error instanceof HaulError && error.code === "missing") return null;
      throw error;
    }
    return Buffer.concat(parts);
  }

  /** What lies below the prefix, each object under its path there, in the order of paths. */
  async *list({ after, upto, prefix = "" }: KeysBelow, signal: AbortSignal): AsyncGenerator<Page> {
    const range = {
      prefix: this.keyOf(prefix),
      ...(after === undefined ? {} : { after: this.keyOf(after) }),
      ...(upto === undefined ? {} : { upto: this.keyOf(upto) }),
    };
    try {
      for await (const { objects } of this.#store.list(range, signal)) {
        yield { objects: objects.map((object) => ({ ...object, key: object.key.slice(this.#prefix.length) })) };
      }
    } catch (error) {
      throw targetTrouble(error, this.name);
    }
  }

  /** Of the store. */
  keyOf(path: string): string {
    return this.#prefix + path;
  }

  #writing({ path, ...upload }: Upload): ObjectToPut {
    const { onlyNew, copies, sha256: checked } = this.#can;
    return { key: this.keyOf(path), ...upload, lasting: true, onlyNew, copies, checked };
  }

  #goesInParts({ bytes, digests }: Upload): boolean {
    const takesParts = this.#store.putInParts !== undefined;
    return takesParts && !(bytes instanceof Uint8Array) && digests.size > this.#store.traits.parts.beyond;
  }

  /** What a look before the write says: null to go on. Dear bytes, and stores that would overwrite, are worth one. */
  async #before(upload: Upload, again: boolean, signal: AbortSignal): Promise<Kept | null> {
    const dear = upload.digests.size > DEAR || this.#goesInParts(upload);
    if (!again && this.#can.onlyNew && !dear) return null;
    const head = await this.#store.head(this.keyOf(upload.path), signal);
    return head === null ? null : this.#verdict(head, upload, signal);
  }

  /** The number of the last edition; 0 where there is none. */
  async #editions(path: string, signal: AbortSignal): Promise<number> {
    let last = 0;
    for await (const { objects } of this.list({ prefix: path.replace(/\.\w+$/, "") }, signal)) {
      for (const { key } of objects) {
        const one = editionIn(key);
        if (one.path === path) last = Math.max(last, one.edition);
      }
    }
    return last;
  }

  /** Another computer may have written there meanwhile. */
  async #putNext(path: string, text: string, signal: AbortSignal): Promise<Put> {
    for (let next = (await this.#editions(path, signal)) + 1; ; next += 1) {
      const { kept } = await this.put(textUpload(editionOf(path, next), text), signal);
      if (kept !== "occupied") return { etag: "", opaque: true };
    }
  }

  async #verdict(head: ObjectHead, upload: Upload, signal: AbortSignal): Promise<Kept> {
    if (holdsPhoto(head, upload.digests)) return "same";
    if (disproves(head, upload.digests)) return "occupied";
    return (await this.#store.holds?.(this.#writing(upload), signal)) ? "same" : "occupied";
  }

  async #seeThere({ path, digests }: Upload, signal: AbortSignal): Promise<void> {
    const head = await this.#store.head(this.keyOf(path), signal);
    if (head !== null && !disproves(head, digests)) return;
    const found = head === null ? "nothing lies there" : "other bytes lie there";
    throw new HaulError("server", `${this.name}/${path}: the store said that it was written, and ${found}`, {
      // A film is not sent again and again to a store that does not keep it.
      retry: digests.size <= DEAR,
    });
  }

  async #judge(upload: Upload, signal: AbortSignal): Promise<Kept> {
    const head = await this.#store.head(this.keyOf(upload.path), signal);
    if (head === null) {
      const says = `${this.name}/${upload.path}: the store says both that it is there and that it is not`;
      throw new HaulError("server", says, { retry: true });
    }
    return this.#verdict(head, upload, signal);
  }

  #send(upload: Upload, signal: AbortSignal): Promise<Put> {
    if (this.#goesInParts(upload)) return this.#sendInParts(upload, signal);
    return this.#store.put(this.#writing(upload), signal);
  }

  /**
   * Each request is tried as often as retry.ts allows, so the whole is not tried again. Where the answer to the
   * last one was lost, the upload is gone and the object is there.
   */
  async #sendInParts(upload: Upload, signal: AbortSignal): Promise<Put> {
    const onlyNew = this.#can.onlyNewInParts;
    const writing = { ...this.#writing(upload), onlyNew };
    const again = <T>(attempt: () => Promise<T>) => retrying(attempt, { signal });
    const isTaken = async () => (await this.#store.head(writing.key, signal)) !== null;
    const journal = this.#journal === undefined ? {} : { journal: this.#journal };
    const job = { again, prefix: this.#prefix, ...journal, ...(onlyNew ? {} : { isTaken }) };
    try {
      const put = await this.#store.putInParts?.(writing, job, signal);
      if (put !== undefined) return put;
      throw new TypeError(`${this.name} takes nothing in parts`);
    } catch (error) {
      if (!(error instanceof HaulError) || error.endsRun) throw error;
      const head = await this.#store.head(writing.key, signal);
      if (head !== null && holdsPhoto(head, upload.digests)) return { etag: head.etag, opaque: true };
      throw error.with({ retry: false });
    }
  }

  #asTarget<T>(work: () => Promise<T>): Promise<T> {
    return asTarget(work, this.name);
  }
}

/** A small text, to be uploaded. */
export function textUpload(path: string, text: string | Buffer): Upload & { readonly bytes: Uint8Array } {
  const bytes = Buffer.from(text);
  const digest = (name: string) => createHash(name).update(bytes).digest("hex");
  const digests = { size: bytes.length, md5: digest("md5"), sha256: digest("sha256") };
  const type = path.endsWith(".json") ? "application/json" : "text/plain; charset=utf-8";
  return { path, digests, bytes, facts: { contentType: type }, photo: false };
}
