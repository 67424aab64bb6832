import { describe, expect, test } from "vitest";
import { HaulError } from "../../src/errors.ts";
import type { RunEvent } from "../../src/events.ts";
import { SINGLE } from "../../src/photo/commit.ts";
import type { Namer } from "../../src/photo/namer.ts";
import { stageEverywhere } from "../../src/photo/stage.ts";
import { TargetSet, type TargetSetPorts } from "../../src/photo/target-set.ts";
import type { Bytes } from "../../src/targets/target.ts";
import { Memory } from "../steps/memory-target.ts";

const signal = new AbortController().signal;

const namer: Namer = {
  name: () => Promise.reject(new Error("nothing is named here")),
  leads: new Map(),
  lying: new Map(),
  settle: () => undefined,
};
const catalogue: TargetSetPorts["catalogue"] = {
  kept: () => ({ add: () => Promise.resolve(), fail: () => Promise.resolve() }),
  settings: { set: () => Promise.resolve() },
};

function fleetOf(...names: string[]) {
  const targets = names.map((name) => new Memory(name));
  const events: RunEvent[] = [];
  const targetSet = new TargetSet(
    targets.map((target) => ({ target, namer })),
    {
      catalogue,
      emit: (event) => events.push(event),
      signal,
      limits: SINGLE,
      now: Date.now,
      several: names.length > 1,
    },
  );
  const wanted = targetSet.destinations.map((place) => ({ place }));
  const stage = (bytes = pieces()) => stageEverywhere(bytes, 6, wanted, { targetSet, signal });
  return { targets, events, targetSet, stage };
}

async function* pieces(fails?: Error): AsyncGenerator<Uint8Array> {
  for (const piece of ["ab", "cd", "ef"]) yield Buffer.from(piece);
  if (fails !== undefined) throw fails;
}

describe("staging on several targets", () => {
  test("gives each the same bytes", async () => {
    const { targets, stage } = fleetOf("a", "b", "c");
    const { drafts, failures } = await stage();
    expect(drafts.map((draft) => draft?.size)).toEqual([6, 6, 6]);
    expect(failures).toEqual([]);
    for (const { staged } of targets) expect(staged).toEqual(["abcdef"]);
  });

  test("gives each memory of its own: what one takes away is not gone for the others", async () => {
    const { targetSet } = fleetOf("a", "b", "c");
    const given: Uint8Array<ArrayBuffer>[] = [];
    const wanted = targetSet.destinations.map((place) => {
      const stage = async (bytes: Bytes) => {
        if (bytes instanceof Uint8Array) given.push(bytes);
        return { size: 6, discard: async () => undefined };
      };
      return { place: { ...place, target: Object.assign(place.target, { stage }) } };
    });
    await stageEverywhere(Buffer.from(Uint8Array.from(Buffer.from("abcdef")).buffer), 6, wanted, { targetSet, signal });
    expect(new Set(given.map(({ buffer }) => buffer)).size).toBe(3);
    expect(given.map((bytes) => Buffer.from(bytes).toString())).toEqual(["abcdef", "abcdef", "abcdef"]);
  });

  test.each([0, 1, 3])("goes on without one that cannot hold this photo, found out after %i pieces", async (after) => {
    const { targets, stage, targetSet } = fleetOf("a", "b", "c");
    const [, b] = targets;
    if (b !== undefined) b.failure = { code: "too-large", after };
    const { drafts, failures } = await stage();
    expect(drafts.map((draft) => draft?.size)).toEqual([6, undefined, 6]);
    expect(failures).toEqual([{ place: targetSet.destinations[1], reason: "b says no" }]);
    expect(targetSet.lost()).toEqual([]);
  });

  test.each([0, 1, 3])(
    "goes on without one that is full, and does not ask it again, after %i pieces",
    async (after) => {
      const { targets, stage, targetSet, events } = fleetOf("a", "b");
      const [a, b] = targets;
      if (a !== undefined) a.failure = { code: "full", after };
      const { drafts, failures } = await stage();
      expect(drafts.map((draft) => draft?.size)).toEqual([undefined, 6]);
      expect(failures).toEqual([]);
      expect(targetSet.lost()).toMatchObject([{ name: "a", trouble: { code: "full" } }]);
      expect(events).toMatchObject([{ type: "warning", code: "target-lost" }]);
      await stage();
      expect(a?.asked).toBe(1);
      expect(b?.staged).toHaveLength(2);
      expect(events).toHaveLength(1);
    },
  );

  test("ends when the last one is lost", async () => {
    const { targets, stage } = fleetOf("a", "b");
    for (const target of targets) target.failure = { code: "wrong-drive", after: 1 };
    await expect(stage()).rejects.toMatchObject({ code: "wrong-drive" });
  });

  test("gives back every draft when the stream fails, and throws what it threw", async () => {
    const failure = new HaulError("broken", "the line broke", { retry: true });
    for (const names of [["a"], ["a", "b"]]) {
      const { targets, stage, targetSet } = fleetOf(...names);
      await expect(stage(pieces(failure))).rejects.toBe(failure);
      for (const { staged } of targets) expect(staged).toEqual([]);
      expect(targetSet.lost()).toEqual([]);
    }
  });
});

test("a target too small for its plan is left out before anything is fetched", async () => {
  const { targetSet, targets } = fleetOf("a", "b");
  const small = { ...targetSet.destinations[0]?.target, freeBytes: 10 };
  Object.assign(targets[0] ?? {}, small);
  const row = (target: string, bytes: number) => {
    return { target, photos: 1, bytes, freeBytes: null, already: 0, skipped: 0, leftOver: 0 };
  };
  const perTarget = [row("a", 11), row("b", 11)];
  const cold = { classes: [], perhaps: 0 };
  const plan = { ...row("", 11), type: "plan", fallbacks: 0, perTarget, cold } as const;
  await targetSet.mustFit(plan, 10);
  expect(targetSet.lost()).toEqual([]);
  await targetSet.mustFit(plan, null);
  expect(targetSet.lost()).toMatchObject([{ name: "a", trouble: { code: "full" } }]);
  expect(targetSet.takers({ object: Object(null), wanted: [] })).toEqual([]);
});
