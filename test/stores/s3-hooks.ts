/** A fresh embedded server for every test, with a source of its bucket `photos`, and every fault shown to have fired. */

import { afterEach, beforeEach, vi } from "vitest";
import type { HaulError } from "../../src/errors.ts";
import type { Source } from "../../src/stores/source.ts";
import { listAll } from "../contract/source-rig.ts";
import { type OpenOptions, type S3Rig, s3Rig } from "./s3-rig.ts";

export interface S3Use {
  rig: S3Rig;
  /** Gives up on a silent connection after 0.3 s. */
  source: Source;
  /** What was tried again, by any source. */
  readonly retries: HaulError[];
  /** Opens another source; it is closed after the test. */
  open(options?: OpenOptions): Promise<Source>;
}

export function useS3(): S3Use {
  const opened: Source[] = [];
  const retries: HaulError[] = [];
  let rig: S3Rig | null = null;
  let source: Source | null = null;
  const present = <T>(thing: T | null): T => {
    if (thing === null) throw new Error("only within a test");
    return thing;
  };
  const open = async (options: OpenOptions = {}) => {
    const onRetry = (error: HaulError) => retries.push(error);
    const another = await present(rig).open({ onRetry, ...options });
    opened.push(another);
    return another;
  };

  beforeEach(async () => {
    // The dice of retry.ts: no wait is longer than the store asks for.
    vi.spyOn(Math, "random").mockReturnValue(0);
    retries.length = 0;
    rig = await s3Rig();
    source = await open({ stallMs: 300 });
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    vi.restoreAllMocks();
    present(rig).server.faults.assertAllFired();
    await present(rig).close();
  });

  return {
    get rig() {
      return present(rig);
    },
    get source() {
      return present(source);
    },
    retries,
    open,
  };
}

/** The one object of a source. */
export async function onlyObject(source: Source) {
  const [object, ...more] = await listAll(source);
  if (object === undefined || more.length > 0) throw new Error("not one object");
  return object;
}
