import { expect, test } from "vitest";
import { s3TargetRig } from "../contract/s3-target-rig.ts";
import { keeping, pathsOf, signal } from "../contract/target-rig.ts";

test("a target in a store that knows the first listing API only", async () => {
  const rig = await s3TargetRig({ features: { v1Only: true } });
  const target = await rig.open();
  await target.commit([await keeping(target, "a.jpg", "x")], signal);
  expect(await pathsOf(target)).toEqual(["a.jpg"]);
  await target.close();
  await rig.close();
});
test("a manifest of which a page says that it is the last", async () => {
  const rig = await s3TargetRig({ pageSize: 2 });
  const target = await rig.open();
  for (const name of "abcdef") await target.commit([await keeping(target, `${name}.jpg`, name)], signal);
  await target.close();
  const again = await rig.open();
  rig.server.faults.arm({ fault: "truncated-lies", on: { op: "list" }, times: 1 });
  expect(await pathsOf(again)).toHaveLength(6);
  await again.close();
  await rig.close();
});
