/** `--dates` about photos that are kept: what is written down of them afterwards, and nothing of it is lost. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import type { RunEvent } from "../../src/events.ts";
import type { Captured, ManifestEntry } from "../../src/model.ts";
import { likelyTraits } from "../../src/naming/name.ts";
import { redateOverridden } from "../../src/steps/redate.ts";
import { entryFor } from "../contract/target-rig.ts";

const CAPTURED: Captured = {
  local: "2012-06-28T14:00:00",
  offset: "+02:00",
  utc: "2012-06-28T12:00:00.000Z",
  source: "exif",
  precision: "s",
  camera: "A",
  zoneFrom: "value",
};
const entry = (path: string, captured: Captured): ManifestEntry => ({
  ...entryFor(path, path),
  captured,
});

test("the manifest keeps what only it knows, and who was told another date lends no zone any more", async () => {
  const folder = mkdtempSync(join(tmpdir(), "photohaul-told-"));
  const catalogue = openCatalogue(join(folder, "c.sqlite"));
  const lender = entry("lender.jpg", CAPTURED);
  const other = entry("other.jpg", CAPTURED);
  const bare: Captured = { ...CAPTURED, offset: null };
  delete Object(bare).zoneFrom;
  const seeker = entry("seeker.jpg", bare);
  const rows = [lender, other, seeker].map((one) => ({ entry: one, folded: one.path }));
  const original = { size: 1, sha256: "s", md5: "m" };
  const manifest: ManifestEntry[] = [
    { ...lender, original },
    { ...lender, sha256: "of other bytes", targetEtag: "not this" },
    { ...lender, targetEtag: "a-2" },
    lender,
    other,
  ];
  const target = {
    id: "t",
    name: "bucket",
    traits: likelyTraits("linux"),
    async *entries() {
      yield* manifest;
    },
    async redate(batch: readonly { entry: ManifestEntry; mtime: Date }[]) {
      for (const { entry: dated, mtime } of batch) {
        expect(mtime.toISOString()).toBe(dated.captured?.utc);
        manifest.push(dated);
      }
    },
  };
  const events: RunEvent[] = [];
  const around = async () => {
    for await (const [first] of catalogue.kept("t").zones.seekers()) {
      return first
        ?.around()
        .map(({ key }) => key)
        .toSorted();
    }
    return null;
  };
  try {
    await catalogue.kept("t").add(rows);
    await catalogue.kept("t").zones.settle();
    expect(new Set(await around())).toEqual(new Set(["lender.jpg", "other.jpg"]));
    const overrides = new Map([
      ["lender.jpg", "1987"],
      ["nowhere.jpg", "1988"],
      ["other.jpg", "2012-06-28 14:00:00 +02:00"],
    ]);
    const { signal } = new AbortController();
    const ports = { catalogue, overrides, zone: "UTC", emit: (event: RunEvent) => events.push(event) };
    await redateOverridden(target, { ...ports, signal });
    expect(manifest.slice(5)).toMatchObject([
      {
        path: "lender.jpg",
        original,
        targetEtag: "a-2",
        captured: { local: "1987-01-01T00:00:00" },
      },
      { path: "other.jpg", captured: { source: "user", offset: "+02:00", camera: "A" } },
    ]);
    expect(manifest[6]).not.toHaveProperty("original");
    expect((await catalogue.kept("t").find("lender.jpg"))[0]?.captured).toMatchObject({
      precision: "year",
      source: "user",
      camera: "A",
    });
    expect(events.map((event) => event.type === "redated" && event.key)).toEqual(["lender.jpg", "other.jpg"]);
    expect(await around()).toBeNull();
    expect(await catalogue.kept("t").zones.settled()).toBe(false);
    const lines = manifest.length;
    await redateOverridden(target, { ...ports, signal });
    expect(manifest).toHaveLength(lines);
  } finally {
    await catalogue.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
