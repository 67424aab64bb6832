/** What is special about a folder; the contract has the rest. */

import { chmod, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cancel } from "../../../src/cancel.ts";
import { openFolderSource } from "../../../src/stores/folder-source.ts";
import { refused } from "../../contract/source.contract.ts";
import { keysOf, listAll, read, signal } from "../../contract/source-rig.ts";
import { type FolderRig, folderRig } from "../folder-rig.ts";

let rig: FolderRig;

beforeEach(async () => {
  rig = await folderRig();
});

afterEach(async () => {
  await rig.close();
});

test("is ordered by keys, not folder by folder", async () => {
  const keys = ["a-b/x", "a.jpg", "a/b/c", "a/b.jpg", "a0", "b"];
  for (const key of keys.toReversed()) await rig.put(key, "photo");
  const source = await rig.open();
  expect(await keysOf(source)).toEqual(["a-b/x", "a.jpg", "a/b.jpg", "a/b/c", "a0", "b"]);
  expect(source.oneByOne).toBe(true);
});

test("comes in pages of at most a thousand", async () => {
  for (let n = 0; n < 1001; n += 1) await writeFile(join(rig.folder, `${n}`), "");
  const lengths: number[] = [];
  for await (const { objects } of (await rig.open()).list({}, signal)) lengths.push(objects.length);
  expect(lengths).toEqual([1000, 1]);
});

test("knows a file by its size and time, which are no digest", async () => {
  await rig.put("a.jpg", "photo");
  const taken = new Date("2012-06-28T14:03:22.500Z");
  await utimes(join(rig.folder, "a.jpg"), taken, taken);
  const source = await rig.open();
  const [object] = await listAll(source);
  if (object === undefined) throw new Error("not listed");
  expect(object).toEqual({
    key: "a.jpg",
    size: 5,
    etag: "5-1340892202500000000",
    modified: "2012-06-28T14:03:22.500Z",
    storageClass: "STANDARD",
  });
  const { head, bytes } = await source.open(object, 0, signal);
  await cancel(bytes);
  expect(head.opaqueEtag).toBe(true);
});

describe("what is no file", () => {
  test("is passed over and told of; links are not followed, not even out of order", async () => {
    await rig.put("photos/a.jpg", "photo");
    await mkdir(join(rig.folder, "empty"));
    await symlink("/etc", join(rig.folder, "link-to-folder"));
    await symlink("photos/a.jpg", join(rig.folder, "link.jpg"));
    const passed: string[] = [];
    const onPassedOver = (key: string, what: string) => passed.push(`${what} ${key}`);
    const source = await openFolderSource(rig.folder, { onPassedOver });
    const [object] = await listAll(source);
    expect(object?.key).toBe("photos/a.jpg");
    expect(passed).toEqual(["symbolic link link-to-folder", "symbolic link link.jpg"]);
    if (object === undefined) throw new Error("not listed");
    await refused(source.open({ ...object, key: "link.jpg" }, 0, signal), "missing", false);
    await refused(source.open({ ...object, key: "photos" }, 0, signal), "missing", false);
  });

  test.each(["../a.jpg", "/etc/passwd", "photos/../../a.jpg", "a\0b", "", "."])(
    "%j, a key that leads elsewhere, is missing",
    async (key) => {
      await rig.put("a.jpg", "photo");
      const source = await openFolderSource(rig.folder);
      const [object] = await listAll(source);
      if (object === undefined) throw new Error("not listed");
      await refused(source.open({ ...object, key, etag: "" }, 0, signal), "missing", false);
    },
  );
});

test("what photohaul keeps on a target is no photo, which is told once; in a folder that is none photos are photos", async () => {
  await rig.put(".photohaul/IMG_1.jpg", "photo");
  await rig.put("a/.photohaul/b.jpg", "photo");
  for (const marker of [null, "", "{}", '{"id":7}']) {
    if (marker !== null) await rig.put(".photohaul/target.json", marker);
    expect(await keysOf(await rig.open())).toContain(".photohaul/IMG_1.jpg");
  }
  await rig.put(".photohaul/target.json", '{"id":"a1"}');
  const passed: string[] = [];
  const source = await openFolderSource(rig.folder, { onPassedOver: (key, what) => passed.push(`${what} ${key}`) });
  expect(await keysOf(source)).toEqual(["a/.photohaul/b.jpg"]);
  expect(passed).toEqual(["folder of photohaul's own lists .photohaul"]);
});

test("a file that shrinks while it is read is broken", async () => {
  const bytes = Buffer.alloc(600_000, "photo");
  await rig.put("a.jpg", bytes);
  const source = await rig.open();
  const [object] = await listAll(source);
  if (object === undefined) throw new Error("not listed");
  const opened = await source.open(object, 0, signal);
  const reading = (async () => {
    for await (const _ of opened.bytes) await rig.put("a.jpg", "photo");
  })();
  await refused(reading, "broken", true);
  await refused(read(source, object), "changed", false);
});

describe("a folder that cannot be read", () => {
  test("is not there, or is a file", async () => {
    await rig.put("a.jpg", "photo");
    await refused(openFolderSource(join(rig.folder, "none")), "no-bucket", false);
    await refused(openFolderSource(join(rig.folder, "a.jpg")), "no-bucket", false);
  });

  test("ends the listing, as it would be short", async () => {
    await rig.put("open/a.jpg", "photo");
    await rig.put("closed/b.jpg", "photo");
    const closed = join(rig.folder, "closed");
    await chmod(closed, 0);
    const source = await rig.open();
    // Root reads everything.
    if (process.getuid?.() === 0) expect(await keysOf(source)).toHaveLength(2);
    else await refused(keysOf(source), "denied", false);
    await chmod(closed, 0o700);
  });
});
