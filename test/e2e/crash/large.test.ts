/** A large photo goes on where its run was stopped, and never as a mixture of two. */

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Decrypter, identityToRecipient } from "age-encryption";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KEYS } from "../../contract/sealed-rig.ts";
import { datedPhoto } from "../../scripts/dated-photo.ts";
import { type Rig, rig } from "../../scripts/rig.ts";

const MB = 1_000_000;
const SIZE = 80 * MB;
const STOPPED = 45 * MB;
const KEY = "film.jpg";
const bodyOf = (name: string) => {
  const body = Buffer.alloc(SIZE, `${name} `);
  datedPhoto(2000, name).copy(body);
  return body;
};

let on: Rig;
let line: Server;
/** What was asked for of each object: where it begins. */
let asked: number[] = [];
let drafts = "";

beforeEach(async () => {
  on = await rig({}, (server) => {
    server
      .bucket("photos")
      .put(KEY, bodyOf("first"), { modified: "2016-01-01T00:00:00.000Z", partSize: 8 * 1024 ** 2 });
  });
  drafts = join(on.folder, "photos", ".photohaul", "tmp");
  asked = [];
  const port = Number(new URL(on.server.endpoint).port);
  line = createServer((client) => {
    const store = connect(port, "127.0.0.1");
    client.on("data", (data) => {
      const head = String(data);
      if (head.includes(`/${KEY} `)) asked.push(Number(/^range: bytes=(\d+)-/im.exec(head)?.[1] ?? 0));
    });
    for (const socket of [client, store]) socket.on("error", () => socket.destroy());
    client.pipe(store).pipe(client);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => line.once("listening", resolve));
});
afterEach(async () => {
  line.close();
  await on[Symbol.asyncDispose]();
});

const begun = () => readdirSync(drafts).filter((name) => name.endsWith(".part"));
const lengthOf = (name: string) => statSync(join(drafts, name)).size;

/** Where photos wait that are to be sealed; one target, one folder. */
function spooled(): string {
  const spool = join(on.folder, "state/photohaul/spool");
  return join(spool, readdirSync(spool)[0] ?? "");
}

function mirror(onKill: (kill: (signal: NodeJS.Signals) => void) => void, ...more: readonly string[]) {
  const endpoint = `http://127.0.0.1:${(line.address() as AddressInfo).port}`;
  const words = ["mirror", "s3://photos", join(on.folder, "photos"), "--endpoint", endpoint, "--json", ...more];
  return on.run(words, { onEvent: (_, kill) => onKill(kill) });
}

/** A run of which the film stops halfway, and which is ended then. */
async function stoppedBy(signal: NodeJS.Signals, ...more: readonly string[]): Promise<number> {
  on.server.faults.arm({ fault: "stall", on: { op: "get", key: KEY }, afterBytes: STOPPED });
  let kill: (its: NodeJS.Signals) => void = () => undefined;
  const running = mirror(
    (its) => {
      kill = its;
    },
    ...more,
  );
  const came = () => {
    try {
      if (more.length > 0) drafts = spooled();
      return Math.max(0, ...begun().map(lengthOf));
    } catch {
      return 0;
    }
  };
  while (came() < STOPPED - MB) await wait(20);
  kill(signal);
  expect((await running).exit).toBe(signal === "SIGKILL" ? 137 : 130);
  const [left = ""] = begun();
  return lengthOf(left);
}

describe.each(["SIGKILL", "SIGINT"] as const)("a film whose run was ended by %s", (signal) => {
  test("goes on where it stopped", { timeout: 120_000 }, async () => {
    const length = await stoppedBy(signal);
    expect(length).toBeGreaterThan(STOPPED - MB);
    const next = await mirror(() => undefined);
    expect(next.summary).toMatchObject({ exit: 0, outcomes: { stored: 1 }, unprovable: 0 });
    expect(asked).toEqual([0, length]);
    expect(readFileSync(join(on.folder, "photos", KEY)).equals(bodyOf("first"))).toBe(true);
    expect(readdirSync(drafts)).toEqual([]);
  });
});

test("one that is to be sealed goes on where it stopped, and is sealed whole", { timeout: 120_000 }, async () => {
  const sealing = ["--one-key", "--encrypt-to", await identityToRecipient(KEYS[0] ?? "")];
  const length = await stoppedBy("SIGKILL", ...sealing);
  const next = await mirror(() => undefined, ...sealing);
  expect(next.summary).toMatchObject({ exit: 0, outcomes: { stored: 1 }, unprovable: 0 });
  expect(asked).toEqual([0, length]);
  const decrypter = new Decrypter();
  decrypter.addIdentity(KEYS[0] ?? "");
  const opened = await decrypter.decrypt(readFileSync(join(on.folder, "photos", `${KEY}.age`)));
  expect(Buffer.from(opened).equals(bodyOf("first"))).toBe(true);
  expect(begun()).toEqual([]);
});

test("one that was overwritten meanwhile begins again", { timeout: 120_000 }, async () => {
  await stoppedBy("SIGKILL");
  on.server.bucket("photos").put(KEY, bodyOf("other"), { modified: "2017-01-01T00:00:00.000Z" });
  const next = await mirror(() => undefined);
  expect(next.summary).toMatchObject({ exit: 0, outcomes: { stored: 1 } });
  expect(asked).toEqual([0, 0]);
  expect(readFileSync(join(on.folder, "photos", KEY)).equals(bodyOf("other"))).toBe(true);
});

test("one whose beginning rotted meanwhile is noticed, and begins again", { timeout: 120_000 }, async () => {
  const length = await stoppedBy("SIGKILL");
  const [left = ""] = begun();
  const bytes = readFileSync(join(drafts, left));
  bytes[MB] = 255 - (bytes[MB] ?? 0);
  writeFileSync(join(drafts, left), bytes);
  const next = await mirror(() => undefined);
  expect(next.summary).toMatchObject({ exit: 0, outcomes: { stored: 1 } });
  expect(asked).toEqual([0, length, 0]);
  expect(readFileSync(join(on.folder, "photos", KEY)).equals(bodyOf("first"))).toBe(true);
  expect(readdirSync(drafts)).toEqual([]);
});
