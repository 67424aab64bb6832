import { join } from "node:path";
import { expect, test } from "vitest";
import { rig } from "../scripts/rig.ts";
import { endState } from "./crash/end-state.ts";

/** What hands leave open, what they never take, and where there are several of them or of the targets. */
test.each([
  ["as it is", []],
  // Of two photos that come to one such name, the one that is dated first has it: one of the sample's pair stays out.
  ["names that depend on dates", ["--name", "{yyyy}/{mm}/{name}.{ext}", "--exclude", ".photohaul/**"]],
  ["dates written into photos", ["--write-exif"]],
  ["slowly", ["--bwlimit", "50M"]],
])("one hand, three hands and none leave the same behind: %s", { timeout: 240_000 }, async (_, options) => {
  await using on = await rig();
  const left = [];
  for (const hands of ["0", "1", "3"]) {
    const targets = [`a${hands}`, `b${hands}`];
    const args = ["mirror", "s3://photos", ...targets, ...on.endpoint, "--json", "--catalogue", `${hands}.sqlite`];
    const ran = await on.run([...args, ...options], { env: { PHOTOHAUL_HANDS: hands } });
    expect(ran.exit, ran.stderr).toBe(0);
    const states = targets.map((target) => endState(join(on.folder, target)));
    expect(states[0]).toEqual(states[1]);
    const { dated, unprovable } = ran.summary;
    left.push({ state: states[0], dated, unprovable });
  }
  expect(left[1]).toEqual(left[0]);
  expect(left[2]).toEqual(left[0]);
});
