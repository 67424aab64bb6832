/** Which keys of a host are known: the lines of known_hosts files, read as sshd(8) describes them. Pure. */

import { createHash, createHmac } from "node:crypto";
import { isMeant } from "./ssh-config.ts";

/** A key as it goes over the wire (RFC 4253): its type, then the rest. */
export type HostKey = Buffer;

export interface KnownKeys {
  /** Keys that the host may show. */
  readonly good: readonly HostKey[];
  /** Keys that must not be taken, whoever shows them. */
  readonly revoked: readonly HostKey[];
}

/** As known_hosts names a host: with its port where that is not 22. */
export function hostNameOf(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/** @param texts known_hosts files. @param name as `hostNameOf` gives it */
export function keysKnown(texts: readonly string[], name: string): KnownKeys {
  const good: HostKey[] = [];
  const revoked: HostKey[] = [];
  for (const line of texts.flatMap((text) => text.split(/\r?\n/))) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const words = line.trim().split(/\s+/);
    const mark = words[0]?.startsWith("@") === true ? words.shift() : "";
    const [hosts = "", , base64 = ""] = words;
    const key = Buffer.from(base64, "base64");
    // An authority signs certificates, which are not asked for here.
    if (key.length === 0 || mark === "@cert-authority" || !namesHost(hosts, name)) continue;
    (mark === "@revoked" ? revoked : good).push(key);
  }
  return { good, revoked };
}

/** Names may be hashed: `|1|salt|HMAC-SHA1 of the name`. */
function namesHost(hosts: string, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(hosts) ?? [];
  if (salt === undefined) return isMeant(hosts.split(","), name);
  const hashed = createHmac("sha1", Buffer.from(salt, "base64")).update(name.toLowerCase()).digest("base64");
  return hashed === hash;
}

/** `known`: may be trusted. `new`: nothing is known of the host. `changed`: it is known by other keys. */
export type HostVerdict = "known" | "new" | "changed" | "revoked";

export function judgeKey({ good, revoked }: KnownKeys, key: HostKey): HostVerdict {
  if (revoked.some((one) => one.equals(key))) return "revoked";
  if (good.some((one) => one.equals(key))) return "known";
  return good.length === 0 ? "new" : "changed";
}

export function keyTypeOf(key: HostKey): string {
  return key.length < 4 ? "" : key.toString("latin1", 4, 4 + key.readUInt32BE(0));
}

/** As `ssh-keygen -l` prints it. */
export function fingerprintOf(key: HostKey): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The line for known_hosts. */
export function lineOf(name: string, key: HostKey): string {
  return `${name} ${keyTypeOf(key)} ${key.toString("base64")}`;
}

const ALGORITHMS = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
  "ssh-rsa",
] as const;

/** Which kinds of key to ask for, those first of which one is known: else a server with two would show the other. */
export function wantedAlgorithms({ good }: KnownKeys): string[] {
  const types = new Set(good.map(keyTypeOf));
  const isKnown = (name: string) => types.has(name.startsWith("rsa-") ? "ssh-rsa" : name);
  return [...ALGORITHMS.filter(isKnown), ...ALGORITHMS.filter((name) => !isKnown(name))];
}
