import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { compareKeys } from "../../src/key.ts";
import type { Listed } from "../../src/model.ts";
import { openS3 } from "../../src/stores/s3/s3-store.ts";
import type { KeyRange, Source } from "../../src/stores/source.ts";
import { clientOf, keysBySdk, makeBucket, putAll, putInParts, REGION } from "./fill.ts";
import type { Running } from "./start.ts";

const signal = new AbortController().signal;
const COUNT = 1_300;

const hostile = [
  "../up.jpg",
  "/absolute.jpg",
  "double//slash.jpg",
  "folder/",
  "dot/./dot.jpg",
  "back\\slash.jpg",
  "new\nline.jpg",
  "tab\t and \u0001 control.jpg",
  "plus+and space and 100%41.jpg",
  "quote\"'<&>.jpg",
  "é composed.jpg",
  "é decomposed.jpg",
  "Upper.jpg",
  "upper.jpg",
  "日本語/写真.jpg",
  "Ａ before the emoji in bytes.jpg",
  "📷 after it.jpg",
  `${"k".repeat(1020)}.jpg`,
];

async function list(source: Source, range: KeyRange = {}): Promise<Listed[]> {
  const all: Listed[] = [];
  for await (const { objects } of source.list(range, signal)) all.push(...objects);
  return all;
}

async function read(source: Source, object: Listed, offset = 0): Promise<Buffer> {
  const { bytes } = await source.open(object, offset, signal);
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function md5(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}

function useKeys({ accessKey, secretKey }: Pick<Running, "accessKey" | "secretKey">): void {
  process.env.AWS_ACCESS_KEY_ID = accessKey;
  process.env.AWS_SECRET_ACCESS_KEY = secretKey;
}

function suite(running: Running): void {
  const client = clientOf(running);
  const before = { ...process.env };
  const parts = [randomBytes(5 * 1024 * 1024), randomBytes(1000)];
  let taken: Map<string, Buffer>;
  let source: Source;
  let listed: Listed[];
  const open = (bucket: string, prefix = "") =>
    openS3({ typed: "", container: bucket, prefix }, { endpoint: running.endpoint, region: REGION });
  const find = (key: string): Listed => {
    const object = listed.find((it) => it.key === key);
    if (object === undefined) throw new Error(`not listed: ${key}`);
    return object;
  };

  beforeAll(async () => {
    useKeys(running);
    await makeBucket(client, "photos");
    const objects = new Map(hostile.map((key) => [key, Buffer.from(`body of ${key}`)]));
    objects.set("empty.jpg", Buffer.alloc(0));
    for (let n = 0; n < COUNT; n++) {
      objects.set(`many/${String(n).padStart(5, "0")}.jpg`, Buffer.from(`photo ${n}`));
    }
    taken = await putAll(client, "photos", objects);
    await putInParts(client, "photos", "parts.mp4", parts);
    source = open("photos");
    listed = await list(source);
  });
  afterAll(async () => {
    client.destroy();
    await source?.close();
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  test("the store took nearly all that the test put there", () => {
    const refused = hostile.filter((key) => !taken.has(key));
    if (refused.length > 0) console.info(`refused by the store: ${JSON.stringify(refused)}`);
    expect(taken.size).toBeGreaterThan(COUNT + hostile.length - 4);
  });

  test("every key is listed once, in byte order, as the SDK lists them serially", async () => {
    const keys = listed.map(({ key }) => key);
    expect(keys.toSorted(compareKeys)).toEqual([...taken.keys(), "parts.mp4"].toSorted(compareKeys));
    expect(keys).toEqual(await keysBySdk(client, "photos"));
    expect(keys).toEqual(keys.toSorted(compareKeys));
  });

  test("sizes, MD5 ETags and times are what was put", () => {
    for (const [key, body] of taken) {
      const object = find(key);
      expect(object.size, key).toBe(body.length);
      expect(object.etag, key).toBe(md5(body));
      expect(Math.abs(Date.parse(object.modified) - Date.now()), key).toBeLessThan(3_600_000);
    }
  });

  test("hostile keys give their own bytes", async () => {
    for (const [key, body] of taken) {
      if (!key.startsWith("many/")) expect(await read(source, find(key)), key).toEqual(body);
    }
  });

  test("an object of several parts comes whole, and from any offset", async () => {
    const object = find("parts.mp4");
    const whole = Buffer.concat(parts);
    expect(object.size).toBe(whole.length);
    expect(object.etag).not.toBe(md5(whole));
    expect(md5(await read(source, object))).toBe(md5(whole));
    const offset = 5 * 1024 * 1024 - 7;
    expect((await read(source, object, offset)).equals(whole.subarray(offset))).toBe(true);
  });

  test("ranges tile the keys: none twice, none lost", async () => {
    const all = listed.map(({ key }) => key);
    const cuts = ["many/00099.jpg", "many/005", "many/01200.jpg", "q", "\u{1f4f7}"];
    const tiled: string[] = [];
    for (let at = 0; at <= cuts.length; at++) {
      const [after, upto] = [cuts[at - 1], cuts[at]];
      const range = {
        ...(after === undefined ? {} : { after }),
        ...(upto === undefined ? {} : { upto }),
      };
      tiled.push(...(await list(source, range)).map(({ key }) => key));
    }
    expect(tiled).toEqual(all);
  });

  test("a prefix lists what begins so", async () => {
    const many = open("photos", "many/");
    const keys = (await list(many)).map(({ key }) => key);
    await many.close();
    expect(keys).toHaveLength(COUNT);
    expect(keys.every((key) => key.startsWith("many/"))).toBe(true);
  });

  test("another object under the key is noticed", async () => {
    const other = { ...find("many/00000.jpg"), etag: md5(Buffer.from("other")) };
    await expect(source.open(other, 0, signal)).rejects.toMatchObject({ code: "changed" });
    await expect(source.open(other, 3, signal)).rejects.toMatchObject({ code: "changed" });
  });

  test("a key that is gone is missing", async () => {
    const gone = { ...find("many/00000.jpg"), key: "gone.jpg" };
    await expect(source.open(gone, 0, signal)).rejects.toMatchObject({ code: "missing" });
  });

  test("no such bucket", async () => {
    const none = open("no-such-bucket");
    await expect(list(none)).rejects.toMatchObject({ code: "no-bucket" });
    await none.close();
  });

  test("a wrong secret is refused", async () => {
    useKeys({ accessKey: running.accessKey, secretKey: "wrong" });
    const wrong = open("photos");
    const refusal = list(wrong);
    await expect(refusal).rejects.toMatchObject({ code: "credentials" });
    useKeys(running);
    await wrong.close();
  });

  test("an abort ends a listing", async () => {
    const aborted = source.list({}, AbortSignal.abort())[Symbol.asyncIterator]().next();
    await expect(aborted).rejects.toMatchObject({ code: "interrupted" });
  });
}

for (const name of ["ceph", "swift"] as const) {
  const found = inject(name);
  if ("running" in found) describe(`the S3 API of ${name}`, () => suite(found.running));
  else test.skip(`the S3 API of ${name} (${found.absent})`, () => undefined);
}
