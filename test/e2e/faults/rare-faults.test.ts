/** As faults.test.ts has it, at 1 % of the requests: only of many photos will some be struck for certain. */

import { describe, test } from "vitest";
import { MANY, PATIENCE } from "./fault-bucket.ts";
import { alone, NAMES, together } from "./fault-promise.ts";

describe.runIf(MANY).concurrent("at 1 %", () => {
  test.each(NAMES)("%s alone is survived, or named and mended by the next run", PATIENCE, (fault) =>
    alone(fault, 0.01),
  );

  test("all together are survived, or named and mended by the next run", PATIENCE, () => together(0.01));
});
