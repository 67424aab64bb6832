/** A body that breaks off goes on with the same object or begins again: never is half of one joined to half of another. */

import { afterEach, beforeEach, expect, test } from "vitest";
import type { FaultName } from "../../fixtures/s3/faults.ts";
import type { Features } from "../../fixtures/s3/features.ts";
import { HaulError } from "../../src/errors.ts";
import { fetchObject } from "../../src/photo/fetch.ts";
import type { Source } from "../../src/stores/source.ts";
import { bytesOf, listAll, signal } from "../contract/source-rig.ts";
import { type S3Rig, s3Rig } from "../stores/s3-rig.ts";

const FIRST = Buffer.alloc(300_000, "first ");
let rig: S3Rig;
let source: Source;

async function open(features: Features): Promise<void> {
  rig = await s3Rig({ features });
  source = await rig.open();
  // In parts of a size that nobody guesses: its ETag proves no bytes.
  rig.server.bucket("photos").put("a.jpg", FIRST, { partSize: 70_001, modified: "2020-01-01" });
}
beforeEach(() => open({ ignoreIfMatch: true }));
afterEach(async () => {
  await source.close();
  await rig.close();
});

async function fetched(): Promise<{ bytes: Buffer | null; code: string; etag: string }> {
  const [object] = await listAll(source);
  if (object === undefined) throw new Error("not listed");
  const fetching = await fetchObject(source, object, { signal, onRetry: () => undefined });
  const { etag } = fetching.object;
  try {
    return { bytes: await bytesOf(fetching.bytes), code: "", etag };
  } catch (error) {
    if (!(error instanceof HaulError)) throw error;
    expect(error.retry).toBe(true);
    return { bytes: null, code: error.code, etag };
  }
}

const breakOff = (more: object = {}) => rig.server.faults.arm({ fault: "cut-body", on: { op: "get" }, ...more });

test("it goes on where it broke", async () => {
  breakOff();
  expect((await fetched()).bytes?.equals(FIRST)).toBe(true);
});

test.each<[string, Features, FaultName[]]>([
  ["an object of the same size and another ETag", { ignoreIfMatch: true }, ["etag-changes"]],
  ["the same, all of it", { ignoreIfMatch: true, ignoreRange: true }, ["etag-changes"]],
])("what goes on with %s begins again", async (_, features, faults) => {
  await source.close();
  await rig.close();
  await open(features);
  breakOff();
  for (const fault of faults) rig.server.faults.arm({ fault, on: { op: "get" }, skip: 0 });
  expect(await fetched()).toMatchObject({ bytes: null, code: "changed" });
});

test("what goes on with other bytes, and headers that are right, begins again", async () => {
  breakOff();
  rig.server.faults.arm({ fault: "range-lies", on: { op: "get" } });
  expect(await fetched()).toMatchObject({ bytes: null, code: "changed" });
});

test("one that broke after its very last byte goes on there", async () => {
  breakOff({ afterBytes: FIRST.length - 1 });
  expect((await fetched()).bytes?.equals(FIRST)).toBe(true);
});

test("a body without an ETag begins again, as nothing says that the rest is of the same object", async () => {
  breakOff();
  rig.server.faults.arm({ fault: "no-etag", on: { op: "get" }, times: 2 });
  expect(await fetched()).toMatchObject({ bytes: null, code: "changed" });
});

test("an object that answers with another ETag and the listed time and size keeps the listed one", async () => {
  rig.server.faults.arm({ fault: "wrong-etag", on: { op: "get" } });
  const [listed] = await listAll(source);
  expect((await fetched()).etag).toBe(listed?.etag);
});

test("what goes on with an object of another size begins again", async () => {
  breakOff();
  const reading = fetchedWhile(() =>
    rig.server.bucket("photos").put("a.jpg", Buffer.alloc(200_000), { modified: "2020-01-02" }),
  );
  expect(await reading).toBe("changed");
});

/** Overwrites the object once its first bytes have come. */
async function fetchedWhile(overwrite: () => void): Promise<string> {
  const [object] = await listAll(source);
  if (object === undefined) throw new Error("not listed");
  const fetching = await fetchObject(source, object, { signal, onRetry: () => undefined });
  let written = false;
  try {
    for await (const _ of fetching.bytes) {
      if (!written) overwrite();
      written = true;
    }
    return "whole";
  } catch (error) {
    return error instanceof HaulError ? error.code : String(error);
  }
}

test("an object that was overwritten since the listing is taken as it is now", async () => {
  const listed = await listAll(source);
  const second = Buffer.alloc(200_000, "second");
  rig.server.bucket("photos").put("a.jpg", second);
  const [object] = listed;
  if (object === undefined) throw new Error("not listed");
  const fetching = await fetchObject(source, object, { signal, onRetry: () => undefined });
  expect(fetching.object).toMatchObject({ size: 200_000 });
  expect(fetching.object.etag).not.toBe(object.etag);
  expect((await bytesOf(fetching.bytes)).equals(second)).toBe(true);
});
