import { expect, test } from "vitest";
import { BodyMemory } from "../../../src/stores/http/body-memory.ts";

test("memory that was given back is lent again, and no other", () => {
  const memory = new BodyMemory();
  const first = memory.take(100);
  const second = memory.take(100);
  expect(second.buffer).not.toBe(first.buffer);
  memory.give(first);
  memory.give(first);
  const third = memory.take(200);
  expect(third).toHaveLength(200);
  expect(third.buffer).toBe(first.buffer);
  memory.give(Buffer.alloc(100));
  expect(memory.take(100).buffer).not.toBe(first.buffer);
});

test("what is too small for a body is not lent for it", () => {
  const memory = new BodyMemory();
  const small = memory.take(100);
  memory.give(small);
  const large = memory.take(1024 * 1024);
  expect(large).toHaveLength(1024 * 1024);
  expect(large.buffer).not.toBe(small.buffer);
});
