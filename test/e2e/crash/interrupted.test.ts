import { join } from "node:path";
import { expect, test } from "vitest";
import type { S3Options } from "../../../fixtures/s3/server.ts";
import { datedPhoto } from "../../scripts/dated-photo.ts";
import { type Rig, rig } from "../../scripts/rig.ts";

const PHOTOS = 30;
type Kill = (signal: NodeJS.Signals) => void;

/** Photos of which the newest, `z.jpg`, never comes. */
async function stuckAtTheLast(onRequest: NonNullable<S3Options["onRequest"]>): Promise<Rig> {
  const on = await rig({ onRequest }, (server) => {
    const bucket = server.bucket("photos");
    for (let n = 1; n < PHOTOS; n += 1)
      bucket.put(`${n}.jpg`, datedPhoto(2000, n), { modified: "2016-01-01T00:00:00.000Z" });
    bucket.put("z.jpg", datedPhoto(2000, "z"), { modified: "2017-01-01T00:00:00.000Z" });
  });
  on.server.faults.arm({ fault: "stall", on: { op: "get", key: "z.jpg" } });
  return on;
}

function runOf(on: Rig, onKill: (kill: Kill) => void) {
  const words = ["mirror", "s3://photos", join(on.folder, "photos"), ...on.endpoint, "--json"];
  return on.run([...words, "--concurrency", "1"], { onEvent: (_, kill) => onKill(kill) });
}

test("Ctrl-C keeps what came and waited for its batch: nothing of it is fetched again", async () => {
  let kill: Kill = () => undefined;
  await using on = await stuckAtTheLast((operation, _, key) => {
    if (operation === "get" && key === "z.jpg") kill("SIGINT");
  });
  const first = await runOf(on, (its) => {
    kill = its;
  });
  expect(first.exit).toBe(130);
  expect(first.summary).toMatchObject({ outcomes: { stored: PHOTOS - 1 } });
  const next = await runOf(on, () => undefined);
  expect(next.summary).toMatchObject({ exit: 0, requests: { get: 1 }, outcomes: { stored: 1 } });
});

test("one that comes twice, as a group of processes gets it, is one", async () => {
  let kill: Kill = () => undefined;
  await using on = await stuckAtTheLast((operation, _, key) => {
    if (operation !== "get" || key !== "z.jpg") return;
    kill("SIGTERM");
    setTimeout(() => kill("SIGTERM"), 40);
  });
  const ran = await runOf(on, (its) => {
    kill = its;
  });
  expect(ran.exit).toBe(130);
  expect(ran.summary).toMatchObject({ outcomes: { stored: PHOTOS - 1 } });
});

test("a second signal ends the run at once: not even its summary is waited for", async () => {
  let kill: Kill = () => undefined;
  await using on = await stuckAtTheLast((operation, _, key) => {
    if (operation !== "get" || key !== "z.jpg") return;
    kill("SIGINT");
    // Another signal, as two of one kind may arrive as one.
    kill("SIGTERM");
  });
  const ran = await runOf(on, (its) => {
    kill = its;
  });
  expect(ran.exit).toBe(130);
  expect(ran.events.some(({ type }) => type === "summary")).toBe(false);
});
