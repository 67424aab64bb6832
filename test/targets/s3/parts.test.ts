/** Photos that are large enough to go to a bucket in parts. */

import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UploadJournal } from "../../../src/targets/store/upload-journal.ts";
import type { Keeping, Target } from "../../../src/targets/target.ts";
import { s3TargetRig } from "../../contract/s3-target-rig.ts";
import { eachIn, entryFor, inReusedBuffer, signal, TAKEN, troubleOf } from "../../contract/target-rig.ts";

const on = eachIn(() => s3TargetRig({ features: { minPartSize: 100_000 } }));
const opened = on.open;

async function largeOne(target: Target, body: Buffer): Promise<Keeping> {
  const draft = await target.stage(inReusedBuffer(body, 100_000), body.length, signal);
  return { draft, entry: entryFor("large.mp4", body), mtime: TAKEN };
}

const PARTS = { beyond: 50_000, size: 100_000 };
const partsOf = () => on.rig.server.bucket("second").uploads.size;

describe("a large photo", () => {
  const body = Buffer.alloc(130_003, "large ");

  test("goes in parts, and the store has them as one object", async () => {
    const target = await opened({ parts: PARTS });
    expect(await target.commit([await largeOne(target, body)], signal)).toEqual(["stored"]);
    expect(on.rig.server.bucket("second").get("backup/photos/large.mp4")?.etag).toMatch(/-2$/);
  });

  test("that is interrupted leaves no parts to pay for", async () => {
    const target = await opened({ parts: PARTS });
    const large = await largeOne(target, body);
    const stop = new AbortController();
    on.rig.server.faults.arm({ fault: "slow-down-retry-after", on: { op: "multipart" }, skip: 2 });
    setTimeout(() => stop.abort(), 400);
    expect(await troubleOf(target.commit([large], stop.signal))).toBe("interrupted");
    expect(partsOf()).toBe(0);
    on.rig.server.faults.clear();
    expect(await target.commit([large], signal)).toEqual(["stored"]);
  });

  test("that nobody answers leaves no uploads of its own, and touches no other", async () => {
    const target = await opened({ parts: PARTS });
    const { uploads } = on.rig.server.bucket("second");
    const key = "backup/photos/large.mp4";
    const theirs = { facts: {}, parts: new Map() };
    const hourAgo = new Date(Date.now() - 3_600_000);
    uploads.set("earlier", { id: "earlier", key, started: hourAgo, ...theirs });
    const longer = { id: "longer", key: `${key}.other`, started: new Date(), ...theirs };
    uploads.set("longer", longer);
    on.rig.server.faults.arm({ fault: "lost-answer", on: { op: "multipart" }, times: 5 });
    const large = await largeOne(target, body);
    expect(await troubleOf(target.commit([large], signal))).toBe("broken");
    expect([...uploads.keys()]).toEqual(["earlier", "longer"]);
    const files = await readdir(on.rig.spool, { recursive: true });
    expect(files.filter((file) => file.endsWith(".upload"))).toEqual([]);
    expect(await target.commit([large], signal)).toEqual(["stored"]);
  });
});

test("parts that a killed run left in the store are given up", async () => {
  await (await on.rig.open()).close();
  const [folder = ""] = await readdir(on.rig.spool);
  const { uploads } = on.rig.server.bucket("second");
  const started = new Date();
  for (const id of ["ours", "theirs"]) {
    uploads.set(id, { id, key: "backup/photos/large.mp4", facts: {}, started, parts: new Map() });
  }
  const journal = new UploadJournal(join(on.rig.spool, folder));
  await journal.begun({ key: "backup/photos/large.mp4", id: "ours" });
  await journal.begun({ key: "backup/photos/gone.mp4", id: "known to no store" });
  const key = "backup/photos/unanswered.mp4";
  uploads.set("lost", { id: "lost", key, facts: {}, started, parts: new Map() });
  const lost = { since: started.toISOString(), most: 5 };
  await journal.begun({ key, id: "", lost });
  await writeFile(join(on.rig.spool, folder, "0123456789abcdef.upload"), '{"key":"cut');
  await opened();
  expect([...uploads.keys()]).toEqual(["theirs"]);
  expect(await readdir(join(on.rig.spool, folder))).toEqual(["lock"]);
});
