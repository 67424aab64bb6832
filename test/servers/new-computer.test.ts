/** The command line against real stores: photos go into a second place there, and come back on a computer that knows nothing. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import type { RunEvent } from "../../src/events.ts";
import { datedPhoto } from "../scripts/dated-photo.ts";
import { type Ran, runProcess } from "../scripts/rig.ts";
import { FaultProxy } from "./fault-proxy.ts";
import { clientOf, makeBucket, putAll, REGION } from "./fill.ts";
import type { Running } from "./start.ts";
import { SwiftClient } from "./swift-client.ts";

const PHOTOS = 24;
/** 14:03:22 on the clock of the photos, in Berlin. */
const TAKEN = "2012-06-28T12:03:22.000Z";
const FAULTS = ["slow-down", "reset", "lost-answer", "cut-body", "retry-after"] as const;

const SOURCE = "of-the-service";
/** Bytes of a photo that goes in parts. */
const LARGE = 65 * 1024 * 1024;

/** What a store makes itself of what it has: photos in one piece, and parts. */
interface Copies {
  readonly whole: boolean;
  /** False also where it takes no photo that is large enough, as it was started here. */
  readonly parts: boolean;
}

/** A store as its user types it. */
interface Place {
  readonly env: Readonly<Record<string, string>>;
  readonly sourceOptions: readonly string[];
  readonly targetOptions: readonly string[];
}

interface Kind {
  readonly scheme: "s3" | "swift";
  /** Makes the places, and fills the source. */
  fill(running: Running, places: readonly string[], photos: ReadonlyMap<string, Buffer>): Promise<void>;
  /** Where a proxy stands before. */
  upstream(running: Running): string;
  reach(running: Running, endpoint: string): Place;
}

const S3: Kind = {
  scheme: "s3",
  async fill(running, places, photos) {
    const client = clientOf(running);
    for (const place of [SOURCE, ...places]) await makeBucket(client, `s3-${place}`);
    await putAll(client, `s3-${SOURCE}`, photos);
    client.destroy();
  },
  upstream: ({ endpoint }) => endpoint,
  reach: ({ accessKey, secretKey }, endpoint) => ({
    env: { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey },
    sourceOptions: ["--endpoint", endpoint, "--region", REGION],
    targetOptions: ["--target-endpoint", endpoint, "--target-region", REGION],
  }),
};

const SWIFT: Kind = {
  scheme: "swift",
  async fill(running, places, photos) {
    const client = await SwiftClient.signIn(running);
    for (const place of [SOURCE, ...places]) await client.makeContainer(`swift-${place}`);
    for (const [key, body] of photos) await client.put(`swift-${SOURCE}/${key}`, body);
  },
  upstream: ({ auth = "" }) => new URL(auth).origin,
  reach: ({ auth = "", accessKey, secretKey }, endpoint) => ({
    env: { ST_AUTH: endpoint + new URL(auth).pathname, ST_USER: accessKey, ST_KEY: secretKey },
    sourceOptions: [],
    targetOptions: [],
  }),
};

function suite(kind: Kind, copies: Copies, running: Running): void {
  const { scheme } = kind;
  const photos = new Map(
    Array.from({ length: PHOTOS }, (_, n) => {
      const size = n === 0 && copies.parts ? LARGE : 30_000 + n;
      return [`2012/é ${n}.jpg`, datedPhoto(size, n + 1)] as const;
    }),
  );
  const source = `${scheme}://${scheme}-${SOURCE}`;
  let folder: string;
  let proxy: FaultProxy;
  let place: Place;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "photohaul-newcomer-"));
    await kind.fill(running, ["second", "faults"], photos);
    proxy = await FaultProxy.before(kind.upstream(running));
    place = kind.reach(running, proxy.endpoint);
  });
  beforeEach(() => proxy.clear());
  afterAll(async () => {
    await proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @param computer what is remembered there is remembered nowhere else */
  const on = (computer: string, ...args: readonly string[]): Promise<Ran> => {
    const home = join(folder, computer);
    mkdirSync(home, { recursive: true });
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      TZ: "UTC",
      AWS_EC2_METADATA_DISABLED: "true",
    };
    return runProcess(args, { env: { ...env, ...place.env }, spawned: true }, home);
  };
  const mirror = (computer: string, target: string, ...more: readonly string[]) => {
    const reached = [...place.sourceOptions, ...place.targetOptions];
    return on(computer, "mirror", source, target, ...reached, "--json", ...more);
  };
  const restored = async (computer: string, target: string) => {
    const back = join(folder, computer, "back");
    const ran = await on(computer, "restore", target, back, ...place.targetOptions, "--json");
    expect(ran.stderr).toBe("");
    expect(ran.exit).toBe(0);
    for (const [key, body] of photos) {
      expect(readFileSync(join(back, key)).equals(body), key).toBe(true);
      expect(statSync(join(back, key)).mtime.toISOString(), key).toBe(TAKEN);
    }
    return ran;
  };

  test("photos go from one place of the store to another, and a new computer has them back with the credentials alone", async () => {
    const target = `${scheme}://${scheme}-second/photos`;
    const first = await mirror("first", target, "--timezone", "Europe/Berlin");
    expect(first.stderr).toBe("");
    expect(first.summary).toMatchObject({ exit: 0, outcomes: { stored: PHOTOS, failed: 0 } });
    const puts = proxy.requests.filter((line) => /^PUT .*\.jpg/.test(line));
    const [parts, whole] = [/\?partNumber/, /\.jpg( \*)?$/].map((form) =>
      puts.filter((line) => form.test(line)).map((line) => line.endsWith(" *")),
    );
    const small = copies.parts ? PHOTOS - 1 : PHOTOS;
    expect(whole).toEqual(Array.from({ length: small }, () => copies.whole));
    expect(parts).toEqual(copies.parts ? Array.from({ length: 5 }, () => true) : []);
    await restored("second", target);
    const verified = await on("second", "verify", target, ...place.targetOptions, "--json");
    expect(verified.exit).toBe(0);
  });

  test("and goes on from there with --adopt: all is known again, nothing is fetched or written twice", async () => {
    const target = `${scheme}://${scheme}-second/photos`;
    const adopted = await mirror("third", target, "--adopt");
    expect(adopted.exit).toBe(0);
    expect(adopted.summary.outcomes).toEqual({ stored: 0, already: PHOTOS, skipped: 0, failed: 0 });
    const told = (event: RunEvent) => event.type === "adopted" && event.photos;
    expect(adopted.events.map(told)).toContain(PHOTOS);
    expect(proxy.requests.filter((line) => /^(PUT|GET) [^?]*\.jpg/.test(line))).toEqual([]);
    expect((await mirror("third", target)).summary.outcomes).toMatchObject({ already: PHOTOS });
  });

  test("through faults of the line each run does what it can, and all is there in the end", async () => {
    const target = `${scheme}://${scheme}-faults/photos`;
    const armed = FAULTS.map((fault) => proxy.arm({ fault, times: 6, each: 9 }));
    let runs = 0;
    let last: Ran;
    do {
      last = await mirror("faulty", target, "--timezone", "Europe/Berlin");
      runs += 1;
      // Named, whatever it is, and no bug.
      expect([0, 3, 4, 5]).toContain(last.exit);
    } while (last.exit !== 0 && runs < 6);
    expect(last.exit).toBe(0);
    const { stored, already } = last.summary.outcomes;
    expect(stored + already).toBe(PHOTOS);
    expect(armed.filter(({ struck }) => struck === 0)).toEqual([]);
    proxy.clear();
    await restored("mended", target);
  });
}

for (const [name, store, kind, copies] of [
  // Its copies would overwrite, so small photos are sent (found out when the target is first used).
  ["ceph", "Ceph's S3", S3, { whole: false, parts: true }],
  ["swift", "Swift's S3", S3, { whole: true, parts: false }],
  ["swift", "Swift's own API", SWIFT, { whole: false, parts: false }],
] as const) {
  const found = inject(name);
  const title = `a second place by ${store}`;
  if ("running" in found) describe(title, () => suite(kind, copies, found.running));
  else test.skip(`${title} (${found.absent})`, () => undefined);
}
