import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { closedBy } from "../../src/cancel.ts";
import { stageVerified } from "../../src/photo/stage.ts";
import { Memory } from "../steps/memory-target.ts";

const signal = new AbortController().signal;
const BODY = "a photo";
const entry = { size: BODY.length, sha256: createHash("sha256").update(BODY).digest("hex") };

async function* pieces(): AsyncGenerator<Uint8Array, undefined> {
  yield Buffer.from(BODY);
}

test.each([
  ["before it reads", 0],
  ["while it reads", 1],
])("a target that fails %s gives back what the bytes hold", async (_, after) => {
  const target = new Memory("a");
  target.failure = { code: "full", after };
  let given = 0;
  const bytes = closedBy(pieces(), () => {
    given += 1;
  });
  await expect(stageVerified(entry, bytes, target, signal)).rejects.toMatchObject({
    code: "full",
  });
  expect(given).toBeGreaterThan(0);
});

test("bytes that are those of the entry are staged, and others are not left behind", async () => {
  const target = new Memory("a");
  expect((await stageVerified(entry, pieces(), target, signal)).size).toBe(BODY.length);
  const wrong = stageVerified({ ...entry, sha256: "0".repeat(64) }, pieces(), target, signal);
  await expect(wrong).rejects.toMatchObject({ code: "wrong-bytes" });
  expect(target.discarded).toBe(1);
});
