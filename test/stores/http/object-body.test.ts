/** Content-Encoding: what was packed on the way is unpacked, what lies packed is not, and what is wrong is never taken. */

import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { HaulError } from "../../../src/errors.ts";
import { Body } from "../../../src/stores/http/exchange.ts";
import { openBody } from "../../../src/stores/http/object-body.ts";

const PHOTO = Buffer.from("a photo ".repeat(2000));
const asked = { kind: "object", name: "s3://photos/a.jpg" } as const;
const { signal } = new AbortController();

interface Answered {
  readonly bytes: Uint8Array;
  readonly coding: string;
  /** False where the answer does not say how long it is. */
  readonly length?: boolean;
  readonly etag?: string;
}

const undoing = () => new Map<string, number>();

/** An answer in pieces that fit nothing. */
function answerOf({ bytes, coding, length = true, etag = '"e"' }: Answered, status = 200, more = {}) {
  const body = new Body();
  for (let at = 0; at < bytes.length; at += 3001) body.push(bytes.slice(at, at + 3001));
  body.end();
  const headers = { etag, "content-encoding": coding, ...more };
  return { status, body, headers: length ? { ...headers, "content-length": `${bytes.length}` } : headers };
}

/** Opened as an object of that size, as often as it is to be asked for. */
async function read(answered: Answered, size = PHOTO.length, times = 1, memory = undoing()) {
  for (let time = 1; ; time += 1) {
    const meant = { key: "a.jpg", etag: "e", size };
    const opened = openBody(answerOf(answered), meant, 0, { asked, signal, undoing: memory });
    const parts: Uint8Array[] = [];
    try {
      for await (const part of opened.bytes) parts.push(part);
      return { ...opened, bytes: Buffer.concat(parts) };
    } catch (error) {
      if (time >= times) throw error;
      expect(error).toMatchObject({ retry: true, code: "changed" });
    }
  }
}

const troubleOf = (reading: Promise<unknown>) =>
  reading.then(
    () => new HaulError("usage", "none"),
    (error: unknown) => (error instanceof HaulError ? error : new HaulError("usage", String(error))),
  );

test.each([
  ["gzip", gzipSync(PHOTO)],
  ["X-GZIP", gzipSync(PHOTO)],
  ["gzip", Buffer.concat([gzipSync(PHOTO.subarray(0, 5000)), gzipSync(PHOTO.subarray(5000))])],
  ["deflate", deflateSync(PHOTO)],
  ["deflate", deflateRawSync(PHOTO)],
  ["br", brotliCompressSync(PHOTO)],
  ["zstd", zstdCompressSync(PHOTO)],
  ["gzip, identity", gzipSync(PHOTO)],
  ["deflate, gzip", gzipSync(deflateSync(PHOTO))],
  ["gzip", PHOTO],
  ["aws-chunked", PHOTO],
  ["utf-8", PHOTO],
])("what comes as %s, and is no shorter in truth, is the photo", async (coding, bytes) => {
  for (const length of [true, false]) {
    const opened = await read({ bytes, coding, length, etag: 'W/"e-gzip"' });
    expect(opened.bytes.equals(PHOTO)).toBe(true);
    expect(opened.size).toBe(PHOTO.length);
    if (bytes !== PHOTO) expect(opened.headers).toMatchObject({ etag: 'W/"e"', "content-encoding": "" });
  }
});

test.each([true, false])("what lies packed stays packed (its length is said: %s)", async (length) => {
  const bytes = gzipSync(PHOTO);
  const opened = await read({ bytes, coding: "gzip", length }, bytes.length, 2);
  expect(opened.bytes.equals(bytes)).toBe(true);
  expect(opened.headers["content-encoding"]).toBe("gzip");
});

test.each([true, false])("what lies packed and was packed once more stays packed once (%s)", async (length) => {
  const lying = gzipSync(PHOTO);
  const opened = await read({ bytes: gzipSync(lying), coding: "gzip, gzip", length }, lying.length, 2);
  expect(opened.bytes.equals(lying)).toBe(true);
  expect(opened.headers["content-encoding"]).toBe("gzip");
});

test("what cannot be undone names how it is packed, and what to do", async () => {
  const error = await troubleOf(read({ bytes: gzipSync(PHOTO), coding: "compress" }));
  expect(error).toMatchObject({ code: "broken", retry: true });
  expect(error.message).toMatch(/Content-Encoding: compress, which was not asked for: switch that off there/);
});

test("what is cut short is broken, and nothing is learnt from it", async () => {
  const memory = undoing();
  const bytes = gzipSync(PHOTO);
  const cut = { bytes: bytes.subarray(0, -20), coding: "gzip", length: false };
  expect(await troubleOf(read(cut, PHOTO.length, 1, memory))).toMatchObject({ code: "broken", retry: true });
  expect(memory.size).toBe(0);
});

test("what unpacks to more than the photo is not read on", async () => {
  const bytes = gzipSync(Buffer.alloc(50_000_000));
  const error = await troubleOf(read({ bytes, coding: "gzip" }));
  expect(error.message).toMatch(/more came than 16000 bytes/);
});

test("what goes on where a body broke may be packed as well", async () => {
  const rest = PHOTO.subarray(7000);
  const more = { "content-range": `bytes 7000-${PHOTO.length - 1}/${PHOTO.length}` };
  for (const bytes of [rest, gzipSync(rest)]) {
    const answer = answerOf({ bytes, coding: "gzip" }, 206, more);
    const meant = { key: "a.jpg", etag: "e", size: PHOTO.length };
    const parts: Uint8Array[] = [];
    for await (const part of openBody(answer, meant, 7000, { asked, signal, undoing: undoing() }).bytes)
      parts.push(part);
    expect(Buffer.concat(parts).equals(rest)).toBe(true);
  }
});

test.each(["bytes 7000-15999/16000", "bytes 7000-15999/*"])(
  "an answer may leave the whole size open (%s)",
  async (said) => {
    const rest = PHOTO.subarray(7000);
    const answer = answerOf({ bytes: rest, coding: "" }, 206, { "content-range": said, "content-encoding": undefined });
    const meant = { key: "a.jpg", etag: "e", size: PHOTO.length };
    const parts: Uint8Array[] = [];
    for await (const part of openBody(answer, meant, 7000, { asked, signal, undoing: undoing() }).bytes)
      parts.push(part);
    expect(Buffer.concat(parts).equals(rest)).toBe(true);
    const other = answerOf({ bytes: rest, coding: "" }, 206, { "content-range": "bytes 7000-15000/*" });
    expect(() => openBody(other, meant, 7000, { asked, signal, undoing: undoing() })).toThrow(/other bytes came/);
  },
);
