import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Database, fileTrouble } from "../../src/catalogue/database.ts";
import { openCatalogue } from "../../src/catalogue/open-catalogue.ts";
import { explainError } from "../../src/error-messages.ts";
import { HaulError } from "../../src/errors.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "catalogue-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("it did not throw");
}

const told = (error: unknown) => {
  if (!(error instanceof HaulError)) throw error;
  return { code: error.code, ...explainError(error) };
};

describe("what SQLite says of a file in the middle of a run is told as what it is", () => {
  test("a full disk", () => {
    const db = new Database(join(folder, "full.sqlite"));
    db.exec("CREATE TABLE t (x); PRAGMA max_page_count = 4");
    const insert = db.prepare("INSERT INTO t VALUES (?)");
    const { code, exit, lines } = told(thrownBy(() => insert.run("x".repeat(100_000))));
    db.close();
    expect([code, exit, db.damaged]).toEqual(["catalogue-full", 6, false]);
    expect(lines[0]).toMatch(/the disk that holds the catalogue .*full\.sqlite is full/);
    expect(lines[2]).toMatch(/--catalogue/);
  });

  test("a file that another program holds", () => {
    const file = join(folder, "held.sqlite");
    const [db, other] = [new Database(file), new DatabaseSync(file)];
    db.exec("CREATE TABLE t (x)");
    other.exec("BEGIN EXCLUSIVE");
    const insert = db.prepare("INSERT INTO t VALUES (1)");
    const { code, exit, lines } = told(thrownBy(() => insert.run()));
    other.close();
    db.close();
    expect([code, exit, db.damaged]).toEqual(["locked", 7, false]);
    expect(lines[0]).toMatch(/another program holds the catalogue .*held\.sqlite/);
  });

  test("a file that became read-only", () => {
    const db = new Database(join(folder, "ro.sqlite"));
    db.exec("CREATE TABLE t (x); PRAGMA query_only = 1");
    const { code, exit } = told(thrownBy(() => db.exec("INSERT INTO t VALUES (1)")));
    db.close();
    expect([code, exit]).toEqual(["catalogue-unwritable", 2]);
  });

  test("a place that is none", () => {
    mkdirSync(join(folder, "d"));
    const open = () => openCatalogue(join(folder, "d"));
    expect(told(thrownBy(open))).toMatchObject({ code: "catalogue-unwritable", exit: 2 });
  });

  test("damage deep in the file, which is noticed only when it is read", () => {
    const file = join(folder, "rotten.sqlite");
    const made = new DatabaseSync(file);
    made.exec("CREATE TABLE t (x TEXT PRIMARY KEY); BEGIN");
    for (let n = 0; n < 500; n += 1) made.prepare("INSERT INTO t VALUES (?)").run(`${n}-padded`.repeat(20));
    made.exec("COMMIT");
    made.close();
    const handle = openSync(file, "r+");
    for (let page = 2; page < 12; page += 1) writeSync(handle, Buffer.alloc(4096, 7), 0, 4096, page * 4096);
    const db = new Database(file);
    const { code, exit, lines } = told(thrownBy(() => db.prepare("SELECT * FROM t ORDER BY x").all()));
    db.close();
    expect([code, exit, db.damaged]).toEqual(["catalogue", 3, true]);
    expect(lines.join()).toMatch(/is damaged.*--adopt/);
  });

  test("whatever else is thrown is a bug, and stays what it is", () => {
    const bug = new TypeError("no such thing");
    expect(fileTrouble(bug, "f")).toBe(bug);
    const db = new Database(join(folder, "a.sqlite"));
    expect(thrownBy(() => db.exec("SELECT nonsense"))).not.toBeInstanceOf(HaulError);
    db.close();
  });

  test("a full disk before there is a file", () => {
    const error = Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "mkdir" });
    expect(told(fileTrouble(error, "f"))).toMatchObject({ code: "catalogue-full", exit: 6 });
  });
});

describe("a damaged catalogue", () => {
  const rubbish = "this is no database, whatever its name may promise".repeat(100);

  test.each([
    ["has lost its version", "PRAGMA user_version = 0"],
    ["has lost a table", "DROP TABLE kept"],
  ])("%s: that is damage, and no bug", async (_, sql) => {
    const file = join(folder, "c.sqlite");
    await openCatalogue(file).close();
    const db = new DatabaseSync(file);
    db.exec(sql);
    db.close();
    expect(told(thrownBy(() => openCatalogue(file)))).toMatchObject({
      code: "catalogue",
      exit: 3,
    });
    const aside: string[] = [];
    await openCatalogue(file, (name) => aside.push(name)).close();
    expect(aside.map((name) => existsSync(name))).toEqual([true]);
  });

  test.each([0, 1])("of another program (version %d) is left as it is", (version) => {
    const file = join(folder, "other.sqlite");
    const db = new DatabaseSync(file);
    db.exec(`CREATE TABLE theirs (x); PRAGMA user_version = ${version}`);
    db.close();
    const before = readFileSync(file);
    const opened = () => openCatalogue(file, () => expect.unreachable("it was set aside"));
    expect(told(thrownBy(opened))).toMatchObject({ code: "usage", exit: 2 });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("makes room for a new one where it may, and is kept under another name each time", async () => {
    const file = join(folder, "photos.sqlite");
    const names: string[] = [];
    for (let time = 0; time < 3; time += 1) {
      writeFileSync(file, `${rubbish}${time}`);
      const catalogue = openCatalogue(file, (aside) => names.push(aside));
      await catalogue.settings.set("zone", "UTC");
      await catalogue.close();
      const again = openCatalogue(file);
      expect(await again.settings.get("zone")).toBe("UTC");
      await again.close();
    }
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(existsSync(name), name).toBe(true);
  });

  test("that is found out in the middle of a run is set aside at its end, so that the next run begins anew", async () => {
    const file = join(folder, "photos.sqlite");
    const first = openCatalogue(file);
    await first.settings.set("zone", "UTC");
    await first.close();
    const handle = openSync(file, "r+");
    for (let page = 1; page < 40; page += 1) writeSync(handle, Buffer.alloc(4096, 7), 0, 4096, page * 4096);
    const aside: string[] = [];
    const catalogue = openCatalogue(file, (name) => aside.push(name));
    if (aside.length === 0) {
      await expect(catalogue.settings.get("zone")).rejects.toMatchObject({ code: "catalogue" });
    }
    await catalogue.close();
    expect(readdirSync(folder).filter((name) => name.includes("damaged")).length).toBeGreaterThan(0);
    const next = openCatalogue(file);
    expect(await next.settings.get("zone")).toBeNull();
    await next.close();
  });
});
