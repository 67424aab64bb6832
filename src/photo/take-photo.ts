/** One photo while it comes into a hand: gathered or passed on in slabs, digested, dated by its first bytes, written. */

import { HEAD_BYTES } from "../measures.ts";
import type { HeadDate, Listed, ObjectHead, Taken } from "../model.ts";
import { DraftFile } from "../targets/folder/draft-file.ts";
import type { DraftsFolder } from "../targets/target.ts";
import { digestsWanted } from "./checksum.ts";
import { type DateRules, dateByHead } from "./decide-date.ts";
import { digestsOf, Sums } from "./digests.ts";
import type { Md5Company } from "./md5-company.ts";
import type { Md5Stream } from "./md5-lanes.ts";

/** Up to so many bytes a photo is gathered before it is digested and written; of a larger one each so many are. */
export const SLAB = HEAD_BYTES;
/** Slabs that are kept for the next photos. */
const MOST_SPARE = 128;

/** What the photos of a hand share. */
export interface Bench {
  readonly md5: Md5Company;
  readonly rules: DateRules;
  /** Slabs to be filled. */
  readonly spare: Buffer[];
}

interface Asked {
  readonly object: Listed;
  readonly head: ObjectHead;
  readonly dates: boolean;
}

export interface ComingPhoto {
  /** Takes a copy. All of it together is no more than the object has. */
  push(chunk: Uint8Array): void;
  /** All of it came. @param then called once, perhaps later */
  end(then: (taken: Taken) => void): void;
  /** Nothing more comes: what was written is given back. Once, and not after `end`. */
  drop(): void;
  /** True where nothing can be written any more. */
  readonly isLost: boolean;
}

export function comingPhoto(asked: Asked, folders: readonly DraftsFolder[], bench: Bench): ComingPhoto {
  return new (asked.object.size <= SLAB ? SmallPhoto : LargePhoto)(asked, folders, bench);
}

class SmallPhoto implements ComingPhoto {
  readonly isLost = false;
  readonly #asked: Asked;
  readonly #folders: readonly DraftsFolder[];
  readonly #bench: Bench;
  readonly #slab: Buffer;
  #filled = 0;

  constructor(asked: Asked, folders: readonly DraftsFolder[], bench: Bench) {
    this.#asked = asked;
    this.#folders = folders;
    this.#bench = bench;
    this.#slab = takeSlab(bench);
  }

  push(chunk: Uint8Array): void {
    this.#slab.set(chunk, this.#filled);
    this.#filled += chunk.length;
  }

  end(then: (taken: Taken) => void): void {
    const { object, head } = this.#asked;
    const bytes = this.#slab.subarray(0, this.#filled);
    this.#bench.md5.whole(bytes, (md5) => {
      const digests = digestsOf(bytes, digestsWanted(object, head), md5);
      const date = dateOf(this.#asked, bytes, this.#bench);
      const drafts = this.#folders.map((folder) => {
        const draft = new DraftFile(folder);
        draft.write(bytes);
        return draft.done(date);
      });
      giveSlab(this.#bench, this.#slab);
      then({ head, digests, drafts, date });
    });
  }

  drop(): void {
    giveSlab(this.#bench, this.#slab);
  }
}

class LargePhoto implements ComingPhoto {
  readonly #asked: Asked;
  readonly #bench: Bench;
  readonly #sums: Sums;
  /** Null where node:crypto has the MD5. */
  readonly #md5: Md5Stream | null;
  readonly #drafts: readonly DraftFile[];
  #slab: Buffer;
  #filled = 0;
  #isFirst = true;
  #date: HeadDate | null = null;

  constructor(asked: Asked, folders: readonly DraftsFolder[], bench: Bench) {
    this.#asked = asked;
    this.#bench = bench;
    this.#md5 = bench.md5.begin();
    this.#sums = new Sums(digestsWanted(asked.object, asked.head), this.#md5 === null);
    this.#drafts = folders.map((folder) => new DraftFile(folder));
    this.#slab = takeSlab(bench);
  }

  get isLost(): boolean {
    return this.#drafts.every(({ failed }) => failed);
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#filled === SLAB) {
        this.#pass(() => undefined);
        this.#slab = takeSlab(this.#bench);
        this.#filled = 0;
      }
      const piece = chunk.subarray(at, at + SLAB - this.#filled);
      this.#slab.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
    }
  }

  end(then: (taken: Taken) => void): void {
    this.#pass(() => {
      const digests = this.#sums.result(this.#bench.md5.end(this.#md5));
      const drafts = this.#drafts.map((draft) => draft.done(this.#date));
      then({ head: this.#asked.head, digests, drafts, date: this.#date });
    });
  }

  drop(): void {
    this.#bench.md5.leave();
    giveSlab(this.#bench, this.#slab);
    for (const draft of this.#drafts) draft.drop();
  }

  /** Digests and writes a slab. @param then called when it is digested */
  #pass(then: () => void): void {
    const slab = this.#slab;
    const bytes = slab.subarray(0, this.#filled);
    if (this.#isFirst) this.#date = dateOf(this.#asked, bytes, this.#bench);
    this.#isFirst = false;
    for (const draft of this.#drafts) draft.write(bytes);
    this.#sums.update(bytes);
    this.#bench.md5.piece(this.#md5, bytes, () => {
      giveSlab(this.#bench, slab);
      then();
    });
  }
}

function dateOf({ object, head, dates }: Asked, bytes: Buffer, { rules }: Bench): HeadDate | null {
  return dates ? dateByHead({ object, head, firstBytes: bytes.subarray(0, HEAD_BYTES) }, rules) : null;
}

function takeSlab({ spare }: Bench): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(SLAB);
}

function giveSlab({ spare }: Bench, slab: Buffer): void {
  if (spare.length < MOST_SPARE) spare.push(slab);
}
