import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createUndoRecord, lastRun } from "../../src/photo/undo-record.ts";

test("times from the year 1 to the last second of 9999 are read back as they were written", async () => {
  const root = mkdtempSync(join(tmpdir(), "photohaul-undo-"));
  const changes = [
    { file: "first.jpg", old: "-62135596800000000000", new: "0" },
    { file: "last.jpg", old: "253402300799999999999", new: "253402300799000000000" },
  ];
  const record = createUndoRecord(root, "2026-01-02T03:04:05Z");
  record.append(changes);
  record.close();
  const read: unknown[] = [];
  for await (const change of lastRun(root)?.changes ?? []) read.push(change);
  expect(read).toEqual(changes);
  rmSync(root, { recursive: true });
});

test("a name with any sign that ends a line somewhere is read back, and a line that was cut is left out", async () => {
  const root = mkdtempSync(join(tmpdir(), "photohaul-undo-"));
  const changes = ["\u2028.jpg", "a\u2029b.jpg", "a\rb.jpg", "a\nb.jpg"].map((file) => ({ file, old: "0", new: "1" }));
  const record = createUndoRecord(root, "2026-01-02T03:04:05Z");
  record.append(changes);
  record.close();
  appendFileSync(record.path ?? "", '{"file":"c.jpg","old":"0","new":"1"}');
  const read: unknown[] = [];
  for await (const change of lastRun(root)?.changes ?? []) read.push(change);
  expect(read).toEqual(changes);
  rmSync(root, { recursive: true });
});
