import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCatalogue } from "../../src/catalogue/sqlite.ts";
import type { Kind } from "../../src/model.ts";

test("renditions without a larger original, and originals too small to be photos, are found", async () => {
  const folder = mkdtempSync(join(tmpdir(), "unmatched-"));
  const catalogue = openCatalogue(join(folder, "c.sqlite"));
  const rows: readonly [key: string, kind: Kind, stem: string | null, size: number][] = [
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
  ];
  try {
    await catalogue.startRun("mirror");
    const page = rows.map(([key, , , size]) => ({
      key,
      size,
      etag: key,
      modified: "2020-01-01T00:00:00.000Z",
      storageClass: "STANDARD",
    }));
    await catalogue.addPage(page);
    await catalogue.finishListing();
    await catalogue.startRun("mirror");
    await catalogue.addPage(page.filter(({ key }) => key !== "gone.jpg"));
    await catalogue.classify(
      rows.map(([key, kind, stem]) => ({ key, kind, stem, family: kind, rank: 0, reason: "" })),
    );
    const found: string[] = [];
    for await (const chunk of catalogue.unmatched(1000)) found.push(...chunk.map(({ key }) => key));
    expect(found).toEqual(["a-huge.jpg", "a-same.jpg", "b-thumb.jpg", "d.jpg"]);
  } finally {
    await catalogue.close();
    rmSync(folder, { recursive: true });
  }
});
