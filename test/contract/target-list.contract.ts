/** What every target promises of the listing of what lies there. Part of the contract in target.contract.ts. */

import { expect, test } from "vitest";
import { compareKeys } from "../../src/key.ts";
import type { KeyRange } from "../../src/stores/source.ts";
import type { Target } from "../../src/targets/target.ts";
import { keeping, signal, type TargetRig, troubleOf } from "./target-rig.ts";

export function targetListContract(name: string, makeRig: () => Promise<TargetRig>): void {
  test(`the target ${name} lists what lies there, whoever put it there, and nothing of its own`, async () => {
    const rig = await makeRig();
    const target = await rig.open();
    const paths = ["2011.jpg", "2011/a.jpg", "2012/b c+%41.jpg", "2012/\u{1f4f7}.jpg", "z"];
    await target.commit(await Promise.all(paths.map((path) => keeping(target, path, `photo ${path}`))), signal);
    await rig.plant("2012/theirs.txt", "not ours");
    const all = [...paths, "2012/theirs.txt"].sort(compareKeys);
    expect(await listed(target)).toEqual(all);
    expect(await listed(target, { after: "2011/a.jpg", upto: "2012/theirs.txt" })).toEqual(all.slice(2, 4));
    const sizes = new Map<string, number>();
    for await (const { objects } of target.list({}, signal)) for (const { key, size } of objects) sizes.set(key, size);
    expect(sizes.get("2012/theirs.txt")).toBe(8);
    await target.close();
    const reading = await rig.open({ readOnly: true });
    expect(await listed(reading)).toEqual(all);
    expect(await troubleOf(listed(reading, {}, AbortSignal.abort()))).toBe("interrupted");
    await reading.close();
    await rig.close();
  });
}

async function listed(target: Target, range: KeyRange = {}, until = signal): Promise<string[]> {
  const keys: string[] = [];
  for await (const { objects } of target.list(range, until)) keys.push(...objects.map(({ key }) => key));
  return keys;
}
