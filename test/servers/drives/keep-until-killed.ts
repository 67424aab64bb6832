/** Keeps photos in a target until somebody kills it; says each on a line, path and SHA-256, once it is kept. */

import { randomBytes } from "node:crypto";
import { openTarget } from "../../../src/targets/all.ts";
import { keeping, signal } from "../../contract/target-rig.ts";

const [, , root = "", durable = "batch"] = process.argv;
const target = await openTarget(root, { durable: durable === "none" ? "none" : "batch" });
for (let photo = 0; ; ) {
  const batch = [];
  for (let at = 0; at < 7; at += 1, photo += 1) {
    const body = randomBytes(photo % 5 === 0 ? 70_000 : (photo * 997) % 9_000);
    batch.push(await keeping(target, `${photo % 13}/${photo % 3}/${photo}.jpg`, body));
  }
  await target.commit(batch, signal);
  const said = batch.map(({ entry }) => `${entry.path} ${entry.sha256}\n`);
  process.stdout.write(said.join(""));
}
