/** Faults on the way to real servers: photos are kept once and come back whole, whatever the line does. */

import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { fetchObject } from "../../src/photo/fetch.ts";
import { openSource } from "../../src/stores/all.ts";
import type { Target } from "../../src/targets/target.ts";
import { useKeys } from "../contract/aws-keys.ts";
import { keeping, pathsOf, readAll, signal } from "../contract/target-rig.ts";
import { type BucketRig, bucketRig } from "./bucket-rig.ts";
import { FaultProxy, PROXY_FAULTS, type ProxyFault } from "./fault-proxy.ts";
import { clientOf, makeBucket, REGION } from "./fill.ts";
import type { Running } from "./start.ts";

const BUCKET = "through-faults";
const PARTS = { beyond: 1024 * 1024, size: 5 * 1024 * 1024 };
const PHOTO = Buffer.alloc(300_000, "a photo ");
const LARGE = Buffer.alloc(5 * 1024 * 1024 + 9, "in parts ");
const WRITING = PROXY_FAULTS.filter((fault) => fault !== "wrong-bytes" && !fault.endsWith("-body"));
const READING: readonly ProxyFault[] = ["cut-body", "short-body", "reset", "slow-down", "retry-after"];

function suite(name: string, running: Running): void {
  const client = clientOf(running);
  let giveBack: () => void;
  let proxy: FaultProxy;
  let rig: BucketRig;
  let target: Target;
  beforeAll(async () => {
    giveBack = useKeys({ accessKeyId: running.accessKey, secretAccessKey: running.secretKey });
    await makeBucket(client, BUCKET);
    proxy = await FaultProxy.before(running.endpoint);
    rig = await bucketRig(client, BUCKET, proxy.endpoint);
    target = await rig.open({ parts: PARTS });
  });
  afterAll(async () => {
    await target.close();
    await rig.close();
    await proxy.close();
    giveBack();
    client.destroy();
  });
  beforeEach(() => proxy.clear());

  test.each(WRITING)("%s, while a small and a large photo are written, and the lists", async (fault) => {
    const small = `${fault}/a.jpg`;
    const large = `${fault}/b.mp4`;
    const armed = [
      proxy.arm({ fault, on: /^PUT [^?]*a\.jpg/ }),
      // moto lists every upload as begun in 2010, so none can be told to be ours.
      ...(name === "moto" && fault === "lost-answer" ? [] : [proxy.arm({ fault, on: /^POST .*b\.mp4\?uploads/ })]),
      proxy.arm({ fault, on: /^PUT .*b\.mp4\?partNumber=2/ }),
      proxy.arm({ fault, on: /^POST .*b\.mp4\?uploadId/ }),
      proxy.arm({ fault, on: /^PUT .*manifest-/ }),
    ];
    const batch = [await keeping(target, small, PHOTO), await keeping(target, large, LARGE)];
    expect(await target.commit(batch, signal)).toEqual(["stored", "stored"]);
    expect(armed.filter(({ struck }) => struck !== 1)).toEqual([]);
    expect((await rig.read(small))?.equals(PHOTO)).toBe(true);
    expect((await rig.read(large))?.equals(LARGE)).toBe(true);
    const paths = (await pathsOf(target)).filter((path) => path.startsWith(fault));
    expect(paths).toEqual([small, large]);
    expect(await rig.debris()).toEqual([]);
  });

  test.each(READING)("%s, while a photo is read back", async (fault) => {
    await target.commit([await keeping(target, `read/${fault}.jpg`, PHOTO)], signal);
    const armed = proxy.arm({ fault, on: /^GET .*read\// });
    expect((await readAll(target, `read/${fault}.jpg`)).equals(PHOTO)).toBe(true);
    expect(armed.struck).toBe(1);
  });

  test("a bucket is listed, and its photos fetched, through all of them", async () => {
    const keep = await Promise.all(
      Array.from({ length: 20 }, (_, n) => keeping(target, `source/${n}.jpg`, `photo ${n}`)),
    );
    await target.commit(keep, signal);
    const { Key } = rig.place("source/");
    const source = await openSource(`s3://${BUCKET}/${Key}`, {
      endpoint: proxy.endpoint,
      region: REGION,
    });
    const armed = (["slow-down", "reset", "cut-body", "retry-after"] as const).flatMap((fault) => [
      proxy.arm({ fault, on: /^GET .*list-type/ }),
      proxy.arm({ fault, on: /^GET .*source\/\d/, times: 2, each: 3 }),
    ]);
    const found = new Map<string, string>();
    for await (const { objects } of source.list({}, signal)) {
      for (const object of objects) {
        const fetching = await fetchObject(source, object, { signal, onRetry: () => undefined });
        const chunks: Uint8Array[] = [];
        for await (const chunk of fetching.bytes) chunks.push(chunk);
        found.set(object.key.slice(Key.length), Buffer.concat(chunks).toString());
      }
    }
    await source.close();
    expect(armed.filter(({ struck }) => struck === 0)).toEqual([]);
    expect(found).toEqual(new Map(Array.from({ length: 20 }, (_, n) => [`${n}.jpg`, `photo ${n}`])));
  });

  test("bytes that arrive otherwise are noticed by their digest", async () => {
    await target.commit([await keeping(target, "turned.jpg", PHOTO)], signal);
    const armed = proxy.arm({ fault: "wrong-bytes", on: /^GET .*turned/ });
    expect((await readAll(target, "turned.jpg")).equals(PHOTO)).toBe(false);
    expect((await readAll(target, "turned.jpg")).equals(PHOTO)).toBe(true);
    expect(armed.struck).toBe(1);
  });
}

for (const name of ["ceph", "swift", "moto"] as const) {
  const found = inject(name);
  if ("running" in found) describe(`on the way to ${name}`, () => suite(name, found.running));
  else test.skip(`on the way to ${name} (${found.absent})`, () => undefined);
}
