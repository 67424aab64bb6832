import { expect, test } from "vitest";
import { bucket, tell } from "./listing-rig.ts";

test("more keys than are remembered one by one are told as few are", async () => {
  const n = 11_000;
  const objects = bucket(n, (i, s) => [
    [`2012/IMG_${i}.${i % 1000 === 7 ? "png" : "jpg"}`, i % 1000 === 7 ? 6000 : s.original + s.large],
    [`2012/IMG_${i}_large.jpg`, s.large],
    [`2012/IMG_${i}_thumb.${i % 1000 === 9 ? "mov" : "jpg"}`, Math.min(s.thumb, 5000)],
  ]);
  const told = await tell(objects);
  const kept = new Set(told.of("original").filter((key) => /_(?:large|thumb)\./.test(key)));
  expect(told.of("rendition")).toHaveLength(2 * n - kept.size);
  for (let i = 0; i < n; i += 1000) {
    // Larger than its original, nearly as large, and a video of a still.
    expect(kept.delete(`2012/IMG_${i + 7}_large.jpg`)).toBe(true);
    expect(kept.delete(`2012/IMG_${i + 7}_thumb.jpg`)).toBe(true);
    expect(kept.delete(`2012/IMG_${i + 9}_thumb.mov`)).toBe(true);
  }
  // Copies whose bytes lie beyond twice what the sample showed come home: one in some thousands.
  expect(kept.size).toBeLessThan(n / 1000);
}, 60_000);
