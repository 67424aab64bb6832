import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";

const OBJECT = { key: "a", size: 7, etag: "one", modified: "", storageClass: "" };

test.each([
  ["nothing", {}, 0],
  ["its size", { size: 9 }, 1],
  ["its ETag", { etag: "two" }, 1],
  ["its time", { modified: "2026-01-01T00:00:00.000Z" }, 0],
])("a key is judged anew where it was written over: %s changed", async (_, change, judged) => {
  const folder = mkdtempSync(join(tmpdir(), "catalogue-"));
  const catalogue = openCatalogue(join(folder, "photos.sqlite"));
  const anew = async (more: Partial<typeof OBJECT>) => {
    await catalogue.runs.start("mirror");
    await catalogue.listing.add([{ ...OBJECT, ...more }]);
    await catalogue.listing.finish();
    let keys = 0;
    for await (const objects of catalogue.listing.unclassified()) keys += objects.length;
    return keys;
  };
  try {
    expect(await anew({})).toBe(1);
    const told = { family: "original", stem: "a", rank: 0, reason: "because" };
    await catalogue.listing.classify([{ key: "a", kind: "original", ...told }]);
    expect(await anew(change)).toBe(judged);
  } finally {
    await catalogue.close();
    rmSync(folder, { recursive: true });
  }
});
