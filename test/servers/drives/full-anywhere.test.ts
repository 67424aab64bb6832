/**
 * No room left at every single write: a run on a file system of memory that has room for one page (or one file)
 * more each time, until it fits. Whatever was called kept is there; with more room, the next run does the rest.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCatalogue } from "../../../src/catalogue/open-catalogue.ts";
import { HaulError } from "../../../src/errors.ts";
import type { Listed } from "../../../src/model.ts";
import { BATCH, Committer } from "../../../src/photo/commit.ts";
import { openTarget } from "../../../src/targets/all.ts";
import type { Target } from "../../../src/targets/target.ts";
import { bytesOf, entryFor, pathsOf, readAll, signal, TAKEN } from "../../contract/target-rig.ts";

const folder = mkdtempSync(join(tmpdir(), "photohaul-full-"));
const mount = (...words: string[]) => spawnSync("mount", words, { stdio: "ignore" }).status === 0;
const able = mount("-t", "tmpfs", "-o", "size=4k", "tmpfs", folder);
if (able) execFileSync("umount", [folder]);

/** Small ones wait in memory, the large one lies on the drive from the beginning; folders are made for two. */
const PHOTOS = new Map(
  Array.from({ length: 6 }, (_, n) => {
    const path = n % 3 === 0 ? `20${n}/a/${n}.jpg` : `${n}.jpg`;
    return [path, Buffer.alloc(n === 4 ? 132_000 : 3000 + n, `photo ${n} `)];
  }),
);

/** Brings what is not among `kept` yet, and adds to it what was written down. */
async function bring(root: string, kept: Set<string>): Promise<void> {
  const target = await openTarget(root);
  const committer = new Committer({
    target,
    catalogue: {
      kept: () => ({
        add: async (photos) => {
          for (const { entry } of photos) kept.add(entry.path);
        },
        fail: (key, reason) => Promise.reject(new Error(`${key} failed: ${reason}`)),
      }),
    },
    emit: () => undefined,
    signal,
    limits: { ...BATCH, photos: 3 },
    now: () => 0,
  });
  try {
    for (const [path, body] of PHOTOS) {
      if (kept.has(path)) continue;
      const draft = await target.stage(bytesOf(body), body.length, signal);
      const entry = entryFor(path, body);
      await committer.add({ draft, entry, mtime: TAKEN, replaces: false });
    }
    await committer.flush();
  } catch (error) {
    await committer.end();
    throw error;
  } finally {
    await target.close();
  }
}

async function mustHold(target: Target, paths: Iterable<string>): Promise<void> {
  const named = new Set(await pathsOf(target));
  for (const path of paths) {
    expect(named.has(path), path).toBe(true);
    expect((await readAll(target, path)).equals(PHOTOS.get(path) ?? Buffer.of()), path).toBe(true);
  }
}

/** What a mount of these limits lets happen: the trouble that ended the work, null where there was room. */
async function within(
  limits: string,
  work: () => Promise<void>,
): Promise<{ trouble: HaulError | null; more: () => void; done: () => void }> {
  execFileSync("mount", ["-t", "tmpfs", "-o", limits, "tmpfs", folder]);
  const done = () => void execFileSync("umount", [folder]);
  const more = () => void execFileSync("mount", ["-o", "remount,size=64m,nr_inodes=10000", folder]);
  try {
    await work();
    return { trouble: null, more, done };
  } catch (error) {
    if (error instanceof HaulError) return { trouble: error, more, done };
    done();
    throw error;
  }
}

/** The calls of the system that were refused for want of room, by what the errors say. */
const callOf = ({ message }: HaulError) => /ENOSPC: [^,]*, (\w+)/.exec(message)?.[1] ?? "";

describe.skipIf(!able)(`a drive with no room${able ? "" : " (skipped: no tmpfs can be mounted)"}`, () => {
  beforeAll(() => expect(readdirSync(folder)).toEqual([]));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ["page", (n: number) => `size=${n * 4}k,nr_inodes=10000`, ["write"]],
    ["file", (n: number) => `size=64m,nr_inodes=${n + 1}`, ["mkdir", "open"]],
  ] as const)("for one %s more each time", { timeout: 600_000 }, async (_, limits, expected) => {
    const refused = new Set<string>();
    let times = 0;
    for (let n = 1, fits = false; !fits; n += 1) {
      const kept = new Set<string>();
      const root = join(folder, "photos");
      const { trouble, more, done } = await within(limits(n), () => bring(root, kept));
      try {
        fits = trouble === null;
        if (trouble !== null) {
          expect(trouble.code, `${limits(n)}: ${trouble.message}`).toBe("full");
          refused.add(callOf(trouble));
          times += 1;
        }
        more();
        const before = await openTarget(root, { readOnly: true });
        await mustHold(before, kept);
        await before.close();
        await bring(root, kept);
        const target = await openTarget(root, { readOnly: true });
        await mustHold(target, PHOTOS.keys());
        expect(await pathsOf(target)).toHaveLength(new Set(await pathsOf(target)).size);
        await target.close();
        const home = join(root, ".photohaul");
        expect(readdirSync(join(home, "tmp"))).toEqual([]);
        const sums = new Set(readFileSync(join(home, "SHA256SUMS"), "utf8").split("\n"));
        expect(sums.size).toBe(PHOTOS.size + 1);
      } finally {
        done();
      }
    }
    expect(times).toBeGreaterThan(10);
    expect([...refused]).toEqual(expect.arrayContaining([...expected]));
  });

  test("for the catalogue", { timeout: 600_000 }, async () => {
    const objects: Listed[] = Array.from({ length: 500 }, (_, n) => ({
      key: `2012/a-long-name-of-a-photo-${n}.jpg`,
      size: n,
      etag: `etag-${n}`,
      modified: "2016-01-01T00:00:00.000Z",
      storageClass: "STANDARD",
    }));
    const entries = objects.slice(0, 100).map(({ key }) => ({
      entry: entryFor(key, "photo"),
      folded: key,
    }));
    const file = join(folder, "catalogue.sqlite");
    const troubles = new Map<string, number>();
    for (let kilobytes = 4, fits = false; !fits; kilobytes += 12) {
      let kept = 0;
      const write = async () => {
        const catalogue = openCatalogue(file);
        try {
          await catalogue.runs.start("mirror");
          await catalogue.listing.add(objects);
          await catalogue.listing.finish();
          await catalogue.kept("target").add(entries);
          kept = entries.length;
          await catalogue.runs.end("{}");
        } finally {
          await catalogue.close();
        }
      };
      const { trouble, more, done } = await within(`size=${kilobytes}k`, write);
      try {
        fits = trouble === null;
        const name = trouble?.code ?? "";
        troubles.set(name, (troubles.get(name) ?? 0) + 1);
        more();
        const catalogue = openCatalogue(file);
        const found = await catalogue.kept("target").find(objects[0]?.key ?? "");
        await catalogue.close();
        if (kept > 0) expect(found).toHaveLength(1);
        await write();
        const db = new DatabaseSync(file);
        expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
        db.close();
      } finally {
        done();
      }
    }
    expect(troubles.get("catalogue-full")).toBeGreaterThan(3);
    expect([...troubles.keys()].filter((name) => !/^(catalogue-(full|unwritable))?$/.test(name))).toEqual([]);
  });
});
