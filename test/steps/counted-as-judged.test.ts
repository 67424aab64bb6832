/** The stock of a listing is counted while it is judged where that is all of it; listing-rig.ts holds it against what is read. */

import { expect, test } from "vitest";
import { defineLayout } from "../../src/layouts/layout.ts";
import { listed, tell } from "./listing-rig.ts";

const photos = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) =>
    listed(`2012/IMG_${String(from + at).padStart(4, "0")}.jpg`, 3_000_000 + at),
  );

test("a first listing is", async () => {
  expect((await tell(photos(0, 50))).countedAsJudged).toBe(true);
});

test("one of which an earlier run judged some is not", async () => {
  expect((await tell([photos(0, 50), photos(0, 60)])).countedAsJudged).toBe(false);
});

test("one of which something was overruled by what lies beside it is not", async () => {
  const rule = (family: string, role: "original" | "rendition") => {
    return { family, role, directory: { from: "left" as const, at: 0, word: family } };
  };
  const layout = defineLayout({ id: "two", tokens: [rule("original", "original"), rule("large", "rendition")] });
  const sized = (large: number) => [listed("large/a.jpg", large), listed("original/a.jpg", 4000)];
  const smaller = await tell(sized(3000), { layout });
  expect([smaller.of("rendition"), smaller.countedAsJudged]).toEqual([["large/a.jpg"], true]);
  const larger = await tell(sized(5000), { layout });
  expect([larger.of("rendition"), larger.countedAsJudged]).toEqual([[], false]);
});
