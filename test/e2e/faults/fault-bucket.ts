/** A bucket of small photos whose server is told to go wrong, a folder for them, and what must be true of it in the end. */

import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Faults } from "../../../fixtures/s3/faults.ts";
import { startS3 } from "../../../fixtures/s3/server.ts";
import type { ManifestEntry } from "../../../src/model.ts";
import { datedPhoto } from "../../scripts/dated-photo.ts";
import type { MirrorPlace, MirrorRun } from "./mirror-run.ts";

/** `PHOTOHAUL_FAULT_PHOTOS=2000` (`npm run test:faults`) makes it the test of the promise, in minutes instead of seconds. */
export const PHOTOS = Number(process.env.PHOTOHAUL_FAULT_PHOTOS ?? 100);

/** Of few photos not one may be struck at 1 %. */
export const MANY = PHOTOS >= 2000;
/** Shares of the requests. */
export type Rate = 0.01 | 0.1;
/** For a test, in milliseconds. */
export const PATIENCE = { timeout: 60_000 + PHOTOS * 300 };

export interface FaultBucket extends AsyncDisposable {
  readonly at: MirrorPlace;
  readonly faults: Faults;
  /**
   * What lies on the target is what the manifest says, and nothing else lies there: bytes, names and dates.
   */
  prefixWriter(): void;
  /**
   * Every photo of the bucket is kept, but for those that the run named as failed: as it is now, or as it was before
   * where it was overwritten while the run went on, perhaps when it had been fetched.
   */
  expectAllRight(run: MirrorRun): void;
  /** Whether a photo is another one now. What is looked at from here on is as it is now. */
  changed(): boolean;
}

/** In memory where the system has such a place: nothing here is about a medium, and to force bytes to one takes time. */
const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
/** When datedPhoto says that it was taken, in UTC. */
const TAKEN = "2012-06-28T14:03:22.000Z";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** @param pageSize keys on a page of its listing */
export async function openFaultBucket(photos: number, pageSize: number): Promise<FaultBucket> {
  const server = await startS3({ credentials: "anonymous", pageSize });
  const bucket = server.bucket("photos");
  for (let number = 0; number < photos; number += 1) {
    const key = `2016/IMG_${String(number).padStart(5, "0")}.jpg`;
    const body = datedPhoto(10_000 + number, `photo ${number} `);
    bucket.put(key, body, { modified: "2016-01-01T00:00:00.000Z" });
  }
  const digestOf = (key: string) => {
    const body = bucket.get(key)?.body;
    return body === undefined ? "" : sha256(body.read(0, body.size));
  };
  const digests = () => new Map(bucket.keys().map((key) => [key, digestOf(key)]));
  let before = digests();
  const folder = mkdtempSync(join(PLACE, "photohaul-faults-"));
  const target = join(folder, "photos");
  return {
    at: { endpoint: server.endpoint, folder: target, catalogue: join(folder, "catalogue.sqlite") },
    faults: server.faults,
    prefixWriter: () => void shelfOf(target),
    expectAllRight({ photos: events }) {
      const failed = events.filter(({ outcome }) => outcome === "failed").map(({ key }) => key);
      const excused = new Set(failed);
      const kept = shelfOf(target);
      const lost = [...digests()].filter(([key, digest]) => {
        const lies = kept.get(key);
        return lies?.has(digest) !== true && lies?.has(before.get(key) ?? "") !== true;
      });
      // A key that was listed with a wrong byte is named as it was listed.
      const known = new Set(bucket.keys());
      const strange = failed.filter((key) => !known.has(key));
      const unnamed = lost.map(([key]) => key).filter((key) => !excused.has(key));
      expect(unnamed.slice(strange.length)).toEqual([]);
    },
    changed() {
      const now = digests();
      const same = [...now].every(([key, digest]) => before.get(key) === digest);
      before = now;
      return !same;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function shelfOf(target: string): Map<string, Set<string>> {
  const manifest = readFileSync(join(target, ".photohaul", "manifest.ndjson"), "utf8");
  const kept = new Map<string, Set<string>>();
  const wrong: string[] = [];
  const paths = new Set<string>();
  for (const line of manifest.split("\n").filter(Boolean)) {
    const entry: ManifestEntry = JSON.parse(line);
    const { path, key } = entry;
    const file = join(target, path);
    // An older or newer photo of the same key lies beside it.
    if (path !== key && !path.startsWith(`${key.slice(0, -4)}~`)) wrong.push(`${key} at ${path}`);
    if (sha256(readFileSync(file)) !== entry.sha256) wrong.push(`${path}: other bytes`);
    if (statSync(file).mtime.toISOString() !== TAKEN) wrong.push(`${path}: another date`);
    paths.add(path);
    kept.set(key, (kept.get(key) ?? new Set()).add(entry.sha256));
  }
  expect(wrong).toEqual([]);
  const lying = readdirSync(target, { recursive: true, encoding: "utf8" }).filter(
    (path) => !path.startsWith(".photohaul") && statSync(join(target, path)).isFile(),
  );
  expect(lying.toSorted()).toEqual([...paths].toSorted());
  expect(readdirSync(join(target, ".photohaul", "tmp"))).toEqual([]);
  return kept;
}

/** The sums agree with what was said, and every photo that failed is named with its reason. */
export function expectNamed({ photos, summary }: MirrorRun): void {
  const failed = photos.filter(({ outcome }) => outcome === "failed");
  expect(failed.filter(({ reason = "" }) => reason.length <= 10)).toEqual([]);
  const reasons = failed.map(({ key, reason }) => `${key}: ${reason}`).slice(0, 5);
  expect(new Set(failed.map(({ key }) => key)).size, reasons.join("\n")).toBe(summary.outcomes.failed);
}
