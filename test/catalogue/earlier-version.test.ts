/** A catalogue of an earlier version is taken over in place: what is kept stays kept. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import type { ManifestEntry } from "../../src/model.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "catalogue-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As version 1 made it, with what a run that was killed in the middle of an adoption left. */
const VERSION_1 = `
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE runs (id INTEGER PRIMARY KEY, command TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, keys INTEGER,
  bytes INTEGER, summary TEXT) STRICT;
CREATE TABLE objects (key TEXT PRIMARY KEY, size INTEGER NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL,
  storage_class TEXT NOT NULL, version TEXT, seen INTEGER NOT NULL, judged INTEGER, kind TEXT, family TEXT, stem TEXT,
  rank INTEGER, reason TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE stand_ins (target TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (target, key)) STRICT, WITHOUT ROWID;
CREATE TABLE kept (target TEXT NOT NULL, key TEXT NOT NULL, etag TEXT NOT NULL, path TEXT NOT NULL,
  folded TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, md5 TEXT NOT NULL, captured TEXT,
  modified TEXT NOT NULL, stored_at TEXT NOT NULL, PRIMARY KEY (target, key, etag)) STRICT, WITHOUT ROWID;
CREATE INDEX kept_by_path ON kept (target, folded);
CREATE TABLE failures (target TEXT NOT NULL, key TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (target, key)) STRICT, WITHOUT ROWID;
CREATE TABLE planned (target TEXT NOT NULL, modified TEXT NOT NULL, key TEXT NOT NULL, path TEXT, folded TEXT,
  fallback INTEGER NOT NULL, replaces INTEGER NOT NULL, PRIMARY KEY (target, modified, key)) STRICT, WITHOUT ROWID;
CREATE INDEX planned_by_path ON planned (target, folded) WHERE folded IS NOT NULL;
CREATE TABLE adopting (key TEXT, entry TEXT); CREATE TABLE summed (path TEXT); CREATE TABLE missed (key TEXT);
INSERT INTO settings VALUES ('zone', 'Europe/Berlin'), ('manifest t', '1 a 2 b');
INSERT INTO runs VALUES (1, 'mirror', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z', 2, 20, '{"exit":0}');
INSERT INTO objects VALUES ('a.jpg', 10, 'ea', '2014-01-01T00:00:00.000Z', 'STANDARD', NULL, 1, 10, 'original',
  'original', 'a', 0, 'because');
INSERT INTO objects VALUES ('b.jpg', 10, 'eb', '2014-01-01T00:00:00.000Z', 'STANDARD', 'v', 1, 10, 'original',
  'original', 'b', 0, 'because');
INSERT INTO kept VALUES ('t', 'a.jpg', 'ea', 'A.jpg', 'a.jpg', 10, 'sha', 'md5', NULL, '2014-01-01T00:00:00.000Z',
  '2026-01-01T00:00:00.000Z');
INSERT INTO failures VALUES ('t', 'b.jpg', 'the connection broke', '2026-01-01T00:00:00.000Z');
PRAGMA user_version = 1;
`;

const A: ManifestEntry = {
  path: "A.jpg",
  key: "a.jpg",
  etag: "ea",
  size: 10,
  sha256: "sha",
  md5: "md5",
  captured: null,
  modified: "2014-01-01T00:00:00.000Z",
  storedAt: "2026-01-01T00:00:00.000Z",
};
const DIGESTS = { size: 9, sha256: "0".repeat(64), md5: "1".repeat(32) };

/** What made each version of the one before it, as far as it says something of the listing. */
const LATER = [
  `ALTER TABLE kept ADD COLUMN target_etag TEXT; ALTER TABLE kept ADD COLUMN original TEXT;
  DROP TABLE adopting; DROP TABLE summed; DROP TABLE missed; PRAGMA user_version = 2`,
  `CREATE TABLE pages (after TEXT PRIMARY KEY, last TEXT NOT NULL, keys INTEGER NOT NULL, bytes INTEGER NOT NULL,
    digest TEXT NOT NULL) STRICT, WITHOUT ROWID; INSERT INTO pages VALUES ('', 'b.jpg', 2, 20, 'sum');
  PRAGMA user_version = 3`,
  `CREATE TABLE sealed (target TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, md5 TEXT NOT NULL,
    size INTEGER NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (target, path, sha256)) STRICT, WITHOUT ROWID;
  PRAGMA user_version = 4`,
];

function openVersion(version: number) {
  const file = join(folder, "photos.sqlite");
  const db = new DatabaseSync(file);
  for (const sql of [VERSION_1, ...LATER].slice(0, version)) db.exec(sql);
  db.close();
  return openCatalogue(file);
}

test.each([1, 2, 3, 4])("what version %i remembers is remembered, and nothing is wanted again", async (version) => {
  const catalogue = openVersion(version);
  expect(await catalogue.listing.pages()).toHaveLength(version < 3 ? 0 : 1);
  expect(await catalogue.settings.get("zone")).toBe("Europe/Berlin");
  expect(await catalogue.settings.get("manifest t")).toBe("1 a 2 b");
  expect(await catalogue.runs.last(5)).toMatchObject([{ id: 1, command: "mirror", summary: '{"exit":0}' }]);
  const kept = catalogue.kept("t");
  expect(await kept.find("a.jpg")).toEqual([A]);
  expect((await kept.statusOf({ key: "b.jpg", etag: "eb" })).failure?.reason).toBe("the connection broke");
  const wanted: string[] = [];
  for await (const chunk of catalogue.plan("t").candidates("skip")) wanted.push(...chunk.map(({ key }) => key));
  expect(wanted).toEqual(["b.jpg"]);
  expect(await catalogue.listing.find("b.jpg")).toMatchObject({ version: "v", stem: "b" });
  await catalogue.runs.start("mirror");
  await catalogue.listing.goOn(null);
  const again = { key: "b.jpg", size: 10, etag: "eb", modified: "2014-01-01T00:00:00.000Z", storageClass: "STANDARD" };
  await catalogue.listing.add([again]);
  expect(await catalogue.listing.finish()).toEqual({ keys: 1, bytes: 10 });
  for await (const chunk of catalogue.listing.unclassified()) expect(chunk).toEqual([]);
  expect(await catalogue.listing.drift("t")).toEqual({ gone: 1, changed: 0 });
  await catalogue.close();
  const db = new DatabaseSync(catalogue.file);
  expect(db.prepare("SELECT name FROM sqlite_master WHERE name IN ('adopting', 'summed', 'missed')").all()).toEqual([]);
  db.close();
});

test("what version 1 did not keep of a manifest's lines is read from them once more", async () => {
  const catalogue = openVersion(1);
  const kept = catalogue.kept("t");
  expect([await kept.lacks(), await catalogue.kept("u").lacks()]).toEqual([true, false]);
  const whole = { ...A, targetEtag: "multi-2", original: DIGESTS };
  const adoption = await kept.adoption();
  adoption.enter([{ entry: whole, folded: "a.jpg" }]);
  for await (const chunk of adoption.claims()) expect(chunk).toEqual([]);
  for await (const chunk of adoption.renewed()) await kept.add(chunk);
  for await (const _ of adoption.renewed()) expect.unreachable("it was renewed");
  adoption.end();
  await kept.complete();
  await catalogue.close();
  const again = openCatalogue(catalogue.file);
  expect(await again.kept("t").lacks()).toBe(false);
  expect(await again.kept("t").find("a.jpg")).toEqual([whole]);
  await again.close();
});
