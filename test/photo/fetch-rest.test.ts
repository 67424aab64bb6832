/** What an earlier run has the beginning of is gone on with only where the store says that it is the same object. */

import { afterEach, describe, expect, test } from "vitest";
import { fetchRest } from "../../src/photo/fetch.ts";
import { bytesOf, listAll, type SourceRig, signal } from "../contract/source-rig.ts";
import { s3Rig } from "../stores/s3-rig.ts";
import { swiftRig } from "../stores/swift-rig.ts";

const FIRST = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n * 7 + (n >> 8)));
const OTHER = Buffer.alloc(300_000, "other ");
const begun = { file: "unread", length: 123_456 };
const options = { signal, onRetry: () => undefined, judged: true };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const RIGS: [string, () => Promise<SourceRig>][] = [
  ["S3", () => s3Rig()],
  ["Swift", () => swiftRig()],
  ["an S3 that ignores Range", () => s3Rig({ features: { ignoreRange: true } })],
  ["an S3 that ignores If-Match", () => s3Rig({ features: { ignoreIfMatch: true } })],
];

async function listedIn(make: () => Promise<SourceRig>) {
  const rig = await make();
  closers.push(() => rig.close());
  const source = await rig.open();
  closers.push(() => source.close());
  await rig.put("film.mov", FIRST);
  const [object] = await listAll(source);
  if (object === undefined) throw new Error("not listed");
  return { rig, source, object };
}

describe.each(RIGS)("%s", (_, make) => {
  test("gives the rest, to be proven with what came before", async () => {
    const { source, object } = await listedIn(make);
    const rest = await fetchRest(source, object, begun, options);
    expect(rest).toMatchObject({ object, begun, joined: true, another: false });
    expect(rest && (await bytesOf(rest.bytes)).equals(FIRST.subarray(begun.length))).toBe(true);
  });

  test("gives nothing of an object that was put over it", async () => {
    const { rig, source, object } = await listedIn(make);
    await rig.put("film.mov", OTHER);
    expect(await fetchRest(source, object, begun, options)).toBeNull();
  });

  test("says when it is gone", async () => {
    const { rig, source, object } = await listedIn(make);
    await rig.remove("film.mov");
    await expect(fetchRest(source, object, begun, options)).rejects.toMatchObject({ code: "missing" });
  });
});

test("what no digest can prove is not gone on with", async () => {
  const rig = await s3Rig();
  closers.push(() => rig.close());
  const source = await rig.open();
  closers.push(() => source.close());
  rig.server.bucket("photos").put("film.mov", FIRST, { partSize: 70_001 });
  for (const object of await listAll(source)) expect(await fetchRest(source, object, begun, options)).toBeNull();
});
