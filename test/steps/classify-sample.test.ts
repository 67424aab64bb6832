import { expect, test } from "vitest";
import { sampleBucket } from "../../fixtures/sample/bucket.ts";
import { listed, tell } from "./listing-rig.ts";

test("every key of the sample bucket is what it was made as, and belongs to the photo it was made of", async () => {
  const sample = sampleBucket();
  const told = await tell(sample.map(({ key, body }) => listed(key, body.length)));
  const said = sample.map(({ key }) => `${key} ${told.objects.get(key)?.kind}`);
  expect(said).toEqual(sample.map(({ key, expected }) => `${key} ${expected.kind}`));
  const standIns = sample.filter(({ expected }) => expected.standsIn === true).map(({ key }) => key);
  expect(told.fallbacks).toEqual(standIns);
  for (const { key, expected } of sample) {
    if (expected.original === null) continue;
    const of = told.objects.get(expected.original);
    if (of !== undefined) expect(told.objects.get(key)?.stem, key).toBe(of.stem);
  }
});
