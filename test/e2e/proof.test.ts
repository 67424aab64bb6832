/** A key is skipped only on proof: what is fetched for it, and what follows where it cannot be had. */

import { describe, expect, test } from "vitest";
import type { FaultName } from "../../fixtures/s3/faults.ts";
import { inventory, kinds, mirror, nameOf, put, TWO, warnings } from "../scripts/proof-rig.ts";
import { rig } from "../scripts/rig.ts";

test("an original is fetched once for all its families, and nothing again for a proof that is frozen", async () => {
  const asked: string[] = [];
  const onRequest = (operation: string, _: string, key: string) => {
    if (operation === "get") asked.push(key);
  };
  const sizes = { original: "original", tile: "tile", large: "large" } as const;
  await using at = await rig({ onRequest }, (server) => put(server, 0, 40, sizes));
  const first = await inventory(at);
  expect(kinds(first)).toEqual({ original: 40, rendition: 80 });
  expect(asked.length).toBe(new Set(asked).size);
  expect(asked.filter((key) => key.startsWith("original/"))).toHaveLength(30);
  expect(asked).toHaveLength(90);
  asked.length = 0;
  expect(kinds(await inventory(at))).toEqual({ original: 40, rendition: 80 });
  expect(asked).toEqual([]);
}, 60_000);

test("photos of the same names in another folder come home, every one", async () => {
  const folders = { original: "original", square: "other", tile: "tile" } as const;
  await using at = await rig({}, (server) => put(server, 0, 36, folders));
  const ran = await mirror(at);
  expect(ran.exit).toBe(0);
  expect(kinds(ran)).toEqual({ original: 72, rendition: 36 });
  const stored = ran.photos.map(({ key }) => key).filter((key) => key.startsWith("square/"));
  expect(stored).toHaveLength(36);
}, 60_000);

describe("one transient fault", () => {
  const FAULTS: FaultName[] = ["service-unavailable", "cut-body", "reset", "short-body"];

  test.each(FAULTS)(
    "%s, at each request of a small family in turn, changes nothing",
    async (fault) => {
      await using at = await rig({}, (server) => put(server, 0, 3, TWO));
      for (let nth = 0; nth < 6; nth += 1) {
        const armed = at.server.faults.arm({ fault, on: { op: "get" }, skip: nth });
        const ran = await at.run([
          "inventory",
          "s3://photos",
          ...at.endpoint,
          "--json",
          "--catalogue",
          `${at.folder}/${nth}`,
        ]);
        expect(armed.fired, `request ${nth}`).toBe(1);
        expect(kinds(ran), `request ${nth}`).toEqual({ original: 3, rendition: 3 });
        armed.disarm();
      }
    },
    120_000,
  );

  test.each(FAULTS.slice(0, 2))(
    "%s, at some requests of a large family, changes nothing",
    async (fault) => {
      await using at = await rig({}, (server) => put(server, 0, 34, TWO));
      const armed = at.server.faults.arm({
        fault,
        on: { op: "get" },
        probability: 0.15,
        times: 99,
        seed: 7,
      });
      const ran = await inventory(at);
      expect(armed.fired).toBeGreaterThan(3);
      expect(kinds(ran)).toEqual({ original: 34, rendition: 34 });
    },
    60_000,
  );
});

describe("where pictures cannot be had nothing is skipped, and that is said", () => {
  test("denied: suspects with what to type, exit 0; the next run that may read them proves them", async () => {
    await using at = await rig({}, (server) => put(server, 0, 34, TWO));
    const denied = at.server.faults.arm({ fault: "access-denied", on: { op: "get" }, times: 9999 });
    const text = await at.run(["inventory", "s3://photos", ...at.endpoint, "--catalogue", `${at.folder}/c.sqlite`]);
    expect(text.exit).toBe(0);
    expect(text.stdout).toMatch(/suspect: tile/);
    expect(text.stdout).toMatch(/30 could not be read/);
    expect(text.stdout).toContain("--exclude 'tile/**/*'");
    expect(kinds(await inventory(at))).toEqual({ original: 68, rendition: 0 });
    denied.disarm();
    expect(kinds(await inventory(at))).toEqual({ original: 34, rendition: 34 });
  }, 60_000);

  test("archived: the same, until they are restored", async () => {
    await using at = await rig({}, (server) => {
      put(server, 0, 34, TWO, { storageClass: "DEEP_ARCHIVE" });
    });
    const ran = await inventory(at);
    expect(ran).toMatchObject({ exit: 0 });
    expect(kinds(ran)).toEqual({ original: 68, rendition: 0 });
    expect(ran.summary.requests.get).toBe(0);
    put(at.server, 0, 34, TWO);
    expect(kinds(await inventory(at))).toEqual({ original: 34, rendition: 34 });
  }, 60_000);

  test("beyond --proof-bytes: nothing is fetched and nothing skipped; more bytes prove it", async () => {
    await using at = await rig({}, (server) => put(server, 0, 34, TWO));
    const none = await inventory(at, "--proof-bytes", "0");
    expect(none).toMatchObject({ exit: 0 });
    expect(none.summary.requests.get).toBe(0);
    expect(kinds(none)).toEqual({ original: 68, rendition: 0 });
    const text = await at.run(["inventory", "s3://photos", ...at.endpoint, "--proof-bytes", "0"]);
    expect(text.stdout).toMatch(/30 beyond what --proof-bytes allows/);
    // With the same bound nothing is tried again, with the usual one it is.
    expect((await inventory(at, "--proof-bytes", "0")).summary.requests.get).toBe(0);
    expect(kinds(await inventory(at))).toEqual({ original: 34, rendition: 34 });
  }, 60_000);

  test("no faster than --bwlimit allows", async () => {
    await using at = await rig({}, (server) => put(server, 0, 34, TWO));
    const ran = await mirror(at, "--dry-run", "--bwlimit", "200K");
    const fetched = Math.max(...ran.events.map((it) => (it.type === "proof" ? it.bytes : 0)));
    expect(fetched).toBeGreaterThan(500_000);
    // The first second's worth is free.
    expect(ran.summary.seconds).toBeGreaterThan(fetched / 204_800 - 1.1);
  }, 60_000);

  test("a proof that holds stays, where what is new cannot be read: that alone is kept", async () => {
    await using at = await rig({}, (server) => put(server, 0, 34, TWO));
    expect(kinds(await inventory(at))).toEqual({ original: 34, rendition: 34 });
    put(at.server, 34, 44, TWO);
    const denied = at.server.faults.arm({ fault: "access-denied", on: { op: "get" }, times: 9999 });
    const shut = await inventory(at);
    expect(kinds(shut)).toEqual({ original: 54, rendition: 34 });
    expect(warnings(shut).map(({ code }) => code)).toContain("family-ended");
    denied.disarm();
    put(at.server, 44, 54, TWO);
    expect(kinds(await inventory(at))).toEqual({ original: 64, rendition: 44 });
  }, 60_000);

  test("bytes that are no picture, under the names of renditions", async () => {
    await using at = await rig({}, (server) => {
      put(server, 0, 34, { original: "original" });
      const bucket = server.bucket("photos");
      for (let nth = 0; nth < 34; nth += 1) {
        bucket.put(`tile/${nameOf(nth)}`, Buffer.alloc(1500 + nth, 7));
      }
    });
    const ran = await inventory(at);
    expect(ran.exit).toBe(0);
    expect(kinds(ran)).toEqual({ original: 68, rendition: 0 });
  }, 60_000);
});
