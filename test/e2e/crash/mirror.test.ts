import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { S3Server } from "../../../fixtures/s3/server.ts";
import { datedPhoto } from "../../scripts/dated-photo.ts";
import { COMPILED, type Rig, rig } from "../../scripts/rig.ts";
import { endState } from "./end-state.ts";

const CHILD = new URL("killed-after.ts", import.meta.url).pathname;

/** A date in a name, twins by case, and a name that needs encoding. */
const KEYS = ["a/IMG_20120628_140322.jpg", "A.jpg", "a.jpg", "new\nline.mov"];

function fill(server: S3Server): void {
  const bucket = server.bucket("photos");
  for (const key of KEYS) bucket.put(key, datedPhoto(2000, key), { modified: "2016-01-01T00:00:00.000Z" });
}

let on: Rig;
beforeAll(async () => {
  on = await rig({}, fill);
});
afterAll(() => on[Symbol.asyncDispose]());

const place = (name: string) => ({
  folder: join(on.folder, name),
  args: [
    "mirror",
    "s3://photos",
    join(on.folder, name),
    ...on.endpoint,
    "--json",
    "--catalogue",
    join(on.folder, `${name}.sqlite`),
  ],
});

/** Resolves to true when the signal ended it. @param hands as PHOTOHAUL_HANDS */
function killedAfter(events: number, args: readonly string[], hands: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, String(events), ...args], {
      env: { ...on.env, NODE_COMPILE_CACHE: COMPILED, PHOTOHAUL_HANDS: hands },
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.on("error", reject);
    child.on("close", (_, signal) => resolve(signal === "SIGKILL"));
  });
}

describe.each([
  ["photo", "1"],
  ["batch", "1"],
  ["batch", "0"],
])("--durable %s, taken by so many hands: %s, killed the instant after any event", (durable, hands) => {
  test("the next run ends in the state of an undisturbed one", { timeout: 240_000 }, async () => {
    const undisturbed = place(`whole-${durable}-${hands}`);
    const whole = await on.run([...undisturbed.args, "--durable", durable]);
    expect(whole.exit).toBe(0);
    const expected = endState(undisturbed.folder);
    expect(Object.keys(expected.files)).toHaveLength(KEYS.length);
    let kills = 0;
    // The last event is the end of the run.
    for (let event = 1; event <= whole.events.length; event += 1) {
      const cut = place(`cut-${durable}-${hands}-${event}`);
      if (await killedAfter(event, [...cut.args, "--durable", durable], hands)) kills += 1;
      const next = await on.run([...cut.args, "--durable", durable]);
      expect(next.exit, `${event}: ${next.stderr}`).toBe(0);
      expect(next.summary.outcomes.stored + next.summary.outcomes.already).toBe(KEYS.length);
      expect(endState(cut.folder), `killed after event ${event}`).toEqual(expected);
    }
    expect(kills).toBeGreaterThanOrEqual(whole.events.length - 2);
  });
});

test("killed at random moments, again and again, it comes to the same end", {
  timeout: 240_000,
}, async () => {
  await using many = await rig();
  const undisturbed = await many.run([
    "mirror",
    "s3://photos",
    "whole",
    ...many.endpoint,
    "--json",
    "--catalogue",
    "whole.sqlite",
  ]);
  expect(undisturbed.exit).toBe(0);
  const expected = endState(join(many.folder, "whole"));
  let kills = 0;
  for (let round = 0; ; round += 1) {
    const after = Math.floor(Math.random() * 40);
    let photos = 0;
    const ran = await many.run(
      ["mirror", "s3://photos", "cut", ...many.endpoint, "--json", "--durable", "photo", "--catalogue", "cut.sqlite"],
      {
        onEvent: (event, kill) => {
          if (event.type === "photo") photos += 1;
          if (round < 3 && photos >= after) kill("SIGKILL");
        },
      },
    );
    if (ran.exit === 128 + 9) kills += 1;
    else if (ran.exit === 0) break;
  }
  expect(kills).toBeGreaterThan(0);
  expect(endState(join(many.folder, "cut"))).toEqual(expected);
});

test("Ctrl-C ends a run cleanly at once, with its summary, and the next run does the rest", {
  timeout: 60_000,
}, async () => {
  const { args, folder } = place("interrupted");
  const ran = await on.run([...args, "--durable", "photo", "--concurrency", "1"], {
    onEvent: (event, kill) => {
      if (event.type === "photo") kill("SIGINT");
    },
  });
  expect(ran.exit).toBe(130);
  expect(ran.summary).toMatchObject({ exit: 130, complete: true });
  expect(ran.summary.outcomes.stored).toBeLessThan(KEYS.length);
  expect(endState(folder).drafts).toEqual([]);
  expect((await on.run(args)).summary).toMatchObject({ exit: 0 });
});
