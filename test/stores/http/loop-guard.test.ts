import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createLoopGuard } from "../../../src/stores/listing-guards.ts";

test("pages that all differ are let through", () => {
  const guard = createLoopGuard("s3://photos");
  for (let n = 0; n < 5000; n += 1) guard(`${n}a`, `${n}z`, "");
  for (let n = 0; n < 5000; n += 1) guard(undefined, undefined, `${n}`);
});

test("a page that comes again once or twice is a stumble", () => {
  const guard = createLoopGuard("s3://photos");
  const stumbling = () => {
    for (let n = 0; n < 200; n += 1) for (let time = 0; time < 3; time += 1) guard(`${n}`, "z", "");
  };
  expect(stumbling).not.toThrow();
});

test("a loop of any length, after any beginning, is noticed before long", () => {
  fc.assert(
    fc.property(fc.nat(300), fc.integer({ min: 1, max: 300 }), (beginning, length) => {
      const guard = createLoopGuard("s3://photos");
      const most = 10 * (beginning + length) + 10;
      const turn = () => {
        for (let n = 0; n < most; n += 1) {
          const page = n < beginning ? n : beginning + ((n - beginning) % length);
          guard(`${page}a`, `${page}z`, `token ${n}`);
        }
      };
      expect(turn).toThrow("again and again");
    }),
  );
});
