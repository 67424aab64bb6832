/** A bucket of which every second photo lies in an archive, with what was asked of it, under a clock that a test sets. */

import { afterEach, beforeEach, vi } from "vitest";
import { archiveState } from "../../fixtures/s3/archive.ts";
import type { Bucket, ObjectFacts } from "../../fixtures/s3/bucket.ts";
import type { Features } from "../../fixtures/s3/features.ts";
import type { ArchiveEvent } from "../../src/events.ts";
import { datedPhoto } from "./dated-photo.ts";
import { type Ran, type Rig, rig } from "./rig.ts";

const HOUR = 3_600_000;

/** The server's clock is that of this process, and so is what signs. */
export function useClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-30T20:00:00Z") });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

export function later(hours: number): void {
  vi.setSystemTime(Date.now() + hours * HOUR);
}

export interface Cold extends AsyncDisposable {
  readonly at: Rig;
  readonly bucket: Bucket;
  /** How often each key was asked for. */
  readonly asked: ReadonlyMap<string, number>;
  /** How often each key was to be read. */
  readonly got: ReadonlyMap<string, number>;
  /** Keys that were asked for while they were on their way, or there. */
  readonly inVain: readonly string[];
}

/** @param facts of those in the archive, by their number */
export async function cold(
  count: number,
  features: Features = {},
  facts: (nth: number) => ObjectFacts = () => ({ storageClass: "GLACIER" }),
): Promise<Cold> {
  const asked = new Map<string, number>();
  const got = new Map<string, number>();
  const inVain: string[] = [];
  const more = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  const at: Rig = await rig(
    {
      features,
      onRequest: (operation, _, key) => {
        if (operation === "get" && key !== "") more(got, key);
        if (operation !== "restore") return;
        more(asked, key);
        const version = at.server.bucket("photos").get(key);
        if (version !== undefined && archiveState(version, new Date()) !== "archived") inVain.push(key);
      },
    },
    (server) => {
      for (let nth = 0; nth < count; nth += 1) {
        const key = `${String(nth).padStart(4, "0")}.jpg`;
        server.bucket("photos").put(key, datedPhoto(1200 + (nth % 50), nth), nth % 2 === 0 ? facts(nth) : {});
      }
    },
  );
  return {
    at,
    bucket: at.server.bucket("photos"),
    asked,
    got,
    inVain,
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}

export function archiveEvents({ events }: Ran): ArchiveEvent[] {
  return events.filter((event) => event.type === "archive");
}

/** Why photos were left, each reason once. */
export function reasonsOf({ photos }: Ran): string[] {
  return [...new Set(photos.flatMap(({ outcome, reason = "" }) => (outcome === "stored" ? [] : [reason])))];
}
