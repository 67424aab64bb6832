import { expect, test } from "vitest";
import { Database } from "../../src/catalogue/database.ts";

test("a transaction is all or nothing, and a full disk is said to be that", () => {
  const db = new Database(":memory:");
  db.exec("CREATE TABLE t (a TEXT); PRAGMA max_page_count = 20;");
  const count = () => db.prepare("SELECT count(*) AS n FROM t").get();
  db.transaction(() => db.exec("INSERT INTO t VALUES ('whole')"));
  const broken = () => {
    db.exec("INSERT INTO t VALUES ('half')");
    throw new Error("broken");
  };
  expect(() => db.transaction(broken)).toThrow("broken");
  const large = db.prepare("INSERT INTO t VALUES (?)");
  const full = () => db.transaction(() => large.run("x".repeat(1_000_000)));
  expect(full).toThrow(/is full/);
  expect(count()).toEqual({ n: 1 });
  db.close();
});
