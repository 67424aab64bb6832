import { describe, expect, test } from "vitest";
import { exifBlock } from "../../fixtures/media/exif.ts";
import { jpegFile } from "../../fixtures/media/jpeg.ts";
import { blankPicture } from "../../fixtures/media/picture.ts";
import type { FoundFamily } from "../../src/decide/families.ts";
import { HaulError, type Trouble } from "../../src/errors.ts";
import type { Listed } from "../../src/model.ts";
import type { Opened, Source } from "../../src/sources/source.ts";
import type { Question } from "../../src/steps/infer-layout.ts";
import { samplePairs } from "../../src/steps/sample-pairs.ts";
import { bucket, listed, tell } from "./listing-rig.ts";

/** Bytes by key, or the trouble that asking for them brings. */
type Contents = (key: string) => Buffer | Trouble;

class MemorySource implements Source {
  readonly name = "memory:";
  readonly requests = { list: 0, get: 0, head: 0, retried: 0 };
  /** Bytes that were taken. */
  read = 0;
  readonly opened: string[] = [];
  readonly #contents: Contents;

  constructor(contents: Contents) {
    this.#contents = contents;
  }

  async *list() {}

  async open(object: Listed): Promise<Opened> {
    this.opened.push(object.key);
    const body = this.#contents(object.key);
    if (typeof body === "string") throw new HaulError(body, `${object.key}: ${body}`);
    const { size, etag, modified } = object;
    const head = {
      size,
      etag,
      modified,
      contentType: "",
      contentDisposition: "",
      metadata: {},
      checksums: {},
    };
    return { head, bytes: this.#stream(body) };
  }

  async *#stream(body: Buffer) {
    for (let at = 0; at < body.length; at += 16_384) {
      this.read += Math.min(16_384, body.length - at);
      yield body.subarray(at, at + 16_384);
    }
  }

  async close() {}
}

const ORIGINAL = jpegFile(blankPicture(96, 64), {
  exif: exifBlock({ dateTimeOriginal: "2012:06:28 14:03:22" }),
});
const COPY = jpegFile(blankPicture(48, 32));
const EXPORT = jpegFile(blankPicture(48, 32), {
  exif: exifBlock({
    software: "Adobe Photoshop Lightroom 5.7",
    dateTimeOriginal: "2012:06:28 14:03:22",
  }),
});
const OTHER = jpegFile(blankPicture(32, 48), {
  exif: exifBlock({ dateTimeOriginal: "2014:01:01 10:00:00" }),
});

const pairs = Array.from({ length: 100 }, (_, i) => ({
  child: listed(`b/${i}.jpg`, 1000),
  parent: listed(`a/${i}.jpg`, 9000),
}));
const signal = new AbortController().signal;

test("thirty pairs are read, the same on every run, and no more than their heads", async () => {
  const large = Buffer.concat([ORIGINAL, Buffer.alloc(3_000_000)]);
  const source = new MemorySource((key) => (key.startsWith("a/") ? large : COPY));
  const seen = await samplePairs(source, pairs, signal);
  expect(seen).toMatchObject({ verdict: "same", agreeing: 30, compared: 30 });
  expect(seen.evidence).toBe("30 of 30 sampled pairs show the same picture");
  expect(source.opened).toHaveLength(60);
  expect(source.read).toBeLessThan(30 * 160_000);
  const again = new MemorySource((key) => (key.startsWith("a/") ? large : COPY));
  await samplePairs(again, pairs.toReversed(), signal);
  expect([...again.opened].sort()).toEqual([...source.opened].sort());
});

test("other pictures, exports and unreadable ones are told apart", async () => {
  const verdict = async (child: Buffer | Trouble) => {
    const source = new MemorySource((key) => (key.startsWith("a/") ? ORIGINAL : child));
    return (await samplePairs(source, pairs, signal)).verdict;
  };
  expect(await verdict(OTHER)).toBe("other");
  expect(await verdict(EXPORT)).toBe("by-hand");
  expect(await verdict(Buffer.from("no picture"))).toBe("unknown");
  expect(await verdict("archived")).toBe("unknown");
  await expect(verdict("unreachable")).rejects.toMatchObject({ trouble: "unreachable" });
});

describe("what the pictures say decides where names do not", () => {
  const objects = bucket(120, (i, s) => [
    [`a/IMG_${i}.jpg`, Math.max(s.original, 600_000)],
    [`web/a/IMG_${i}.jpg`, Math.min(s.large, 500_000)],
  ]);
  const lookWith = (child: Buffer) => {
    const source = new MemorySource((key) => (key.startsWith("a/") ? ORIGINAL : child));
    return ({ pairs: found }: FoundFamily) =>
      samplePairs(
        source,
        found.map(({ child: one, parent }) => ({ child: one.object, parent: parent.object })),
        signal,
      );
  };

  test.each([
    ["the same picture", COPY, 120],
    ["another picture", OTHER, 0],
    ["somebody's export", EXPORT, 0],
    ["nothing", Buffer.alloc(10), 0],
  ])("%s", async (_, child, renditions) => {
    const told = await tell(objects, { look: lookWith(child) });
    expect(told.of("rendition")).toHaveLength(renditions);
    if (renditions === 0) expect(told.report.suspects[0]?.family).toBe("web");
    else expect(told.report.families[1]?.evidence).toContain("30 of 30 sampled pairs");
  });

  test("and pictures that differ overrule a name that says thumb", async () => {
    const thumbs = objects.map((object) => ({
      ...object,
      key: object.key.replace("web/", "thumbs/"),
    }));
    expect((await tell(thumbs)).of("rendition")).toHaveLength(120);
    expect((await tell(thumbs, { look: lookWith(OTHER) })).of("rendition")).toEqual([]);
  });

  test("somebody who is asked may say yes", async () => {
    const asked: string[] = [];
    const ask = async ({ family, keys }: Question) => asked.push(`${keys} ${family.looks}`) > 0;
    const told = await tell([objects, objects], { look: lookWith(EXPORT), ask });
    expect(asked).toEqual(["120 web/…"]);
    expect(told.of("rendition")).toHaveLength(120);
  });

  test("or no, and is not asked again", async () => {
    const asked: string[] = [];
    const ask = async ({ family }: Question) => asked.push(family.looks) === 0;
    const told = await tell([objects, objects], { look: lookWith(EXPORT), ask });
    expect(asked).toEqual(["web/…"]);
    expect(told.of("rendition")).toEqual([]);
    expect(told.report.suspects[0]?.family).toBe("web");
  });
});
