import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import type { Kind } from "../../src/model.ts";

test("what its stem does not bear out is found: no larger original, no truer one, too few bytes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "unmatched-"));
  const catalogue = openCatalogue(join(folder, "c.sqlite"));
  const rows: readonly [key: string, kind: Kind, stem: string | null, size: number, rank?: number][] = [
    ["a.jpg", "original", "a", 5000],
    ["a-large.jpg", "rendition", "a", 4999],
    ["a-same.jpg", "rendition", "a", 5000],
    ["a-huge.jpg", "rendition", "a", 6000],
    ["b-thumb.jpg", "rendition", "b", 10],
    ["b.xmp", "sidecar", "b", 900],
    ["c-thumb.jpg", "rendition", null, 10],
    ["d.jpg", "original", "d", 999],
    ["e.jpg", "original", "e", 1000],
    ["f.jpg", "original", "f", 0],
    ["g.jpg", "original", null, 5],
    ["gone.jpg", "original", "b", 9999],
    ["h-true.jpg", "original", "h", 9999, 1],
    ["h.jpg", "original", "h", 9999, 2],
    ["i.jpg", "original", "i", 9999, 2],
    ["i.nef", "original", "i", 0, 0],
  ];
  try {
    await catalogue.runs.start("mirror");
    const page = rows.map(([key, , , size]) => ({
      key,
      size,
      etag: key,
      modified: "2020-01-01T00:00:00.000Z",
      storageClass: "STANDARD",
    }));
    await catalogue.listing.add(page);
    await catalogue.listing.finish();
    await catalogue.runs.start("mirror");
    await catalogue.listing.add(page.filter(({ key }) => key !== "gone.jpg"));
    await catalogue.listing.classify(
      rows.map(([key, kind, stem, , rank = 0]) => ({
        key,
        kind,
        stem,
        family: kind,
        rank,
        reason: "",
      })),
    );
    const found: string[] = [];
    for await (const chunk of catalogue.listing.unmatched(1000, [])) found.push(...chunk.map(({ key }) => key));
    expect(found).toEqual(["a-huge.jpg", "a-same.jpg", "b-thumb.jpg", "d.jpg", "h-true.jpg", "i.jpg"]);
  } finally {
    await catalogue.close();
    rmSync(folder, { recursive: true });
  }
});
