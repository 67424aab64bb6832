/** What a Swift source does beyond the contract: large objects, faults, and what older stores list. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FaultName } from "../../../fixtures/swift/faults.ts";
import { HaulError } from "../../../src/errors.ts";
import type { Listed } from "../../../src/model.ts";
import { openSource } from "../../../src/stores/all.ts";
import type { Source } from "../../../src/stores/source.ts";
import { bytesOf, keysOf, listAll, read, signal } from "../../contract/source-rig.ts";
import { type SwiftRig, swiftRig } from "../swift-rig.ts";

let rig: SwiftRig;
let source: Source;

beforeEach(async () => {
  rig = await swiftRig();
  source = await rig.open();
});
afterEach(async () => {
  await source.close();
  await rig.close();
});

async function troubleOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  return error instanceof HaulError ? error.code : `not refused: ${String(error)}`;
}

const PIECES = ["first ", "second ", "third"];
const WHOLE = PIECES.join("");

/** One static and one dynamic large object of three pieces, in a container of their own. */
async function putLarge(of: SwiftRig): Promise<void> {
  const [segments, photos] = [of.server.container("segments"), of.server.container("photos")];
  for (const [at, piece] of PIECES.entries()) segments.put(`x/${at}`, piece);
  const list = PIECES.map((piece, at) => ({
    path: `/segments/x/${at}`,
    etag: segments.get(`x/${at}`)?.etag ?? "",
    size_bytes: piece.length,
  }));
  photos.put("static.mp4", "");
  const stored = photos.get("static.mp4");
  if (stored === undefined) throw new Error("not there");
  photos.store("static.mp4", { ...stored, etag: "1".repeat(32), segments: list });
  photos.put("dynamic.mp4", "", { "x-object-manifest": "segments/x/" });
}

async function only(key: string): Promise<Listed> {
  const object = (await listAll(source)).find((it) => it.key === key);
  if (object === undefined) throw new Error(`${key} is not listed`);
  return object;
}

describe("a large object", () => {
  test.each(["static.mp4", "dynamic.mp4"])("%s is listed and read as the whole it is", async (key) => {
    await putLarge(rig);
    const object = await only(key);
    expect(object.size).toBe(WHOLE.length);
    expect((await read(source, object)).toString()).toBe(WHOLE);
    expect((await read(source, object, 4)).toString()).toBe(WHOLE.slice(4));
    const { head, bytes } = await source.open(object, 0, signal);
    await bytesOf(bytes);
    expect(head.opaqueEtag).toBe(true);
  });

  test("is read also where the store lists the ETag of its list", async () => {
    await rig.close();
    rig = await swiftRig({ features: { noSloEtag: true } });
    await source.close();
    source = await rig.open();
    await putLarge(rig);
    const object = await only("static.mp4");
    expect((await read(source, object)).toString()).toBe(WHOLE);
    rig.server.container("photos").put("static.mp4", "another video that was put there");
    expect(await troubleOf(read(source, object))).toBe("changed");
  });

  test("costs a look at each entry without bytes, and folder markers none", async () => {
    await putLarge(rig);
    await rig.put("empty.jpg", "");
    rig.server.container("photos").put("2012", "", { "content-type": "application/directory" });
    const sizes = (await listAll(source)).map(({ key, size }) => [key, size]);
    expect(sizes).toEqual([
      ["2012", 0],
      ["dynamic.mp4", WHOLE.length],
      ["empty.jpg", 0],
      ["static.mp4", WHOLE.length],
    ]);
    expect(rig.server.counts.HEAD).toBe(2);
    expect(source.requests.head).toBe(2);
  });

  test("of which a piece is gone ends short, and is never taken for whole", async () => {
    await putLarge(rig);
    const object = await only("static.mp4");
    rig.server.faults.arm({ fault: "short-body", method: "GET", path: /static/ });
    expect(await troubleOf(read(source, object))).toBe("broken");
  });
});

describe("a listing", () => {
  test.each<FaultName>([
    "internal-error",
    "unavailable",
    "rate-limit",
    "reset",
    "cut-body",
    "short-body",
    "html-page",
    "unauthorized",
  ])("survives %s", async (fault) => {
    const keys = Array.from({ length: 20 }, (_, n) => `${String(n).padStart(2, "0")}.jpg`);
    for (const key of keys) await rig.put(key, key);
    const armed = rig.server.faults.arm({ fault, method: "GET", skip: 1 });
    expect(await keysOf(source)).toEqual(keys);
    expect(armed.fired).toBe(1);
  });

  test.each<[FaultName, string]>([
    ["html-page", "listing"],
    ["internal-error", "listing"],
    ["forbidden", "denied"],
    ["not-found", "no-bucket"],
  ])("that ends in %s is no listing: %s", async (fault, trouble) => {
    await rig.put("a.jpg", "photo");
    rig.server.faults.arm({ fault, method: "GET", times: 99 });
    expect(await troubleOf(listAll(source))).toBe(trouble);
  });

  test("below a prefix holds nothing else", async () => {
    for (const key of ["2011/a.jpg", "2012/a.jpg", "2012/b.jpg", "2013/a.jpg"]) {
      await rig.put(key, key);
    }
    const below = await rig.open({ prefix: "2012/" });
    expect(await keysOf(below)).toEqual(["2012/a.jpg", "2012/b.jpg"]);
    expect(below.name).toBe("swift://photos/2012/");
    await below.close();
  });
});

test("an entry without bytes that answers to no look costs itself, and not the listing", async () => {
  await putLarge(rig);
  await rig.put("a.jpg", "photo");
  const flaws: string[] = [];
  const telling = await rig.open({ onFlaw: (message) => flaws.push(message) });
  rig.server.faults.arm({ fault: "forbidden", method: "HEAD", path: /dynamic/, times: 9 });
  const sizes = (await listAll(telling)).map(({ key, size }) => [key, size]);
  await telling.close();
  expect(sizes).toEqual([
    ["a.jpg", 5],
    ["dynamic.mp4", 0],
    ["static.mp4", WHOLE.length],
  ]);
  expect(flaws).toEqual([expect.stringContaining("dynamic.mp4 is listed without bytes")]);
});

describe("reading", () => {
  test.each<[FaultName, string]>([
    ["not-found", "missing"],
    ["forbidden", "forbidden"],
    ["sealed", "archived"],
    ["too-many", "throttled"],
    ["internal-error", "server"],
    ["cut-body", "broken"],
    ["short-body", "broken"],
    ["reset", "broken"],
  ])("%s is %s", async (fault, trouble) => {
    await rig.put("a.jpg", "a photo of some length");
    const object = await only("a.jpg");
    const armed = rig.server.faults.arm({ fault, method: "GET", path: /a\.jpg/ });
    expect(await troubleOf(read(source, object))).toBe(trouble);
    expect(armed.fired).toBe(1);
  });

  test("a store that says nothing for too long is broken", async () => {
    await rig.put("a.jpg", "a photo of some length");
    const object = await only("a.jpg");
    const quick = await rig.open({ stallMs: 300 });
    rig.server.faults.arm({ fault: "stall", method: "GET", path: /a\.jpg/ });
    expect(await troubleOf(read(quick, object))).toBe("broken");
    await quick.close();
  });
});

test("what is for S3 alone is refused, not passed over", async () => {
  for (const options of [{ endpoint: "https://s3.example" }, { asOf: new Date() }]) {
    expect(await troubleOf(openSource("swift://photos", options))).toBe("usage");
  }
});
