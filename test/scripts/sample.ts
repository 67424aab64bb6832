/** The sample bucket for tests that only read it. */

import { sampleBucket } from "../../fixtures/sample/bucket.ts";
import type { SampleObject } from "../../fixtures/sample/sample-object.ts";

let made: readonly SampleObject[] | null = null;

/** Made once for all tests of a process, as it takes half a second. Nobody may write into the bodies. */
export function sample(): readonly SampleObject[] {
  made ??= sampleBucket();
  return made;
}
