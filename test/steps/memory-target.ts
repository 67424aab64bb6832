import { NO_MEMORY } from "../../src/catalogue/target-memory.ts";
import { type ErrorCode, HaulError } from "../../src/errors.ts";
import { likelyTraits } from "../../src/naming/name.ts";
import type { Draft, Keeping, Kept, Lists, Target } from "../../src/targets/target.ts";

/** A target in memory whose staging may fail, before or after it has read a piece. */
export class Memory implements Target {
  readonly name: string;
  readonly id: string;
  readonly traits = likelyTraits("linux");
  readonly freeBytes = null;
  readonly memory = NO_MEMORY;
  readonly location = { holder: "", within: "" };
  readonly lists: Lists = {
    follows: async () => true,
    async *sums() {},
    async mend() {},
  };
  readonly staged: string[] = [];
  readonly kept: string[] = [];
  asked = 0;
  discarded = 0;
  failure: { readonly code: ErrorCode; readonly after: number } | null = null;

  constructor(name: string) {
    this.name = name;
    this.id = name;
  }

  async stage(bytes: AsyncIterable<Uint8Array>): Promise<Draft> {
    this.asked += 1;
    const { failure } = this;
    const fail = () => {
      if (failure !== null) throw new HaulError(failure.code, `${this.name} says no`);
    };
    if (failure?.after === 0) fail();
    const parts: Buffer[] = [];
    for await (const part of bytes) {
      parts.push(Buffer.from(part));
      if (failure?.after === parts.length) fail();
    }
    const text = Buffer.concat(parts).toString();
    this.staged.push(text);
    const discard = async () => {
      this.discarded += 1;
    };
    return { size: text.length, discard };
  }

  async commit(batch: readonly Keeping[]): Promise<readonly Kept[]> {
    this.kept.push(...batch.map(({ entry }) => entry.path));
    return batch.map(() => "stored");
  }

  knownAs() {}

  async redate() {}

  async *open() {}

  async *entries() {}

  async *list() {}

  async look() {
    return null;
  }

  async manifestMark() {
    return String(this.kept.length);
  }

  async close() {}
}
