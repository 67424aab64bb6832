import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ran, type Rig, rig } from "./rig.ts";
import { sample } from "./sample.ts";

/** One mirror of the whole sample, looked at from every side. */
describe("the main job", () => {
  const objects = sample();
  const wanted = objects.filter(
    ({ expected }) => expected.kind !== "other" && (expected.kind !== "rendition" || expected.standsIn),
  );
  let on: Rig;
  let first: Ran;
  /** Requests for pictures that were compared, before a photo is fetched. */
  let compared: number;
  beforeAll(async () => {
    on = await rig();
    const other = ["--catalogue", join(on.folder, "other.sqlite")];
    const looked = await on.run(["inventory", "s3://photos", ...on.endpoint, "--json", ...other]);
    compared = looked.summary.requests.get;
    first = await on.mirror("--timezone", "Europe/Berlin");
  });
  afterAll(() => on[Symbol.asyncDispose]());
  const lies = (path: string) => join(on.folder, "photos", path);

  test("ends well, with every key and every photo accounted for", () => {
    expect(first.stderr).toBe("");
    expect(first.exit).toBe(0);
    const { summary } = first;
    expect(summary).toMatchObject({
      type: "summary",
      command: "mirror",
      dryRun: false,
      source: "s3://photos",
      targets: [join(on.folder, "photos")],
      keys: objects.length,
      complete: true,
      outcomes: { stored: wanted.length, already: 0, skipped: 0, failed: 0 },
      gone: 0,
      changed: 0,
      fallbacks: 1,
      exit: 0,
    });
    const kinds = { original: 0, rendition: 0, sidecar: 0, other: 0 };
    for (const { expected } of objects) kinds[expected.kind] += 1;
    expect(summary.kinds).toEqual(kinds);
    // Sidecars once more, for the photos that they date, and what was compared.
    const get = wanted.length + kinds.sidecar + compared;
    expect(summary.requests).toMatchObject({ list: 2, get, head: 0, retried: 0 });
  });

  test("says what happens in the order it happens", () => {
    const types = first.events.map(({ type }) => type).filter((type) => type !== "progress");
    const order = [...new Set(types)];
    expect(order.slice(0, 5)).toEqual(["run", "listing", "listed", "proof", "layout"]);
    expect(order.slice(5).filter((type) => type !== "warning" && type !== "pace")).toEqual([
      "plan",
      "photo",
      "summary",
    ]);
  });

  test("keeps every original byte for byte, and nothing else", () => {
    const kept = new Map(first.photos.map((photo) => [photo.key, photo]));
    expect([...kept.keys()].sort()).toEqual(wanted.map(({ key }) => key).sort());
    for (const { key, body } of wanted) {
      const path = kept.get(key)?.path;
      expect(path, key).toBeTypeOf("string");
      expect(readFileSync(lies(path ?? "")).equals(body), key).toBe(true);
    }
  });

  test("gives each the time it was taken", () => {
    for (const { key, expected, modified } of wanted) {
      const photo = first.photos.find((one) => one.key === key);
      const { captured } = expected;
      if (captured === null || expected.kind === "sidecar") continue;
      if (captured.local !== null && captured.precision !== "month") {
        expect(photo?.captured?.local, key).toBe(captured.local);
      }
      if (captured.utc !== null) {
        const taken = Date.parse(captured.utc);
        expect(Date.parse(photo?.captured?.utc ?? ""), key).toBe(taken);
        expect(statSync(lies(photo?.path ?? "")).mtimeMs, key).toBeCloseTo(taken, -1);
      }
      expect(Date.parse(modified) >= statSync(lies(photo?.path ?? "")).mtimeMs - 26 * 3_600_000).toBe(true);
    }
  });

  test("writes the manifest that the design fixes", () => {
    const lines = readFileSync(lies(".photohaul/manifest.ndjson"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(wanted.length);
    expect(Object.keys(JSON.parse(lines[0] ?? "{}"))).toEqual(
      expect.arrayContaining(["path", "key", "etag", "size", "sha256", "md5", "captured", "modified", "storedAt"]),
    );
    for (const name of ["target.json", "SHA256SUMS", "README.txt"]) {
      expect(existsSync(lies(`.photohaul/${name}`)), name).toBe(true);
    }
  });

  test("does it again with one listing and nothing else", async () => {
    on.server.resetCounts();
    const again = await on.mirror();
    expect(again.exit).toBe(0);
    expect(again.summary.outcomes).toEqual({
      stored: 0,
      already: wanted.length,
      skipped: 0,
      failed: 0,
    });
    expect(on.server.counts).toMatchObject({ list: 2, get: 0, head: 0 });
    expect(again.photos).toEqual([]);
  });

  test("fetches what is new, keeps what changed beside the old, and only reports what is gone", async () => {
    const bucket = on.server.bucket("photos");
    const [changed, gone] = first.photos.filter(({ key }) => /IMG_000[12]\.jpg$/.test(key));
    if (changed === undefined || gone === undefined) throw new Error("the sample has no such photos");
    const edited = Buffer.from("changed".repeat(5000));
    const older = readFileSync(lies(changed.path ?? ""));
    bucket.put("original/2012/06/new.jpg", Buffer.from("new"), {});
    bucket.put(changed.key, edited, {});
    bucket.delete(gone.key);
    const third = await on.mirror();
    expect(third.exit).toBe(0);
    expect(third.summary).toMatchObject({ gone: 1, changed: 0, outcomes: { stored: 2 } });
    const beside = third.photos.find(({ key }) => key === changed.key)?.path ?? "";
    expect(beside).toBe(changed.path?.replace(".jpg", `~${md5(edited).slice(0, 8)}.jpg`));
    expect(readFileSync(lies(beside)).equals(edited)).toBe(true);
    expect(readFileSync(lies(changed.path ?? "")).equals(older)).toBe(true);
    expect(existsSync(lies(gone.path ?? ""))).toBe(true);
  });
});

function md5(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}
