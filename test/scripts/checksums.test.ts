import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { Crc } from "../../src/photo/crc.ts";
import { fakeRclone } from "../stores/rclone/fake.ts";
import { datedPhoto } from "./dated-photo.ts";
import { rig } from "./rig.ts";

const PHOTO = datedPhoto(3000, "whole");
const ROTTEN = datedPhoto(3000, "rotten");
const modified = "2016-01-01T00:00:00.000Z";
/** As a bucket encrypted with KMS has it: no MD5. */
const opaque = { etag: "0".repeat(32), encryption: "aws:kms", modified };

/** Of parts of 1 MiB and what is left, as an upload of several writes it; here there is one. */
const ofOnePart = (bytes: Buffer) =>
  `${createHash("sha256").update(createHash("sha256").update(bytes).digest()).digest("base64")}-1`;

test.each<[string, (bytes: Buffer) => Record<string, string>]>([
  ["CRC-64/NVME", (bytes) => ({ crc64nvme: new Crc("crc64nvme").update(bytes).digest().toString("base64") })],
  ["CRC-32C", (bytes) => ({ crc32c: new Crc("crc32c").update(bytes).digest().toString("base64") })],
  ["SHA-1", (bytes) => ({ sha1: createHash("sha1").update(bytes).digest("base64") })],
  ["SHA-512", (bytes) => ({ sha512: createHash("sha512").update(bytes).digest("base64") })],
])("bytes are proven by the %s that the store has of them, and refused", async (_, of) => {
  await using on = await rig({}, () => undefined);
  on.server.bucket("photos").put("right.jpg", PHOTO, { ...opaque, checksums: of(PHOTO) });
  on.server.bucket("photos").put("wrong.jpg", ROTTEN, { ...opaque, checksums: of(PHOTO) });
  const ran = await on.mirror();
  expect(ran.exit, ran.stderr).toBe(3);
  expect(ran.photos.map(({ key, outcome }) => `${key} ${outcome}`).sort()).toEqual([
    "right.jpg stored",
    "wrong.jpg failed",
  ]);
  expect(ran.summary.unprovable).toBe(0);
});

test("bytes are proven by a checksum of their parts", async () => {
  await using on = await rig({}, () => undefined);
  on.server.bucket("photos").put("right.jpg", PHOTO, { ...opaque, checksums: { sha256: ofOnePart(PHOTO) } });
  const ran = await on.mirror();
  expect(ran.exit, ran.stderr).toBe(0);
  expect(ran.summary.unprovable).toBe(0);
});

/** 64 and 128 bits of whatever kind: of a checksum that nobody here computes only the length is known. */
const FOREIGN = {
  xxhash64: "AAAAAAAAAAA=",
  xxhash3: "AAAAAAAAAAA=",
  xxhash128: "AAAAAAAAAAAAAAAAAAAAAA==",
  blake3: "AAAA",
};

test.each(["1", "0"])(
  "a checksum of a kind that nobody here computes proves nothing, and refuses nothing (hands: %s)",
  async (hands) => {
    await using on = await rig({}, () => undefined);
    const bucket = on.server.bucket("photos");
    const parts = `${"ab".repeat(16)}-2`;
    for (const [name, sum] of Object.entries(FOREIGN)) {
      bucket.put(`${name}.jpg`, datedPhoto(3000, name), { ...opaque, checksums: { [name]: sum } });
      bucket.put(`${name}-parts.jpg`, datedPhoto(3000, `${name} parts`), {
        modified,
        etag: parts,
        checksums: { [name]: `${sum}-2` },
      });
    }
    bucket.put("known.jpg", PHOTO, { modified, checksums: { xxhash3: "AAAA" } });
    const ran = await on.run(["mirror", "s3://photos", `${on.folder}/usb`, ...on.endpoint, "--json"], {
      env: { PHOTOHAUL_HANDS: hands },
    });
    expect(ran.exit, ran.stderr).toBe(0);
    expect(ran.summary).toMatchObject({ outcomes: { stored: 9, failed: 0 }, unprovable: 8 });
  },
);

test.each(["xxh3", "xxh128", "blake3", "hidrive"])(
  "rclone's digest %s proves nothing, and refuses nothing",
  async (kind) => {
    await using on = await rig({}, () => undefined);
    const fake = fakeRclone();
    fake.set({ hashes: [kind] });
    fake.put("photos/a.jpg", PHOTO);
    const args = ["mirror", "rclone:fake:photos", `${on.folder}/usb`, "--rclone", fake.program, "--json"];
    const ran = await on.run(args);
    fake.close();
    expect(ran.exit, ran.stderr).toBe(0);
    expect(ran.summary).toMatchObject({ outcomes: { stored: 1, failed: 0 }, unprovable: 1 });
  },
);
