import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCheckLog } from "../src/catalogue/check-log.ts";
import type { RunEvent } from "../src/events.ts";
import { createLimiter } from "../src/limiter.ts";
import { createMeter } from "../src/photo/progress.ts";
import { emptyReport } from "../src/steps/verify-photo.ts";
import { openTarget } from "../src/targets/all.ts";
import type { Target } from "../src/targets/target.ts";
import { verify } from "../src/verify.ts";
import { keeping, signal } from "./contract/target-rig.ts";

let folder: string;
let root: string;
let target: Target;
let events: RunEvent[];
const log = () => openCheckLog(join(folder, "checks.sqlite"), "usb", new Date().toISOString());
const emit = (event: RunEvent): void => void events.push(event);

beforeEach(async () => {
  events = [];
  folder = mkdtempSync(join(tmpdir(), "photohaul-verify-"));
  root = join(folder, "usb");
  const writing = await openTarget(root, { durable: "none" });
  const photos = Array.from({ length: 30 }, (_, at) => `${at}`.padStart(2, "0"));
  await writing.commit(
    await Promise.all(photos.map((name) => keeping(writing, `${name}.jpg`, `photo ${name}`))),
    signal,
  );
  await writing.close();
  target = await openTarget(root, { readOnly: true });
});
afterEach(async () => {
  await target.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(checks: ReturnType<typeof log>, until: AbortSignal, on: Target = target) {
  const report = emptyReport(target);
  const mustBeThere = async () => (await openTarget(root, { readOnly: true, expectedId: target.id })).close();
  const limiter = createLimiter({ concurrency: 1, listConcurrency: 1 });
  const thawing = { ask: () => Promise.resolve(), next: () => Promise.resolve([]), fateOf: () => null };
  const ports = { thawing, target: on, log: checks, limiter, emit, signal: until, mustBeThere };
  const meter = createMeter(emit, Date.now);
  const story = verify({ ...ports, meter, now: Date.now, readAll: false }, () => "all", report);
  return { story, report };
}

/** The same target, which has something happen to it before its nth photo is read. */
function before(nth: number, happens: () => void): Target {
  let read = 0;
  return Object.create(target, {
    open: {
      value: (path: string, until: AbortSignal) => {
        read += 1;
        if (read === nth) happens();
        return target.open(path, until);
      },
    },
    entries: { value: target.entries.bind(target) },
    list: { value: target.list.bind(target) },
    traits: { value: target.traits },
    name: { value: target.name },
  });
}

test("a drive that is pulled while it is read is not a drive of missing photos", async () => {
  const checks = log();
  const pulled = before(11, () => rmSync(root, { recursive: true }));
  const { story, report } = await run(checks, signal, pulled);
  await expect(story).rejects.toMatchObject({
    code: expect.stringMatching(/no-target|wrong-drive/),
  });
  expect(report.conditions).toEqual({
    whole: 10,
    rotten: 0,
    unreadable: 0,
    missing: 0,
    archived: 0,
  });
  expect(events.filter((event) => event.type === "check")).toHaveLength(10);
  checks.close();
});

test("what was read before an interruption is remembered: the next run goes on with the rest", async () => {
  const stop = new AbortController();
  const first = log();
  const { story } = await run(
    first,
    stop.signal,
    before(11, () => stop.abort()),
  );
  await expect(story).rejects.toMatchObject({ code: "interrupted" });
  first.close();
  const read = events.flatMap((event) => (event.type === "check" ? [event.path] : []));
  expect(read).toHaveLength(10);
  events = [];
  const second = log();
  await (await run(second, signal)).story;
  second.close();
  const order = events.flatMap((event) => (event.type === "check" ? [event.path] : []));
  expect(order).toHaveLength(30);
  expect(order.slice(20)).toEqual(read);
});
