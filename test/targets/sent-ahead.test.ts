/** Large photos go to a server with SFTP while they come: what breaks on that way costs a second sending, and no photo. */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SftpArming } from "../../fixtures/sftp/faults.ts";
import type { SftpServer } from "../../fixtures/sftp/server.ts";
import { HaulError } from "../../src/errors.ts";
import type { Draft, Target } from "../../src/targets/target.ts";
import { embeddedTarget, type SftpTargetRig } from "../contract/sftp-rig.ts";
import { entryFor, inReusedBuffer, keeping, pathsOf, signal, TAKEN } from "../contract/target-rig.ts";

const MB = 1024 * 1024;
const film = Buffer.concat(Array.from({ length: 3 * 1024 }, (_, at) => createHash("sha256").update(`${at}`).digest()));
const large = Buffer.concat(Array.from({ length: 32 }, () => film));
const LENGTH = large.length;
/** Of a server that names no limits. */
const PIECE = 32_768;

let rig: SftpTargetRig & { readonly server: SftpServer };
let target: Target;

beforeEach(async () => {
  rig = await embeddedTarget({ features: {} });
  target = await rig.open({ stallMs: 2000 });
});
afterEach(async () => {
  await target.close();
  await rig.close();
});

const staged = (bytes: AsyncIterable<Uint8Array>) => target.stage(bytes, LENGTH, signal);
const keep = (draft: Draft, path: string) => ({ draft, entry: entryFor(path, large), mtime: TAKEN });
const waiting = () => readdir(join(rig.root, ".photohaul", "tmp")).catch(() => []);

test("it lies there whole under no name before it is kept, and is not sent again", async () => {
  const draft = await staged(inReusedBuffer(large, 70_001));
  const [name = ""] = await waiting();
  const { ino, size } = await stat(join(rig.root, ".photohaul", "tmp", name));
  expect(size).toBe(LENGTH);
  expect(await target.commit([keep(draft, "a/film.mov")], signal)).toEqual(["stored"]);
  expect((await stat(join(rig.root, "a/film.mov"))).ino).toBe(ino);
  expect((await rig.read("a/film.mov"))?.equals(large)).toBe(true);
  expect(await rig.mtime("a/film.mov")).toEqual(TAKEN);
  expect(await rig.debris()).toEqual([]);
});

test("bytes that were wrong are taken away there too", async () => {
  const draft = await staged(inReusedBuffer(large, MB));
  await draft.discard();
  expect(await waiting()).toEqual([]);
  expect(await rig.debris()).toEqual([]);
});

test("bytes that stop coming leave nothing there", async () => {
  async function* broken() {
    yield large.subarray(0, 2 * MB);
    throw new HaulError("broken", "the line broke", { retry: true });
  }
  await expect(staged(broken())).rejects.toThrow("the line broke");
  expect(await waiting()).toEqual([]);
  expect(existsSync(join(rig.root, "a"))).toBe(false);
});

test("what has its name stays, and the photo finds another", async () => {
  await rig.plant("film.mov", "not ours");
  const draft = await staged(inReusedBuffer(large, MB));
  expect(await target.commit([keep(draft, "film.mov")], signal)).toEqual(["occupied"]);
  expect(String(await rig.read("film.mov"))).toBe("not ours");
  expect(await target.commit([keep(draft, "film~2.mov")], signal)).toEqual(["stored"]);
  expect((await rig.read("film~2.mov"))?.equals(large)).toBe(true);
  expect(await rig.debris()).toEqual([]);
});

const FAULTS: readonly SftpArming[] = [
  { fault: "denied", on: "open", path: /tmp/ },
  { fault: "lost-answer", on: "open", path: /tmp/ },
  { fault: "failure", on: "write" },
  { fault: "failure", on: "write", skip: 3 },
  { fault: "reset", on: "write", skip: 3 },
  { fault: "lost-answer", on: "write", skip: 5 },
  { fault: "nonsense", on: "write", skip: 3 },
  { fault: "silence", on: "write", skip: 3 },
  { fault: "cut", on: "write", skip: LENGTH / PIECE - 1 },
  { fault: "failure", on: "fstat" },
  { fault: "failure", on: "fsync" },
  { fault: "reset", on: "fsync" },
  { fault: "failure", on: "close" },
  { fault: "lost-answer", on: "close" },
  { fault: "silence", on: "close" },
];

test.each(FAULTS)("$fault on $on while it comes", async (arming) => {
  const armed = rig.server.faults.arm(arming);
  const draft = await staged(inReusedBuffer(large, 300_000));
  expect(armed.fired).toBe(1);
  expect(await target.commit([keep(draft, "film.mov")], signal)).toEqual(["stored"]);
  expect((await rig.read("film.mov"))?.equals(large)).toBe(true);
  await target.commit([await keeping(target, "small.jpg", "a small one")], signal);
  expect(await pathsOf(target)).toEqual(["film.mov", "small.jpg"]);
  await target.close();
  target = await rig.open();
  expect(await rig.debris()).toEqual([]);
});

test.each(["reset", "lost-answer"] as const)("%s on rename, when it is kept", async (fault) => {
  const draft = await staged(inReusedBuffer(large, MB));
  const armed = rig.server.faults.arm({ fault, on: "rename" });
  expect(await target.commit([keep(draft, "film.mov")], signal)).toEqual(["stored"]);
  expect(armed.fired).toBe(1);
  expect((await rig.read("film.mov"))?.equals(large)).toBe(true);
});

test("a line that broke after it came costs a second sending", async () => {
  const draft = await staged(inReusedBuffer(large, MB));
  const armed = rig.server.faults.arm({ fault: "reset", on: "lstat" });
  await target.look("whatever.jpg", signal).catch(() => null);
  expect(armed.fired).toBe(1);
  expect(await target.commit([keep(draft, "film.mov")], signal)).toEqual(["stored"]);
  expect((await rig.read("film.mov"))?.equals(large)).toBe(true);
});

test("who wants to stop does not wait for a server that hangs", async () => {
  const stop = new AbortController();
  rig.server.faults.arm({ fault: "silence", on: "write", times: 100 });
  const staging = target.stage(inReusedBuffer(large, MB), LENGTH, stop.signal);
  setTimeout(() => stop.abort(), 50);
  const kept = await staging.then(
    (draft) => draft,
    () => null,
  );
  await kept?.discard();
  expect(await waiting().then((names) => names.length)).toBeLessThanOrEqual(1);
});
