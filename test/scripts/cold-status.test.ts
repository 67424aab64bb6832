/** What is told afterwards of photos in an archive: what waits is well, and what nobody decided of is not. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { cold, later, useClock } from "./cold-bucket.ts";

useClock();

async function pinged() {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? "");
    response.end("OK");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/uuid`,
    paths,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

test("photos that nobody asked for are a decision: a health check fails until it is made", async () => {
  await using bucket = await cold(6);
  await using check = await pinged();
  const { at } = bucket;
  const night = async (...more: string[]) => {
    check.paths.length = 0;
    const { summary } = await at.mirror("--ping", check.url, ...more);
    const told = await at.run(["status"]);
    const data = JSON.parse((await at.run(["status", "--json"])).stdout);
    return { summary, pinged: check.paths.at(-1), exit: told.exit, told: told.stdout.replaceAll(/\s+/g, " "), data };
  };

  const undecided = await night();
  expect(undecided.summary).toMatchObject({ exit: 8, archive: { photos: 3, undecided: 3 } });
  expect([undecided.pinged, undecided.exit]).toEqual(["/uuid/fail", 3]);
  expect(undecided.told).toMatch(
    /3 photos in an archive that nobody asked for, and in no copy: decide\. .*--restore-tier bulk .*--restore-tier never/,
  );
  expect(undecided.data).toMatchObject({ archive: { photos: 3, waiting: 0, readyBy: null } });

  const left = await night("--restore-tier", "never");
  expect(left.summary).toMatchObject({ exit: 8, archive: { photos: 3, undecided: 0 } });
  expect([left.pinged, left.exit, bucket.asked.size]).toEqual(["/uuid", 0, 0]);
  expect(left.told).toContain("archive 3 photos there, not asked for");

  const waiting = await night("--restore-tier", "bulk", "--limit", "2");
  expect(waiting.summary).toMatchObject({ exit: 8, archive: { photos: 1, waiting: 2, undecided: 0 } });
  expect([waiting.pinged, waiting.exit]).toEqual(["/uuid", 0]);
  expect(waiting.told).toContain("archive 2 photos on the way back, the last about 2026-12-01 08:00 UTC");
  expect(waiting.data).toMatchObject({ archive: { photos: 1, waiting: 2, readyBy: "2026-12-01T08:00:00.000Z" } });

  await night("--restore-tier", "bulk");
  later(24);
  const home = await night();
  expect(home.summary).toMatchObject({ exit: 0, outcomes: { stored: 3 } });
  expect(home.data.archive).toBeUndefined();
});
