/** Swift by its own API: as a source, as a target, and with large objects of both kinds. */

import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Source } from "../../src/stores/source.ts";
import type { Login } from "../../src/stores/swift/login.ts";
import { openSwift } from "../../src/stores/swift/swift-store.ts";
import { openTarget, type TargetOptions } from "../../src/targets/all.ts";
import type { Target } from "../../src/targets/target.ts";
import { sourceContract } from "../contract/source.contract.ts";
import { listAll, read, type SourceRig } from "../contract/source-rig.ts";
import { targetContract } from "../contract/target.contract.ts";
import { bytesOf, entryFor, inReusedBuffer, readAll, signal, TAKEN, type TargetRig } from "../contract/target-rig.ts";
import { swiftTakes } from "../stores/swift-rig.ts";
import type { Running } from "./start.ts";
import { SwiftClient } from "./swift-client.ts";

const KEPT = "kept-natively";
const OURS = /^\.photohaul\/(target\.json|README\.txt|probe-é|manifest-\d{6}\.ndjson|SHA256SUMS-\d{6})$/;
const MIB = 1024 * 1024;

const loginTo = ({ auth = "", accessKey, secretKey }: Running): Login => ({
  kind: "v1",
  auth,
  user: accessKey,
  key: secretKey,
});

/** A container or a prefix of its own for each rig. */
let rigs = 0;

async function sourceRig(running: Running, client: SwiftClient): Promise<SourceRig> {
  rigs += 1;
  const container = `source-${rigs}`;
  await client.makeContainer(container);
  return {
    put: (key, bytes) => client.put(`${container}/${key}`, Buffer.from(bytes)),
    remove: async (key) => {
      await client.ask("DELETE", `${container}/${key}`);
    },
    open: async () => openSwift({ typed: "", container, prefix: "" }, { login: loginTo(running), pageKeys: 7 }),
    // TempAuth lets nobody in to an object of this name.
    takes: (key) => swiftTakes(key) && key !== "..",
    close: async () => undefined,
  };
}

interface NativeRig extends TargetRig {
  readonly prefix: string;
}

async function targetRig(running: Running, client: SwiftClient): Promise<NativeRig> {
  rigs += 1;
  const prefix = `rig-${rigs}/`;
  const spool = await mkdtemp(join(tmpdir(), "photohaul-target-"));
  const at = (path: string) => `${KEPT}/${prefix}${path}`;
  return {
    prefix,
    open: (more: TargetOptions = {}) =>
      openTarget(`swift://${KEPT}/${prefix}`, { spool, login: loginTo(running), ...more }),
    async read(path) {
      const { status, body } = await client.ask("GET", at(path));
      return status === 200 ? body : null;
    },
    async mtime(path) {
      const { headers } = await client.ask("HEAD", at(path));
      const seconds = headers["x-object-meta-mtime"];
      return seconds === undefined ? null : new Date(Number(seconds) * 1000);
    },
    plant: (path, bytes) => client.put(at(path), Buffer.from(bytes)),
    async debris() {
      const names = await client.names(KEPT, `${prefix}.photohaul/`);
      const home = names.map((name) => name.slice(prefix.length)).filter((it) => !OURS.test(it));
      const files = await readdir(spool, { recursive: true });
      return [...home, ...files.filter((file) => /\.(part|upload)$/.test(file))];
    },
    close: () => rm(spool, { recursive: true, force: true }),
  };
}

function suite(running: Running): void {
  let client: SwiftClient;
  beforeAll(async () => {
    client = await SwiftClient.signIn(running);
    for (const name of [KEPT, "large", "segments"]) await client.makeContainer(name);
  });

  sourceContract("Swift, natively", () => sourceRig(running, client));
  targetContract("container in Swift, natively", () => targetRig(running, client));

  describe("large objects that others made", () => {
    const pieces = [randomBytes(MIB), randomBytes(70_000), randomBytes(1)];
    const whole = Buffer.concat(pieces);
    let source: Source;
    beforeAll(async () => {
      await client.putStatic("large", "static.mp4", pieces);
      await client.putDynamic("large", "dynamic.mp4", pieces);
      await client.put("large/empty.jpg", "");
      source = openSwift({ typed: "", container: "large", prefix: "" }, { login: loginTo(running) });
    });
    afterAll(() => source.close());

    test("are listed with the size that they have", async () => {
      const sizes = (await listAll(source)).map(({ key, size }) => [key, size]);
      expect(sizes).toEqual([
        ["dynamic.mp4", whole.length],
        ["empty.jpg", 0],
        ["static.mp4", whole.length],
      ]);
    });

    test.each(["static.mp4", "dynamic.mp4"])("%s comes whole, and its ETag is no MD5", async (key) => {
      const object = (await listAll(source)).find((it) => it.key === key);
      if (object === undefined) throw new Error(`${key} is not listed`);
      expect((await read(source, object)).equals(whole)).toBe(true);
      expect((await read(source, object, MIB + 5)).equals(whole.subarray(MIB + 5))).toBe(true);
      const { head, bytes } = await source.open(object, 0, signal);
      for await (const _ of bytes) break;
      expect(head).toMatchObject({ opaqueEtag: true, size: whole.length, etag: object.etag });
    });
  });

  describe("a target", () => {
    let rig: NativeRig;
    let target: Target;
    beforeAll(async () => {
      rig = await targetRig(running, client);
      target = await rig.open({ parts: { beyond: MIB, size: 3 * MIB } });
    });
    afterAll(async () => {
      await target.close();
      await rig.close();
    });

    test("found out what the store can do", async () => {
      const marker = JSON.parse((await rig.read(".photohaul/target.json"))?.toString() ?? "{}");
      console.info(`swift: ${JSON.stringify(marker.can)}`);
      expect(marker.can).toMatchObject({ onlyNew: true, onlyNewInParts: true, copies: false });
    });

    test("keeps a large photo as a static large object, once", async () => {
      const body = Buffer.alloc(10 * MIB + 5, "in parts ");
      const keep = async (bytes: Buffer) => {
        const draft = await target.stage(inReusedBuffer(bytes, 100_000), bytes.length, signal);
        return { draft, entry: entryFor("2012/large.mp4", bytes), mtime: TAKEN };
      };
      expect(await target.commit([await keep(body)], signal)).toEqual(["stored"]);
      expect((await readAll(target, "2012/large.mp4")).equals(body)).toBe(true);
      const { headers } = await client.ask("HEAD", `${KEPT}/${rig.prefix}2012/large.mp4`);
      expect(headers["x-static-large-object"]).toBe("True");
      expect(await rig.mtime("2012/large.mp4")).toEqual(TAKEN);
      const segments = await rig.debris();
      expect(segments).toHaveLength(4);
      expect(await target.commit([await keep(body)], signal)).toEqual(["same"]);
      const other = await keep(Buffer.alloc(2 * MIB));
      expect(await target.commit([other], signal)).toEqual(["occupied"]);
      await other.draft.discard();
      expect(await rig.debris()).toEqual(segments);
    });

    /** 6 GB take ten minutes: PHOTOHAUL_SIX_GB=1 asks for them. */
    const large = process.env.PHOTOHAUL_SIX_GB ? 6_000_000_123 : 200 * MIB + 7;
    test(`${large} bytes go to Swift and come back the same, in flat memory`, async () => {
      const wide = await targetRig(running, client);
      const to = await wide.open();
      const digests = await digestsOf(generated(large));
      const entry = { ...entryFor("large.mov", ""), ...digests };
      const startedAt = Date.now();
      const { grown } = await memoryOf(async () => {
        const draft = await to.stage(generated(large), large, signal);
        expect(await to.commit([{ draft, entry, mtime: TAKEN }], signal)).toEqual(["stored"]);
        expect(await digestsOf(to.open("large.mov", signal))).toEqual(digests);
      });
      const { headers } = await client.ask("HEAD", `${KEPT}/${wide.prefix}large.mov`);
      expect(headers["x-static-large-object"]).toBe("True");
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
      console.info(`swift: ${large} bytes there and back in ${seconds} s, ${Math.round(grown / MIB)} MiB more memory`);
      expect(grown).toBeLessThan(200 * MIB);
      await to.close();
      await wide.close();
    }, 1_800_000);

    test("says what the source said of a photo", async () => {
      const entry = {
        ...entryFor("told.jpg", "photo"),
        captured: {
          local: "2012-06-28T14:03:22",
          offset: "+02:00",
          utc: "2012-06-28T12:03:22Z",
          source: "exif" as const,
          precision: "s" as const,
        },
      };
      const head = {
        contentType: "image/jpeg",
        contentDisposition: 'attachment; filename="Strand é.jpg"',
      };
      const draft = await target.stage(bytesOf("photo"), 5, signal);
      expect(await target.commit([{ draft, entry, mtime: TAKEN, head }], signal)).toEqual(["stored"]);
      const { headers } = await client.ask("HEAD", `${KEPT}/${rig.prefix}told.jpg`);
      expect(headers).toMatchObject({
        "content-type": "image/jpeg",
        "content-disposition": "attachment; filename*=UTF-8''Strand%20%C3%A9.jpg",
        "x-object-meta-mtime": (TAKEN.getTime() / 1000).toFixed(3),
        "x-object-meta-captured": "2012-06-28T14:03:22+02:00",
        "x-object-meta-sha256": entry.sha256,
        etag: createHash("md5").update("photo").digest("hex"),
      });
    });
  });
}

/** The same bytes each time, none of which is ever stored on this side. */
async function* generated(size: number): AsyncGenerator<Uint8Array> {
  const piece = 256 * 1024;
  const key = Buffer.alloc(32, "photohaul");
  const stream = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  const zeros = Buffer.alloc(piece);
  for (let at = 0; at < size; at += piece) {
    yield stream.update(at + piece > size ? zeros.subarray(0, size - at) : zeros);
  }
}

async function digestsOf(bytes: AsyncIterable<Uint8Array>) {
  const [sha256, md5] = [createHash("sha256"), createHash("md5")];
  let size = 0;
  for await (const chunk of bytes) {
    sha256.update(chunk);
    md5.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: sha256.digest("hex"), md5: md5.digest("hex") };
}

/** The most memory that the process had while something was done, beyond what it had before. */
async function memoryOf<T>(work: () => Promise<T>): Promise<{ value: T; grown: number }> {
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 50);
  try {
    return { value: await work(), grown: most - before };
  } finally {
    clearInterval(watch);
  }
}

const found = inject("swift");
if ("running" in found) describe("Swift by its own API", () => suite(found.running));
else test.skip(`Swift by its own API (${found.absent})`, () => undefined);
