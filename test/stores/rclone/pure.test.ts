import { describe, expect, test } from "vitest";
import { isPlainPath } from "../../../src/key.ts";
import { fileIn, headOf, listedOf, traitsIn } from "../../../src/stores/rclone/rclone-entry.ts";
import { messagesIn, rcloneTrouble } from "../../../src/stores/rclone/rclone-trouble.ts";
import { bytesPath, folderBelow, remotePlace } from "../../../src/stores/rclone/remote-place.ts";
import { patiently } from "../../../src/stores/rclone/sending.ts";
import { editionIn, editionOf } from "../../../src/targets/store/editions.ts";

test.each([
  ["rclone:dropbox:Photos/2012", "dropbox:Photos/2012"],
  ["rclone:dropbox:", "dropbox:"],
  ["RCLONE:My Drive 2:/a/b//", "My Drive 2:/a/b"],
  ["rclone:nas:/", "nas:/"],
  ["rclone:é.x+y@z:a:b", "é.x+y@z:a:b"],
])("%s is %s to rclone", (typed, fs) => {
  expect(remotePlace(typed).fs).toBe(fs);
});

test.each([
  "rclone:",
  "rclone:x",
  "rclone::local:/etc",
  "rclone://x/y",
  "rclone:x://y",
  "rclone:-x:y",
  "rclone:x,pass=y:z",
  "rclone:x:a\nb",
])("%j is no place", (typed) => {
  expect(() => remotePlace(typed)).toThrow(/as in rclone:dropbox:Photos/);
});

test("folders below it, keys, and where their bytes are", () => {
  expect(folderBelow(remotePlace("rclone:x:"), "a")).toBe("x:a");
  expect(folderBelow(remotePlace("rclone:x:/"), "a")).toBe("x:/a");
  expect(folderBelow(remotePlace("rclone:x:b"), "a")).toBe("x:b/a");
  expect(bytesPath(remotePlace("rclone:x:b c"), "d/é?.jpg")).toBe("/%5Bx%3Ab%20c%5D/d/%C3%A9%3F.jpg");
  // Brackets would end the name of the folder too early.
  expect(bytesPath(remotePlace("rclone:x:/a/My [x]/c"), "d")).toBe("/%5Bx%3A/a/%5D/My%20%5Bx%5D/c/d");
  expect(["a", "a/b.c", ".a", "a..b"].every(isPlainPath)).toBe(true);
  expect(["", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\0"].some(isPlainPath)).toBe(false);
});

test("editions of our own files have their numbers before the extension", () => {
  for (const path of [".photohaul/target.json", ".photohaul/SHA256SUMS-000001", ".photohaul/manifest-000012.ndjson"]) {
    expect(editionIn(path)).toEqual({ path, edition: 1 });
    expect(editionOf(path, 1)).toBe(path);
    expect(editionIn(editionOf(path, 12))).toEqual({ path, edition: 12 });
  }
  expect(editionOf(".photohaul/target.json", 2)).toBe(".photohaul/target~2.json");
});

describe("what rclone says", () => {
  const at = (doing: "listing" | "object" | "write", names: readonly string[] = []) => ({
    doing,
    at: "x",
    status: 500,
    names,
  });
  test.each([
    ["write", "path/insufficient_space/...", "full"],
    ["write", "googleapi: Error 403: storageQuotaExceeded", "full"],
    ["write", "googleapi: Error 403: User Rate Limit Exceeded, userRateLimitExceeded", "throttled"],
    ["object", "googleapi: Error 403: downloadQuotaExceeded", "quota"],
    ["write", "too_many_write_operations/..", "throttled"],
    ["object", "failed to find object: object not found", "missing"],
    ["listing", "error in ListJSON: directory not found", "no-bucket"],
    ["write", "open /x: permission denied", "forbidden"],
    ["listing", "open /x: permission denied", "denied"],
    ["write", "open /x: read-only file system", "forbidden"],
    ["write", "dial tcp: lookup api.dropboxapi.com: no such host", "unreachable"],
    ["object", "read tcp 1.2.3.4: i/o timeout", "broken"],
    ["write", "lstat /x: file name too long", "name"],
    ["write", "corrupted on transfer: sizes differ 1 vs 2", "wrong-bytes"],
    ["write", "it rains", "server"],
  ] as const)("while it is asked for a %s, “%s” is %s", (doing, said, code) => {
    expect(rcloneTrouble(said, at(doing)).code).toBe(code);
  });

  test("is not taken from the names that were asked for", () => {
    const name = "2012/401/disk full 429.jpg";
    expect(rcloneTrouble(`lstat /mnt/${name}: it rains`, at("write", [name])).code).toBe("server");
  });

  test("is read from a log of JSON, and as it is from another", () => {
    expect(messagesIn('{"level":"notice","msg":"a","object":"b"}\nplain\n\n')).toEqual(["b: a", "plain"]);
  });
});

describe("what lies there", () => {
  const about = { Features: { SlowHash: false }, Hashes: ["md5", "sha1"], Precision: 1, String: "x" };
  const line = { Path: "a.jpg", Size: 5, ModTime: "2012-06-28T16:03:22.25+02:00", ID: "id" };
  test("is known by an MD5, another digest, or size and time", () => {
    const md5 = "5ae0c1c8a5260bc7b6648f6fbd115c35";
    const found = fileIn({ ...line, Hashes: { md5 } });
    expect(listedOf(found, traitsIn(about))).toMatchObject({ etag: md5, modified: "2012-06-28T14:03:22.250Z" });
    expect(headOf(found, traitsIn(about)).opaqueEtag).toBeUndefined();
    const sha1 = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
    const other = fileIn({ ...line, Hashes: { sha1 } });
    const b2 = traitsIn({ ...about, Hashes: ["sha1"] });
    expect(listedOf(other, b2).etag).toBe(`sha1:${sha1}`);
    expect(headOf(other, b2)).toMatchObject({
      opaqueEtag: true,
      checksums: { sha1: Buffer.from(sha1, "hex").toString("base64") },
    });
    expect(listedOf(fileIn(line), traitsIn({ ...about, Hashes: [] })).etag).toBe("5-1340892202250000000-id");
  });

  test("costs no reading to be known", () => {
    const slow = traitsIn({ ...about, Features: { SlowHash: true } });
    expect([slow.free, slow.dear]).toEqual([null, "md5"]);
  });
});

test("a write that stands still is given up, one that moves is not", async () => {
  const signal = new AbortController().signal;
  const still = { lookMs: 5, stillMs: 40 };
  const never = (until: AbortSignal) =>
    new Promise<never>((_, reject) => until.addEventListener("abort", () => reject(new Error("aborted"))));
  await expect(patiently(never, async () => 7, "x", signal, still)).rejects.toMatchObject({
    code: "broken",
    retry: true,
  });
  let bytes = 0;
  const slow = () => new Promise((resolve) => setTimeout(() => resolve("done"), 150));
  expect(await patiently(slow, async () => ++bytes, "x", signal, still)).toBe("done");
});
