import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import {
  fingerprintOf,
  hostNameOf,
  judgeKey,
  keysKnown,
  lineOf,
  wantedAlgorithms,
} from "../../../src/stores/sftp/known-hosts.ts";

const keyOf = (type: string, rest: string) => {
  const [name, body] = [Buffer.from(type), Buffer.from(rest)];
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, body]);
};
const ED = keyOf("ssh-ed25519", "one key");
const OTHER = keyOf("ssh-ed25519", "another key");
const RSA = keyOf("ssh-rsa", "a third key");
const base64 = ED.toString("base64");
const hashed = (name: string) => {
  const salt = Buffer.from("0123456789abcdefghij");
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
};

test.each([
  ["nas.example", "nas.example", "known"],
  ["NAS.example,192.0.2.1", "nas.example", "known"],
  ["192.0.2.1,nas.example", "nas.example", "known"],
  ["*.example", "nas.example", "known"],
  ["nas.?xample", "nas.example", "known"],
  ["*.example,!nas.example", "nas.example", "new"],
  ["[nas.example]:23", "[nas.example]:23", "known"],
  ["nas.example", "[nas.example]:23", "new"],
  [hashed("nas.example"), "nas.example", "known"],
  [hashed("[nas.example]:23"), "[nas.example]:23", "known"],
  [hashed("other.example"), "nas.example", "new"],
  ["@revoked nas.example", "nas.example", "revoked"],
  ["@cert-authority *.example", "nas.example", "new"],
  ["# nas.example", "nas.example", "new"],
])("a line for %s makes the key of %s %s", (hosts, name, verdict) => {
  const text = `\n# ours\n${hosts} ssh-ed25519 ${base64} a comment\nbroken line\n`;
  expect(judgeKey(keysKnown([text], name), ED)).toBe(verdict);
});

test("a host that is known by another key has changed, also by one of another kind", () => {
  const known = (key: Buffer) => keysKnown([lineOf("nas", key)], "nas");
  expect(judgeKey(known(OTHER), ED)).toBe("changed");
  expect(judgeKey(known(RSA), ED)).toBe("changed");
  expect(judgeKey({ good: [ED], revoked: [ED] }, ED)).toBe("revoked");
});

test("the kind of key that is known is asked for first", () => {
  expect(wantedAlgorithms({ good: [RSA], revoked: [] }).slice(0, 3)).toEqual([
    "rsa-sha2-512",
    "rsa-sha2-256",
    "ssh-rsa",
  ]);
  expect(wantedAlgorithms({ good: [], revoked: [] })[0]).toBe("ssh-ed25519");
});

test("names, lines and fingerprints are those of ssh-keygen", () => {
  expect(hostNameOf("nas", 22)).toBe("nas");
  expect(hostNameOf("nas", 23)).toBe("[nas]:23");
  const key = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  expect(lineOf("github.com", Buffer.from(key, "base64"))).toBe(`github.com ssh-ed25519 ${key}`);
  // As GitHub publishes it.
  expect(fingerprintOf(Buffer.from(key, "base64"))).toBe("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
});
