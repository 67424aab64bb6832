/** What a target in Swift does beyond the contracts. */

import { expect, test } from "vitest";
import { openTarget } from "../../src/targets/all.ts";
import { swiftTargetRig } from "../contract/swift-target-rig.ts";
import { eachIn, keeping, readAll, signal, troubleOf } from "../contract/target-rig.ts";
import { loginOf } from "../stores/swift-rig.ts";

const on = eachIn(() => swiftTargetRig());

test("cannot be opened", async () => {
  const { spool, server } = on.rig;
  const login = loginOf(server);
  const open = (url: string, more: object = {}) => openTarget(url, { spool, login, ...more });
  expect(await troubleOf(open("swift://nowhere/x"))).toBe("no-target");
  expect(await troubleOf(open("swift:///x"))).toBe("usage");
  const wrong = { ...login, key: "wrong" };
  expect(await troubleOf(open("swift://second/x", { login: wrong }))).toBe("no-target");
  const gone = { ...login, auth: "http://127.0.0.1:9/" };
  expect(await troubleOf(open("swift://second/x", { login: gone }))).toBe("no-target");
});

test("a read that is refused for good is this target's trouble", async () => {
  const target = await on.open();
  await target.commit([await keeping(target, "a.jpg", "a photo")], signal);
  const armed = on.rig.arm("unauthorized", "get", { times: 2 });
  expect(await troubleOf(readAll(target, "a.jpg"))).toBe("no-target");
  expect(armed.fired).toBe(2);
});
