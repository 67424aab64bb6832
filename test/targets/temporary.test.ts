import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { TemporaryFile } from "../../src/targets/temporary-file.ts";

const folder = mkdtempSync(join(tmpdir(), "photohaul-temporary-"));
afterAll(() => rmSync(folder, { recursive: true }));

const MEGABYTE = 1024 * 1024;
const CHUNK = Buffer.alloc(300_000);

async function write(fill: number): Promise<TemporaryFile> {
  const temporary = await TemporaryFile.create(folder, 2 * MEGABYTE);
  for (let at = 0; at < 7; at += 1) await temporary.write(Buffer.alloc(CHUNK.length, fill));
  await temporary.finish();
  return temporary;
}

test("files written at once, into memory that others used before, hold their own bytes only", async () => {
  for (let round = 0; round < 3; round += 1) {
    const fills = Array.from({ length: 20 }, (_, at) => round * 20 + at + 1);
    const files = await Promise.all(fills.map(write));
    for (const [at, { file, size }] of files.entries()) {
      const found = readFileSync(file);
      expect(size).toBe(7 * CHUNK.length);
      expect(found.equals(Buffer.alloc(size, fills[at]))).toBe(true);
      await files[at]?.discard();
    }
  }
});

test("one large file after the other is written from the same memory", async () => {
  const made = vi.spyOn(Buffer, "allocUnsafeSlow");
  for (let at = 0; at < 20; at += 1) await (await write(at)).discard();
  expect(made.mock.calls.length).toBeLessThanOrEqual(1);
  made.mockRestore();
});
