/** Reads one object of a store to its end, going on where a connection broke. */

import { createHash } from "node:crypto";
import { cancel } from "../cancel.ts";
import { HaulError } from "../errors.ts";
import { MOST_ATTEMPTS, retrying } from "../retry.ts";
import { LastBytes, type ObjectIdentity, sameness } from "./same-object.ts";
import type { Store } from "./store.ts";

/** What one object holds, in lower-case hex. @throws as `readObject` */
export async function sha256Of(store: Pick<Store, "name" | "open">, key: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of readObject(store, key, signal)) hash.update(chunk);
  return hash.digest("hex");
}

/**
 * @throws HaulError `missing`, `archived`, …, `changed` where the rest is that of another object; a break only after it
 *   was mended in vain
 */
export async function* readObject(
  store: Pick<Store, "name" | "open">,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let known: ObjectIdentity = { etag: "", size: -1 };
  const last = new LastBytes();
  let offset = 0;
  for (let breaks = 0; ; ) {
    const start = offset;
    try {
      const { etag, size } = known;
      const { head, bytes } = await retrying(() => store.open({ key, etag, size }, offset - last.length, signal), {
        signal,
      });
      if (offset > 0 && sameness(known, head) === "other") {
        await cancel(bytes);
        throw new HaulError("changed", `${store.name}/${key} was overwritten while it was read`);
      }
      if (offset === 0) known = head;
      for await (const chunk of last.followedBy(bytes, `${store.name}/${key}`)) {
        offset += chunk.length;
        last.note(chunk);
        yield chunk;
      }
      return;
    } catch (error) {
      if (!(error instanceof HaulError) || !error.retry || error.code === "changed") throw error;
      breaks = offset > start ? 1 : breaks + 1;
      if (breaks >= MOST_ATTEMPTS) throw error;
    }
  }
}
