import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import { checkPhoto } from "../../src/steps/verify-photo.ts";

const { signal } = new AbortController();
const GOOD = Buffer.from("the bytes that were kept");
const photo = {
  path: "a.jpg",
  size: GOOD.length,
  sha256: createHash("sha256").update(GOOD).digest("hex"),
};
const ROTTEN = Buffer.from("the bytes that were kepT");
const broken = () => new HaulError("broken", "a.jpg cannot be read", { cause: new Error("EIO: i/o error") });
const missing = () => new HaulError("missing", "nothing lies at a.jpg");

type Reading = Buffer | HaulError;

/** A target that gives one reading after the other; a Buffer comes in two pieces. */
function target(...readings: Reading[]) {
  let reads = 0;
  return {
    reads: () => reads,
    async *open(): AsyncGenerator<Uint8Array> {
      const reading = readings[reads] ?? missing();
      reads += 1;
      if (reading instanceof HaulError) throw reading;
      yield reading.subarray(0, 5);
      yield reading.subarray(5);
    },
  };
}

describe("a photo", () => {
  test.each<[string, Reading[], string, number, RegExp | null, boolean]>([
    ["right is read once", [GOOD], "whole", 1, null, false],
    ["rotten is read twice", [ROTTEN, ROTTEN], "rotten", 2, /^its SHA-256 is .*; the same when read again$/, false],
    [
      "wrong, then right, is whole and unsteady",
      [ROTTEN, GOOD],
      "whole",
      2,
      /^first reading: its SHA-256.*; second reading: right$/,
      true,
    ],
    ["that gives an error, then is right", [broken(), GOOD], "whole", 2, /EIO.*second reading: right/, true],
    ["that gives an error twice", [broken(), broken()], "unreadable", 2, /EIO.*the same when read again/, false],
    [
      "that is wrong, then gives an error: both are told",
      [ROTTEN, broken()],
      "unreadable",
      2,
      /first reading: its SHA-256.*second reading: .*EIO/,
      false,
    ],
    ["cut short", [GOOD.subarray(0, 6), GOOD.subarray(0, 6)], "rotten", 2, /it has 6 bytes, kept were 24/, false],
    ["that is gone", [missing(), missing()], "missing", 2, /nothing lies at a\.jpg/, false],
  ])("%s", async (_, readings, condition, reads, reason, unsteady) => {
    const on = target(...readings);
    const checked = await checkPhoto(photo, on, signal, () => undefined);
    expect(checked).toMatchObject({ condition, unsteady });
    if (reason === null) expect(checked.reason).toBeNull();
    else expect(checked.reason).toMatch(reason);
    expect(on.reads()).toBe(reads);
  });

  test("what ends a run is no condition of a photo", async () => {
    const interrupted = new HaulError("interrupted", "interrupted");
    await expect(checkPhoto(photo, target(interrupted), signal, () => undefined)).rejects.toBe(interrupted);
  });

  test("all bytes are told, of both readings", async () => {
    let bytes = 0;
    await checkPhoto(photo, target(ROTTEN, GOOD), signal, (more) => {
      bytes += more;
    });
    expect(bytes).toBe(2 * GOOD.length);
  });
});
