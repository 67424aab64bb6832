/** Held against the programs that read and write such files: every size around the border of a chunk, both ways. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpener, createSealer } from "../../src/seal/age-file.ts";
import { parseRecipient } from "../../src/seal/recipients.ts";
import { KEYS, RECIPIENTS } from "../contract/sealed-rig.ts";
import { LACKS_AGE, PROGRAMS } from "./age-programs.ts";

const CHUNK = 64 * 1024;
const SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 5_000_000];
const bodyOf = (size: number) => Buffer.alloc(size, "photohaul ");

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe.skipIf(LACKS_AGE).each(PROGRAMS)("%s", (program) => {
  const folder = mkdtempSync(join(tmpdir(), "photohaul-age-"));
  const at = (name: string) => join(folder, name);
  beforeAll(() => {
    for (const [number, key] of KEYS.entries()) writeFileSync(at(`key-${number}`), `${key}\n`, { mode: 0o600 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([1, 2])("opens what is sealed to %i of the keys, each key by itself", async (keys) => {
    const sealer = await createSealer(RECIPIENTS.slice(0, keys).map(parseRecipient));
    for (const size of SIZES) {
      writeFileSync(at("sealed"), await all(sealer.seal([bodyOf(size)])));
      for (let number = 0; number < keys; number += 1) {
        const opened = execFileSync(program, ["-d", "-i", at(`key-${number}`), at("sealed")], { maxBuffer: 2 ** 30 });
        expect(opened.equals(bodyOf(size)), `${size} bytes`).toBe(true);
      }
    }
  });

  test.each([1, 2])("seals to %i of the keys what is opened here, by each of them", async (keys) => {
    for (const size of SIZES) {
      writeFileSync(at("plain"), bodyOf(size));
      const to = RECIPIENTS.slice(0, keys).flatMap((recipient) => ["-r", recipient]);
      execFileSync(program, [...to, "-o", at("theirs"), at("plain")]);
      for (const key of KEYS.slice(0, keys)) {
        const opened = await all(createOpener([key]).open(once(readFileSync(at("theirs"))), "it"));
        expect(opened.equals(bodyOf(size)), `${size} bytes`).toBe(true);
      }
      rmSync(at("theirs"));
    }
  });

  test("refuses, as is done here, what lacks its end", async () => {
    const sealer = await createSealer(RECIPIENTS.map(parseRecipient));
    const sealed = await all(sealer.seal([bodyOf(2 * CHUNK)]));
    for (const cut of [1, 16, 17, CHUNK + 16]) {
      writeFileSync(at("cut"), sealed.subarray(0, -cut));
      const theirs = () =>
        execFileSync(program, ["-d", "-i", at("key-0"), at("cut")], { stdio: "pipe", maxBuffer: 2 ** 30 });
      expect(theirs, `cut by ${cut}`).toThrow();
      await expect(all(createOpener(KEYS).open(once(sealed.subarray(0, -cut)), "it"))).rejects.toThrow();
    }
  });
});
