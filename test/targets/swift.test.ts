/** What a target in Swift does beyond the contract: faults, and what the store was found to do. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FaultName } from "../../fixtures/swift/faults.ts";
import { openTarget } from "../../src/targets/all.ts";
import type { Target } from "../../src/targets/target.ts";
import { type SwiftTargetRig, swiftTargetRig } from "../contract/swift-target-rig.ts";
import { keeping, pathsOf, readAll, signal, troubleOf } from "../contract/target-rig.ts";
import { loginOf } from "../stores/swift-rig.ts";

let rig: SwiftTargetRig;
let targets: Target[];

beforeEach(async () => {
  rig = await swiftTargetRig();
  targets = [];
});
afterEach(async () => {
  for (const target of targets) await target.close();
  await rig.close();
});

async function opened(options: Parameters<SwiftTargetRig["open"]>[0] = {}): Promise<Target> {
  const target = await rig.open(options);
  targets.push(target);
  return target;
}

const FAULTS: readonly FaultName[] = [
  "unauthorized",
  "unprocessable",
  "too-many",
  "rate-limit",
  "internal-error",
  "unavailable",
  "reset",
  "lost-answer",
  "wrong-etag",
];

describe("a write that goes wrong once is made good, and counts once", () => {
  test.each(FAULTS)("%s", async (fault) => {
    const target = await opened();
    const armed = rig.server.faults.arm({ fault, method: "PUT", path: /2012/ });
    const keep = await keeping(target, "2012/a.jpg", "photo");
    expect(await target.commit([keep], signal)).toEqual(["stored"]);
    expect(armed.fired).toBe(1);
    expect((await rig.read("2012/a.jpg"))?.toString()).toBe("photo");
    expect(await pathsOf(target)).toEqual(["2012/a.jpg"]);
    expect(await rig.debris()).toEqual([]);
  });

  test.each(FAULTS)("%s, of the manifest", async (fault) => {
    const target = await opened();
    const armed = rig.server.faults.arm({ fault, method: "PUT", path: /manifest/ });
    await target.commit([await keeping(target, "a.jpg", "photo")], signal);
    await target.commit([await keeping(target, "b.jpg", "photo")], signal);
    expect(armed.fired).toBe(1);
    expect(await pathsOf(target)).toEqual(["a.jpg", "b.jpg"]);
  });

  test.each<FaultName>(["lost-answer", "reset"])("%s, where it would overwrite", async (fault) => {
    await rig.close();
    rig = await swiftTargetRig({ features: { ignoreIfNoneMatch: true } });
    const target = await opened();
    const armed = rig.server.faults.arm({ fault, method: "PUT", path: /2012/ });
    const keep = await keeping(target, "2012/a.jpg", "photo");
    expect(await target.commit([keep], signal)).toEqual(["stored"]);
    expect(armed.fired).toBe(1);
  });
});

describe("what the store can do", () => {
  const canOf = async () => JSON.parse((await rig.read(".photohaul/target.json"))?.toString() ?? "{}").can;

  test("is found out once, and leaves no segment", async () => {
    await (await rig.open()).close();
    expect(await canOf()).toMatchObject({ onlyNew: true, onlyNewInParts: true, sha256: false });
    expect(rig.segments()).toEqual([]);
    const puts = rig.server.counts.PUT;
    await opened();
    expect(rig.server.counts.PUT).toBe(puts);
  });

  test("where it would overwrite, that is said, and looked at before each write", async () => {
    await rig.close();
    rig = await swiftTargetRig({ features: { ignoreIfNoneMatch: true } });
    const warnings: string[] = [];
    const target = await opened({ warn: (message) => warnings.push(message) });
    expect(await canOf()).toMatchObject({ onlyNew: false, onlyNewInParts: false });
    expect(warnings.join()).toContain("would overwrite");
    const heads = rig.server.counts.HEAD ?? 0;
    await target.commit([await keeping(target, "a.jpg", "photo")], signal);
    expect(rig.server.counts.HEAD).toBeGreaterThan(heads);
  });

  test("where it spares what is there, a photo costs one request, and a batch three looks", async () => {
    const target = await opened();
    const names = Array.from({ length: 20 }, (_, at) => `${at}.jpg`);
    const batch = await Promise.all(names.map((name) => keeping(target, name, name)));
    const before = { ...rig.server.counts };
    await target.commit(batch, signal);
    const { PUT = 0, GET = 0, HEAD = 0 } = before;
    expect(rig.server.counts).toEqual({ ...before, PUT: PUT + 22, GET: GET + 1, HEAD: HEAD + 2 });
  });
});

describe("a store that is down", () => {
  test.each<[FaultName, string]>([
    ["forbidden", "read-only"],
    ["not-found", "no-target"],
    ["unauthorized", "no-target"],
    ["no-room", "full"],
    ["quota", "full"],
  ])("%s ends the part of this target: %s", async (fault, trouble) => {
    const target = await opened();
    rig.server.faults.arm({ fault, method: "PUT", times: 99 });
    const keep = await keeping(target, "a.jpg", "photo");
    expect(await troubleOf(target.commit([keep], signal))).toBe(trouble);
  });

  test("cannot be opened", async () => {
    const { spool, server } = rig;
    const login = loginOf(server);
    const open = (url: string, more: object = {}) => openTarget(url, { spool, login, ...more });
    expect(await troubleOf(open("swift://nowhere/x"))).toBe("no-target");
    expect(await troubleOf(open("swift:///x"))).toBe("usage");
    const wrong = { ...login, key: "wrong" };
    expect(await troubleOf(open("swift://second/x", { login: wrong }))).toBe("no-target");
    const gone = { ...login, auth: "http://127.0.0.1:9/" };
    expect(await troubleOf(open("swift://second/x", { login: gone }))).toBe("no-target");
  });
});

test.each<FaultName>(["cut-body", "short-body", "reset", "unauthorized"])("reading survives %s", async (fault) => {
  const target = await opened();
  const body = Buffer.alloc(300_000, "a photo ");
  await target.commit([await keeping(target, "a.jpg", body)], signal);
  const armed = rig.server.faults.arm({ fault, method: "GET", times: 2 });
  const read = readAll(target, "a.jpg");
  if (fault === "unauthorized") expect(await troubleOf(read)).toBe("no-target");
  else expect((await read).equals(body)).toBe(true);
  expect(armed.fired).toBe(2);
});
