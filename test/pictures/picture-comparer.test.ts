/** Pictures are hostile until proven otherwise: what they do to the process that decodes them costs one pair at most. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { dngFile } from "../../fixtures/media/dng.ts";
import { HaulError } from "../../src/errors.ts";
import { createPictureComparer, type PictureComparer } from "../../src/pictures/picture-comparer.ts";
import { loading, WITHOUT_SHARP } from "./loading.ts";
import { photoFile, raw, scene } from "./rendered.ts";

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "comparer-"));
const comparer = createPictureComparer();
afterAll(() => {
  comparer.close();
  rmSync(folder, { recursive: true });
});

/** Shows that the process, or the one after it, still does its work. */
async function stillCompares(by: PictureComparer): Promise<void> {
  expect(await by.decode("o", "original", await photoFile(scene(1)), signal)).toBe(true);
  const copy = await raw(scene(1)).resize(200).jpeg().toBuffer();
  expect(await by.decode("r", "rendition", copy, signal)).toBe(true);
  expect(await by.compare("o", "r", signal)).toMatchObject({ verdict: "same" });
}

function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from(type, "latin1"), data]);
  chunk.writeUInt32BE(data.length, 0);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(chunk.subarray(4)), 0);
  return Buffer.concat([chunk, sum]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A file of a few kilobytes that says it has 900 million pixels. */
function pngBomb(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(30_000, 0);
  header.writeUInt32BE(30_000, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const rows = pngChunk("IDAT", deflateSync(Buffer.alloc(2_000_000)));
  return Buffer.concat([signature, pngChunk("IHDR", header), rows, pngChunk("IEND", Buffer.alloc(0))]);
}

/** As NEF and DNG files are: a TIFF whose first picture is a thumbnail, and the photo in a sub-directory. */
function rawWithThumbnail(): Buffer {
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [0x00fe, 4, 1, 1],
    [0x0100, 4, 1, 16],
    [0x0101, 4, 1, 16],
    [0x0102, 3, 1, 8],
    [0x0103, 3, 1, 1],
    [0x0106, 3, 1, 1],
    [0x0111, 4, 1, 1024],
    [0x0115, 3, 1, 1],
    [0x0116, 4, 1, 16],
    [0x0117, 4, 1, 256],
    [0x014a, 4, 1, 512],
  ];
  const file = Buffer.alloc(2048, 120);
  file.write("II*\0", 0, "latin1");
  file.writeUInt32LE(8, 4);
  for (const at of [8, 512]) {
    const here = at === 8 ? entries : entries.slice(0, -1);
    file.writeUInt16LE(here.length, at);
    for (const [nth, [tag, type, count, value]] of here.entries()) {
      const entry = at + 2 + 12 * nth;
      file.writeUInt16LE(tag, entry);
      file.writeUInt16LE(type, entry + 2);
      file.writeUInt32LE(count, entry + 4);
      file.writeUInt32LE(value, entry + 8);
    }
    file.writeUInt32LE(0, at + 2 + 12 * here.length);
  }
  return file;
}

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="9" height="9"/></svg>';

describe("what is not decoded, and proves nothing", () => {
  const photo = photoFile(scene(1));
  const HOSTILE: readonly (readonly [string, () => Buffer | Promise<Buffer>])[] = [
    ["a JPEG that ends in its middle", async () => (await photo).subarray(0, (await photo).length / 2)],
    ["a JPEG without its last tenth", async () => (await photo).subarray(0, (await photo).length * 0.9)],
    ["a PNG of 900 million pixels", pngBomb],
    ["a PNG that ends early", async () => (await raw(scene(1)).png().toBuffer()).subarray(0, 40_000)],
    ["SVG", () => Buffer.from(SVG)],
    ["SVG with entities", () => Buffer.from(`<!DOCTYPE a [<!ENTITY b "${"c".repeat(9999)}">]>${SVG}`)],
    ["PDF", () => Buffer.from("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< >>\n%%EOF")],
    ["text", () => Buffer.from("<html><body>404 Not Found</body></html>")],
    ["random bytes", () => Buffer.from(Array.from({ length: 9000 }, (_, at) => (at * 7919) % 251))],
    ["nothing", () => Buffer.alloc(0)],
    ["a TIFF with its photo in a sub-directory", rawWithThumbnail],
    ["a DNG", () => dngFile(scene(1, 64, 48), { make: "M", model: "C" })],
  ];

  test.each(HOSTILE)("%s", async (_, make) => {
    expect(await comparer.decode("x", "original", await make(), signal)).toBe(false);
    expect(await comparer.compare("x", "x", signal)).toBeNull();
    expect(comparer.missing).toBeNull();
    await stillCompares(comparer);
  });
});

describe("the process", () => {
  test("that dies while it works costs that picture, and another takes its place", async () => {
    const dying = createPictureComparer(
      loading(`import { existsSync, writeFileSync } from "node:fs";
        const mark = ${JSON.stringify(join(folder, "died"))};
        process.on("message", () => {
          if (existsSync(mark)) return;
          writeFileSync(mark, "");
          process.kill(process.pid, "SIGKILL");
        });`),
    );
    try {
      const file = await photoFile(scene(1));
      expect(await dying.decode("o", "original", file, signal)).toBe(false);
      await stillCompares(dying);
    } finally {
      dying.close();
    }
  });

  test("that hangs is killed after its patience, and the next picture is compared", async () => {
    const mark = join(folder, "hung");
    const hanging = createPictureComparer({
      patienceMs: 3000,
      ...loading(`import { existsSync, writeFileSync } from "node:fs";
        const mark = ${JSON.stringify(mark)};
        process.on("message", () => {
          if (existsSync(mark)) return;
          writeFileSync(mark, String(process.pid));
          for (;;);
        });`),
    });
    try {
      const file = await photoFile(scene(1));
      expect(await hanging.decode("o", "original", file, signal)).toBe(false);
      await stillCompares(hanging);
      const hung = Number(readFileSync(mark, "utf8"));
      expect(() => process.kill(hung, 0)).toThrow("ESRCH");
    } finally {
      hanging.close();
    }
  });

  test("that grows beyond its bound ends itself", async () => {
    const mark = join(folder, "grown");
    const growing = createPictureComparer(
      loading(`import { existsSync, writeFileSync } from "node:fs";
        const mark = ${JSON.stringify(mark)};
        process.on("message", () => {
          if (existsSync(mark)) return;
          writeFileSync(mark, "");
          globalThis.kept = Buffer.alloc(500 * 1024 * 1024, 1);
        });`),
    );
    try {
      // Its memory is looked at while it waits, at the latest before the next picture.
      await growing.decode("x", "original", await photoFile(scene(1)), signal);
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await growing.compare("x", "x", signal)).toBeNull();
      await stillCompares(growing);
    } finally {
      growing.close();
    }
  });

  test("is stopped with the run, in the middle of a picture", async () => {
    const stopped = createPictureComparer(loading(`process.on("message", () => { for (;;); });`));
    const run = new AbortController();
    const decoding = stopped.decode("o", "original", await photoFile(scene(1)), run.signal);
    setTimeout(() => run.abort(), 300);
    await expect(decoding).rejects.toMatchObject({ code: "interrupted" });
    await expect(decoding).rejects.toBeInstanceOf(HaulError);
    await expect(stopped.compare("o", "r", run.signal)).rejects.toMatchObject({
      code: "interrupted",
    });
    stopped.close();
  });

  test("knows no credentials, nor anything else of this environment", async () => {
    const told = join(folder, "environment");
    process.env.AWS_SECRET_ACCESS_KEY ??= "for this test only";
    const curious = createPictureComparer(
      loading(`import { writeFileSync } from "node:fs";
        writeFileSync(${JSON.stringify(told)}, JSON.stringify(process.env));`),
    );
    try {
      await stillCompares(curious);
      const seen = readFileSync(told, "utf8");
      expect(seen).not.toMatch(/AWS|SECRET|KEY|HOME/);
    } finally {
      curious.close();
      if (process.env.AWS_SECRET_ACCESS_KEY === "for this test only") {
        delete process.env.AWS_SECRET_ACCESS_KEY;
      }
    }
  });

  test("says so where the library that decodes is not installed", async () => {
    const bare = createPictureComparer(WITHOUT_SHARP);
    try {
      expect(await bare.decode("o", "original", await photoFile(scene(1)), signal)).toBe(false);
      expect(bare.missing).toMatch(/sharp is not installed/);
    } finally {
      bare.close();
    }
  });
});
