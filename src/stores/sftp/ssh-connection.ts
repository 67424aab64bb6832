/** One SSH connection, with SFTP on it: whose host key is known, that was let in, and that notices when the other side is gone. */

import { createSecretKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import ssh2, { type Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { unlessAborted } from "../../cancel.ts";
import { HaulError } from "../../errors.ts";
import { fromOutside } from "../../secrets.ts";
import { networkTrouble } from "../http/network-trouble.ts";
import {
  fingerprintOf,
  hostNameOf,
  judgeKey,
  type KnownKeys,
  keysKnown,
  lineOf,
  wantedAlgorithms,
} from "./known-hosts.ts";
import { SftpWire } from "./sftp-wire.ts";
import { type Login, loginTo, offering, PASSWORD_VARIABLE, type SshPlace } from "./ssh-login.ts";

export interface SshReach extends SshPlace {
  /** For messages: `sftp://user@host`. */
  readonly name: string;
  /** The key file that was named; null for the usual ones. */
  readonly identity: string | null;
  /** `~/.ssh` */
  readonly folder: string;
  readonly stallMs: number;
}

/** By CPU (measured): chacha20-poly1305, the first choice of servers, gives half of what AES-GCM does. */
const CIPHERS = ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr"];
const KEEPALIVE_MS = 15_000;
const KEEPALIVES = 4;
const CONNECT_MS = 30_000;

/** @throws HaulError `credentials` also for a host that is not known, `unreachable`, `broken`, `interrupted` */
export async function connect(reach: SshReach, signal: AbortSignal): Promise<SftpWire> {
  const login = await loginTo(reach);
  const known = await knownKeys(login, reach.folder);
  const client = new ssh2.Client();
  // What breaks later is told where it is waited for.
  client.on("error", () => undefined);
  try {
    await unlessAborted(ready(client, login, known, reach), signal);
    keepKeys(client);
    const channel = await unlessAborted(subsystem(client, reach), signal);
    const life = { name: reach.name, stallMs: reach.stallMs, end: () => void client.destroy() };
    return await unlessAborted(SftpWire.open(channel, life), signal);
  } catch (error) {
    client.destroy();
    throw error;
  }
}

async function knownKeys({ host, port }: Login, folder: string): Promise<KnownKeys> {
  const files = [join(folder, "known_hosts"), join(folder, "known_hosts2"), "/etc/ssh/ssh_known_hosts"];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return keysKnown(texts, hostNameOf(host, port));
}

function ready(client: Client, login: Login, known: KnownKeys, reach: SshReach): Promise<void> {
  const { host, port, user } = login;
  const name = hostNameOf(host, port);
  let refusal: HaulError | null = null;
  const config: ConnectConfig = {
    sock: socketTo(host, port),
    username: user,
    readyTimeout: Math.min(CONNECT_MS, reach.stallMs),
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVES,
    // Its type knows no function without an answer of the server yet, of which there is none at first.
    authHandler: offering(login) as NonNullable<ConnectConfig["authHandler"]>,
    algorithms: {
      cipher: CIPHERS as NonNullable<NonNullable<ConnectConfig["algorithms"]>["cipher"]>,
      serverHostKey: wantedAlgorithms(known) as NonNullable<NonNullable<ConnectConfig["algorithms"]>["serverHostKey"]>,
    },
    hostVerifier: (key: Buffer) => {
      refusal = hostRefusal(known, key, name, reach.name);
      return refusal === null;
    },
  };
  return new Promise((resolve, reject) => {
    client.on("ready", () => resolve());
    client.on("error", (error: Error & { level?: string }) => {
      // An agent that does not answer is passed over; the next method is tried.
      if (error.level === "agent") login.tried.push(`the agent cannot be asked (${fromOutside(error.message)})`);
      else reject(refusal ?? troubleOf(error, login, reach));
    });
    const closed = () =>
      reject(refusal ?? new HaulError("broken", `${reach.name}: the connection broke`, { retry: true }));
    client.on("close", closed).on("end", closed);
    client.connect(config);
  });
}

/**
 * ssh2 makes a cipher for each packet from the bytes of its key, of which Node makes a key first: two thirds of what a small
 * packet costs (measured). So the keys are made once, where they are what ssh2 1.17 calls them; else nothing is changed.
 */
function keepKeys(client: Client): void {
  const protocol: unknown = Reflect.get(client, "_protocol");
  for (const [side, name] of [
    ["_cipher", "_encKey"],
    ["_decipher", "_decipherKey"],
  ] as const) {
    const cipher: unknown = Reflect.get(Object(protocol), side);
    const key: unknown = Reflect.get(Object(cipher), name);
    if (typeof cipher === "object" && cipher !== null && Buffer.isBuffer(key))
      Reflect.set(cipher, name, createSecretKey(key));
  }
}

/**
 * ssh2 writes each packet in three pieces and leaves small ones waiting for an answer to the one before: what is written in
 * one turn goes at once, and together (a photo of 45 kB took half the CPU, and a tenth of the time, measured).
 */
function socketTo(host: string, port: number): Socket {
  const socket = createConnection({ host, port, noDelay: true });
  const write = socket.write.bind(socket);
  const together = (...written: Parameters<Socket["write"]>) => {
    if (socket.writableCorked === 0) {
      socket.cork();
      process.nextTick(() => socket.uncork());
    }
    return write(...written);
  };
  socket.write = together as Socket["write"];
  return socket;
}

function hostRefusal(known: KnownKeys, key: Buffer, host: string, name: string): HaulError | null {
  const verdict = judgeKey(known, key);
  if (verdict === "known") return null;
  const print = fingerprintOf(key);
  const line = lineOf(host, key);
  const ask = `Ask whoever runs the server for its fingerprint (there: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub, or its console).`;
  const [says, hint] = {
    new: [
      `${name}: this server was never met, so it may be another one. Its key is ${print}`,
      `${ask} Where it is that one, add this line to ~/.ssh/known_hosts and run the same line again: ${line}`,
    ],
    changed: [
      `${name}: the server shows another key than ~/.ssh/known_hosts has of it (${print}). Somebody may stand between, or it was set up anew`,
      `${ask} Only where it says that this is its new key: take its old lines out (ssh-keygen -R '${host}'), and add this one: ${line}`,
    ],
    revoked: [
      `${name}: the server shows a key that ~/.ssh/known_hosts calls revoked (${print})`,
      "Nothing is sent to it. Ask whoever runs the server.",
    ],
  }[verdict];
  return new HaulError("credentials", says ?? "", { place: "sftp", hint });
}

function troubleOf(error: Error & { level?: string }, login: Login, { name }: SshReach): HaulError {
  const { level } = error;
  const says = fromOutside(error.message);
  if (level === "client-authentication") {
    const refused = `${name}: ${login.user} was not let in. Tried: ${[...new Set(login.tried)].join("; ")}`;
    const wantsWord = /password|keyboard-interactive/.test(login.tried.at(-1) ?? "") && !process.env[PASSWORD_VARIABLE];
    const hint = wantsWord
      ? `The server asks for a password, and nobody is here to type it: better make a key (ssh-keygen, ssh-copy-id), or set ${PASSWORD_VARIABLE} in the environment. Then run the same line again.`
      : undefined;
    return new HaulError("credentials", refused, { place: "sftp", cause: error, hint });
  }
  if (level === "client-timeout") {
    return new HaulError("unreachable", `${name}: the server does not answer (${says})`, { retry: true, cause: error });
  }
  if (level === "client-socket" || level === "client-dns") return networkTrouble(error, name, NEVER);
  const isKex = /algorithm|handshake/i.test(error.message) && !/lost/i.test(error.message);
  return new HaulError("unreachable", `${name}: no SSH connection came about (${says})`, {
    retry: !isKex,
    cause: error,
  });
}

const NEVER = new AbortController().signal;

function subsystem(client: Client, { name, stallMs }: SshReach): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new HaulError("unreachable", `${name}: the server opens no SFTP`, { retry: true }));
    }, stallMs);
    const lost = () => reject(new HaulError("broken", `${name}: the connection broke`, { retry: true }));
    client.once("close", lost);
    client.subsys("sftp", (error, channel) => {
      clearTimeout(late);
      if (error === undefined) return resolve(channel);
      const says = `${name}: the server lets this user in, but has no SFTP for them (${fromOutside(error.message)})`;
      reject(new HaulError("credentials", says, { place: "sftp", cause: error }));
    });
  });
}
