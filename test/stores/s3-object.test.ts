/** What reading an object does when the store or the way to it fails; the contract has what it does when not. */

import { describe, expect, test } from "vitest";
import type { FaultName } from "../../fixtures/s3/faults.ts";
import type { ErrorCode } from "../../src/errors.ts";
import { readHead } from "../../src/stores/s3/s3-object.ts";
import { refused } from "../contract/source.contract.ts";
import { bytesOf, keysOf, read, signal } from "../contract/source-rig.ts";
import { onlyObject, useS3 } from "./s3-hooks.ts";

const BODY = Buffer.alloc(300_000, "0123456789");

const s3 = useS3();

describe("an object", () => {
  test.each<[FaultName, ErrorCode, boolean]>([
    ["slow-down", "throttled", true],
    ["internal-error", "server", true],
    ["reset", "broken", true],
    ["silence", "broken", true],
    ["not-found", "missing", false],
    ["access-denied", "forbidden", false],
    ["archived", "archived", false],
    ["expired-token", "credentials", true],
    ["etag-changes", "changed", false],
    ["bad-gateway", "server", true],
  ])("that meets %s is refused as %s", async (fault, trouble, retry) => {
    await s3.rig.put("a.jpg", BODY);
    const object = await onlyObject(s3.source);
    s3.rig.server.faults.arm({ fault, on: { op: "get" } });
    const error = await refused(s3.source.open(object, 0, signal), trouble, retry);
    expect(error.message).toContain("s3://photos/a.jpg");
    expect(s3.source.requests).toMatchObject({ get: 1, retried: 0 });
  });

  test.each<FaultName>(["cut-body", "short-body", "stall"])(
    "whose body ends in %s is broken, after the bytes that came",
    async (fault) => {
      await s3.rig.put("a.jpg", BODY);
      const object = await onlyObject(s3.source);
      s3.rig.server.faults.arm({ fault, on: { op: "get" }, afterBytes: 100_000 });
      const { bytes } = await s3.source.open(object, 0, signal);
      let came = 0;
      const reading = (async () => {
        for await (const chunk of bytes) came += chunk.length;
      })();
      await refused(reading, "broken", true);
      expect(came).toBeGreaterThan(0);
      expect(came).toBeLessThanOrEqual(100_000);
      expect((await read(s3.source, object, came)).equals(BODY.subarray(came))).toBe(true);
    },
  );

  test("of which other bytes come than were asked for is broken", async () => {
    const shown = s3.rig.server.bucket("shown", { public: true });
    shown.put("a.jpg", BODY);
    const unsigned = await s3.open({ bucket: "shown", noSignRequest: true });
    const object = await onlyObject(unsigned);
    s3.rig.server.faults.arm({ fault: "other-range", on: { op: "get" } });
    await refused(unsigned.open(object, 1000, signal), "broken", true);
    expect((await read(unsigned, object, 1000)).length).toBe(299_000);
  });

  test("whose ETag is missing from the answer is read all the same", async () => {
    await s3.rig.put("a.jpg", BODY);
    const object = await onlyObject(s3.source);
    s3.rig.server.faults.arm({ fault: "no-etag", on: { op: "get" } });
    const { head, bytes } = await s3.source.open(object, 0, signal);
    expect(head.etag).toBe("");
    expect((await bytesOf(bytes)).equals(BODY)).toBe(true);
  });

  test("that is opened and not read, or left before its first byte, does no harm", async () => {
    await s3.rig.put("a.jpg", Buffer.alloc(5_000_000));
    const object = await onlyObject(s3.source);
    const stop = new AbortController();
    for (let n = 0; n < 5; n += 1) await s3.source.open(object, 0, stop.signal);
    const { bytes } = await s3.source.open(object, 0, signal);
    await bytes[Symbol.asyncIterator]().return?.();
    stop.abort();
    expect(await keysOf(s3.source)).toEqual(["a.jpg"]);
  });

  test("asked for beyond its end is another object now", async () => {
    await s3.rig.put("a.jpg", BODY);
    const object = await onlyObject(s3.source);
    await refused(s3.source.open(object, 300_001, signal), "changed", true);
  });

  test("brings its metadata, checksums, and whether its ETag is a digest", async () => {
    s3.rig.server.bucket("photos").put("a.jpg", BODY, {
      metadata: { mtime: "1340892202.5", title: "Søren" },
      contentType: "image/jpeg",
      contentDisposition: 'attachment; filename="IMG 1.jpg"',
      modified: "2012-06-28T14:03:22Z",
      checksums: { crc32: "AAAAAA==" },
      encryption: "aws:kms",
    });
    const object = await onlyObject(s3.source);
    const whole = await s3.source.open(object, 0, signal);
    await whole.bytes[Symbol.asyncIterator]().return?.();
    expect(whole.head).toEqual({
      size: 300_000,
      etag: object.etag,
      modified: "2012-06-28T14:03:22.000Z",
      contentType: "image/jpeg",
      contentDisposition: 'attachment; filename="IMG 1.jpg"',
      metadata: { mtime: "1340892202.5", title: "Søren" },
      checksums: { crc32: "AAAAAA==" },
      opaqueEtag: true,
    });
    expect((await s3.source.open(object, 5, signal)).head.checksums).toEqual({});
  });

  test.each<[string, Record<string, string>, object]>([
    [
      "Amazon's, of the whole and of parts",
      { "x-amz-checksum-crc64nvme": "rosUhgp5mYg=", "x-amz-checksum-type": "FULL_OBJECT" },
      { checksums: { crc64nvme: "rosUhgp5mYg=" } },
    ],
    [
      "Amazon's, of parts",
      { "x-amz-checksum-sha1": "AAAA=-3", "x-amz-checksum-type": "COMPOSITE" },
      { checksums: {}, partSums: { sha1: "AAAA=-3" } },
    ],
    [
      "Google's",
      { "x-goog-hash": "crc32c=4waSgw==, md5=AAAAAA==" },
      { checksums: { crc32c: "4waSgw==", md5: "AAAAAA==" } },
    ],
    ["Alibaba's", { "x-oss-hash-crc64ecma": "11051210869376104954" }, { checksums: { crc64ecma: "mV3Ju98ZOfo=" } }],
  ])("has the checksums of stores: %s", (_, headers, sums) => {
    expect(readHead(headers, 9, 0)).toMatchObject(sums);
  });

  test("has no checksum where the store has one of its parts only", async () => {
    s3.rig.server.bucket("photos").put("a.jpg", BODY, { checksums: { sha256: "abc-2" } });
    const object = await onlyObject(s3.source);
    const { head, bytes } = await s3.source.open(object, 0, signal);
    expect(head.checksums).toEqual({});
    expect(head.opaqueEtag).toBeUndefined();
    expect((await bytesOf(bytes)).length).toBe(300_000);
  });
});
