import { mkdtempSync, rmSync } from "node:fs";
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
