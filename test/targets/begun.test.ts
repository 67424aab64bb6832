/** The beginning of a large photo stays where its transfer stopped, and nothing else does. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import type { Begun } from "../../src/targets/begun.ts";
import { sweep } from "../../src/targets/begun.ts";
import { Drafts } from "../../src/targets/drafts.ts";

const BODY = Buffer.from(Array.from({ length: 900_000 }, (_, n) => n * 7 + (n >> 8)));
const object = { key: "film.mov", etag: "0123456789abcdef0123456789abcdef", size: BODY.length };
const { signal } = new AbortController();
const DAY = 86_400_000;
let folder: string;
let drafts: Drafts;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photohaul-begun-"));
  drafts = new Drafts({ folder, hold: 0, attempt: (_, work) => work() });
});
afterEach(() => rmSync(folder, { recursive: true }));

async function* upto(length: number, error?: Error, from = 0) {
  for (let at = from; at < length; at += 70_001) yield BODY.subarray(at, Math.min(at + 70_001, length));
  if (error !== undefined) throw error;
}
const broken = new HaulError("broken", "the line broke", { retry: true });
const stop = (length: number, error: Error = broken, begun: Begun | null = null) =>
  drafts.stage(upto(length, error), BODY.length, signal, { object, begun }).catch((thrown: unknown) => {
    expect(thrown).toBe(error);
  });

describe("a large photo that stops on its way", () => {
  test("is gone on with, and what was written is not written again", async () => {
    await stop(400_000);
    const begun = await drafts.begun.find(object);
    expect(begun?.length).toBe(400_000);
    const was = readFileSync(begun?.file ?? "");
    expect(was.equals(BODY.subarray(0, 400_000))).toBe(true);
    const draft = await drafts.stage(upto(BODY.length), BODY.length, signal, { object, begun });
    expect([draft.size, draft.file]).toEqual([BODY.length, begun?.file]);
    expect(readFileSync(draft.file ?? "").equals(BODY)).toBe(true);
    await draft.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("may stop more than once", async () => {
    await stop(300_000);
    await stop(600_000, broken, await drafts.begun.find(object));
    expect((await drafts.begun.find(object))?.length).toBe(600_000);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test("is another one with another ETag, size or version", async () => {
    await stop(400_000);
    for (const other of [{ etag: "x" }, { size: 7 }, { version: "2" }, { key: "b.mov" }]) {
      expect(await drafts.begun.find({ ...object, ...other })).toBeNull();
    }
  });

  test("begins again where it is written for another target, which has none of it", async () => {
    await stop(400_000);
    const elsewhere = { file: join(tmpdir(), "elsewhere", "0123456789abcdef.part"), length: 100_000 };
    const draft = await drafts.stage(upto(BODY.length), BODY.length, signal, { object, begun: elsewhere });
    expect(readFileSync(draft.file ?? "").equals(BODY)).toBe(true);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test("leaves nothing where it was overwritten, or the drive failed", async () => {
    await stop(400_000, new HaulError("changed", "another object", { retry: true }));
    expect(readdirSync(folder)).toEqual([]);
    const full = new HaulError("full", "no space left");
    let writes = 0;
    drafts = new Drafts({
      folder,
      hold: 0,
      attempt: (doing, work) => (doing === "writing a photo" && ++writes > 3 ? Promise.reject(full) : work()),
    });
    await expect(drafts.stage(upto(BODY.length), BODY.length, signal, { object, begun: null })).rejects.toBe(full);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("asks for its last byte in any case, so that the answer says which object it is", async () => {
    await stop(BODY.length);
    expect((await drafts.begun.find(object))?.length).toBe(BODY.length - 1);
  });

  test("a smaller one leaves nothing", async () => {
    await drafts.stage(upto(1000, broken), BODY.length, signal).catch(() => undefined);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("at the start of a run", () => {
  test("a beginning stays for 14 days, and all else is swept", async () => {
    await stop(400_000);
    const [part = ""] = readdirSync(folder).filter((name) => name.endsWith(".part"));
    writeFileSync(join(folder, "0000000000000001.part"), "of a killed run");
    writeFileSync(join(folder, "0000000000000002.part.json"), "{}");
    writeFileSync(join(folder, "0000000000000003.part"), "whose note is cut");
    writeFileSync(join(folder, "0000000000000003.part.json"), '{"key":');
    writeFileSync(join(folder, "mine.txt"), "somebody's");
    await sweep(folder);
    expect(readdirSync(folder).sort()).toEqual([part, `${part}.json`, "mine.txt"].sort());
    const old = new Date(Date.now() - 15 * DAY);
    utimesSync(join(folder, part), old, old);
    await sweep(folder);
    expect(readdirSync(folder)).toEqual(["mine.txt"]);
  });
});
