/** What a refusal says is waited for a few seconds only: its status said it. */

import { expect, test } from "vitest";
import { Body } from "../../../src/stores/http/exchange.ts";
import { readRefused, type Wait } from "../../../src/stores/http/wire.ts";

const asked = { kind: "object", name: "s3://photos/a.jpg" } as const;
const { signal } = new AbortController();
const refusal = (body: Body) => ({ status: 403, headers: {}, body });

/** A clock that stands until it is told to go on. */
function clock() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const asking: { ms: number; signal: AbortSignal }[] = [];
  const wait: Wait = async (ms, until) => {
    asking.push({ ms, signal: until });
    await promise;
  };
  return { wait, strikes: resolve, asking };
}

test("words that come byte after byte are read for a few seconds, and the connection closed", async () => {
  const body = new Body();
  let closed = false;
  body.attach({ abort: () => (closed = true), pause() {}, resume() {} } as never);
  const { wait, strikes, asking } = clock();
  const reading = readRefused(refusal(body), asked, signal, wait);
  for (const piece of ["<Error><Code>", "AccessDenied", "</Code></Err"]) body.push(Buffer.from(piece));
  // Lets what came be read.
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  strikes();
  expect((await reading).toString()).toBe("<Error><Code>AccessDenied</Code></Err");
  expect(closed).toBe(true);
  expect(asking[0]?.ms).toBeLessThanOrEqual(5000);
});

test("words that are whole at once leave no clock running", async () => {
  const body = new Body();
  const { wait, asking } = clock();
  body.push(Buffer.from("no"));
  body.end();
  expect((await readRefused(refusal(body), asked, signal, wait)).toString()).toBe("no");
  expect(asking[0]?.signal.aborted).toBe(true);
});

test("of words without end only the beginning is read", async () => {
  const body = new Body();
  for (let at = 0; at < 100; at += 1) body.push(Buffer.alloc(10_000, " "));
  expect((await readRefused(refusal(body), asked, signal, clock().wait)).length).toBe(64 * 1024);
});
