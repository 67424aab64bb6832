import { expect, test } from "vitest";
import { bucket, tell } from "./listing-rig.ts";

test("more keys than are remembered one by one are told as few are", async () => {
  const n = 11_000;
  const objects = bucket(n, (i, s) => [
    [
      `2012/IMG_${i}.${i % 1000 === 7 ? "png" : "jpg"}`,
      i % 1000 === 7 ? 6000 : s.original + s.large,
    ],
    [`2012/IMG_${i}_large.jpg`, s.large],
    [`2012/IMG_${i}_thumb.${i % 1000 === 9 ? "mov" : "jpg"}`, Math.min(s.thumb, 5000)],
  ]);
  const told = await tell(objects);
  const kept = told.of("original").filter((key) => /_(?:large|thumb)\./.test(key));
  expect(kept.sort()).toEqual(
    Array.from({ length: n / 1000 }, (_, i) => [
      `2012/IMG_${i * 1000 + 7}_large.jpg`,
      `2012/IMG_${i * 1000 + 9}_thumb.mov`,
    ])
      .flat()
      .sort(),
  );
  expect(told.of("rendition")).toHaveLength(2 * n - kept.length);
}, 60_000);
