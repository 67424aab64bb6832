/** A thread of a hand that hangs as soon as something is asked of it. */

import { parentPort } from "node:worker_threads";

parentPort?.on("message", (order: string) => {
  if (order.startsWith("[")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (order === "close") process.exit();
});
parentPort?.postMessage("[]", []);
