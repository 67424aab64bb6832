import { expect, test } from "vitest";
import { openWaitingDates, type WaitingDate } from "../../src/catalogue/zone-lending.ts";

const photo = (nth: number): WaitingDate => ({
  key: `${nth}.jpg`,
  accessed: BigInt(nth),
  old: -(10n ** 18n) - BigInt(nth),
  captured: {
    local: `2012-06-28T14:03:${String(nth % 60).padStart(2, "0")}`,
    offset: null,
    utc: "2012-06-28T12:03:22.000Z",
    source: "exif",
    precision: "s",
    camera: "Canon EOS R6",
  },
});

test.each([1, 3, 7, 100])("%i in memory: all come back as they were, in their order", (held) => {
  const waiting = openWaitingDates(held);
  const photos = Array.from({ length: 10 }, (_, nth) => photo(nth));
  for (const one of photos) expect(waiting.add(one)).toBe(true);
  const { captured } = photo(10);
  const lends = { ...captured, offset: "+02:00", zoneFrom: "value" } as const;
  expect(waiting.add({ ...photo(10), captured: lends })).toBe(false);
  expect(waiting.add({ ...photo(11), captured: null })).toBe(false);
  const around = { key: "10.jpg", clock: "2012-06-28T14:03:10", offset: "+02:00" };
  const found = [...waiting.all()];
  expect(found).toEqual(photos.map((one) => ({ ...one, around: expect.arrayContaining([around]) })));
  waiting.close();
});
