/** Photos in classes of real stores: moto knows Amazon's, Ceph knows none but its own. */

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, HeadObjectCommand, InvalidObjectState, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openSource } from "../../src/stores/all.ts";
import { useKeys } from "../contract/aws-keys.ts";
import { keeping, pathsOf, readAll, signal, troubleOf } from "../contract/target-rig.ts";
import { computerIn, runProcess } from "../scripts/rig.ts";
import { bucketRig } from "./bucket-rig.ts";
import { clientOf, makeBucket, REGION } from "./fill.ts";
import type { Running } from "./start.ts";

const BUCKET = "cold";

function withBucket(running: Running) {
  const client = clientOf(running);
  let giveBack: () => void;
  beforeAll(async () => {
    giveBack = useKeys({ accessKeyId: running.accessKey, secretAccessKey: running.secretKey });
    await makeBucket(client, BUCKET);
  });
  afterAll(() => {
    giveBack();
    client.destroy();
  });
  return { client, makeRig: () => bucketRig(client, BUCKET, running.endpoint) };
}

function amazonClasses(running: Running): void {
  const { client, makeRig } = withBucket(running);
  const classOf = async (place: { Bucket: string; Key: string }) =>
    (await client.send(new HeadObjectCommand(place))).StorageClass ?? "STANDARD";
  const refuses = (place: { Bucket: string; Key: string }) =>
    client.send(new GetObjectCommand(place)).then(
      () => false,
      (error: unknown) => error instanceof InvalidObjectState,
    );

  test.each(["STANDARD_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"])(
    "photos lie in %s, the lists in STANDARD",
    async (storageClass) => {
      const rig = await makeRig();
      const target = await rig.open({
        storageClass,
        parts: { beyond: 1024 * 1024, size: 8 * 1024 * 1024 },
      });
      const large = Buffer.alloc(9 * 1024 * 1024, "in parts ");
      const batch = [await keeping(target, "a.jpg", "1"), await keeping(target, "b.mp4", large)];
      expect(await target.commit(batch, signal)).toEqual(["stored", "stored"]);
      const again = await keeping(target, "b.mp4", large);
      expect(await target.commit([again], signal)).toEqual(["same"]);
      for (const path of ["a.jpg", "b.mp4"]) {
        expect(await classOf(rig.place(path))).toBe(storageClass);
        // Amazon reads GLACIER_IR at once; moto up to 5.1.1 takes it for an archive too.
        const mistaken = storageClass === "GLACIER_IR" && (await refuses(rig.place(path)));
        const archived = ["GLACIER", "DEEP_ARCHIVE"].includes(storageClass);
        if (archived || mistaken) expect(await troubleOf(readAll(target, path))).toBe("archived");
        else expect((await readAll(target, path)).length).toBeGreaterThan(0);
      }
      for (const list of ["manifest-000001.ndjson", "SHA256SUMS-000001", "target.json"]) {
        expect(await classOf(rig.place(`.photohaul/${list}`))).toBe("STANDARD");
      }
      expect(new Set(await pathsOf(target))).toEqual(new Set(["a.jpg", "b.mp4"]));
      await target.close();
      await rig.close();
    },
  );
}

function smallStaysWarm(running: Running): void {
  const { client, makeRig } = withBucket(running);
  test("photos that are not above the size stay in STANDARD, and are read at once", async () => {
    const rig = await makeRig();
    const target = await rig.open({ storageClass: "DEEP_ARCHIVE", coldAbove: 131_072 });
    const batch = [
      await keeping(target, "small.jpg", Buffer.alloc(131_072, "s")),
      await keeping(target, "large.jpg", Buffer.alloc(131_073, "l")),
    ];
    expect(await target.commit(batch, signal)).toEqual(["stored", "stored"]);
    const classOf = async (path: string) => (await client.send(new HeadObjectCommand(rig.place(path)))).StorageClass;
    expect([await classOf("small.jpg"), await classOf("large.jpg")]).toEqual([undefined, "DEEP_ARCHIVE"]);
    expect((await readAll(target, "small.jpg")).length).toBe(131_072);
    expect(await troubleOf(readAll(target, "large.jpg"))).toBe("archived");
    await target.close();
    await rig.close();
  });
}

/** The form of RestoreObject, as moto reads it; there what is asked for is ready at once. */
function asksTheArchive(running: Running): void {
  const { client } = withBucket(running);
  const put = async (prefix: string, StorageClass: "GLACIER" | "DEEP_ARCHIVE" | "STANDARD_IA") => {
    const Key = `${prefix}/${StorageClass}.jpg`;
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, StorageClass, Body: Buffer.alloc(5000, Key) }));
    return { key: Key, size: 5000, etag: "", modified: "", storageClass: StorageClass };
  };

  test.each([
    ["GLACIER", "expedited"],
    ["GLACIER", "bulk"],
    ["DEEP_ARCHIVE", "standard"],
  ] as const)(
    "%s is asked for %s: taken, then there with the day on which its copy goes",
    async (storageClass, tier) => {
      const source = await openSource(`s3://${BUCKET}`, { endpoint: running.endpoint, region: REGION });
      const object = await put(`asked-${tier}`, storageClass);
      const thaw = { tier, days: 3 };
      expect(await source.archive?.look(object, signal)).toBeNull();
      expect(await source.archive?.ask(object, thaw, signal)).toBe("asked");
      const returning = await source.archive?.look(object, signal);
      expect(returning).toEqual({ ongoing: false, until: expect.stringMatching(/^20\d\d-/) });
      const days = (Date.parse(returning?.until ?? "") - Date.now()) / 86_400_000;
      expect([days > 2, days < 5]).toEqual([true, true]);
      expect(await source.archive?.ask(object, thaw, signal)).toBe("ready");
      await source.close();
    },
  );

  test("what lies in no archive says so", async () => {
    const source = await openSource(`s3://${BUCKET}`, { endpoint: running.endpoint, region: REGION });
    const warm = await put("warm", "STANDARD_IA");
    expect(await source.archive?.ask(warm, { tier: "bulk", days: 1 }, signal)).toBe("live");
    await source.close();
  });

  test("a mirror asks, waits, and brings what is there, which HEAD alone tells", async () => {
    const folder = mkdtempSync(join(tmpdir(), "photohaul-cold-"));
    await Promise.all((["GLACIER", "DEEP_ARCHIVE", "STANDARD_IA"] as const).map((name) => put("mirrored", name)));
    const env = computerIn(folder);
    const keys = { AWS_ACCESS_KEY_ID: running.accessKey, AWS_SECRET_ACCESS_KEY: running.secretKey };
    const reach = ["--endpoint", running.endpoint, "--region", REGION, "--json"];
    const line = ["mirror", `s3://${BUCKET}/mirrored`, join(folder, "photos"), ...reach];
    const run = (...more: string[]) => runProcess([...line, ...more], { env: { ...env, ...keys } }, folder);
    expect((await run()).summary).toMatchObject({ exit: 8, outcomes: { stored: 1, skipped: 2, failed: 0 } });
    const asked = await run("--restore-tier", "bulk", "--wait", "20s");
    expect(asked.summary).toMatchObject({ exit: 0, outcomes: { stored: 2, already: 1 }, archive: { asked: 2 } });
    const cold = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "mirrored/GLACIER.jpg" }));
    expect(cold.Restore).toMatch(/^ongoing-request="false", expiry-date="/);
    const stored = asked.photos.flatMap(({ outcome, key, path }) => (outcome === "stored" ? [[key, path]] : []));
    expect(stored).toHaveLength(2);
    for (const [key = "", path] of stored) {
      const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
      expect(digest(readFileSync(join(folder, "photos", path ?? "")))).toBe(digest(Buffer.alloc(5000, key ?? "")));
    }
    rmSync(folder, { recursive: true, force: true });
  });
}

function noSuchClass(running: Running): void {
  const { makeRig } = withBucket(running);
  test("a class that the store does not know ends the part of the target with the first photo", async () => {
    const rig = await makeRig();
    const target = await rig.open({ storageClass: "DEEP_ARCHIVE" });
    const keep = await keeping(target, "a.jpg", "1");
    const refused: unknown = await target.commit([keep], signal).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "no-target",
      message: expect.stringContaining("takes no photo in the class DEEP_ARCHIVE"),
    });
    await target.close();
    await rig.close();
  });
}

for (const [name, suite] of [
  ["moto", amazonClasses],
  ["moto", smallStaysWarm],
  ["moto", asksTheArchive],
  ["ceph", noSuchClass],
] as const) {
  const found = inject(name);
  if ("running" in found) describe(`cold storage in ${name}`, () => suite(found.running));
  else test.skip(`cold storage in ${name} (${found.absent})`, () => undefined);
}
