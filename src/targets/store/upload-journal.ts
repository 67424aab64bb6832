/**
 * Which uploads in parts this computer has begun and not ended: one small file each, beside the photos that wait.
 * After a kill the next run gives them up; the store would keep their parts, and ask money for them, for ever.
 */

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Begun } from "../../stores/http/request-body.ts";
import { unlinkIfThere } from "../begun.ts";

const OURS = /^[0-9a-f]{16}\.upload$/;
const shape = z.object({
  key: z.string(),
  id: z.string(),
  lost: z.object({ since: z.string(), most: z.number() }).optional(),
});

export class UploadJournal {
  readonly #folder: string;

  /** @param folder one that this process alone writes to */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async begun(upload: Begun): Promise<void> {
    await writeFile(this.#file(upload), JSON.stringify(upload));
  }

  async ended(upload: Begun): Promise<void> {
    await unlinkIfThere(this.#file(upload));
  }

  /** What a killed run left; a file that was cut says nothing and is taken away. */
  async leftOver(): Promise<Begun[]> {
    const found: Begun[] = [];
    for (const name of await readdir(this.#folder)) {
      if (!OURS.test(name)) continue;
      const file = join(this.#folder, name);
      const read = parse(await readFile(file, "utf8"));
      if (read === null) await unlinkIfThere(file);
      else found.push(read);
    }
    return found;
  }

  #file({ key, id }: Begun): string {
    const name = createHash("sha256")
      .update(id === "" ? key : id)
      .digest("hex")
      .slice(0, 16);
    return join(this.#folder, `${name}.upload`);
  }
}

function parse(text: string): Begun | null {
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
