import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import type { RunEvent } from "../../src/events.ts";
import type { Captured, ManifestEntry } from "../../src/model.ts";
import { likelyTraits } from "../../src/naming/name.ts";
import { lendZones } from "../../src/steps/redate.ts";

const folder = mkdtempSync(join(tmpdir(), "photohaul-zones-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const photo = (key: string, local: string, offset: string | null, camera: string): ManifestEntry => {
  const utc = new Date(`${local}${offset ?? "Z"}`).toISOString();
  const captured: Captured = {
    local,
    offset,
    utc,
    source: "exif",
    precision: "s",
    camera,
    ...(offset === null ? {} : { zoneFrom: "value" }),
  };
  return {
    path: key,
    key,
    etag: "e",
    size: 1,
    sha256: key,
    md5: key,
    captured,
    modified: "2020-01-01T00:00:00Z",
    storedAt: "2020-01-02T00:00:00Z",
  };
};
/** Its header has the instant, or its clock, and names no camera. */
const film = (key: string, local: string, utc: string, doubts: Captured["doubts"] = []): ManifestEntry => {
  const captured: Captured = { local, offset: null, utc, source: "video", precision: "s", doubts };
  return { ...photo(key, local, null, ""), captured };
};
const day = (time: string) => `2012-06-28T${time}`;
const PHOTOS = [
  photo("1.jpg", day("08:00:00"), "+02:00", "A"),
  photo("2.jpg", day("10:00:00"), null, "A"),
  photo("3.jpg", day("11:00:00"), null, "A"),
  photo("4.jpg", day("12:00:00"), "-04:00", "A"),
  photo("5.jpg", day("10:00:00"), null, "B"),
  photo("6.jpg", day("10:00:01"), "+09:00", "C"),
  photo("7.jpg", "2012-07-05T10:00:00", null, "A"),
  photo("8.HEIC", day("20:00:00"), null, "D"),
  photo("8.MOV", day("20:00:03"), "+05:30", "D"),
  photo("9.jpg", day("20:00:00"), "+01:00", "D"),
  photo("a.HEIC", day("10:30:00"), null, "A"),
  film("a.MOV", day("14:30:02"), "2012-06-28T14:30:02Z"),
  photo("b.HEIC", day("10:40:00"), null, "A"),
  film("b.mp4", day("10:40:02"), "2012-06-28T10:40:02Z", ["guess"]),
  film("c.MOV", day("10:30:02"), "2012-06-28T10:30:02Z"),
];
const OFFSETS = {
  "1.jpg": "+02:00",
  "2.jpg": "+02:00",
  "3.jpg": "-04:00",
  "4.jpg": "-04:00",
  "5.jpg": null,
  "6.jpg": "+09:00",
  "7.jpg": null,
  "8.HEIC": "+05:30",
  "8.MOV": "+05:30",
  "9.jpg": "+01:00",
  "a.HEIC": "-04:00",
  "a.MOV": "-04:00",
  "b.HEIC": "-04:00",
  "b.mp4": "-04:00",
  "c.MOV": null,
};

let runs = 0;
/** Keeps some photos in each run, and lends zones at its end. What the target and the catalogue hold then. */
async function keep(parts: readonly (readonly ManifestEntry[])[], settleEach: readonly boolean[] = []) {
  runs += 1;
  const catalogue = openCatalogue(join(folder, `${runs}.sqlite`));
  const manifest = new Map<string, Captured | null>();
  const events: RunEvent[] = [];
  const times = new Map<string, string>();
  const target = {
    id: "t",
    name: "drive",
    traits: likelyTraits("linux"),
    async redate(batch: readonly { entry: ManifestEntry; mtime: Date }[]) {
      for (const { entry, mtime } of batch) {
        manifest.set(entry.path, entry.captured);
        times.set(entry.path, mtime.toISOString());
      }
    },
    async *entries() {},
  };
  const ports = {
    catalogue,
    emit: (event: RunEvent) => events.push(event),
    signal: new AbortController().signal,
  };
  try {
    for (const [at, part] of parts.entries()) {
      for (const entry of part) manifest.set(entry.path, entry.captured);
      await catalogue.kept("t").add(part.map((entry) => ({ entry, folded: entry.path })));
      // A run that is cut lends nothing.
      if (settleEach[at] !== false || at === parts.length - 1) await lendZones(target, ports);
    }
    const kept = new Map<string, Captured | null>();
    for (const { key } of PHOTOS) kept.set(key, (await catalogue.kept("t").find(key))[0]?.captured ?? null);
    const before = events.length;
    await lendZones(target, ports);
    return { manifest, kept, events, times, again: events.length - before };
  } finally {
    await catalogue.close();
  }
}

test("what was kept decides, and neither the order nor the number of runs", async () => {
  const { manifest, kept, events, times, again } = await keep([PHOTOS]);
  const offsets = Object.fromEntries([...kept].map(([key, captured]) => [key, captured?.offset]));
  expect(offsets).toEqual(OFFSETS);
  expect(Object.fromEntries(times)).toEqual({
    "2.jpg": "2012-06-28T08:00:00.000Z",
    "3.jpg": "2012-06-28T15:00:00.000Z",
    "8.HEIC": "2012-06-28T14:30:00.000Z",
    "a.HEIC": "2012-06-28T14:30:00.000Z",
    "a.MOV": "2012-06-28T14:30:02.000Z",
    "b.HEIC": "2012-06-28T14:40:00.000Z",
    "b.mp4": "2012-06-28T14:40:02.000Z",
  });
  expect(kept.get("a.MOV")).toMatchObject({ local: day("10:30:02"), zoneFrom: "partner" });
  expect(manifest).toEqual(kept);
  expect(kept.get("8.HEIC")).toMatchObject({ zoneFrom: "partner", doubts: [] });
  expect(events.map((event) => event.type === "zone" && [event.key, event.captured.zoneFrom])).toEqual([
    ["2.jpg", "neighbour"],
    ["3.jpg", "neighbour"],
    ["8.HEIC", "partner"],
    ["a.HEIC", "neighbour"],
    ["b.HEIC", "neighbour"],
    ["a.MOV", "partner"],
    ["b.mp4", "partner"],
  ]);
  expect(again).toBe(0);

  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(PHOTOS, { minLength: PHOTOS.length }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      async (order, sizes, settleEach) => {
        const parts: ManifestEntry[][] = [];
        for (let at = 0, nth = 0; at < order.length; nth += 1) {
          const size = sizes[nth % sizes.length] ?? 1;
          parts.push(order.slice(at, at + size));
          at += size;
        }
        const other = await keep(parts, settleEach);
        expect(other.kept).toEqual(kept);
        expect(other.manifest).toEqual(kept);
        expect(other.again).toBe(0);
      },
    ),
    { numRuns: 25 },
  );
});
