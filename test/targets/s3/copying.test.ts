/** Photos that a store copies by itself, as source and target lie in it. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Features } from "../../../fixtures/s3/features.ts";
import type { Keeping, Target } from "../../../src/targets/target.ts";
import { type S3TargetRig, s3TargetRig } from "../../contract/s3-target-rig.ts";
import { keeping, pathsOf, signal, TAKEN } from "../../contract/target-rig.ts";

const PARTS = { beyond: 50_000, size: 100_000 };
const LARGE = Buffer.alloc(130_003, "large ");

let rig: S3TargetRig;
let targets: Target[];

beforeEach(() => {
  targets = [];
});
afterEach(async () => {
  for (const target of targets) await target.close();
  await rig.close();
});

async function opened(features: Features = {}): Promise<Target> {
  rig = await s3TargetRig({ features: { minPartSize: 100_000, ...features } });
  const target = await rig.open({ copiesFrom: "photos", parts: PARTS });
  targets.push(target);
  rig.server.resetCounts();
  return target;
}

/** A photo that lies in the source's bucket, too. */
async function fromSource(target: Target, path: string, bytes: string | Buffer, inSource = bytes): Promise<Keeping> {
  const keep = await keeping(target, path, bytes);
  const { etag } = rig.server.bucket("photos").put(path, inSource, { metadata: { mtime: "1" } });
  return { ...keep, origin: { key: path, etag } };
}

const kept = async (path: string) => (await rig.read(path))?.toString();
const objectAt = (path: string) => rig.server.bucket("second").get(`backup/photos/${path}`);

test("no byte is sent, and the copy says of itself what a sent photo says", async () => {
  const target = await opened();
  const batch = [await fromSource(target, "2012/é +.jpg", "photo"), await fromSource(target, "large.mp4", LARGE)];
  expect(await target.commit(batch, signal)).toEqual(["stored", "stored"]);
  // The lists are sent, and an upload in parts is begun, completed and given up.
  expect(rig.server.counts).toMatchObject({ copy: 3, put: 2, multipart: 3 });
  expect(await kept("2012/é +.jpg")).toBe("photo");
  expect((await rig.read("large.mp4"))?.equals(LARGE)).toBe(true);
  for (const path of ["2012/é +.jpg", "large.mp4"]) {
    const mtime = (TAKEN.getTime() / 1000).toFixed(3);
    expect(objectAt(path)?.facts.metadata).toMatchObject({ mtime });
  }
  expect(await pathsOf(target)).toEqual(["2012/é +.jpg", "large.mp4"]);
  expect(await rig.debris()).toEqual([]);
});

describe("what lies there stays, and what was proven is kept", () => {
  test("never over what has the name", async () => {
    const target = await opened();
    await rig.plant("a.jpg", "not ours");
    const keep = await fromSource(target, "a.jpg", "photo");
    expect(await target.commit([keep], signal)).toEqual(["occupied"]);
    expect(await kept("a.jpg")).toBe("not ours");
    await keep.draft.discard();
  });

  test("a source that was written again meanwhile is not copied", async () => {
    const target = await opened();
    const batch = [await fromSource(target, "a.jpg", "photo"), await fromSource(target, "large.mp4", LARGE)];
    rig.server.bucket("photos").put("a.jpg", "other");
    rig.server.bucket("photos").put("large.mp4", Buffer.alloc(130_003, "other "));
    expect(await target.commit(batch, signal)).toEqual(["stored", "stored"]);
    expect(await kept("a.jpg")).toBe("photo");
    expect((await rig.read("large.mp4"))?.equals(LARGE)).toBe(true);
  });

  test("of a store that heeds no condition only parts are copied, each of them proven", async () => {
    const target = await opened({ ignoreCopyConditions: true });
    const batch = [
      await fromSource(target, "a.jpg", "photo"),
      await fromSource(target, "large.mp4", LARGE),
      await fromSource(target, "changed.mp4", LARGE),
    ];
    rig.server.bucket("photos").put("changed.mp4", Buffer.alloc(130_003, "other "));
    expect(await target.commit(batch, signal)).toEqual(["stored", "stored", "stored"]);
    expect(rig.server.counts).toMatchObject({ copy: 3, put: 3 });
    expect(await kept("a.jpg")).toBe("photo");
    for (const path of ["large.mp4", "changed.mp4"]) expect((await rig.read(path))?.equals(LARGE)).toBe(true);
  });

  test("a store that copies nothing is sent everything", async () => {
    const target = await opened({ copiesNothing: true });
    const batch = [await fromSource(target, "a.jpg", "photo"), await fromSource(target, "large.mp4", LARGE)];
    expect(await target.commit(batch, signal)).toEqual(["stored", "stored"]);
    expect(await kept("a.jpg")).toBe("photo");
  });

  test("a source that these credentials cannot read is asked for once", async () => {
    const target = await opened();
    rig.server.faults.arm({ fault: "access-denied", on: { op: "copy" }, times: 99 });
    for (const path of ["a.jpg", "b.jpg", "c.jpg"]) {
      const keep = await fromSource(target, path, "photo");
      expect(await target.commit([keep], signal)).toEqual(["stored"]);
    }
    expect(rig.server.counts.copy).toBe(1);
  });

  test("a copy that no digest proves is read, and the next photo is sent", async () => {
    const target = await opened({ provesNoCopies: true });
    for (const path of ["a.jpg", "b.jpg"]) {
      const keep = await fromSource(target, path, "photo");
      expect(await target.commit([keep], signal)).toEqual(["stored"]);
      expect(await kept(path)).toBe("photo");
    }
    expect(rig.server.counts).toMatchObject({ copy: 1, get: 1 });
  });

  test.each(["lost-answer", "slow-down", "reset", "error-in-200"] as const)("%s", async (fault) => {
    const target = await opened();
    const armed = rig.server.faults.arm({ fault, on: { op: "copy" } });
    const keep = await fromSource(target, "a.jpg", "photo");
    expect(await target.commit([keep], signal)).toEqual(["stored"]);
    expect(armed.fired).toBe(1);
    expect(await kept("a.jpg")).toBe("photo");
    expect(await pathsOf(target)).toEqual(["a.jpg"]);
  });
});
