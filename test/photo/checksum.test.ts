import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { FullDigests, Listed, ObjectHead } from "../../src/model.ts";
import { compareDigests, digestsWanted, partSizes } from "../../src/photo/checksum.ts";

const MIB = 1024 * 1024;
const md5 = "0cc175b9c0f1b6a831c399e269772661";
const sha256 = createHash("sha256").update("a").digest("hex");
const sha256Base64 = createHash("sha256").update("a").digest("base64");

const object = (etag: string): Listed => ({
  key: "a",
  size: 1,
  etag,
  modified: "2014-01-01T00:00:00Z",
  storageClass: "STANDARD",
});
const head = (more: Partial<ObjectHead> = {}): ObjectHead => ({
  size: 1,
  etag: "",
  modified: "",
  contentType: "",
  contentDisposition: "",
  metadata: {},
  checksums: {},
  ...more,
});
const came = (more: Partial<FullDigests> = {}): FullDigests => ({
  size: 1,
  sha256,
  md5,
  sum: "6LdDvw==",
  multipart: [],
  ...more,
});

describe("judge", () => {
  const other = "f".repeat(32);
  test.each([
    ["wrong length", object(md5), head(), came({ size: 0 }), "0 bytes came of 1"],
    ["MD5 equal", object(md5), head(), came(), "md5"],
    ["MD5 equal, ETag in capitals", object(md5.toUpperCase()), head(), came(), "md5"],
    ["MD5 not equal", object(other), head(), came(), /MD5 0cc1/],
    ["MD5 not equal though a checksum is", object(other), head({ checksums: { sha256: sha256Base64 } }), came(), /MD5/],
    ["32 digits that are no MD5 (SSE-KMS)", object(other), head({ opaqueEtag: true }), came(), "unprovable"],
    ["multipart, part size found", object(`${md5}-2`), head(), came({ multipart: [`${md5}-2`] }), "multipart"],
    ["multipart, none found", object(`${md5}-2`), head(), came({ multipart: [`${other}-2`] }), "unprovable"],
    ["checksum sha256 equal", object("x"), head({ checksums: { sha256: sha256Base64 } }), came(), "checksum"],
    ["checksum sha256 not equal", object("x"), head({ checksums: { sha256: "AAAA" } }), came(), /sha256/],
    ["checksum crc32 equal", object("x-2"), head({ checksums: { crc32: "6LdDvw==" } }), came(), "checksum"],
    ["checksum crc32 not equal", object("x-2"), head({ checksums: { crc32: "AAAAAA==" } }), came(), /crc32/],
    [
      "checksum crc64nvme equal",
      object("x-2"),
      head({ checksums: { crc64nvme: "AA==" } }),
      came({ sum: "AA==" }),
      "checksum",
    ],
    ["a checksum we do not compute", object("x-2"), head({ checksums: { xxhash3: "AA==" } }), came(), "unprovable"],
    [
      "that of parts, a size found",
      object("x-2"),
      head({ partSums: { sha1: "AA=-2" } }),
      came({ multipart: ["AA=-2"] }),
      "checksum",
    ],
    [
      "that of parts, none found",
      object("x-2"),
      head({ partSums: { sha1: "AA=-2" } }),
      came({ multipart: ["BB=-2"] }),
      "unprovable",
    ],
    ["no ETag at all", object(""), head(), came(), "unprovable"],
    ["the answer's MD5 is that of other bytes", object(`${md5}-2`), head({ etag: other }), came(), /MD5 0cc1/],
    ["the answer's MD5 is right, the listing's not", object(other), head({ etag: md5 }), came(), "md5"],
    ["the listing's MD5 is right, the answer's not", object(md5), head({ etag: other }), came(), /MD5 0cc1/],
    [
      "the answer's proves parts",
      object(other),
      head({ etag: `${md5}-2` }),
      came({ multipart: [`${md5}-2`] }),
      "multipart",
    ],
    [
      "the answer's is no digest, and says so",
      object("x-2"),
      head({ etag: other, opaqueEtag: true }),
      came(),
      "unprovable",
    ],
    ["the answer's is of no known form", object(md5), head({ etag: "1-a" }), came(), "md5"],
  ])("%s", (_, listed, said, digests, expected) => {
    const verdict = compareDigests(listed, said, digests);
    const answer = verdict.right ? verdict.proof : verdict.reason;
    if (expected instanceof RegExp) expect(answer).toMatch(expected);
    else expect(answer).toBe(expected);
    expect(verdict.right).toBe(["md5", "multipart", "checksum", "unprovable"].includes(answer));
  });
});

describe("partSizes", () => {
  test.each([
    ["an MD5 has none", md5, 20 * MIB, []],
    ["one part is the whole", `${md5}-1`, 7, [7]],
    ["AWS CLI's 8 MiB first", `${md5}-3`, 20 * MIB, [8 * MIB, 7 * MIB, 9 * MIB]],
    ["a size nobody uses is found by division", `${md5}-2`, 5 * 1024 * MIB, [2560 * MIB]],
    ["too many parts for any size", `${md5}-9999`, 10, []],
  ])("%s", (_, etag, size, expected) => {
    expect(partSizes(etag, size)).toEqual(expected);
  });
});

describe("what is taken of the bytes", () => {
  const opaque = { opaqueEtag: true } as const;
  test.each<[string, Listed, ObjectHead, object]>([
    [
      "nothing where the ETag is their MD5",
      object(md5),
      head({ checksums: { crc64nvme: "AA==" } }),
      { partSizes: [], sum: null },
    ],
    [
      "what the store has of them",
      object("x"),
      head({ checksums: { crc64nvme: "AA==" } }),
      { partSizes: [], sum: "crc64nvme" },
    ],
    [
      "the cheaper of two",
      object("x"),
      head({ checksums: { crc64nvme: "AA==", crc32: "" } }),
      { partSizes: [], sum: "crc32" },
    ],
    ["nothing for a SHA-256", object("x"), head({ checksums: { sha256: "AA==" } }), { partSizes: [], sum: null }],
    [
      "one guess of parts besides",
      object(`${md5}-1`),
      head({ checksums: { sha1: "" } }),
      { partSizes: [1], sum: "sha1" },
    ],
    [
      "that of parts where the ETag says nothing",
      object(`${md5}-1`),
      head({ ...opaque, partSums: { sha256: "AA==-1" } }),
      { partSizes: [1], partSum: "sha256", sum: null },
    ],
    [
      "the parts of the ETag, else",
      object(`${md5}-1`),
      head({ partSums: { sha256: "AA==-1" } }),
      { partSizes: [1], sum: null },
    ],
  ])("%s", (_, listed, said, wanted) => {
    expect(digestsWanted(listed, said)).toEqual(wanted);
  });
});
