import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCheckLog } from "../../src/catalogue/check-log.ts";
import { readCheckState } from "../../src/catalogue/read-state.ts";
import type { Condition } from "../../src/model.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-checks-"));
  file = join(folder, "deep", "checks.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true }));

const AT = "2026-11-21T03:30:00.000Z";
const entry = (path: string, _line: number, sha256 = path) => ({
  entry: { path, key: path, etag: "e", size: 10, sha256, md5: "md5", captured: null, modified: AT, storedAt: AT },
  folded: path,
});
const due = (log: ReturnType<typeof openCheckLog>) => [...log.due()].flat().map(({ path }) => path);
const found = (path: string, condition: Condition = "whole") => ({ path, condition });

describe("a check log", () => {
  test("the last line of a path holds, and other bytes make it new", () => {
    const log = openCheckLog(null, "usb", AT);
    log.enter([entry("a", 0, "old"), entry("b", 1), entry("a", 2, "new")]);
    expect(log.totals()).toEqual({ photos: 2, bytes: 20, forgotten: 0 });
    expect([log.holds("a", 0), log.holds("a", 2)]).toEqual([false, true]);
    expect(log.sha256Of("a")).toBe("new");
    expect(log.pathOf("b", 10)).toBe("b");
    expect(log.pathOf("old", 10)).toBeNull();
    log.close();
  });

  const etag = "ALTER TABLE photos ADD COLUMN etag TEXT NOT NULL DEFAULT '';";
  const summed = "ALTER TABLE photos ADD COLUMN summed INTEGER NOT NULL DEFAULT 0;";

  test.each([
    [1, ""],
    [2, etag],
    [3, etag + summed],
  ])("of version %d goes on", (version, after) => {
    const first = openCheckLog(file, "usb", AT);
    first.enter([entry("a", 0), entry("b", 1)]);
    first.record([found("a")], AT);
    first.close();
    const old = new DatabaseSync(file);
    old.exec(`ALTER TABLE photos DROP COLUMN etag; ${after}
      ALTER TABLE photos ADD COLUMN folded TEXT NOT NULL DEFAULT ''; ALTER TABLE photos ADD COLUMN line INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX photos_by_name ON photos (folded); CREATE INDEX photos_by_bytes ON photos (sha256);
      PRAGMA user_version = ${version}`);
    old.close();
    const log = openCheckLog(file, "usb", AT);
    log.enter([entry("a", 0), entry("b", 1)]);
    expect([...log.due()].flat()).toMatchObject([
      { path: "b", etag: "md5" },
      { path: "a", etag: "md5" },
    ]);
    log.close();
  });

  test("damaged ones come first, then new ones, then what waits longest, whatever the clock says", () => {
    const first = openCheckLog(file, "usb", AT);
    first.enter([entry("a", 0), entry("b", 1), entry("c", 2)]);
    expect(due(first)).toEqual(["a", "b", "c"]);
    first.record([found("b"), found("c", "rotten")], "2037-01-01T00:00:00.000Z");
    expect(due(first)).toEqual(["a"]);
    first.close();
    const second = openCheckLog(file, "usb", "1999-01-01T00:00:00.000Z");
    second.enter([entry("a", 0), entry("b", 1), entry("c", 2), entry("d", 3)]);
    expect(due(second)).toEqual(["c", "a", "d", "b"]);
    second.record([found("a")], AT);
    second.close();
    const third = openCheckLog(file, "usb", AT);
    third.enter([entry("a", 0), entry("b", 1), entry("c", 2), entry("d", 3)]);
    expect(due(third)).toEqual(["c", "d", "b", "a"]);
    third.close();
  });

  test("a photo with other bytes than before was never read", () => {
    const first = openCheckLog(file, "usb", AT);
    first.enter([entry("a", 0), entry("b", 1)]);
    first.record([found("a"), found("b")], AT);
    first.close();
    const second = openCheckLog(file, "usb", AT);
    second.enter([entry("a", 0, "other"), entry("b", 1)]);
    expect(due(second)).toEqual(["a", "b"]);
    expect(second.oldestCheck()).toBeNull();
    second.close();
  });

  test("what a manifest names no more is forgotten, and is not due", () => {
    const first = openCheckLog(file, "usb", AT);
    first.enter([entry("a", 0), entry("b", 1)]);
    first.close();
    const second = openCheckLog(file, "usb", AT);
    second.enter([entry("a", 0)]);
    expect(second.totals()).toEqual({ photos: 1, bytes: 10, forgotten: 1 });
    expect(due(second)).toEqual(["a"]);
    expect([second.names("a"), second.names("b")]).toEqual([true, false]);
    second.close();
  });

  test("what is due stays in order while it is recorded, over many chunks", () => {
    const log = openCheckLog(file, "usb", AT);
    const names = Array.from({ length: 2500 }, (_, at) => String(at).padStart(4, "0"));
    log.enter(names.map((path, line) => entry(path, line)));
    const seen: string[] = [];
    for (const chunk of log.due()) {
      for (const { path } of chunk) seen.push(path);
      log.record(
        chunk.map(({ path }) => found(path)),
        AT,
      );
    }
    expect(seen).toEqual(names);
    expect(log.oldestCheck()).toBe(AT);
    log.close();
  });

  test("one run at a time holds it; its file is for its owner", () => {
    const log = openCheckLog(file, "usb", AT);
    expect(() => openCheckLog(file, "usb", AT)).toThrow(expect.objectContaining({ code: "locked" }));
    expect(statSync(join(folder, "deep")).mode & 0o077).toBe(0);
    log.close();
    openCheckLog(file, "usb", AT).close();
  });

  const spoiled = (sql: string) => () => {
    const db = new DatabaseSync(file);
    db.exec(sql);
    db.close();
  };

  test.each([
    ["no database", () => writeFileSync(file, "no database at all, but long enough for SQLite")],
    ["without its version", spoiled("PRAGMA user_version = 0")],
    ["without a table", spoiled("DROP TABLE runs")],
    ["a folder", () => [rmSync(file), mkdirSync(file)]],
    ["a turn that is yet to come", spoiled("UPDATE photos SET checked = 64 WHERE path = 'a'")],
    ["runs that are forgotten", spoiled("DELETE FROM runs")],
    ["a rank that is none", spoiled("UPDATE photos SET rank = -5 WHERE path = 'a'")],
    ["a time that is none", spoiled("UPDATE runs SET started_at = 'x', share = 1")],
  ])("a damaged one (%s) is set aside and told, and no photo misses its turn", (_, harm) => {
    const first = openCheckLog(file, "usb", AT);
    first.enter([entry("a", 0), entry("b", 1)]);
    first.record([found("a"), found("b")], AT);
    first.close();
    harm();
    const aside: string[] = [];
    const log = openCheckLog(file, "usb", AT, (name) => aside.push(name));
    log.enter([entry("a", 0), entry("b", 1)]);
    expect(due(log)).toEqual(["a", "b"]);
    expect(log.lastShare()).toBeNull();
    log.close();
    expect(aside.map((name) => existsSync(name))).toEqual([true]);
    openCheckLog(file, "usb", AT, () => expect.unreachable("it is whole")).close();
  });
});

describe("what status reads", () => {
  test("is nothing where nothing is, and makes no file", () => {
    expect(readCheckState(file)).toBeNull();
    expect(existsSync(file)).toBe(false);
  });

  test("is read while a run goes on", () => {
    const log = openCheckLog(file, "usb", AT);
    log.enter([entry("a", 0), entry("b", 1), entry("c", 2)]);
    log.record([found("a"), found("b", "rotten")], AT);
    expect(readCheckState(file)).toMatchObject({
      target: "usb",
      photos: 3,
      never: 1,
      damaged: 1,
      oldestCheck: null,
      last: null,
    });
    log.record([found("b"), found("c")], AT);
    log.finish("{}", true);
    log.close();
    expect(readCheckState(file)).toMatchObject({
      never: 0,
      damaged: 0,
      oldestCheck: AT,
      last: { summary: "{}" },
    });
  });
});
