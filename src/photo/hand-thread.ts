/** The thread of a hand: batches of asks come, batches of answers go, as JSON: half the time of copies of objects (measured). */

import { enableCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { HandAnswer, HandAsk, HandSettings } from "./hand.ts";

/**
 * What is said to it: asks, as JSON; `alive`, to be answered at once; `stop`, as nothing more is wanted; `close`, as nothing more is asked and it is to
 * end. Answers go when so many are there, or nothing else is to be done at once. */
const MANY = 32;
/** Or when the first has waited so many milliseconds: to send a message costs as much as to digest a small photo (measured). */
const LATE_MS = 4;

async function work(port: NonNullable<typeof parentPort>, settings: HandSettings): Promise<void> {
  // A thread does not inherit it; with it a hand begins in half the CPU (measured, Node 24).
  if (settings.compiled !== undefined) enableCompileCache(settings.compiled);
  const { Hand } = await import("./hand.ts");
  let answers: HandAnswer[] = [];
  let soon: NodeJS.Immediate | null = null;
  let late: NodeJS.Timeout | null = null;
  const send = () => {
    if (soon !== null) clearImmediate(soon);
    if (late !== null) clearTimeout(late);
    soon = null;
    late = null;
    if (answers.length > 0) port.postMessage(JSON.stringify(answers), []);
    answers = [];
  };
  const hand = new Hand(settings, (answer) => {
    const many = answers.push(answer);
    if (many === MANY) send();
    // Where little is left to wait for, the next asks depend on these.
    else if (many > hand.underWay) soon ??= setImmediate(send);
    else late ??= setTimeout(send, LATE_MS);
  });
  port.on("message", (order: string) => {
    if (order === "stop") return hand.stop();
    if (order === "alive") return port.postMessage("[]", []);
    if (order === "close") return void hand.close().then(() => port.close());
    const asks: readonly HandAsk[] = JSON.parse(order);
    hand.ask(asks);
  });
  // It is ready: until now asks would only have waited.
  port.postMessage("[]", []);
}

if (parentPort !== null) void work(parentPort, workerData);
